package forms

import (
	"cmp"
	"math/big"
	"slices"
	"time"
)

// Comparison is how the two sides of a rule have to stand to each other.
type Comparison string

// The comparisons.
const (
	AtMost   Comparison = "at_most"
	AtLeast  Comparison = "at_least"
	Below    Comparison = "below"
	Above    Comparison = "above"
	Equal    Comparison = "equal"
	Distinct Comparison = "distinct"
)

// Comparisons lists them in the order in which they are offered.
func Comparisons() []Comparison { return []Comparison{AtMost, AtLeast, Below, Above, Equal, Distinct} }

// Term is one side of a rule: a field's number, amount or day; the sum of a table's column;
// a fixed value; or several of them added.
type Term struct {
	Field   string `json:"field,omitempty"`
	Column  string `json:"column,omitempty"`  // of the table Field: its sum
	Value   string `json:"value,omitempty"`   // instead of Field: a number, an ISO date, "today"
	Percent string `json:"percent,omitempty"` // takes so many hundredths of it: "10"
	Days    int    `json:"days,omitempty"`    // moves a day
	Plus    []Term `json:"plus,omitempty"`    // adds numbers; what was not answered counts as nothing
}

// Of is the term of a field.
func Of(field string) Term { return Term{Field: field} }

// SumOf is the sum of a table's column.
func SumOf(table, column string) Term { return Term{Field: table, Column: column} }

// Fixed is a number or a day that does not depend on answers.
func Fixed(value string) Term { return Term{Value: value} }

// Share is so many hundredths of a term.
func (t Term) Share(percent string) Term { t.Percent = percent; return t }

// Add is the term with others added.
func (t Term) Add(others ...Term) Term { t.Plus = append(slices.Clone(t.Plus), others...); return t }

// Later is the term moved by days.
func (t Term) Later(days int) Term { t.Days = days; return t }

// Rule is what answers must satisfy together. It is asked once both sides are answered: what
// is missing is said by the field itself. Amounts in two currencies are not compared, but
// asked for in one.
type Rule struct {
	Key   string      `json:"key"` // stable, unique in the form
	Left  Term        `json:"left"`
	Is    Comparison  `json:"is"`
	Right Term        `json:"right"`
	When  []Condition `json:"when,omitempty"` // all hold: asked
	At    string      `json:"at,omitempty"`   // the field that says so; empty: the last it names
	Words Words       `json:"words"`          // what to do about it
}

// fields are the fields that a term reads.
func (t Term) fields() []string {
	var out []string
	if t.Field != "" {
		out = append(out, t.Field)
	}
	for _, p := range t.Plus {
		out = append(out, p.fields()...)
	}
	return out
}

// Fields are the fields that the rule reads, its conditions aside.
func (r Rule) Fields() []string { return slices.Concat(r.Left.fields(), r.Right.fields()) }

// Spot is the field beside which the rule speaks.
func (d Definition) Spot(r Rule) string {
	if r.At != "" {
		return r.At
	}
	last := ""
	for _, f := range d.Fields() {
		if slices.Contains(r.Fields(), f.Key) {
			last = f.Key
		}
	}
	return last
}

// checkRules lists the rules that a page has to speak of.
func (d Definition) checkRules(reached Answers, fields []Field, today time.Time) []Fault {
	var out []Fault
	for _, r := range d.Rules {
		spot := d.Spot(r)
		i := slices.IndexFunc(fields, func(f Field) bool { return f.Key == spot })
		if i < 0 || !all(r.When, reached) {
			continue
		}
		if key, own := r.broken(reached, today); key != "" {
			out = append(out, Fault{Field: spot, Box: fields[i].firstBox(), Key: key, Own: own})
		}
	}
	return out
}

// Clash is a rule that the answers break, as a page says it that asks some of its questions.
type Clash struct {
	Fault  Fault
	Here   bool     // the page is the one that must mend it
	Others []string // the pages of its other questions, in the order of asking
}

