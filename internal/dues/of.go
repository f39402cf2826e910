package dues

import (
	"context"

	"github.com/jackc/pgx/v5"

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

// Owing lists what organisations owe, by organisation, the oldest first; of late ones only
// what is past its day. The caller has asked permission and reads in its own transaction.
func (s *Service) Owing(ctx context.Context, q postgres.Querier, orgs []int64, late bool) (map[int64][]Assessment, error) {
	rows, _ := q.Query(ctx, assessmentColumns+`
		where a.org_id = any($2) and a.open > 0 and (not $3 or a.due_on < $4) order by a.org_id, a.due_on, a.id`, "tr", orgs, late, s.today())
	list, err := pgx.CollectRows(rows, scanAssessment)
	out := map[int64][]Assessment{}
	for _, a := range list {
		out[a.OrgID] = append(out[a.OrgID], a)
	}
	return out, err
}
