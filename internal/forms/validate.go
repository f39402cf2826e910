package forms

import (
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/birlik/portal/internal/apperr"
)

// Flaw is what keeps a form from being published, and where.
type Flaw struct {
	Page, Field, Rule string
	Key               string // message key
	Args              []any
}

// Flaws lists everything that would make the form unanswerable, in the order of asking: a
// key twice, a condition that looks forward, a choice of nothing, a rule about nothing.
func (d Definition) Flaws() []Flaw {
	v := validator{pages: map[string]bool{}, asked: map[string]Field{}}
	if d.Key == "" || len(d.Fields()) == 0 {
		v.add("forms.flaw_empty")
	}
	for _, s := range d.Sections {
		for _, p := range s.Pages {
			v.page(p)
		}
	}
	v.at = Flaw{}
	for _, r := range d.Rules {
		v.rule(r)
	}
	return v.flaws
}

// validate reports the first flaw as an error.
func (d Definition) validate() error {
	if d.Version < 1 {
		return apperr.New(apperr.Invalid, "forms.definition", "Where", d.Key+" version")
	}
	for _, flaw := range d.Flaws() {
		return apperr.New(apperr.Invalid, "forms.definition", "Where", strings.Join([]string{d.Key, flaw.Page, flaw.Field, flaw.Rule, flaw.Key}, " "))
	}
	return nil
}

type validator struct {
	flaws []Flaw
	at    Flaw
	pages map[string]bool
	asked map[string]Field
	rules []string
}

func (v *validator) add(key string, args ...any) {
	flaw := v.at
	flaw.Key, flaw.Args = key, args
	v.flaws = append(v.flaws, flaw)
}

func (v *validator) when(fault bool, key string) {
	if fault {
		v.add(key)
	}
}

func (v *validator) page(p Page) {
	v.at = Flaw{Page: p.Key}
	v.when(p.Key == "" || reserved[p.Key] || strings.ContainsAny(p.Key, "/.?# "), "forms.flaw_key")
	v.when(v.pages[p.Key], "forms.flaw_twice")
	v.when(len(p.Fields) == 0, "forms.flaw_no_fields")
	v.pages[p.Key] = true
	for _, f := range p.Fields {
		v.at = Flaw{Page: p.Key, Field: f.Key}
		v.field(f)
		v.asked[f.Key] = f
	}
}

func (v *validator) field(f Field) {
	_, twice := v.asked[f.Key]
	v.when(f.Key == "" || strings.ContainsAny(f.Key, ". "), "forms.flaw_key")
	v.when(twice, "forms.flaw_twice")
	v.when(!slices.Contains(Kinds(), f.Kind), "forms.flaw_kind")
	v.conditions(slices.Concat(f.ShownIf, f.RequiredIf))
	if f.Kind == One || f.Kind == Many {
		v.choices(f.Choices)
	}
	if f.Kind == Number || f.Kind == Money {
		v.limits(f.Min, f.Max)
	}
	if f.Kind == Date {
		v.when(f.Min != "" && fixedKind(f.Min) != Date || f.Max != "" && fixedKind(f.Max) != Date, "forms.flaw_day")
	}
	if f.Kind == Table {
		v.table(f)
	}
}

// conditions look back only, and name values that can be chosen.
func (v *validator) conditions(all []Condition) {
	for _, c := range all {
		f, ok := v.asked[c.Field]
		v.when(!ok, "forms.flaw_looks_forward")
		if ok && (f.Kind == One || f.Kind == Many) {
			v.when(slices.ContainsFunc(c.Is, func(value string) bool { return !offers(f.Choices, value) }), "forms.flaw_condition")
		}
	}
}

func offers(choices []Choice, value string) bool {
	return slices.ContainsFunc(choices, func(c Choice) bool { return c.Value == value })
}

