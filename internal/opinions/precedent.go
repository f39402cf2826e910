package opinions

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/subject"
)

// Tag marks the public pages that show precedents.
const Tag freshness.Tag = "precedents"

// The states of a precedent.
const (
	InForce    = "in_force"
	Superseded = "superseded"
	Withdrawn  = "withdrawn"
)

// States are the states of a precedent, in the order in which they are offered.
func States() []string { return []string{InForce, Superseded, Withdrawn} }

// Precedent is what everybody reads of an opinion.
type Precedent struct {
	ID          int64
	PublicID    string
	Slug        string
	Reference   string
	Lang        string
	Title       string
	Question    string
	Body        string
	Topic       string
	Laws        []string
	Country     string // code
	CountryName string // in the reader's language
	GivenOn     time.Time
	State       string
	Note        string
	ChangedOn   *time.Time
	Version     int
	PublishedAt time.Time
}

// Ref points at the precedent.
func (p Precedent) Ref() subject.Ref { return subject.Ref{Kind: subject.Precedent, ID: p.ID} }

// Path is the precedent's public page, without the language.
func (p Precedent) Path() string { return "/opinions/" + p.Slug }

func (p Precedent) cursor() string {
	return p.GivenOn.Format(time.DateOnly) + "." + strconv.FormatInt(p.ID, 36)
}

// readCursor is the place that a cursor names; ok is false where it names none.
func readCursor(s string) (day time.Time, id int64, ok bool) {
	before, after, _ := strings.Cut(s, ".")
	day, err := time.Parse(time.DateOnly, before)
	id, err2 := strconv.ParseInt(after, 36, 64)
	return day, id, err == nil && err2 == nil
}

// Sheet is a precedent's page: what came after it, and what it came after.
type Sheet struct {
	Precedent
	Successor    *Precedent  // nil: none
	Predecessors []Precedent // that it superseded
}

// Validity is whether a precedent still holds.
type Validity struct {
	Version   int
	State     string
	Successor string // reference or slug of what came after it
	Note      string
}

func (v Validity) check() error {
	fields := map[string]string{}
	if !slices.Contains(States(), v.State) {
		fields["state"] = "opinions.choose"
	}
	if v.State == Superseded && v.Successor == "" {
		fields["successor"] = "opinions.successor_missing"
	}
	if v.State == Withdrawn && v.Note == "" {
		fields["note"] = "opinions.note_missing"
	}
	if len([]rune(v.Note)) > maxNote {
		fields["note"] = "error.too_long"
	}
	return apperr.Fields(fields)
}

// Filter narrows the precedents; empty fields do not.
type Filter struct {
	Text    string
	Topic   string
	Law     string // as it is written, in any case
	Country string // code
	Year    int
}

// Zero reports whether nothing is filtered.
func (f Filter) Zero() bool { return f == Filter{} }

// PageSize is how many rows a page of a list has; maxCount how far one is counted; maxMatches
// how many of a text's best matches are looked at.
const (
	PageSize   = 24
	maxCount   = 1000
	maxMatches = 300
)

// Choice is something to filter by.
type Choice struct{ Code, Title string }

// Listing is one page of the precedents, with how many the filter leaves and what it offers.
type Listing struct {
	Rows       []Precedent
	Next, Prev string
	Count      int
	Capped     bool
	Countries  []Choice
	Years      []int
}
