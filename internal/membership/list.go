package membership

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/workflow"
)

// Filter narrows the list of applications; without a state the open ones are listed.
type Filter struct {
	State workflow.State
	All   bool
	After string // public identifier of the last row of the page before
}

// Row is an application in a list.
type Row struct {
	PublicID    string
	Reference   string
	Name        string
	Country     string
	Kind        Kind
	State       workflow.State
	Population  int64
	OfficerName string
	SubmittedAt time.Time
	DueAt       *time.Time
}

// Late reports whether the step's day has passed.
func (r Row) Late(now time.Time) bool {
	return !Ended(r.State) && r.DueAt != nil && r.DueAt.Before(now)
}

// PageSize is how many rows a page of a list has.
const PageSize = 50

// Applications lists what was sent: the open ones by their day, all others the newest first.
// next leads to the following page; empty: there is none. Errors: sign_in, forbidden.
func (s *Service) Applications(ctx context.Context, actor identity.Actor, lang string, f Filter) (rows []Row, next string, err error) {
	if err := actor.May(identity.ReadMembers); err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		rows, err = (repository{q}).applications(ctx, lang, f, PageSize+1)
		return err
	})
	if len(rows) > PageSize {
		rows = rows[:PageSize]
		next = rows[PageSize-1].PublicID
	}
	return rows, next, err
}

// EachApplication hands every application that fits the filter to each, for a file.
// Errors: sign_in, forbidden, and each's.
func (s *Service) EachApplication(ctx context.Context, actor identity.Actor, lang string, f Filter, each func(Row) error) error {
	if err := actor.May(identity.ExportRecords); err != nil {
		return err
	}
	if err := actor.May(identity.ReadMembers); err != nil {
		return err
	}
	return s.db.Read(ctx, actor, func(q postgres.Querier) error {
		for {
			rows, err := (repository{q}).applications(ctx, lang, f, 500)
			if err != nil {
				return err
			}
			for _, row := range rows {
				if err := each(row); err != nil {
					return err
				}
			}
			if len(rows) < 500 {
				return nil
			}
			f.After = rows[len(rows)-1].PublicID
		}
	})
}

const rowColumns = `
	select s.public_id, a.reference, a.name, coalesce(n.name, ''), a.membership, a.state, coalesce(a.population, 0), coalesce(u.name, ''),
		a.submitted_at, nullif(a.due_at, 'infinity')
	from applications a join subjects s on s.id = a.id
	left join country_names n on n.country_id = a.country_id and n.lang = $1
	left join users u on u.id = a.officer_id `

func (r repository) applications(ctx context.Context, lang string, f Filter, limit int) ([]Row, error) {
	var due, sent time.Time // the place to go on from, as values: a subquery would not use the index
	var id int64
	if f.After != "" {
		err := r.db.QueryRow(ctx, `
			select coalesce(nullif(a.due_at, 'infinity'), 'epoch'), coalesce(a.submitted_at, 'epoch'), a.id from applications a join subjects s on s.id = a.id
			where s.public_id = $1`, f.After).Scan(&due, &sent, &id)
		if err != nil {
			return nil, postgres.Explain(err, "membership.not_found")
		}
	}
	at, where := due, `
		where a.open and ($2 = 0 or (a.due_at, a.id) > ($3, $2)) and ($4 = '' or a.state = $4)
		order by a.due_at, a.id limit $5`
	if f.All || Ended(f.State) {
		at, where = sent, `
		where a.submitted_at is not null and ($2 = 0 or (a.submitted_at, a.id) < ($3, $2)) and ($4 = '' or a.state = $4)
		order by a.submitted_at desc, a.id desc limit $5`
	}
	rows, _ := r.db.Query(ctx, rowColumns+where, lang, id, at, f.State, limit)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Row])
}

// Counts are how many applications stand in each open state.
func (s *Service) Counts(ctx context.Context, actor identity.Actor) (map[workflow.State]int, error) {
	if err := actor.May(identity.ReadMembers); err != nil {
		return nil, err
	}
	out := map[workflow.State]int{}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `select state, count(*) from applications where open group by state`)
		var state workflow.State
		var n int
		_, err := pgx.ForEachRow(rows, []any{&state, &n}, func() error {
			out[state] = n
			return nil
		})
		return err
	})
	return out, err
}
