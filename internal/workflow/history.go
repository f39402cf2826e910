package workflow

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Step is one move that was made, as people read it.
type Step struct {
	Seq       int
	Move      string
	From, To  State
	Reason    string
	ActorName string // empty: the system
	OrgName   string // for whom the actor acted
	At        time.Time
}

// History lists a record's moves, first to last. The caller has asked permission.
func History(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]Step, error) {
	rows, err := q.Query(ctx, `
		select m.seq, m.move, coalesce(m.from_state, '') as from_state, m.to_state, m.reason,
			coalesce(u.name, '') as actor_name, o.name as org_name, m.at
		from moves m
		join organisations o on o.id = m.org_id
		left join users u on u.id = m.actor_id
		where m.subject_id = $1 order by m.seq`, ref.ID)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Step])
}
