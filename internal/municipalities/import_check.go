package municipalities

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/birlik/portal/internal/imports"
)

// importer is the session of one table of municipalities.
type importer struct {
	w         imports.Work
	countries countryFinder
	rowOf     map[int64]int  // municipality → the row that is it
	rowNamed  map[string]int // key of a new place → its row
	loader    *loader        // made with the first new place
	zones     zones
	asked     bool // for a search for duplicates
	added     int  // new places so far
}

func openImporter(ctx context.Context, w imports.Work) (*importer, error) {
	// Tables grow by thousands within one transaction, which the planner does not know of:
	// what is looked up a few hundred at a time is looked up by index.
	if _, err := w.Tx.Exec(ctx, `set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off`); err != nil {
		return nil, err
	}
	countries, err := readCountryFinder(ctx, w.Tx)
	if err != nil {
		return nil, err
	}
	return &importer{w: w, countries: countries, rowOf: map[int64]int{}, rowNamed: map[string]int{}}, nil
}

// Check implements imports.Session.
func (im *importer) Check(ctx context.Context, rows []imports.Row) ([]*imports.Result, error) {
	drafts := make([]*draft, len(rows))
	var sources, words []string
	for i, row := range rows {
		d := im.read(row)
		drafts[i] = d
		if d.sourceID != "" {
			sources = append(sources, d.sourceID)
		}
		words = append(words, wordOf(d.name))
	}
	known, err := newFinder(ctx, im.w.Tx, sources, words)
	if err != nil {
		return nil, err
	}
	out := make([]*imports.Result, len(drafts))
	for i, d := range drafts {
		im.compare(d, known)
		out[i] = d.result
	}
	return out, nil
}

// compare finds the place of a row in the register and says what the row changes there.
func (im *importer) compare(d *draft, known finder) {
	if len(d.result.Faults) == 0 {
		d.find(known)
	}
	switch {
	case len(d.result.Faults) > 0:
	case d.found != nil:
		im.differ(d)
	default:
		im.fresh(d)
	}
	d.result.Draft = d
	d.result.Settle()
}

func (d *draft) find(known finder) {
	if e := known.bySource[d.sourceID]; d.sourceID != "" && e != nil {
		if d.country != "" && d.country != e.Country {
			d.fault(fieldCountry, "imports.other_country", e.Name)
			return
		}
		d.found, d.bySource = e, true
		return
	}
	fit := slices.DeleteFunc(known.named(d.name, place{country: d.country, region: d.region, lat: d.lat, lon: d.lon}), d.otherNumber)
	switch len(fit) {
	case 0:
	case 1:
		d.found = fit[0]
	default:
		d.fault(fieldName, "imports.several", fit[0].Region+", "+fit[1].Region)
	}
}

// otherNumber reports a place that the same source counts under another number.
func (d *draft) otherNumber(e *existing) bool {
	scheme, _, counted := strings.Cut(d.sourceID, ":")
	theirs, _, _ := strings.Cut(e.SourceID, ":")
	return counted && scheme == theirs && d.sourceID != e.SourceID
}

// twin tells a row that another row of the table says the same place.
func (d *draft) twin(row int) {
	d.result.State = imports.Faulty
	d.result.Faults = append(d.result.Faults, imports.Fault{Field: fieldName, Key: "imports.twin", Value: d.name, Row: row})
}

// differ lists what the row changes in the place that it was found to be.
func (im *importer) differ(d *draft) {
	e, r := d.found, d.result
	if row, ok := im.rowOf[e.ID]; ok {
		d.twin(row)
		return
	}
	im.rowOf[e.ID] = r.Row
	r.Target = e.ID
	if d.bySource && !e.knows(d.name) {
		r.Change(fieldName, e.Name, d.name)
	}
	if d.bySource && d.region != "" && regionKey(d.region) != regionKey(e.Region) {
		r.Change(fieldRegion, e.Region, d.region)
	}
	if d.district != "" && nameKey(d.district) != nameKey(e.District) {
		r.Change(fieldDistrict, e.District, d.district)
	}
	d.differNumbers(im.w.Now.Year())
	if d.website != "" {
		r.Change(fieldWebsite, e.Website, d.website)
	}
	for _, field := range []string{"name_tr", "name_en", "name_ru"} {
		if d.titles[field] != "" {
			r.Change(field, e.value(field), d.titles[field])
		}
	}
	var added []string
	for _, alias := range d.aliases {
		if !e.has(alias) {
			added = append(added, alias)
		}
	}
	r.Change(fieldAliases, "", strings.Join(added, " | "))
	if d.standing == string(Active) && e.Standing == Reference {
		r.Change(fieldStanding, string(Reference), string(Active))
	}
}

func (d *draft) differNumbers(year int) {
	e, r := d.found, d.result
	if d.population != nil {
		r.Change(fieldPopulation, e.value(fieldPopulation), strconv.FormatInt(*d.population, 10))
		counted := len(r.Changes) > 0 && r.Changes[len(r.Changes)-1].Field == fieldPopulation
		if d.populationYear != nil {
			r.Change(fieldYear, e.value(fieldYear), strconv.Itoa(*d.populationYear))
		} else if counted {
			r.Change(fieldYear, e.value(fieldYear), strconv.Itoa(year))
		}
	}
	if d.lat != nil && d.lon != nil {
		r.Change(fieldLat, e.value(fieldLat), degreesText(*d.lat))
		r.Change(fieldLon, e.value(fieldLon), degreesText(*d.lon))
	}
}

// fresh asks of a place that the register does not hold what it must know.
func (im *importer) fresh(d *draft) {
	if d.country == "" {
		d.fault(fieldCountry, "imports.country_missing", "")
	}
	if d.region == "" {
		d.fault(fieldRegion, "imports.region_missing", "")
	}
	if d.lat == nil {
		d.fault(fieldLat, "imports.place_missing", "")
	}
	if len(d.result.Faults) > 0 {
		return
	}
	key := d.sourceID
	if key == "" {
		key = strings.Join([]string{nameKey(d.name), d.country, regionKey(d.region)}, "\n")
	}
	if row, ok := im.rowNamed[key]; ok {
		d.twin(row)
		return
	}
	im.rowNamed[key] = d.result.Row
	d.tellFresh(im.w.Now.Year())
}

// tellFresh lists what a new place will hold.
func (d *draft) tellFresh(year int) {
	if d.population != nil && d.populationYear == nil {
		d.populationYear = &year
	}
	r := d.result
	for _, c := range []imports.Change{
		{Field: fieldName, After: d.name}, {Field: fieldCountry, After: d.country}, {Field: fieldRegion, After: d.region},
		{Field: fieldDistrict, After: d.district}, {Field: fieldLat, After: degreesText(*d.lat)}, {Field: fieldLon, After: degreesText(*d.lon)},
		{Field: fieldWebsite, After: d.website},
	} {
		r.Change(c.Field, "", c.After)
	}
	if d.population != nil {
		r.Change(fieldPopulation, "", strconv.FormatInt(*d.population, 10))
		r.Change(fieldYear, "", strconv.Itoa(*d.populationYear))
	}
	if d.standing == "" {
		d.standing = string(Active)
	}
	r.Change(fieldStanding, "", d.standing)
	slices.Sort(d.aliases)
}
