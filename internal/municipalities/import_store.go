package municipalities

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/jobs"
	"github.com/birlik/portal/internal/subject"
)

// Store implements imports.Session: new places with everything that a place has, changed
// ones with what the row changes.
func (im *importer) Store(ctx context.Context, results []*imports.Result) error {
	var fresh, changed []*imports.Result
	for _, r := range results {
		if r.State == imports.Fresh {
			fresh = append(fresh, r)
		} else {
			changed = append(changed, r)
		}
	}
	if err := im.add(ctx, fresh); err != nil {
		return err
	}
	edits := make([]edit, len(changed))
	for i, r := range changed {
		d := r.Draft.(*draft)
		edits[i] = edit{id: r.Target, values: map[string]string{}, names: d.newNames(), joined: d}
		for _, c := range r.Changes {
			edits[i].values[c.Field] = c.After
		}
	}
	if err := im.change(ctx, edits); err != nil {
		return err
	}
	if err := im.record(ctx, results, "municipality.imported"); err != nil {
		return err
	}
	if !im.asked { // once the whole table is stored, it is looked at for duplicates
		im.asked = true
		if err := jobs.Insert(ctx, im.w.Tx, DuplicatesArgs{}); err != nil {
			return err
		}
	}
	return freshness.Touch(ctx, im.w.Tx, Tag)
}

func (im *importer) record(ctx context.Context, results []*imports.Result, action string) error {
	entries := make([]audit.Entry, len(results))
	for i, r := range results {
		payload := map[string][]string{}
		for _, c := range r.Changes {
			payload[c.Field] = []string{c.Before, c.After}
		}
		entries[i] = audit.Entry{Actor: im.w.By, Action: action, Subject: subject.Ref{Kind: subject.Municipality, ID: r.Target}, Payload: payload}
	}
	return audit.RecordMany(ctx, im.w.Tx, entries)
}

// add stores new places.
func (im *importer) add(ctx context.Context, results []*imports.Result) error {
	if len(results) == 0 {
		return nil
	}
	if im.loader == nil {
		im.loader = &loader{tx: im.w.Tx}
		if err := im.loader.look(ctx); err != nil {
			return err
		}
		zones, err := readZones(ctx, im.w.Tx)
		if err != nil {
			return err
		}
		im.zones = zones
	}
	records := make([]Record, len(results))
	for i, r := range results {
		records[i] = im.newRecord(r.Draft.(*draft))
	}
	im.loader.ids, im.loader.slug = nil, nil
	if err := im.loader.load(ctx, records); err != nil {
		return err
	}
	for i, r := range results {
		r.Target = im.loader.ids[i]
	}
	return im.weigh(ctx, len(results))
}

// weighed are the numbers of new places after which the planner is told what the register
// holds by now. It plans foreign keys once, and for an empty table any index seems as good.
var weighed = []int{1, 2000, 20_000}

func (im *importer) weigh(ctx context.Context, added int) error {
	before := im.added
	im.added += added
	for _, n := range weighed {
		if before < n && im.added >= n {
			_, err := im.w.Tx.Exec(ctx, `analyze municipalities, regions, organisations, search_words_public, search_dictionary`)
			return err
		}
	}
	return nil
}

func (im *importer) newRecord(d *draft) Record {
	r := Record{SourceID: d.sourceID, Name: d.name, Standing: Standing(d.standing), Country: d.country, Region: d.region, District: d.district,
		Lat: *d.lat, Lon: *d.lon, Zone: d.zone, FiguresAt: im.w.Now, Joined: d.joined, Titles: Titled{}, Website: d.website}
	if r.SourceID == "" {
		r.SourceID = "own:" + subject.NewPublicID()[:10]
	}
	if r.Zone == "" {
		r.Zone = im.zones.at(d.country, r.Lat, r.Lon)
	}
	if d.population != nil {
		r.Population, r.PopulationYear = *d.population, *d.populationYear
	}
	for field, lang := range titleFields {
		if title := d.titles[field]; title != "" {
			r.Titles[lang] = title
			r.Names = append(r.Names, Name{Name: title, Lang: string(lang), Script: Script(title), Kind: Alternate})
		}
	}
	r.Names = append(r.Names, d.alternates(d.aliases)...)
	return r
}

func (d *draft) alternates(names []string) []Name {
	var out []Name
	for _, name := range names {
		out = append(out, Name{Name: name, Lang: Lang(name), Script: Script(name), Kind: Alternate})
	}
	return out
}

// newNames are the names that the register does not have yet.
func (d *draft) newNames() []Name {
	var out []Name
	if d.bySource && !d.found.knows(d.name) {
		out = append(out, Name{Name: d.name, Lang: "und", Script: Script(d.name), Kind: Official})
	}
	for field, lang := range titleFields {
		if title := d.titles[field]; title != "" && !d.found.has(title) {
			out = append(out, Name{Name: title, Lang: string(lang), Script: Script(title), Kind: Alternate})
		}
	}
	for _, n := range d.alternates(d.aliases) {
		if !d.found.has(n.Name) {
			out = append(out, n)
		}
	}
	return out
}

// edit is a change of one municipality: fields and their new values as text.
type edit struct {
	id     int64
	values map[string]string
	names  []Name // added
	gone   []string
	joined *draft // of one that becomes a member
}

// columnOf are the fields that are columns of the register, with the cast of their text.
var columnOf = map[string]string{fieldName: "name = $2", fieldDistrict: "district = $2", fieldWebsite: "website = $2",
	fieldLat: "lat = $2::float8", fieldLon: "lon = $2::float8"}

