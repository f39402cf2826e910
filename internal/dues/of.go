package dues

import (
	"context"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Of reads the account of an organisation for its record at the desk. Errors: sign_in, forbidden.
func (s *Service) Of(ctx context.Context, actor identity.Actor, lang locale.Lang, orgID int64) (out Own, err error) {
	if err := actor.May(identity.ReadDues); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		out, err = repository{q}.account(ctx, lang, orgID)
		return err
	})
	return out, err
}
