package municipalities

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/imports"
)

// draft is a row of a table, read but not yet compared with the register.
type draft struct {
	row            imports.Row
	result         *imports.Result
	sourceID       string
	name           string
	titles         map[string]string // by field
	country        string            // code
	region         string
	district       string
	website        string
	zone           string
	aliases        []string
	lat, lon       *float64
	population     *int64
	populationYear *int
	standing       string // empty: the table does not say
	joined         time.Time
	found          *existing
	bySource       bool
}

// nameKey folds a name as the register's index does.
func nameKey(name string) string { return fold.Join(fold.Key(name)) }

// generic are the words that offices write behind the name of a region, or leave out.
var generic = regexp.MustCompile(`\b(?:ili|il|vilaieti|province|region|state|county|oblast|oblasti|oblasts|krai|republic|respublika|respublikasi|rep|vilaiati|viloiati|viloiat|velaiat|raionu|raion|district|bolgesi|eialeti)\b`)

// regionKey folds the name of a region without such words: "Adana İli" is "Adana".
func regionKey(name string) string {
	key := fold.Key(name)
	if short := strings.TrimSpace(generic.ReplaceAllString(key, " ")); short != "" {
		key = short
	}
	return fold.Join(key)
}

// read takes the values out of a row and tells what is wrong with them.
func (im *importer) read(row imports.Row) *draft {
	d := &draft{row: row, result: &imports.Result{Row: row.Number}, titles: map[string]string{}}
	d.name = d.text(fieldName, 200)
	d.result.Title = d.name
	if d.name == "" {
		d.fault(fieldName, "imports.no_name", "")
	}
	for field := range titleFields {
		d.titles[field] = d.text(field, 200)
	}
	d.region, d.district = mended(d.text(fieldRegion, 200)), mended(d.text(fieldDistrict, 200))
	d.sourceID, d.zone = d.text(fieldSource, 100), d.text(fieldZone, 60)
	d.readNumbers(im.w.Now)
	d.readCountry(im.countries)
	d.readWords(im.w.Now)
	return d
}

// mended replaces a letter that sources mistake for its twin: U+01DD for U+0259.
func mended(s string) string { return strings.NewReplacer("ǝ", "ə", "Ǝ", "Ə").Replace(s) }

func (d *draft) fault(field, key, value string) { d.result.Fault(field, key, value) }

func (d *draft) text(field string, most int) string {
	text, ok := imports.Text(d.row.Get(field), most)
	if !ok {
		d.fault(field, "imports.too_long", string([]rune(text)[:40])+"…")
		return ""
	}
	return text
}

func (d *draft) readNumbers(now time.Time) {
	d.population = number(d, fieldPopulation, imports.Whole, 1, 100_000_000)
	if year := number(d, fieldYear, imports.Whole, 1900, int64(now.Year())); year != nil {
		d.populationYear = new(int)
		*d.populationYear = int(*year)
	}
	d.lat = number(d, fieldLat, imports.Degrees, -90, 90)
	d.lon = number(d, fieldLon, imports.Degrees, -180, 180)
	if len(d.result.Faults) == 0 && (d.lat == nil) != (d.lon == nil) {
		d.fault(fieldLat, "imports.half_place", "")
	}
}

// number reads a cell and holds it to its bounds; "0" inhabitants means that nobody counted.
func number[T int64 | float64](d *draft, field string, read func(string) (T, bool), least, most T) *T {
	cell := d.row.Get(field)
	if cell == "" || field == fieldPopulation && cell == "0" {
		return nil
	}
	n, ok := read(cell)
	if !ok {
		d.fault(field, "imports.no_number", cell)
		return nil
	}
	if n < least || n > most {
		d.fault(field, "imports.out_of_range", cell)
		return nil
	}
	return &n
}

func (d *draft) readCountry(countries countryFinder) {
	cell := d.row.Get(fieldCountry)
	if cell == "" {
		return // told once it is clear that the register does not know the place
	}
	code, ok := countries.find(cell)
	if !ok {
		d.fault(fieldCountry, "imports.no_country", cell)
		return
	}
	d.country = code
}

// website is an address that a page may link to.
var website = regexp.MustCompile(`^https?://[^\s<>"]+$`)

func (d *draft) readWords(now time.Time) {
	if d.website = d.text(fieldWebsite, 280); d.website != "" {
		if !strings.Contains(d.website, "://") {
			d.website = "https://" + d.website
		}
		if u, err := url.Parse(d.website); err != nil || !website.MatchString(d.website) || !strings.Contains(u.Host, ".") {
			d.fault(fieldWebsite, "imports.no_website", d.website)
		}
	}
	for alias := range strings.SplitSeq(d.row.Get(fieldAliases), "|") {
		if alias = strings.Join(strings.Fields(alias), " "); alias != "" && len([]rune(alias)) <= 200 && !slices.Contains(d.aliases, alias) {
			d.aliases = append(d.aliases, alias)
		}
	}
	if cell := d.row.Get(fieldStanding); cell != "" {
		standing, ok := standingWords.Choose(cell)
		if !ok {
			d.fault(fieldStanding, "imports.no_choice", cell)
		}
		d.standing = standing
	}
	if cell := d.row.Get(fieldJoined); cell != "" {
		day, ok := imports.Day(cell)
		if !ok || day.After(now) {
			d.fault(fieldJoined, "imports.no_day", cell)
		}
		d.joined = day
	}
	if d.zone != "" {
		if _, err := time.LoadLocation(d.zone); err != nil || d.zone == "Local" {
			d.fault(fieldZone, "imports.no_zone", d.zone)
		}
	}
}
