package profiles

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/apperr"
)

// Fact is an official fact of a municipality: the union cites it, counts dues and seats by
// it, so that it changes only when staff have looked at the source.
type Fact string

// The official facts; the table's CHECK lists the same.
const (
	NativeName  Fact = "name"
	LatinName   Fact = "latin"
	EnglishName Fact = "english"
	Population  Fact = "population"
	Area        Fact = "area"
	HeadOfCity  Fact = "head"
	Seat        Fact = "seat"
	Province    Fact = "province"
)

// Value is a fact as it is kept and compared: its parts by name, as plain text (digits, a
// decimal point, ISO days). An empty part is left out; no part at all: nobody knows.
type Value map[string]string

// partKind says what a part of a fact may hold.
type partKind int

const (
	line   partKind = iota // a line of text
	count                  // a whole number above zero
	year                   // a year that is not to come
	square                 // square kilometres
	day                    // an ISO day
	region                 // the address of a province; the service looks whether the country has it
)

// part is one box of a fact's question.
type part struct {
	name   string // in Value and in forms
	kind   partKind
	needed bool // a fact without it says nothing
	most   int  // characters of a line
}

// specs declares the parts of each fact, in the order of pages.
var specs = []struct {
	fact  Fact
	parts []part
}{
	{NativeName, []part{{"name", line, true, 200}}},
	{LatinName, []part{{"latin", line, true, 200}}},
	{EnglishName, []part{{"english", line, true, 200}}},
	{Population, []part{{"population", count, true, 0}, {"population_year", year, true, 0}}},
	{Area, []part{{"area", square, true, 0}}},
	{HeadOfCity, []part{{"head", line, true, 200}, {"head_since", day, false, 0}, {"head_until", day, false, 0}}},
	{Seat, []part{{"seat", line, true, 300}}},
	{Province, []part{{"province", region, true, 0}}},
}

// FactNames lists the official facts in the order of pages.
func FactNames() []Fact {
	out := make([]Fact, len(specs))
	for i, s := range specs {
		out[i] = s.fact
	}
	return out
}

// Facts are the official facts of one municipality.
type Facts map[Fact]Value

// FactsOf sorts the boxes of a form, which are named as the parts, into facts.
func FactsOf(boxes map[string]string) Facts {
	out := Facts{}
	for _, s := range specs {
		value := Value{}
		for _, p := range s.parts {
			if boxes[p.name] != "" {
				value[p.name] = boxes[p.name]
			}
		}
		out[s.fact] = value
	}
	return out
}

// Boxes is FactsOf turned back: what stands in the boxes of a form.
func (f Facts) Boxes() map[string]string {
	out := map[string]string{}
	for _, value := range f {
		maps.Copy(out, value)
	}
	return out
}

// Changed lists the facts that wanted says otherwise, in the order of pages.
func (f Facts) Changed(wanted Facts) []Fact {
	var out []Fact
	for _, name := range FactNames() {
		if w, asked := wanted[name]; asked && !maps.Equal(f[name], w) {
			out = append(out, name)
		}
	}
	return out
}

// Only keeps some of the facts.
func (f Facts) Only(names []Fact) Facts {
	out := Facts{}
	for _, name := range names {
		out[name] = f[name]
	}
	return out
}

// Check finds what is wrong with facts as a person gave them. What is known cannot be
// emptied: a fact is replaced, not forgotten. Errors: invalid, by box.
func (f Facts) Check(today time.Time) error {
	faults := map[string]string{}
	for _, s := range specs {
		value, asked := f[s.fact]
		if !asked {
			continue
		}
		for _, p := range s.parts {
			if key := p.fault(value[p.name], today); key != "" {
				faults[p.name] = key
			}
		}
	}
	since, until := f[HeadOfCity]["head_since"], f[HeadOfCity]["head_until"]
	if since != "" && until != "" && until <= since && faults["head_until"] == "" {
		faults["head_until"] = "accounts.ends_before_start"
	}
	return apperr.Fields(faults)
}

// The bounds of numbers: no municipality of the world has more people or more land.
const (
	maxPopulation = 100_000_000
	maxArea       = 1_000_000
	firstYear     = 1900
)

// fault is the key of what is wrong with a part; empty: nothing.
func (p part) fault(text string, today time.Time) string {
	if text == "" {
		if p.needed {
			return "error.required"
		}
		return ""
	}
	switch p.kind {
	case line:
		if len([]rune(text)) > p.most {
			return "error.too_long"
		}
	case count:
		if n, err := strconv.ParseInt(text, 10, 64); err != nil || n < 1 || n > maxPopulation {
			return "profiles.population_wrong"
		}
	case year:
		if n, err := strconv.Atoi(text); err != nil || n < firstYear || n > today.Year() {
			return "profiles.year_wrong"
		}
	case square:
		if n, err := strconv.ParseFloat(text, 64); err != nil || strings.Trim(text, "0123456789.") != "" || n <= 0 || n > maxArea {
			return "profiles.area_wrong"
		}
	case day:
		if t, err := time.Parse(time.DateOnly, text); err != nil || t.Year() < firstYear || t.Year() > today.Year()+20 {
			return "casework.day_format"
		}
	}
	return ""
}

// known reports whether the register knows the fact.
func (f Facts) known(name Fact) bool { return len(f[name]) > 0 }
