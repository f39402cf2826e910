// Package circulars tells many organisations the same thing, and knows which of them have read
// it: one text in the union's languages, a number of its year, a copy for each organisation.
package circulars

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/subject"
)

// Tag marks the public pages that show circulars.
const Tag freshness.Tag = "circulars"

// Kind is what a circular is about.
type Kind string

// The kinds of circulars.
const (
	Legal          Kind = "legal"
	Financial      Kind = "financial"
	Technical      Kind = "technical"
	Administrative Kind = "administrative"
)

// Kinds lists them.
func Kinds() []Kind { return []Kind{Legal, Financial, Technical, Administrative} }

// State is how far a circular is.
type State string

// The states of a circular.
const (
	Draft     State = "draft"
	Review    State = "review"   // waits for a second person
	Approved  State = "approved" // can be issued
	Issued    State = "issued"   // has its number, and stands still
	Withdrawn State = "withdrawn"
)

// States lists them.
func States() []State { return []State{Draft, Review, Approved, Issued, Withdrawn} }

// Out reports whether a circular in the state has gone to its readers.
func (s State) Out() bool { return s == Issued || s == Withdrawn }

// Series is the register that circulars are numbered in, from 1 in each year.
const Series = "CIRCULAR"

// Reference writes a circular's number as people do: 2026/14.
func Reference(year, number int) string { return fmt.Sprintf("%d/%d", year, number) }

// Text is a circular in one language.
type Text struct {
	Lang  string
	Title string
	Body  string
	Todo  string // what the reader is to do; empty: nothing
}

// Input is what staff write.
type Input struct {
	Kind    Kind
	Texts   []Text // the written ones, in the order of the interface's languages
	Refs    string // what it rests on, one a line
	Due     time.Time
	Answers bool
	Public  bool
}

// Limits in characters.
const (
	maxTitle  = 300
	maxBody   = 40_000
	maxTodo   = 2_000
	maxRefs   = 4_000
	maxWhy    = 1_000
	maxAnswer = 2_000
)

// check finds what is wrong with an input; today is the union's day. Errors: invalid by field.
func (in Input) check(today time.Time) error {
	fields := map[string]string{}
	if !slices.Contains(Kinds(), in.Kind) {
		fields["kind"] = "circulars.choose_kind"
	}
	if utf8.RuneCountInString(in.Refs) > maxRefs {
		fields["refs"] = "error.too_long"
	}
	if !in.Due.IsZero() && (in.Due.Before(today) || in.Due.Year() > 2199) {
		fields["due"] = "circulars.due_wrong"
	}
	for _, t := range in.Texts {
		t.check(fields)
	}
	if len(in.Texts) == 0 {
		fields["title_"+string(locale.Default)] = "circulars.text_needed"
	}
	return apperr.Fields(fields)
}

func (t Text) check(fields map[string]string) {
	for _, part := range []struct {
		name, text string
		needed     bool
		most       int
	}{{"title", t.Title, true, maxTitle}, {"body", t.Body, true, maxBody}, {"todo", t.Todo, false, maxTodo}} {
		switch {
		case part.needed && strings.TrimSpace(part.text) == "":
			fields[part.name+"_"+t.Lang] = "error.required"
		case utf8.RuneCountInString(part.text) > part.most:
			fields[part.name+"_"+t.Lang] = "error.too_long"
		}
	}
}

// Other is a circular that another one names: it took its place, or the other way round.
type Other struct {
	ID        int64  // 0: none
	Reference string // its number
	Path      string // of its page for the reader, without the language; empty: it is not for them
}

// Circular is one circular.
type Circular struct {
	ID           int64
	PublicID     string
	Kind         Kind
	State        State
	Version      int
	TextVersion  int
	Year, Number int // 0: none yet
	Due          *time.Time
	Answers      bool // an answer is wanted
	Public       bool
	Refs         string
	IssuedOn     *time.Time
	IssuedAt     *time.Time
	Sender       map[locale.Lang]string // as the union was called
	Replaces     Other
	Replaced     Other // by
	WithdrawnAt  *time.Time
	Why          string // it was withdrawn
	Texts        []Text
}

// Ref points at the circular.
func (c Circular) Ref() subject.Ref { return subject.Ref{Kind: subject.Circular, ID: c.ID} }

// Reference is the circular's number; empty where it has none yet.
func (c Circular) Reference() string {
	if c.Year == 0 {
		return ""
	}
	return Reference(c.Year, c.Number)
}

// Slug is the number in an address: 2026-14.
func (c Circular) Slug() string { return strings.ReplaceAll(c.Reference(), "/", "-") }

// PublicPath is where everybody reads a public circular, without the language.
func (c Circular) PublicPath() string { return "/circulars/" + c.Slug() }

// seq orders circulars as they were issued.
func (c Circular) seq() int64 { return int64(c.Year)*100_000 + int64(c.Number) }

// Holds reports whether the circular is in force.
func (c Circular) Holds() bool { return c.State == Issued && c.Replaced.ID == 0 }

// In is the text that a reader of a language gets: their own, English, or the first that was
// written. Its Lang says which.
func (c Circular) In(lang string) Text {
	var written []string
	for _, t := range c.Texts {
		written = append(written, t.Lang)
	}
	nearest := locale.Nearest(lang, written)
	for _, t := range c.Texts {
		if t.Lang == nearest {
			return t
		}
	}
	return Text{Lang: lang}
}

// WithoutTodo are the languages of the texts that do not say what is to be done where another
// of them does.
func (c Circular) WithoutTodo() []string {
	var out []string
	for _, t := range c.Texts {
		if t.Todo == "" {
			out = append(out, t.Lang)
		}
	}
	if len(out) == len(c.Texts) {
		return nil
	}
	return out
}

// Text is the text in just that language, empty where nobody wrote it.
func (c Circular) Text(lang string) Text {
	for _, t := range c.Texts {
		if t.Lang == lang {
			return t
		}
	}
	return Text{Lang: lang}
}

// Input is what the circular's form shows.
func (c Circular) Input() Input {
	in := Input{Kind: c.Kind, Texts: c.Texts, Refs: c.Refs, Answers: c.Answers, Public: c.Public}
	if c.Due != nil {
		in.Due = *c.Due
	}
	return in
}

// Paragraphs are the pieces of a text between its empty lines.
func Paragraphs(text string) []string {
	var out []string
	for _, piece := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if piece = strings.TrimSpace(piece); piece != "" {
			out = append(out, piece)
		}
	}
	return out
}
