// Package forms asks versioned questions and keeps typed answers. A form is sections of
// pages of fields; what is asked next follows from the answers given before. It knows
// nothing of who asks, nor of the states of the record that is asked about.
package forms

import (
	"slices"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/subject"
)

// Kind is what a field takes.
type Kind string

// The kinds of fields.
const (
	Text         Kind = "text"         // one line
	LongText     Kind = "long_text"    // several lines
	Number       Kind = "number"       // a decimal number
	Money        Kind = "money"        // an amount and its currency
	Date         Kind = "date"         // a day
	One          Kind = "one"          // one of the choices
	Many         Kind = "many"         // any number of the choices
	Place        Kind = "place"        // a point on the map and an address
	Municipality Kind = "municipality" // a member, by search
	Person       Kind = "person"       // name, position, e-mail, telephone
	File         Kind = "file"         // documents
	Declaration  Kind = "declaration"  // a statement to agree with
	Table        Kind = "table"        // rows of columns, with totals
)

// Words are a text in the reader's language: a message key, or the texts themselves by
// language. Published versions hold the texts, so that old answers read as they did then.
type Words struct {
	Key string            `json:"key,omitempty"`
	In  map[string]string `json:"in,omitempty"`
}

// Message makes Words from a message key.
func Message(key string) Words { return Words{Key: key} }

// Text is the text in a language; the default language's where it is missing.
func (w Words) Text(lang locale.Lang) string {
	if text := w.In[string(lang)]; text != "" {
		return text
	}
	if w.Key != "" {
		return locale.Text(lang, w.Key)
	}
	return w.In[string(locale.Default)]
}

// Empty reports whether there is nothing to say.
func (w Words) Empty() bool { return w.Key == "" && len(w.In) == 0 }

// Condition asks something of an earlier answer. An answer that the path did not reach
// counts as not given.
type Condition struct {
	Field string   `json:"field"`
	Is    []string `json:"is,omitempty"`  // chosen: one of these; empty: answered at all
	Not   bool     `json:"not,omitempty"` // turns the condition round
}

// When is the condition that field's answer is one of the values; without values, that it
// was answered.
func When(field string, values ...string) Condition { return Condition{Field: field, Is: values} }

// Unless is When turned round.
func Unless(field string, values ...string) Condition {
	return Condition{Field: field, Is: values, Not: true}
}

// Choice is one answer of One and Many.
type Choice struct {
	Value string `json:"value"`
	Label Words  `json:"label"`
	Hint  Words  `json:"hint,omitzero"`
	Or    bool   `json:"or,omitempty"` // the word "or" stands before it: none of these, not sure
}

// Field is one question. Without Optional, and without RequiredIf, it has to be answered
// wherever it is shown.
type Field struct {
	Key        string      `json:"key"` // stable for ever: answers are stored under it
	Kind       Kind        `json:"kind"`
	Label      Words       `json:"label"`
	Hint       Words       `json:"hint,omitzero"`
	Missing    Words       `json:"missing,omitzero"` // what to say when it is left out; a general sentence where empty
	Optional   bool        `json:"optional,omitempty"`
	RequiredIf []Condition `json:"required_if,omitempty"` // all hold: required; otherwise optional
	ShownIf    []Condition `json:"shown_if,omitempty"`    // all hold: asked
	Choices    []Choice    `json:"choices,omitempty"`
	MaxChars   int         `json:"max_chars,omitempty"` // 0: 200 for a line, 5,000 for a long text
	MaxWords   int         `json:"max_words,omitempty"`
	Min        string      `json:"min,omitempty"` // of a number or amount, or an ISO date; "today" for dates
	Max        string      `json:"max,omitempty"`
	Whole      bool        `json:"whole,omitempty"` // a number without decimals
	Unit       Words       `json:"unit,omitzero"`   // written after a number
	Currency   string      `json:"currency,omitempty"`
	MaxFiles   int         `json:"max_files,omitempty"` // 0: one
	Pictures   bool        `json:"pictures,omitempty"`  // photographs only
	Autofill   string      `json:"autofill,omitempty"`  // HTML autocomplete token
	Bare       bool        `json:"bare,omitempty"`      // a number that is written without grouping: a year
	ByEmail    bool        `json:"by_email,omitempty"`  // a person must be reached by e-mail, not by telephone alone
	Columns    []Column    `json:"columns,omitempty"`   // of a table
	MinRows    int         `json:"min_rows,omitempty"`  // of a table that is answered; 0: one
	MaxRows    int         `json:"max_rows,omitempty"`  // 0: fifty
	From       string      `json:"from,omitempty"`      // what the portal fills in: "profile.population", "own.contact", "earlier:<field>"
	MonthEnd   bool        `json:"month_end,omitempty"` // of a date: a month without a day is its last day
}

// Page is one topic, asked on one page.
type Page struct {
	Key    string  `json:"key"` // part of the URL
	Title  Words   `json:"title"`
	Lead   Words   `json:"lead,omitzero"`
	Fields []Field `json:"fields"`
}

// Section is a step of the form as the reader counts them.
type Section struct {
	Key   string `json:"key"`
	Title Words  `json:"title"`
	Pages []Page `json:"pages"`
}

// Definition is one version of a form.
type Definition struct {
	Key      string    `json:"key"`
	Version  int       `json:"version"`
	Title    Words     `json:"title"`
	Sections []Section `json:"sections"`
	Rules    []Rule    `json:"rules,omitempty"`
}

// Fields lists every field in the order of asking.
func (d Definition) Fields() []Field {
	var out []Field
	for _, s := range d.Sections {
		for _, p := range s.Pages {
			out = append(out, p.Fields...)
		}
	}
	return out
}

// Field finds a field by its key.
func (d Definition) Field(key string) (Field, bool) {
	fields := d.Fields()
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Key == key })
	if i < 0 {
		return Field{}, false
	}
	return fields[i], true
}

// Binding ties a form to the records it asks about: requests have a part "application".
type Binding struct {
	Of   subject.Kind
	Part string
	Form Definition
}

// Chars is how many characters an answer may have.
func (f Field) Chars() int {
	switch {
	case f.MaxChars > 0:
		return f.MaxChars
	case f.MaxWords > 0: // the words are what is counted; this only bounds what is kept
		return 30 * f.MaxWords
	case f.Kind == LongText:
		return 5000
	}
	return 200
}

// Files is how many documents the field takes.
func (f Field) Files() int { return max(1, f.MaxFiles) }
