// Package forms asks versioned questions and keeps typed answers. A form is sections of
// pages of fields; what is asked next follows from the answers given before. It knows
// nothing of who asks, nor of the states of the record that is asked about.
package forms

import (
	"slices"
	"strings"

	"github.com/birlik/portal/internal/apperr"
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
	case f.Kind == LongText:
		return 5000
	}
	return 200
}

// Files is how many documents the field takes.
func (f Field) Files() int { return max(1, f.MaxFiles) }

// validate reports the first fault that would make the form unanswerable: a key twice, a
// condition that looks forward, a choice of nothing.
func (d Definition) validate() error {
	fault := func(where string) error {
		return apperr.New(apperr.Invalid, "forms.definition", "Where", d.Key+" "+where)
	}
	if d.Key == "" || d.Version < 1 {
		return fault("key, version")
	}
	pages, asked := map[string]bool{}, map[string]bool{}
	for _, s := range d.Sections {
		for _, p := range s.Pages {
			if p.Key == "" || reserved[p.Key] || pages[p.Key] || strings.ContainsAny(p.Key, "/.?# ") {
				return fault("page " + p.Key)
			}
			pages[p.Key] = true
			for _, f := range p.Fields {
				if f.Key == "" || asked[f.Key] || strings.ContainsAny(f.Key, ". ") || !looksBack(f, asked) || !choosable(f) {
					return fault("field " + f.Key)
				}
				asked[f.Key] = true
			}
		}
	}
	return nil
}

// reserved are words that the pages of a form use beside the keys of its pages.
var reserved = map[string]bool{"check": true, "print": true, "uploads": true, "places": true, "municipalities": true}

func looksBack(f Field, asked map[string]bool) bool {
	for _, c := range slices.Concat(f.ShownIf, f.RequiredIf) {
		if !asked[c.Field] {
			return false
		}
	}
	return true
}

func choosable(f Field) bool {
	if f.Kind != One && f.Kind != Many {
		return true
	}
	return len(f.Choices) > 1 && !slices.ContainsFunc(f.Choices, func(c Choice) bool { return c.Value == "" })
}
