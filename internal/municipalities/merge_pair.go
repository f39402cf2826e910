package municipalities

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Compared is one of two places side by side, with what hangs on it.
type Compared struct {
	PublicID, Slug, Title, Name string
	Version                     int
	SourceID                    string
	Standing                    Standing
	Country, Region, District   string
	Lat, Lon                    float64
	Population                  *int64
	PopulationYear              *int
	Website                     string
	Joined                      *time.Time // nil: no member, or the day is not known
	Names                       []string
	Contacts, People            int // people: mandates that run
	Requests, OpenRequests      int
	Merged                      bool
}

// Pair reads two places side by side, in the order that is asked for.
// Errors: sign_in, forbidden, not found.
func (s *Service) Pair(ctx context.Context, actor identity.Actor, lang locale.Lang, a, b string) (out [2]Compared, err error) {
	if err := actor.May(identity.EditMembers); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select s.public_id, m.slug, t.title, m.name, m.version, m.source_id, m.standing, cn.name, r.name, m.district, m.lat, m.lon,
				m.population, m.population_year, m.website, nullif(x.joined_on, '-infinity'),
				array(select n.name from municipality_names n where n.municipality_id = m.id order by n.kind <> 'official', n.name limit 60),
				(select count(*) from contacts c where c.org_id = m.id), (select count(*) from mandates d where d.org_id = m.id and d.ends_at > $3),
				(select count(*) from requests q where q.org_id = m.id and q.submitted_at is not null),
				(select count(*) from requests q where q.org_id = m.id and (q.open or q.state = 'draft')), m.merged_into is not null
			from subjects s join municipalities m on m.id = s.id
			join municipality_titles t on t.municipality_id = m.id and t.lang = $2
			join country_names cn on cn.country_id = m.country_id and cn.lang = $2 join regions r on r.id = m.region_id
			left join memberships x on x.org_id = m.id
			where s.public_id = any ($1)`, []string{a, b}, string(lang), s.now())
		list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Compared])
		if err != nil {
			return err
		}
		if len(list) != 2 {
			return apperr.New(apperr.NotFound, "municipalities.not_found")
		}
		if out = [2]Compared(list); out[0].PublicID != a {
			out[0], out[1] = out[1], out[0]
		}
		return nil
	})
	return out, err
}
