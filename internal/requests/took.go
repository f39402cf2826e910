package requests

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Took is how long the union took over the cases of one service, from their arrival to
// their end.
type Took struct {
	Count  int // cases that ended within the last twelve months
	Median time.Duration
}

// EnoughCases is how many cases a median needs before it says something.
const EnoughCases = 5

// Known reports whether there are enough cases to speak of.
func (t Took) Known() bool { return t.Count >= EnoughCases }

// latestCases bounds what a median is computed from, however many cases a service has.
const latestCases = 1000

// Took measures services by their codes; those without a case are left out. Cases that who
// asked gave up say nothing of the union's time. It is everybody's to know.
func (s *Service) Took(ctx context.Context, services ...string) (map[string]Took, error) {
	out := map[string]Took{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select c.service, x.n, x.seconds
			from unnest($1::text[]) c (service), lateral (
				select count(*) n, percentile_cont(0.5) within group (order by extract(epoch from closed_at - submitted_at))::float8 seconds
				from (select r.closed_at, r.submitted_at from requests r
					where r.service = c.service and r.closed_at is not null and r.closed_at >= $2
						and r.submitted_at is not null and r.state <> 'withdrawn'
					order by r.closed_at desc limit $3) latest) x
			where x.n > 0`, services, s.now().AddDate(-1, 0, 0), latestCases)
		var service string
		var n int
		var seconds float64
		_, err := pgx.ForEachRow(rows, []any{&service, &n, &seconds}, func() error {
			out[service] = Took{Count: n, Median: time.Duration(seconds * float64(time.Second))}
			return nil
		})
		return err
	})
	return out, err
}
