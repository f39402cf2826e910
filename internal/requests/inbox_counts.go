package requests

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// counts sizes the standing views in one query.
func (r repository) counts(ctx context.Context, userID int64, now time.Time) (c Counts, err error) {
	err = r.db.QueryRow(ctx, `
		select (select count(*) from (select from requests where open limit 1001) x),
			(select count(*) from (select from requests where open and officer_id = $1 limit 1001) x),
			(select count(*) from (select from requests where open and due_at < $2 limit 1001) x),
			(select count(*) from (select from requests where open and officer_id is null limit 1001) x)`, userID, now).
		Scan(&c.Open, &c.Mine, &c.Overdue, &c.Nobody)
	return c, err
}

// countries lists the countries whose municipalities have asked for something, by name.
func (r repository) countries(ctx context.Context, lang locale.Lang) ([]Choice, error) {
	rows, _ := r.db.Query(ctx, `
		select c.code, n.name from countries c join country_names n on n.country_id = c.id and n.lang = $1
		where exists (select from requests r where r.country_id = c.id and r.submitted_at is not null)
		order by n.name collate "`+locale.Collation(lang)+`"`, string(lang))
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Choice])
}

// MaxSize is how far a saved view is counted; a size of one more means "more".
const MaxSize = 99

// Unsized is the size of a view that is not counted: of one that searches for words.
const Unsized = -1

// Sizes counts what each of some filters leaves, in one question, each up to one more than
// MaxSize. Errors: sign_in, forbidden.
func (s *Service) Sizes(ctx context.Context, actor identity.Actor, lang locale.Lang, filters []Filter) ([]int, error) {
	if err := actor.May(identity.ReadRequests); err != nil {
		return nil, err
	}
	out := make([]int, len(filters))
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		var parts []string
		var args []any
		for i, f := range filters {
			if out[i] = Unsized; f.Text != "" || f.City != "" {
				continue
			}
			w := &where{args: args, lang: lang}
			w.begin(f.normal(), s)
			w.assigned(actor, f.Assignee)
			args = w.args
			parts = append(parts, fmt.Sprintf(`select %d, count(*) from (select from requests r %s limit %d) x`, i, w.sql.String(), MaxSize+1))
		}
		if len(parts) == 0 {
			return nil
		}
		rows, _ := q.Query(ctx, strings.Join(parts, " union all "), args...)
		var i, n int
		_, err := pgx.ForEachRow(rows, []any{&i, &n}, func() error { out[i] = n; return nil })
		return err
	})
	return out, err
}
