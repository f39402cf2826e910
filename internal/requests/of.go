package requests

import (
	"context"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// SentBy lists what an organisation has sent, the newest first, for its record at the desk.
// Errors: sign_in, forbidden.
func (s *Service) SentBy(ctx context.Context, actor identity.Actor, orgID int64, limit int) (list []*Request, err error) {
	if err := actor.May(identity.ReadRequests); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		list, err = repository{q}.many(ctx, `select `+columns+sources+`
			where r.org_id = $1 and r.submitted_at is not null order by r.id desc limit $2`, orgID, limit)
		return err
	})
	return list, err
}
