// Package municipalities keeps the register of municipalities with what they are found and
// filtered by: countries, regions, and the fields of the union's mandate.
package municipalities

import (
	"time"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/subject"
)

// Standing says whether a municipality is a member.
type Standing string

// The standings. A reference place is listed for comparison and was never a member.
const (
	Active    Standing = "active"
	Suspended Standing = "suspended"
	Resigned  Standing = "resigned"
	Expelled  Standing = "expelled"
	Reference Standing = "reference"
)

// Standings lists every standing.
func Standings() []Standing { return []Standing{Active, Suspended, Resigned, Expelled, Reference} }

// Former reports a member that left; its page is gone and names the successor.
func (s Standing) Former() bool { return s == Resigned || s == Expelled }

// Municipality is what the register knows of one place.
type Municipality struct {
	ID             int64
	SourceID       string // gn:749780: where the basic facts come from
	Slug           string
	Name           string // in the place's own spelling
	Standing       Standing
	District       string
	Lat, Lon       float64 // degrees, WGS 84
	Population     *int64  // nil where nobody counted
	PopulationYear *int
	Zone           string // IANA
	Website        string
	Note           string // key of a remark on the territory; empty for most
	FiguresAt      time.Time
	Version        int
}

// Ref points at the municipality.
func (m Municipality) Ref() subject.Ref {
	return subject.Ref{Kind: subject.Municipality, ID: m.ID}
}

// Name is one of a municipality's names.
type Name struct {
	Name   string
	Lang   string // BCP 47; "und" where the source does not say
	Script string // ISO 15924: "Latn", "Cyrl", "Arab"
	Kind   string // official, alternate, historical, exonym
}

// The kinds of names.
const (
	Official   = "official"
	Alternate  = "alternate"
	Historical = "historical"
	Exonym     = "exonym"
)

// Choice is a country, region or field in the reader's language, as filters and lists name it.
type Choice struct {
	Code  string // in URLs
	Title string
}

// Profile is a municipality's page in one language.
type Profile struct {
	Municipality
	Title     string
	Country   Choice
	Region    Choice
	Names     []Name
	Fields    []Choice
	Successor *Row

	MergedInto string // slug of the entry that goes on, where this one was a duplicate
}

// Row is a municipality in a list.
type Row struct {
	ID             int64
	Slug           string
	Title          string
	Standing       Standing
	Country        string
	CountryCode    string
	Region         string
	Population     *int64
	PopulationYear *int
	Matched        string // the other name that a search matched
}

// Band is a range of population.
type Band struct {
	Code     string // in URLs
	From, To int64  // inhabitants; From ≤ n < To, To 0 for no end
}

// Bands lists the ranges; the position is the number that the database computes. The first
// is for places whose population is not known.
func Bands() []Band {
	return []Band{
		{Code: "unknown"},
		{Code: "under-20k", To: 20_000},
		{Code: "20k-100k", From: 20_000, To: 100_000},
		{Code: "100k-500k", From: 100_000, To: 500_000},
		{Code: "500k-1m", From: 500_000, To: 1_000_000},
		{Code: "over-1m", From: 1_000_000},
	}
}

// bandNumber is the position of a band's code, -1 where there is none.
func bandNumber(code string) int {
	for i, b := range Bands() {
		if b.Code == code {
			return i
		}
	}
	return -1
}

// Filter narrows the directory; empty fields do not. Values that name nothing match nothing.
type Filter struct {
	Text    string // any spelling of a name
	Country string // code
	Region  string // slug
	Band    string // code of Bands
	Field   string // code
}

// Zero reports whether the filter lets everything through.
func (f Filter) Zero() bool { return f == Filter{} }

// Titled is a text in each interface language.
type Titled map[locale.Lang]string

// In is the text in a language, or in another one where it has none.
func (t Titled) In(lang locale.Lang) string {
	for _, l := range append([]locale.Lang{lang}, locale.Langs()...) {
		if t[l] != "" {
			return t[l]
		}
	}
	return ""
}
