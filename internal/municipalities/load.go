package municipalities

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// Record is a municipality as a seed or an import brings it.
type Record struct {
	SourceID       string
	Name           string
	Latin          string // official, where Name is in other letters and somebody said
	Standing       Standing
	Country        string // code, which must be in the list of countries
	Region         string
	District       string
	Lat, Lon       float64
	Population     int64 // 0 where nobody counted
	PopulationYear int
	Zone           string
	Note           string
	FiguresAt      time.Time
	Titles         Titled // filled from Name where a language has none
	Names          []Name
	Fields         []string  // codes
	Website        string    // empty: none known
	Joined         time.Time // the day on which a member joined; zero where it is not known
}

// Load adds the records whose source id the register does not hold yet, with their names and
// search rows, and says how many it added. Only the database's owner may call it.
func Load(ctx context.Context, tx pgx.Tx, records []Record) (int, error) {
	l := &loader{tx: tx}
	if err := l.look(ctx); err != nil {
		return 0, err
	}
	fresh := make([]Record, 0, len(records))
	for _, r := range records {
		if !l.known[r.SourceID] {
			l.known[r.SourceID] = true
			fresh = append(fresh, r)
		}
	}
	if len(fresh) == 0 {
		return 0, nil
	}
	return len(fresh), l.load(ctx, fresh)
}

// load adds records, none of which the register holds. The rows of the index are made while
// the database stores the rest.
func (l *loader) load(ctx context.Context, records []Record) error {
	if err := inTurn(ctx, records, l.addRegions, l.addOrganisations); err != nil {
		return err
	}
	union, err := unionID(ctx, l.tx)
	if err != nil {
		return err
	}
	var rows search.Prepared
	var made sync.WaitGroup
	made.Go(func() { rows, err = search.Prepare(l.entries(records, union)) })
	stored := inTurn(ctx, records, l.copyPlaces, l.copyNames, l.copyTitles, l.copyFields, l.copyFacts)
	made.Wait()
	if err := errors.Join(stored, err); err != nil {
		return err
	}
	return rows.Load(ctx, l.tx)
}

func inTurn(ctx context.Context, records []Record, steps ...func(context.Context, []Record) error) error {
	for _, step := range steps {
		if err := step(ctx, records); err != nil {
			return err
		}
	}
	return nil
}

// loader is one bulk load: what the register holds already, and what was given to each record.
type loader struct {
	tx        pgx.Tx
	known     map[string]bool   // source ids
	slugs     map[string]bool   // taken
	countries map[string]int64  // code → id
	names     map[string]Titled // country code → names
	fields    map[string]int64  // code → id
	regions   map[string]int64  // slug → id
	region    []int64           // of the records, in their order
	ids       []int64           // of the records, in their order
	slug      []string
}

func (l *loader) look(ctx context.Context) error {
	l.known, l.slugs = map[string]bool{}, map[string]bool{"map": true, "suggest": true} // words of the directory
	var a, b string
	rows, _ := l.tx.Query(ctx, `select source_id, slug from municipalities`)
	if _, err := pgx.ForEachRow(rows, []any{&a, &b}, func() error {
		l.known[a], l.slugs[b] = true, true
		return nil
	}); err != nil {
		return err
	}
	var err error
	if l.countries, err = idsByCode(ctx, l.tx, `select code, id from countries`); err != nil {
		return err
	}
	if l.fields, err = idsByCode(ctx, l.tx, `select code, id from fields`); err != nil {
		return err
	}
	if l.regions, err = idsByCode(ctx, l.tx, `select slug, id from regions`); err != nil {
		return err
	}
	l.names, err = countryNames(ctx, l.tx)
	return err
}

func idsByCode(ctx context.Context, tx postgres.Querier, sql string) (map[string]int64, error) {
	out := map[string]int64{}
	var code string
	var id int64
	rows, _ := tx.Query(ctx, sql)
	_, err := pgx.ForEachRow(rows, []any{&code, &id}, func() error {
		out[code] = id
		return nil
	})
	return out, err
}

func countryNames(ctx context.Context, tx postgres.Querier) (map[string]Titled, error) {
	out := map[string]Titled{}
	var code, lang, name string
	rows, _ := tx.Query(ctx, `select c.code, n.lang, n.name from countries c join country_names n on n.country_id = c.id`)
	_, err := pgx.ForEachRow(rows, []any{&code, &lang, &name}, func() error {
		if out[code] == nil {
			out[code] = Titled{}
		}
		out[code][locale.Lang(lang)] = name
		return nil
	})
	return out, err
}

