// Package demo fills an empty portal with demonstration data. Every function adds what is
// missing and leaves the rest alone, so that seeding twice changes nothing.
package demo

import (
	"bytes"
	"cmp"
	"context"
	_ "embed" // the places
	"encoding/csv"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
)

//go:embed data/municipalities.csv
var placesCSV []byte

// The population of the source is of this year, its lists of this day.
const populationYear = 2020

var figuresAt = time.Date(2020, time.March, 18, 0, 0, 0, 0, time.UTC)

// Municipalities adds the lists of countries and fields, and the 1,423 real places of the
// union's region: 1,393 as members, 30 for reference.
func Municipalities(ctx context.Context, tx pgx.Tx) error {
	if err := municipalities.LoadBase(ctx, tx); err != nil {
		return err
	}
	places, err := places()
	if err != nil {
		return err
	}
	records := make([]municipalities.Record, len(places))
	ids := make([]string, len(places))
	for i, p := range places {
		records[i] = p.record()
		ids[i] = records[i].SourceID
	}
	var have int
	if err := tx.QueryRow(ctx, `select count(*) from municipalities where source_id = any($1)`, ids).Scan(&have); err != nil || have == len(ids) {
		return err
	}
	_, err = municipalities.Load(ctx, tx, records)
	return err
}

// place is one line of municipalities.csv by its columns.
type place map[string]string

func places() ([]place, error) {
	lines, err := csv.NewReader(bytes.NewReader(placesCSV)).ReadAll()
	if err != nil {
		return nil, err
	}
	out := make([]place, len(lines)-1)
	for i, line := range lines[1:] {
		out[i] = place{}
		for j, column := range lines[0] {
			out[i][column] = line[j]
		}
	}
	return out, nil
}

func (p place) record() municipalities.Record {
	lat, _ := strconv.ParseFloat(p["lat"], 64) // a test reads every line
	lon, _ := strconv.ParseFloat(p["lon"], 64)
	population, _ := strconv.ParseInt(p["population"], 10, 64)
	standing := municipalities.Active
	if p["status"] == "reference" {
		standing = municipalities.Reference
	}
	return municipalities.Record{
		SourceID: p["source_id"], Name: p.native(), Standing: standing,
		Country: p["country_code"], Region: schwa(p["admin1"]), District: schwa(p["admin2"]),
		Lat: lat, Lon: lon, Population: population, PopulationYear: populationYear,
		Zone: p["timezone"], Note: p.note(), FiguresAt: figuresAt,
		Titles: municipalities.Titled{locale.TR: p["name_tr"], locale.EN: schwa(p["name"]), locale.RU: p.russian()},
		Names:  p.names(), Fields: p.interests(), Joined: p.joined(standing),
	}
}

// schwa mends a letter that the source mistakes for its twin: U+01DD for U+0259.
func schwa(s string) string { return strings.NewReplacer("ǝ", "ə", "Ǝ", "Ə").Replace(s) }

// note is the remark on the territory that the source makes in a sentence.
func (p place) note() string {
	for start, key := range map[string]string{
		"Crimea:": "crimea", "XK is": "kosovo", "Administered by the Turkish Cypriot": "north_cyprus", "Reference only (Xinjiang)": "xinjiang",
	} {
		if strings.HasPrefix(p["admin_note"], start) {
			return key
		}
	}
	return ""
}

func (p place) names() []municipalities.Name {
	var out []municipalities.Name
	add := func(name, lang, kind string) {
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, municipalities.Name{Name: name, Lang: lang, Script: municipalities.Script(name), Kind: kind})
		}
	}
	if p["name_tr"] != "" {
		kind := municipalities.Exonym
		if p["country_code"] == "TR" {
			kind = municipalities.Official
		}
		add(p["name_tr"], "tr", kind)
	}
	if russian := p.russian(); russian != "" {
		add(russian, "ru", municipalities.Alternate)
	}
	if own := p.native(); own != p["name"] {
		add(own, "az", municipalities.Official)
		add(p["name"], "en", municipalities.Exonym)
	}
	add(p["ascii_name"], "und", municipalities.Alternate)
	for name := range strings.SplitSeq(p["alt_names"], "|") {
		add(name, municipalities.Lang(name), municipalities.Alternate)
	}
	return out
}

// russian is the name that the Russian pages list the place by: a well-known one where the
// place has it, else the Cyrillic name in Russian letters that is nearest to the place's
// own; empty where the source has none.
func (p place) russian() string {
	if name, ok := russianNames[p["source_id"]]; ok {
		return name
	}
	key := fold.Key(p["name"])
	var fit []string
	for name := range strings.SplitSeq(p["alt_names"], "|") {
		if isRussian(name) {
			fit = append(fit, name)
		}
	}
	if len(fit) == 0 {
		return ""
	}
	best := slices.MinFunc(fit, func(a, b string) int {
		return cmp.Or(cmp.Compare(strangeness(a, key), strangeness(b, key)), cmp.Compare(a, b))
	})
	if strangeness(best, key) > len(key) {
		return "" // another name of the place, not a spelling of this one
	}
	return best
}

// strangeness says how far a Cyrillic name is from a Russian spelling of key: Bulgarian and
// Serbian have no ы, э and ё, rarely a soft sign, and write ъ between consonants.
func strangeness(name, key string) int {
	out := 2 * fold.Distance(fold.Key(name), key)
	for i, r := range strings.ToLower(name) {
		switch {
		case strings.ContainsRune("ыэё", r):
			out -= 3
		case r == 'ь':
			out -= 2
		case r == 'ъ', i == 0 && r == 'е' && key[0] == 'e':
			out += 3
		}
	}
	return out
}

// isRussian reports a name that begins with a capital and holds Russian letters only.
func isRussian(name string) bool {
	const capitals, letters = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯЫ", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
	for i, r := range name {
		if i == 0 && !strings.ContainsRune(capitals, r) || !strings.ContainsRune(capitals+letters+" -", r) {
			return false
		}
	}
	return name != ""
}

// interests gives each member two or three fields that it wants to work in, always the same
// ones: they follow from its id.
func (p place) interests() []string {
	if p["status"] != "member" {
		return nil
	}
	fields := []string{"city", "services", "culture", "training", "relations"}
	h := fnv.New32a()
	_, _ = h.Write([]byte(p["source_id"])) // never fails
	n := int(h.Sum32())
	first, step, count := n%5, 1+n/5%4, 2+n/20%2
	var out []string
	for i := range count {
		out = append(out, fields[(first+i*step)%5])
	}
	return out
}

// joined is the demonstration's day of joining: the founding year or one after it, sooner
// for the larger, the same on every run. Nobody's real date.
func (p place) joined(standing municipalities.Standing) time.Time {
	if standing == municipalities.Reference {
		return time.Time{}
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(p["source_id"])) // never fails
	n := h.Sum32()
	population, _ := strconv.ParseInt(p["population"], 10, 64) // a test reads every line
	span := uint32(23)
	if population > 500_000 {
		span = 8
	}
	return time.Date(2003+int(n%span), time.Month(1+n/32%12), 1+int(n/512%28), 0, 0, 0, 0, time.UTC)
}
