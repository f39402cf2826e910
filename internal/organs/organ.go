// Package organs keeps the union's organs and committees: who sits in them and for how long,
// their meetings with agenda, attendance and quorum, what they decide and what of it the
// public reads, and the credentials of delegates to an assembly.
package organs

import (
	"slices"
	"time"

	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/subject"
)

// Sort is what kind of organ it is.
type Sort string

// The sorts; the table's CHECK lists the same.
const (
	Assembly  Sort = "assembly" // delegates of all members meet
	Board     Sort = "board"
	Committee Sort = "committee"
	OfficeOf  Sort = "office" // one person, who decides without meeting
)

// Titled is a text in the languages of the interface.
type Titled map[locale.Lang]string

// In is the text in a language, or in the union's own.
func (t Titled) In(lang locale.Lang) string {
	if t[lang] != "" {
		return t[lang]
	}
	return t[locale.Default]
}

// Organ is one organ or committee.
type Organ struct {
	ID       int64
	Code     decisions.Organ
	Slug     string
	Sort     Sort
	Position int
	Quorum   Quorum
	Seats    *int // as the statute says; nil where it does not
	Listed   bool // on the public page
	Version  int
	Names    Titled
	Abouts   Titled
	Members  int // who sit in it now
}

// Ref points at the organ.
func (o Organ) Ref() subject.Ref { return subject.Ref{Kind: subject.Organ, ID: o.ID} }

// Meets reports whether the organ holds meetings.
func (o Organ) Meets() bool { return o.Sort != OfficeOf }

// Office is what a member does in an organ.
type Office string

// The offices; the table's CHECK lists the same.
const (
	Chair       Office = "chair"
	DeputyChair Office = "deputy_chair"
	Secretary   Office = "secretary"
	Member      Office = "member"
	Alternate   Office = "alternate"
)

// Offices lists them all, in the order in which members are shown.
func Offices() []Office { return []Office{Chair, DeputyChair, Secretary, Member, Alternate} }

// Seat is a member of an organ with a term.
type Seat struct {
	ID          int64
	PublicID    string
	Organ       decisions.Organ
	Office      Office
	Name        string
	City        Choice // Code: slug of the municipality; empty where it is of none
	Country     string // of the city
	Affiliation string // where City is empty
	From        time.Time
	Until       *time.Time // the last day; nil: until somebody follows
	Version     int
}

// Choice is something that was chosen, in the reader's language.
type Choice struct{ Code, Title string }

// Of is where the member comes from.
func (s Seat) Of() string {
	if s.City.Title != "" {
		return s.City.Title
	}
	return s.Affiliation
}

// On reports whether the term covers a day.
func (s Seat) On(day time.Time) bool {
	return !s.From.After(day) && (s.Until == nil || !s.Until.Before(day))
}

// Past reports whether the term was over before a day.
func (s Seat) Past(day time.Time) bool { return s.Until != nil && s.Until.Before(day) }

// arrange puts members into the order in which people read them.
func arrange(list []Seat) {
	slices.SortStableFunc(list, func(a, b Seat) int {
		return slices.Index(Offices(), a.Office) - slices.Index(Offices(), b.Office)
	})
}

// Today is the day of a moment in a zone, as dates of the database are read: at midnight UTC.
func Today(now time.Time, zone *time.Location) time.Time {
	y, m, d := now.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