func (v *validator) choices(choices []Choice) {
	v.when(len(choices) < 2, "forms.flaw_choices")
	known := map[string]bool{}
	for _, c := range choices {
		v.when(c.Value == "" || known[c.Value], "forms.flaw_choice")
		known[c.Value] = true
	}
}

func (v *validator) limits(least, most string) {
	for _, s := range []string{least, most} {
		v.when(s != "" && !isNumber(s), "forms.flaw_limit")
	}
	v.when(least != "" && most != "" && isNumber(least) && isNumber(most) && compare(least, most) > 0, "forms.flaw_limits")
}

func isNumber(s string) bool {
	_, ok := new(big.Rat).SetString(s)
	return ok && strings.Trim(s, "-.0123456789") == ""
}

// inTable are the kinds that a column may have.
var inTable = []Kind{Text, Number, Money, Date, One}

func (v *validator) table(f Field) {
	least, most := f.RowLimits()
	v.when(len(f.Columns) == 0, "forms.flaw_columns")
	v.when(least > most || most > maxRows, "forms.flaw_limits")
	known := map[string]bool{}
	for _, c := range f.Columns {
		v.when(c.Key == "" || strings.ContainsAny(c.Key, "._ "), "forms.flaw_key")
		v.when(known[c.Key], "forms.flaw_twice")
		v.when(!slices.Contains(inTable, c.Kind) || c.Total && c.Kind != Number && c.Kind != Money, "forms.flaw_column")
		known[c.Key] = true
		if c.Kind == One {
			v.choices(c.Choices)
		}
		if c.Kind == Number || c.Kind == Money {
			v.limits(c.Min, c.Max)
		}
	}
}

func (v *validator) rule(r Rule) {
	v.at = Flaw{Rule: r.Key}
	v.when(r.Key == "", "forms.flaw_key")
	v.when(slices.Contains(v.rules, r.Key), "forms.flaw_twice")
	v.rules = append(v.rules, r.Key)
	v.when(!slices.Contains(Comparisons(), r.Is), "forms.flaw_rule")
	v.when(r.Words.Empty(), "forms.flaw_words")
	v.conditions(r.When)
	left, right := v.term(r.Left), v.term(r.Right)
	v.when(len(r.Fields()) == 0 || left == "" || right == "" || left != right, "forms.flaw_rule")
	if _, ok := v.asked[r.At]; r.At != "" && !ok {
		v.add("forms.flaw_rule")
	}
}

// term is what a term compares, Number or Date; "" where it names what cannot be compared.
func (v *validator) term(t Term) Kind {
	kind := v.measured(t)
	for _, p := range t.Plus {
		if kind != Number || v.term(p) != Number {
			return ""
		}
	}
	if t.Percent != "" && (kind != Number || !isNumber(t.Percent)) {
		return ""
	}
	return kind
}

func (v *validator) measured(t Term) Kind {
	f := v.asked[t.Field]
	kind := f.Kind
	switch {
	case t.Field == "":
		return fixedKind(t.Value)
	case t.Column != "":
		c, _ := f.Column(t.Column)
		if c.Kind == Date { // days have no sum
			return ""
		}
		kind = c.Kind
	}
	switch kind {
	case Number, Money:
		return Number
	case Date:
		return Date
	}
	return ""
}

func fixedKind(value string) Kind {
	_, err := time.Parse(time.DateOnly, value)
	switch {
	case value == "today" || err == nil:
		return Date
	case isNumber(value):
		return Number
	}
	return ""
}

// reserved are words that the pages of a form use beside the keys of its pages.
var reserved = map[string]bool{"check": true, "print": true, "carry": true, "help": true, "uploads": true, "places": true, "municipalities": true}

// Kinds lists what a field can be, in the order in which they are offered.
func Kinds() []Kind {
	return []Kind{Text, LongText, Number, Money, Date, One, Many, Table, Place, Municipality, Person, File, Declaration}
}

// Reserved reports whether a page cannot have a key, because the pages of a form use it.
func Reserved(key string) bool { return reserved[key] }
