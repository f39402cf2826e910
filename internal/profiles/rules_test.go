package profiles

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/translations"
)

var today = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)

func full() Profile {
	at := today.AddDate(0, -1, 0)
	m := Maturity{}
	for _, q := range Questions() {
		m[q.Key] = 1
	}
	return Profile{Website: "https://x.example", Texts: make([]translations.Status, 2), Coat: &documents.Document{}, Listed: 1, Maturity: m, MaturityAt: &at, ConfirmedAt: &at,
		Sectors: []Sector{{Strength: true}, {Need: true}},
		Facts: FactsOf(map[string]string{"name": "N", "latin": "N", "english": "N", "population": "10", "population_year": "2024", "area": "2", "head": "H",
			"head_until": "2026-11-26", "seat": "S", "province": "p"})}
}

// TestCompleteness takes one thing away after the other: exactly that is missing.
func TestCompleteness(t *testing.T) {
	if s := Completeness(full(), today); s.Done() != s.Total() || s.Total() != 13 {
		t.Fatalf("%d of %d, missing %+v", s.Done(), s.Total(), s.Missing())
	}
	old := today.AddDate(-1, 0, 0)
	older := today.AddDate(-2, 0, -1)
	for want, take := range map[string]func(p *Profile){
		"names":      func(p *Profile) { p.Facts[LatinName] = Value{} },
		"population": func(p *Profile) { p.Facts[Population]["population_year"] = "2022" },
		"area":       func(p *Profile) { delete(p.Facts, Area) },
		"head":       func(p *Profile) { p.Facts[HeadOfCity]["head_until"] = "2026-11-25" },
		"seat":       func(p *Profile) { p.Facts[Seat] = nil },
		"texts":      func(p *Profile) { p.Texts = p.Texts[:1] },
		"coat":       func(p *Profile) { p.Coat = nil },
		"strengths":  func(p *Profile) { p.Sectors[0].Strength = false },
		"needs":      func(p *Profile) { p.Sectors[1].Need = false },
		"website":    func(p *Profile) { p.Website = "" },
		"contacts":   func(p *Profile) { p.Listed = 0 },
		"maturity":   func(p *Profile) { p.MaturityAt = &older },
		"confirmed":  func(p *Profile) { p.ConfirmedAt = &old },
	} {
		p := full()
		take(&p)
		if missing := Completeness(p, today).Missing(); len(missing) != 1 || missing[0].Key != want {
			t.Errorf("without %s: %+v is missing", want, missing)
		}
	}
	if s := Completeness(Profile{}, today); s.Done() != 0 {
		t.Errorf("an empty profile has %d", s.Done())
	}
}

// TestWordsOfItems: each item, fact and question has its words in every language.
func TestWordsOfItems(t *testing.T) {
	var keys []string
	for _, item := range Completeness(Profile{}, today).Items {
		keys = append(keys, "profiles.item."+item.Key, "profiles.lacks."+item.Key)
	}
	for _, f := range FactNames() {
		keys = append(keys, "profiles.fact."+string(f))
	}
	for _, q := range Questions() {
		keys = append(keys, "profiles.maturity."+q.Key)
		for level := range Levels {
			keys = append(keys, "profiles.maturity."+q.Key+"."+string(rune('0'+level)))
		}
	}
	for _, lang := range locale.Langs() {
		for _, key := range keys {
			if !locale.Has(lang, key) {
				t.Errorf("%s has no %s", lang, key)
			}
		}
	}
}

// TestFactsCheck refuses what no municipality is.
func TestFactsCheck(t *testing.T) {
	for box, bad := range map[string][]string{
		"population": {"", "0", "-5", "1.5", "100000001", "١٢"}, "population_year": {"", "1899", "2027", "20x5"},
		"area": {"", "0", "-1", "NaN", "1000001", "Inf"}, "head_until": {"2026-02-30", "2099-01-01", "heute"}, "name": {""}, "seat": {""},
	} {
		for _, text := range bad {
			f := full().Facts
			boxes := f.Boxes()
			boxes[box] = text
			var wrong *apperr.Error
			if err := FactsOf(boxes).Check(today); !errors.As(err, &wrong) || wrong.Fields[box] == "" {
				t.Errorf("%s %q: %v", box, text, err)
			}
		}
	}
	if err := full().Facts.Check(today); err != nil {
		t.Error(err)
	}
	if changed := full().Facts.Changed(Facts{Population: {"population": "11", "population_year": "2025"}, Area: {"area": "2"}}); !slices.Equal(changed, []Fact{Population}) {
		t.Errorf("changed: %v", changed)
	}
}

func TestMaturity(t *testing.T) {
	m := Maturity{"services": 3, "documents": 0, "gone": 3}
	if m.Answered() != 2 || m.Average() != 15 || m.Check() == nil {
		t.Errorf("%d answered, average %d, %v", m.Answered(), m.Average(), m.Check())
	}
}
