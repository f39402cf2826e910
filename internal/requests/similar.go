package requests

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// Similar is an earlier case that may help with this one, and why it is shown.
type Similar struct {
	ID          int64
	PublicID    string
	Reference   string
	Title       string
	OrgName     string
	Service     string
	Pinned      int
	State       workflow.State
	Decided     string
	SubmittedAt time.Time
	Words       []string // of the title, that both share, as they are compared
	SameService bool
	SameSector  bool
	SameCountry bool

	flow *services.Definition
}

// Flow is the version of the service that it was handled by.
func (x Similar) Flow() *services.Definition { return x.flow }

// Bounds of looking for similar cases.
const (
	maxSimilar = 5
	candidates = 120
	newest     = 40 // of the same service, whatever they are called
)

// similar lists earlier cases by what they share with one: words of the title count most,
// then the sector, the service, the country. One that only shares the service or the country
// says nothing.
func (r repository) similar(ctx context.Context, actor identity.Actor, c *Request) ([]Similar, error) {
	shared, err := search.Alike(ctx, r.db, actor, subject.Request, c.Summary.Title, candidates)
	if err != nil {
		return nil, err
	}
	words := map[int64][]string{}
	var ids []int64
	for _, s := range shared {
		words[s.ID] = s.Words
		ids = append(ids, s.ID)
	}
	rows, _ := r.db.Query(ctx, `
		select r.id, s.public_id, r.reference, r.title, o.name, r.service, r.service_version, r.state, coalesce(r.decided, ''), r.submitted_at,
			r.service = @service, r.sector <> '' and r.sector = @sector, r.country_id = @country
		from (select unnest(@ids::bigint[]) as id union (select n.id from requests n
			where n.service = @service and n.submitted_at is not null order by n.submitted_at desc, n.id desc limit @newest)) k
		join requests r on r.id = k.id and r.submitted_at is not null and r.id <> @id
		join subjects s on s.id = r.id
		join organisations o on o.id = r.org_id`,
		pgx.NamedArgs{"ids": ids, "id": c.ID, "service": c.Service, "sector": c.Summary.Sector, "country": c.CountryID, "newest": newest})
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (x Similar, err error) {
		err = row.Scan(&x.ID, &x.PublicID, &x.Reference, &x.Title, &x.OrgName, &x.Service, &x.Pinned, &x.State, &x.Decided, &x.SubmittedAt,
			&x.SameService, &x.SameSector, &x.SameCountry)
		x.Words = words[x.ID]
		return x, err
	})
	if err != nil {
		return nil, postgres.Explain(err, "requests.not_found")
	}
	list = nearest(list)
	return list, r.similarFlows(ctx, list)
}

// nearest keeps the best of what says something.
func nearest(list []Similar) []Similar {
	list = slices.DeleteFunc(list, func(x Similar) bool { return x.score() < 4 })
	slices.SortFunc(list, func(a, b Similar) int {
		if d := b.score() - a.score(); d != 0 {
			return d
		}
		if d := b.SubmittedAt.Compare(a.SubmittedAt); d != 0 {
			return d
		}
		return strings.Compare(b.PublicID, a.PublicID)
	})
	return list[:min(len(list), maxSimilar)]
}

// score weighs what two cases share.
func (x Similar) score() int {
	n := 3 * min(len(x.Words), 4)
	for _, same := range []struct {
		is    bool
		worth int
	}{{x.SameSector, 3}, {x.SameService, 2}, {x.SameCountry, 1}} {
		if same.is {
			n += same.worth
		}
	}
	return n
}

func (r repository) similarFlows(ctx context.Context, list []Similar) error {
	if len(list) == 0 {
		return nil
	}
	codes, versions := make([]string, len(list)), make([]int, len(list))
	for i, x := range list {
		codes[i], versions[i] = x.Service, x.Pinned
	}
	pins, err := services.Pinned(ctx, r.db, codes, versions)
	for i := range list {
		list[i].flow = pins.Of(codes[i], versions[i])
	}
	return err
}
