package projects

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/workflow"
)

// CountByState counts the published projects in each state; a state without any is not there.
func (s *Service) CountByState(ctx context.Context, actor identity.Actor) (map[workflow.State]int, error) {
	out := map[workflow.State]int{}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		var state workflow.State
		var n int
		rows, _ := q.Query(ctx, `select state, count(*) from projects where published group by state`)
		_, err := pgx.ForEachRow(rows, []any{&state, &n}, func() error {
			out[state] = n
			return nil
		})
		return err
	})
	return out, err
}