// regionSlug names a region in URLs: "az-susa".
func regionSlug(country, region string) string { return fold.Slug(country + " " + region) }

func (l *loader) addRegions(ctx context.Context, records []Record) error {
	var countries []int64
	var slugs, names []string
	of := make([]string, len(records)) // a slug is slow to make: once a record
	for i, r := range records {
		country, ok := l.countries[r.Country]
		if !ok {
			return fmt.Errorf("municipality %s: no country %q in the list", r.SourceID, r.Country)
		}
		slug := regionSlug(r.Country, r.Region)
		of[i] = slug
		if _, ok := l.regions[slug]; !ok {
			l.regions[slug] = 0
			countries, slugs, names = append(countries, country), append(slugs, slug), append(names, r.Region)
		}
	}
	if len(slugs) > 0 {
		_, err := l.tx.Exec(ctx, `insert into regions (country_id, slug, name)
			select * from unnest($1::bigint[], $2::text[], $3::text[])`, countries, slugs, names)
		if err != nil {
			return err
		}
		if l.regions, err = idsByCode(ctx, l.tx, `select slug, id from regions`); err != nil {
			return err
		}
	}
	l.region = make([]int64, len(records))
	for i, slug := range of {
		l.region[i] = l.regions[slug]
	}
	return nil
}

// addOrganisations takes the ids and stores subjects and organisations, which refer to each
// other, in one statement.
func (l *loader) addOrganisations(ctx context.Context, records []Record) error {
	rows, _ := l.tx.Query(ctx, `select nextval(pg_get_serial_sequence('subjects', 'id')) from generate_series(1, $1)`, len(records))
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	l.ids = ids
	publics, names, langs, zones, active := make([]string, len(ids)), make([]string, len(ids)), make([]string, len(ids)), make([]string, len(ids)), make([]bool, len(ids))
	for i, r := range records {
		l.slug = append(l.slug, l.freeSlug(r))
		publics[i], names[i], langs[i], zones[i] = subject.NewPublicID(), r.Name, string(writtenLang(r.Country)), r.Zone
		active[i] = r.Standing == Active || r.Standing == Suspended
	}
	_, err = l.tx.Exec(ctx, `
		with r as (
			select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[])
				r (id, public_id, name, lang, zone, active)
		), s as (
			insert into subjects (id, kind, org_id, public_id) overriding system value
			select id, 'municipality', id, public_id from r
		)
		insert into organisations (id, kind, subject_kind, name, lang, zone, active)
		select id, 'municipality', 'municipality', name, lang, zone, active from r`,
		ids, publics, names, langs, zones, active)
	return err
}

// writtenLang is the interface language that the union writes to a country's municipalities
// in, until they choose.
func writtenLang(country string) locale.Lang {
	switch country {
	case "TR", "CY", "AZ", "TM":
		return locale.TR
	case "RU", "KZ", "KG", "UZ", "UA", "MD", "MN":
		return locale.RU
	}
	return locale.EN
}

// freeSlug is the slug of the name in Latin letters, which its people chose, or of the name;
// with the country, the region and a number where it is taken.
func (l *loader) freeSlug(r Record) string {
	name := fold.Slug(cmp.Or(r.Latin, r.Name))
	if name == "" {
		name = fold.Slug(r.SourceID)
	}
	candidates := []string{name, name + "-" + fold.Slug(r.Country), name + "-" + regionSlug(r.Country, r.Region)}
	for i := 0; ; i++ {
		slug := fmt.Sprintf("%s-%d", name, i)
		if i < len(candidates) {
			slug = candidates[i]
		}
		if !l.slugs[slug] {
			l.slugs[slug] = true
			return slug
		}
	}
}

// entries are what the index says of the records. It reads the loader and changes nothing.
func (l *loader) entries(records []Record, union int64) []search.Entry {
	entries := make([]search.Entry, len(records))
	for i, r := range records {
		place := found{slug: l.slug[i], sourceID: r.SourceID, titles: r.titles(), countries: l.names[r.Country],
			region: r.Region, district: r.District, population: r.Population, union: union}
		for _, n := range r.names() {
			place.names = append(place.names, n.Name)
		}
		entries[i] = search.Entry{Ref: subject.Ref{Kind: subject.Municipality, ID: l.ids[i]}, Documents: place.documents()}
	}
	return entries
}

func unionID(ctx context.Context, tx pgx.Tx) (id int64, err error) {
	err = tx.QueryRow(ctx, `select union_id()`).Scan(&id)
	return id, err
}
