// Package letters keeps the union's official letters: numbered, dated, signed by an office,
// and never changed once they are issued.
package letters

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/subject"
)

// Kind is what a letter is about; each kind has its template.
type Kind string

// The kinds of letters.
const (
	General          Kind = "general"
	MembershipBegins Kind = "membership_begins"
	Refusal          Kind = "refusal"
	Suspension       Kind = "suspension"
	Expulsion        Kind = "expulsion"
	Resignation      Kind = "resignation" // acknowledged
	DuesAssessment   Kind = "dues_assessment"
	DuesReminder     Kind = "dues_reminder"
)

// Kinds lists them.
func Kinds() []Kind {
	return []Kind{General, MembershipBegins, Refusal, Suspension, Expulsion, Resignation, DuesAssessment, DuesReminder}
}

// NeedsDecision reports whether a letter of the kind rests on an organ's decision about its
// addressee; the table holds it too.
func (k Kind) NeedsDecision() bool {
	return slices.Contains([]Kind{MembershipBegins, Refusal, Suspension, Expulsion}, k)
}

// NeedsDay reports whether the letter says from which day something holds.
func (k Kind) NeedsDay() bool {
	return slices.Contains([]Kind{MembershipBegins, Suspension, Expulsion, Resignation}, k)
}

// SaysWhy reports whether the letter carries the reason that the decision gives: a member
// that loses rights is told why.
func (k Kind) SaysWhy() bool { return k == Suspension || k == Expulsion }

// OfDues reports whether the letter lists what its addressee owes.
func (k Kind) OfDues() bool { return k == DuesAssessment || k == DuesReminder }

// Offices are those that sign.
func Offices() []string {
	return []string{"secretary_general", "president", "deputy_secretary_general", "finance_office"}
}

// Ways are how a letter is served. KEP and UETS give each delivery a number.
func Ways() []string { return []string{"email", "post", "hand", "kep", "uets"} }

// Numbered reports whether a way of serving gives a number that is kept.
func Numbered(way string) bool { return way == "kep" || way == "uets" }

// Series is the register that letters are numbered in, from 1 in each year.
const Series = "LETTER"

// Reference writes a letter's number as people do: 2026/000123.
func Reference(year, number int) string { return fmt.Sprintf("%d/%06d", year, number) }

// Text is what staff write themselves: the whole of a general letter, a paragraph more of
// any other.
type Text struct{ Title, Body string }

// Input is what staff choose about a letter, or about many of one kind.
type Input struct {
	Kind      Kind
	Texts     map[locale.Lang]Text
	Decision  string // public id
	Day       time.Time
	Office    string
	Signatory string
	Corrects  string // public id of the letter that this one puts right
	Lang      string // for all; empty: each in its own
	Greets    string // whom the letter is to by name; empty: the addressee's people
}

// Limits in characters.
const (
	maxTitle = 300
	maxBody  = 10_000
	maxName  = 200
)

// check finds what is wrong with an input. Errors: invalid by field.
func (in Input) check() error {
	fields := map[string]string{}
	if !slices.Contains(Kinds(), in.Kind) {
		fields["kind"] = "letters.choose_kind"
	}
	if !slices.Contains(Offices(), in.Office) {
		fields["office"] = "letters.choose_office"
	}
	if utf8.RuneCountInString(in.Signatory) > maxName {
		fields["signatory"] = "error.too_long"
	}
	if in.Kind.NeedsDecision() && in.Decision == "" {
		fields["decision"] = "letters.decision_needed"
	}
	if in.Kind.NeedsDay() && (in.Day.IsZero() || in.Day.Year() < 1990 || in.Day.Year() > 2200) {
		fields["day"] = "letters.day_needed"
	}
	if in.Lang != "" && !locale.Known(in.Lang) {
		fields["lang"] = "letters.choose_language"
	}
	in.checkTexts(fields)
	return apperr.Fields(fields)
}

func (in Input) checkTexts(fields map[string]string) {
	whole := 0
	for lang, text := range in.Texts {
		if utf8.RuneCountInString(text.Title) > maxTitle {
			fields["title_"+string(lang)] = "error.too_long"
		}
		if utf8.RuneCountInString(text.Body) > maxBody {
			fields["body_"+string(lang)] = "error.too_long"
		}
		if text.Title != "" && text.Body != "" {
			whole++
			continue
		}
		if in.Kind == General && text.Title != "" {
			fields["body_"+string(lang)] = "error.required"
		}
		if in.Kind == General && text.Body != "" {
			fields["title_"+string(lang)] = "error.required"
		}
	}
	if in.Kind == General && whole == 0 && len(fields) == 0 {
		fields["title_"+string(locale.Default)] = "letters.text_needed"
	}
}

// written are the languages that staff wrote in, in the order of the interface.
func (in Input) written() []string {
	var out []string
	for _, lang := range locale.Langs() {
		if in.Texts[lang].Body != "" {
			out = append(out, string(lang))
		}
	}
	return out
}

// Letter is an issued letter.
type Letter struct {
	ID           int64
	PublicID     string
	OrgID        int64
	OrgPublic    string
	OrgName      string
	Kind         Kind
	Year, Number int
	Lang         string
	IssuedOn     time.Time
	Office       string
	Signatory    string
	Sender       string
	Addressee    string
	Title        string
	Paragraphs   []string
	Rows         [][]string // of a table, its head first
	Decision     string     // public id; empty: none
	DecisionNo   string
	Corrects     string // reference of the letter that this one puts right
	CorrectsID   string
	Corrected    string // reference of the letter that put this one right, the latest
	CorrectedID  string
	WriterName   string
	IssuedAt     time.Time
	Served       int // times
}

// Ref points at the letter.
func (l Letter) Ref() subject.Ref { return subject.Ref{Kind: subject.Letter, ID: l.ID} }

// Reference is the letter's number.
func (l Letter) Reference() string { return Reference(l.Year, l.Number) }

// Parts are the paragraphs before the letter's table, and the close that follows it.
func (l Letter) Parts() (before, after []string) {
	if len(l.Rows) < 2 || len(l.Paragraphs) == 0 {
		return l.Paragraphs, nil
	}
	last := len(l.Paragraphs) - 1
	return l.Paragraphs[:last], l.Paragraphs[last:]
}

// DeskPath is the letter's page for staff, without the language.
func (l Letter) DeskPath() string { return "/desk/letters/" + l.PublicID }

// Serving is how and when a letter reached its addressee.
type Serving struct {
	Way, Number, Note string
	At                time.Time
	ActorName         string
}

func (s Serving) check(now time.Time) error {
	fields := map[string]string{}
	if !slices.Contains(Ways(), s.Way) {
		fields["way"] = "letters.choose_way"
	}
	if Numbered(s.Way) && s.Number == "" {
		fields["number"] = "letters.number_needed"
	}
	if utf8.RuneCountInString(s.Number) > 80 {
		fields["number"] = "error.too_long"
	}
	if utf8.RuneCountInString(s.Note) > 400 {
		fields["note"] = "error.too_long"
	}
	if s.At.IsZero() || s.At.After(now) || s.At.Year() < 1990 {
		fields["day"] = "letters.served_wrong"
	}
	return apperr.Fields(fields)
}