// change stores edits, and indexes the places anew.
func (im *importer) change(ctx context.Context, edits []edit) error {
	batch := &pgx.Batch{}
	ids := make([]int64, len(edits))
	for i, e := range edits {
		ids[i] = e.id
		if err := im.queue(ctx, batch, e); err != nil {
			return err
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if err := im.w.Tx.SendBatch(ctx, batch).Close(); err != nil {
		return err
	}
	return reindex(ctx, im.w.Tx, ids)
}

func (im *importer) queue(ctx context.Context, batch *pgx.Batch, e edit) error {
	for field, column := range columnOf {
		if value, ok := e.values[field]; ok {
			batch.Queue(`update municipalities set `+column+` where id = $1`, e.id, value)
		}
	}
	if name, ok := e.values[fieldName]; ok {
		batch.Queue(`update organisations set name = $2, version = version + 1 where id = $1`, e.id, name)
	}
	queueFigures(batch, e)
	for field, lang := range titleFields {
		if title, ok := e.values[field]; ok {
			batch.Queue(`update municipality_titles set title = $3 where municipality_id = $1 and lang = $2`, e.id, string(lang), title)
		}
	}
	for _, n := range e.names {
		batch.Queue(`insert into municipality_names (municipality_id, name, lang, script, kind) values ($1, $2, $3, $4, $5) on conflict do nothing`,
			e.id, n.Name, n.Lang, n.Script, n.Kind)
	}
	if len(e.gone) > 0 {
		batch.Queue(`delete from municipality_names where municipality_id = $1 and name = any ($2)`, e.id, e.gone)
	}
	if region, ok := e.values[fieldRegion]; ok {
		if err := im.moveTo(ctx, batch, e.id, region); err != nil {
			return err
		}
	}
	if e.values[fieldStanding] == string(Active) && e.joined != nil {
		batch.Queue(`insert into membership_facts (org_id, fact, kind, effective_on, source, actor_id) values ($1, 'admitted', 'full', $2, 'register', nullif($3, 0))`,
			e.id, registerDay(e.joined.joined), im.w.By.UserID)
		batch.Queue(`select count_membership($1, $2::date)`, e.id, im.w.Now)
	}
	batch.Queue(`update municipalities set version = version + 1, figures_at = $2 where id = $1`, e.id, im.w.Now)
	return nil
}

// queueFigures stores the population with its year, which stand together or not at all.
func queueFigures(batch *pgx.Batch, e edit) {
	population, hasPopulation := e.values[fieldPopulation]
	year, hasYear := e.values[fieldYear]
	switch {
	case hasPopulation && hasYear:
		batch.Queue(`update municipalities set population = nullif($2, '')::bigint, population_year = nullif($3, '')::int where id = $1`, e.id, population, year)
	case hasPopulation:
		batch.Queue(`update municipalities set population = nullif($2, '')::bigint, population_year = case when $2 <> '' then population_year end where id = $1`, e.id, population)
	case hasYear:
		batch.Queue(`update municipalities set population_year = nullif($2, '')::int where id = $1 and population is not null`, e.id, year)
	}
}

// moveTo puts a place into another region of its country, which may be new to the register.
func (im *importer) moveTo(ctx context.Context, batch *pgx.Batch, id int64, region string) error {
	var country int64
	var code string
	err := im.w.Tx.QueryRow(ctx, `select c.id, c.code from municipalities m join countries c on c.id = m.country_id where m.id = $1`, id).Scan(&country, &code)
	if err != nil {
		return err
	}
	batch.Queue(`insert into regions (country_id, slug, name) values ($1, $2, $3) on conflict (slug) do nothing`, country, regionSlug(code, region), region)
	batch.Queue(`update municipalities set region_id = (select id from regions where slug = $2) where id = $1`, id, regionSlug(code, region))
	return nil
}

// zones guess the time zone of a place by the nearest one that the register holds.
type zones struct {
	known   map[string][]zonePoint // by country
	capital map[string]string      // by country
}

type zonePoint struct {
	lat, lon float64
	zone     string
}

// readZones reads one place a country, zone and degree, which is near enough.
func readZones(ctx context.Context, tx pgx.Tx) (zones, error) {
	z := zones{known: map[string][]zonePoint{}, capital: map[string]string{}}
	var country, zone string
	var p zonePoint
	rows, _ := tx.Query(ctx, `select code, zone from countries`)
	if _, err := pgx.ForEachRow(rows, []any{&country, &zone}, func() error {
		z.capital[country] = zone
		return nil
	}); err != nil {
		return z, err
	}
	rows, _ = tx.Query(ctx, `select distinct on (c.code, round(m.lat), round(m.lon)) c.code, m.lat, m.lon, m.zone
		from municipalities m join countries c on c.id = m.country_id order by c.code, round(m.lat), round(m.lon), m.id`)
	_, err := pgx.ForEachRow(rows, []any{&country, &p.lat, &p.lon, &p.zone}, func() error {
		z.known[country] = append(z.known[country], p)
		return nil
	})
	return z, err
}

func (z zones) at(country string, lat, lon float64) string {
	best, zone := 1e9, z.capital[country]
	for _, p := range z.known[country] {
		if d := (p.lat-lat)*(p.lat-lat) + (p.lon-lon)*(p.lon-lon); d < best {
			best, zone = d, p.zone
		}
	}
	if zone == "" {
		return "UTC"
	}
	return zone
}

// parts are the names in the text of a change.
func parts(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, " | ")
}