// Clashes lists the broken rules of which a page asks a question, while others stand on
// other pages: whoever looks at one of them is told, and led to the other.
func (d Definition) Clashes(answers Answers, page string, today time.Time) []Clash {
	route := d.Path(answers)
	reached := route.keep(answers)
	var out []Clash
	for _, r := range d.Rules {
		pages := route.asking(r.Fields())
		if len(pages) < 2 || !slices.Contains(pages, page) || !all(r.When, reached) {
			continue
		}
		if key, own := r.broken(reached, today); key != "" {
			spot := d.Spot(r)
			others := slices.DeleteFunc(pages, func(p string) bool { return p == page })
			out = append(out, Clash{Fault: Fault{Field: spot, Key: key, Own: own}, Here: d.pageOf(spot) == page, Others: others})
		}
	}
	return out
}

// asking are the pages of the route that ask any of the fields.
func (r Route) asking(fields []string) []string {
	var out []string
	for _, s := range r {
		if slices.ContainsFunc(s.Fields, func(f Field) bool { return slices.Contains(fields, f.Key) }) {
			out = append(out, s.Page.Key)
		}
	}
	return out
}

// broken says what is wrong, or nothing.
func (r Rule) broken(reached Answers, today time.Time) (key string, own Words) {
	left, right := r.Left.in(reached, today), r.Right.in(reached, today)
	switch {
	case !left.known || !right.known || (left.day == "") != (right.day == ""):
		return "", Words{}
	case left.mixed || right.mixed || left.currency != "" && right.currency != "" && left.currency != right.currency:
		return "forms.two_currencies", Words{}
	case r.Is.holds(left.compare(right)):
		return "", Words{}
	}
	return "forms.rule", r.Words
}

func (c Comparison) holds(order int) bool {
	switch c {
	case AtMost:
		return order <= 0
	case AtLeast:
		return order >= 0
	case Below:
		return order < 0
	case Above:
		return order > 0
	case Equal:
		return order == 0
	}
	return order != 0
}

// side is what a term comes to: a number with or without a currency, or a day.
type side struct {
	known    bool
	number   *big.Rat
	currency string
	mixed    bool // amounts in two currencies were to be added
	day      string
}

func (s side) compare(other side) int {
	if s.day != "" {
		return cmp.Compare(s.day, other.day)
	}
	return s.number.Cmp(other.number)
}

func (t Term) in(reached Answers, today time.Time) side {
	s := t.own(reached, today)
	for _, p := range t.Plus {
		s = s.plus(p.in(reached, today))
	}
	return s
}

// own is the term without what is added.
func (t Term) own(reached Answers, today time.Time) side {
	v := reached[t.Field]
	switch {
	case t.Field == "":
		v = fixed(t.Value, today)
	case t.Column != "":
		sum, currency, ok := v.sum(t.Column)
		return side{known: ok, number: t.share(sum), currency: currency}
	}
	if day, ok := v.Day(); ok {
		return side{known: true, day: day.AddDate(0, 0, t.Days).Format(time.DateOnly)}
	}
	n, ok := new(big.Rat).SetString(v.Number)
	if !ok {
		return side{}
	}
	return side{known: true, number: t.share(n), currency: v.Currency}
}

func fixed(value string, today time.Time) Value {
	if value == "today" {
		return Value{Date: today.Format(time.DateOnly)}
	}
	if _, err := time.Parse(time.DateOnly, value); err == nil {
		return Value{Date: value}
	}
	return Value{Number: value}
}

func (t Term) share(n *big.Rat) *big.Rat {
	percent, ok := new(big.Rat).SetString(t.Percent)
	if !ok {
		return n
	}
	return new(big.Rat).Mul(n, percent.Quo(percent, big.NewRat(100, 1)))
}

func (s side) plus(other side) side {
	switch {
	case !other.known || other.day != "":
		return s
	case !s.known:
		return other
	case s.day != "":
		return s
	}
	mixed := s.mixed || other.mixed || s.currency != "" && other.currency != "" && s.currency != other.currency
	return side{known: true, number: new(big.Rat).Add(s.number, other.number), currency: cmp.Or(s.currency, other.currency), mixed: mixed}
}
