package municipalities

import (
	"context"
	"time"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Figures are the sums of the membership.
type Figures struct {
	Members    int
	Countries  int
	Population int64     // of the members whose population is known
	Counted    int       // how many those are
	From, Till int       // the years that the populations are of
	At         time.Time // the day of the newest basic facts
}

// Figures counts the members, the countries that they are in, and their inhabitants.
func (s *Service) Figures(ctx context.Context, actor identity.Actor) (Figures, error) {
	var out Figures
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		err := q.QueryRow(ctx, `
			select count(*), count(distinct country_id), coalesce(sum(population), 0)::bigint, count(population),
				coalesce(min(population_year), 0), coalesce(max(population_year), 0), coalesce(max(figures_at), 'epoch')
			from municipalities where standing = 'active'`).
			Scan(&out.Members, &out.Countries, &out.Population, &out.Counted, &out.From, &out.Till, &out.At)
		return postgres.Explain(err, "municipalities.not_found")
	})
	return out, err
}
