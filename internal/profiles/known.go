package profiles

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// What forms can be filled in with of a municipality's own record.
const (
	KnownContact    = "own.contact"        // whom to write to
	KnownPopulation = "profile.population" // and its year
	KnownYear       = "profile.population_year"
	KnownArea       = "profile.area"
	KnownHead       = "profile.head" // the name of who leads it
	KnownWebsite    = "profile.website"
	KnownPlace      = "profile.place"
)

// Known lists what forms can be filled in with.
func Known() []forms.Source {
	return []forms.Source{{Name: KnownContact, Kind: forms.Person}, {Name: KnownHead, Kind: forms.Text}, {Name: KnownPopulation, Kind: forms.Number},
		{Name: KnownYear, Kind: forms.Number}, {Name: KnownArea, Kind: forms.Number}, {Name: KnownWebsite, Kind: forms.Text}, {Name: KnownPlace, Kind: forms.Place}}
}

// Lookup answers a form's questions about the municipality that a record belongs to; what
// nobody has said yet is left out.
func Lookup(ctx context.Context, q postgres.Querier, ref subject.Ref, names []string) (map[string]forms.Value, error) {
	out := map[string]forms.Value{}
	if !slices.ContainsFunc(names, func(name string) bool {
		return slices.ContainsFunc(Known(), func(s forms.Source) bool { return s.Name == name })
	}) {
		return out, nil
	}
	var m struct {
		name, head, area, website string
		population                int64
		year                      int
		lat, lon                  float64
		who, email, number        string
	}
	err := q.QueryRow(ctx, `
		select m.name, coalesce(m.population, 0), coalesce(m.population_year, 0), coalesce(m.area_km2::text, ''), m.website, m.lat, m.lon,
			coalesce((select h.name from heads h where h.org_id = m.id and h.left_on is null), ''),
			coalesce(c.name, ''), coalesce(c.email, ''), coalesce(c.phone, '')
		from municipalities m
		left join lateral (select name, email, phone from contacts where org_id = m.id order by office <> 'general', id limit 1) c on true
		where m.id = (select org_id from subjects where id = $1)`, ref.ID).
		Scan(&m.name, &m.population, &m.year, &m.area, &m.website, &m.lat, &m.lon, &m.head, &m.who, &m.email, &m.number)
	if errors.Is(err, pgx.ErrNoRows) {
		return out, nil // a government, an association: it has no profile
	}
	if err != nil {
		return nil, postgres.Explain(err, "error.not_found")
	}
	if m.population > 0 {
		out[KnownPopulation] = forms.Value{Number: strconv.FormatInt(m.population, 10)}
		out[KnownYear] = forms.Value{Number: strconv.Itoa(m.year)}
	}
	if m.area != "" {
		out[KnownArea] = forms.Value{Number: strings.TrimSuffix(strings.TrimRight(m.area, "0"), ".")}
	}
	if m.head != "" {
		out[KnownHead] = forms.Value{Text: m.head}
	}
	if m.website != "" {
		out[KnownWebsite] = forms.Value{Text: m.website}
	}
	if m.email != "" || m.number != "" {
		out[KnownContact] = forms.Value{Person: &forms.Contact{Name: m.who, Email: m.email, Phone: m.number}}
	}
	out[KnownPlace] = forms.Value{Place: &forms.Point{Lat: m.lat, Lon: m.lon, Known: true, Address: m.name}}
	return out, nil
}
