package municipalities

import (
	"context"
	"math"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
)

// existing is a municipality that the register holds, as an import compares it.
type existing struct {
	ID             int64
	SourceID       string
	Name           string
	Standing       Standing
	Country        string // code
	Region         string
	District       string
	Lat, Lon       float64
	Population     *int64
	PopulationYear *int
	Website        string
	Version        int
	Names          []string
	Titles         map[string]string // by language
}

const existingSelect = `
	select m.id, m.source_id, m.name, m.standing, c.code, r.name, m.district, m.lat, m.lon, m.population, m.population_year,
		m.website, m.version, array(select n.name from municipality_names n where n.municipality_id = m.id),
		(select jsonb_object_agg(t.lang, t.title) from municipality_titles t where t.municipality_id = m.id)
	from municipalities m join countries c on c.id = m.country_id join regions r on r.id = m.region_id`

// byIDs reads municipalities as an import compares them.
func byIDs(ctx context.Context, q postgres.Querier, ids []int64) (map[int64]*existing, error) {
	rows, _ := q.Query(ctx, existingSelect+` where m.id = any ($1)`, ids)
	list, err := pgx.CollectRows(rows, pgx.RowToAddrOfStructByPos[existing])
	out := make(map[int64]*existing, len(list))
	for _, e := range list {
		out[e.ID] = e
	}
	return out, err
}

// finder looks municipalities up by any spelling of their names, many at a time.
type finder struct {
	bySource map[string]*existing
	byWord   map[string][]*existing
}

// newFinder reads what the register holds under source ids and folded names. One that was
// merged into another is found as that one.
func newFinder(ctx context.Context, q postgres.Querier, sources, words []string) (finder, error) {
	f := finder{bySource: map[string]*existing{}, byWord: map[string][]*existing{}}
	ofSource, ofWord, ids := map[string]int64{}, map[string][]int64{}, []int64{}
	var key string
	var id int64
	rows, _ := q.Query(ctx, `select source_id, coalesce(merged_into, id) from municipalities where source_id = any ($1)`, sources)
	_, err := pgx.ForEachRow(rows, []any{&key, &id}, func() error {
		ofSource[key], ids = id, append(ids, id)
		return nil
	})
	if err != nil {
		return f, err
	}
	rows, _ = q.Query(ctx, `select word, subject_id from search_words
		where scope = 'public' and kind = 'municipality' and word = any ($1::text[]) and class + 0 <= 1`, words) // + 0: by word, not by the index of names
	_, err = pgx.ForEachRow(rows, []any{&key, &id}, func() error {
		ofWord[key], ids = append(ofWord[key], id), append(ids, id)
		return nil
	})
	if err != nil {
		return f, err
	}
	all, err := byIDs(ctx, q, ids)
	for source, id := range ofSource {
		f.bySource[source] = all[id]
	}
	for word, ids := range ofWord {
		for _, id := range ids {
			if e := all[id]; e != nil {
				f.byWord[word] = append(f.byWord[word], e)
			}
		}
	}
	return f, err
}

// maxWordBytes is how long the index keeps a word.
const maxWordBytes = 80

// wordOf is a name as the index holds it.
func wordOf(name string) string {
	key := nameKey(name)
	if len(key) <= maxWordBytes {
		return key
	}
	return strings.ToValidUTF8(key[:maxWordBytes], "")
}

// How near two rows of one name lie that are one place, in kilometres: where the table names
// no region, and where it calls the region otherwise than the register does.
const (
	nearby = 15
	onSpot = 3
)

// place is what tells two places of one name apart.
type place struct {
	country, region string // a code, a name as written
	lat, lon        *float64
}

func (p place) reach() float64 {
	if p.region == "" {
		return nearby
	}
	return onSpot
}

// named finds the municipality that a name means at a place; several fit where it cannot be
// told. Of two cities of one name in different provinces only the right one fits.
func (f finder) named(name string, at place) (fit []*existing) {
	var inCountry []*existing
	for _, e := range f.byWord[wordOf(name)] {
		switch {
		case at.country != "" && at.country != e.Country:
		case at.lat != nil && at.lon != nil && kilometres(*at.lat, *at.lon, e.Lat, e.Lon) <= at.reach():
			fit = append(fit, e)
		case at.region != "" && regionKey(at.region) == regionKey(e.Region):
			fit = append(fit, e)
		case at.region == "" && at.lat == nil:
			inCountry = append(inCountry, e)
		}
	}
	if len(fit) == 0 {
		fit = inCountry
	}
	return exact(name, fit)
}

// exact prefers, of several places that fit, those whose official name it is.
func exact(name string, fit []*existing) []*existing {
	if len(fit) < 2 {
		return fit
	}
	var best []*existing
	for _, e := range fit {
		if nameKey(e.Name) == nameKey(name) {
			best = append(best, e)
		}
	}
	if len(best) > 0 {
		return best
	}
	return fit
}

// kilometres is the distance of two places on the globe.
func kilometres(lat1, lon1, lat2, lon2 float64) float64 {
	const radius, degree = 6371, math.Pi / 180
	a := math.Pow(math.Sin((lat2-lat1)*degree/2), 2) + math.Cos(lat1*degree)*math.Cos(lat2*degree)*math.Pow(math.Sin((lon2-lon1)*degree/2), 2)
	return 2 * radius * math.Asin(math.Min(1, math.Sqrt(a)))
}

// knows reports whether the place has a name, in any spelling.
func (e *existing) knows(name string) bool {
	key := nameKey(name)
	if nameKey(e.Name) == key {
		return true
	}
	for _, n := range e.Names {
		if nameKey(n) == key {
			return true
		}
	}
	return false
}

// has reports whether the place has a name in just this spelling.
func (e *existing) has(name string) bool {
	for _, n := range e.Names {
		if n == name {
			return true
		}
	}
	return false
}

// value is a field as changes name it.
func (e *existing) value(field string) string {
	switch field {
	case fieldName:
		return e.Name
	case fieldRegion:
		return e.Region
	case fieldDistrict:
		return e.District
	case fieldLat:
		return degreesText(e.Lat)
	case fieldLon:
		return degreesText(e.Lon)
	case fieldPopulation:
		if e.Population != nil {
			return strconv.FormatInt(*e.Population, 10)
		}
	case fieldYear:
		if e.PopulationYear != nil {
			return strconv.Itoa(*e.PopulationYear)
		}
	case fieldWebsite:
		return e.Website
	case fieldStanding:
		return string(e.Standing)
	}
	if lang, ok := titleFields[field]; ok {
		return e.Titles[string(lang)]
	}
	return ""
}

func degreesText(d float64) string { return strconv.FormatFloat(d, 'f', 5, 64) }
