package forms

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bojanz/currency"
)

// Fault is one thing to mend, as a message key with name, value pairs.
type Fault struct {
	Field string
	Box   string // the box of the field that is at fault; "" for the first
	Key   string
	Args  []any
	Own   Words // the field's own sentence, which wins over Key

	Row    int   // of a table, from 1; 0: not about a row
	Column Words // of a table's cell
}

// ID names the control that the error summary leads to.
func (f Fault) ID() string { return f.Field + f.Box }

// Check lists what is still to be mended before the answers can be submitted, in the order
// of asking. today is the day in the reader's zone.
func (d Definition) Check(answers Answers, today time.Time) []Fault {
	var faults []Fault
	for _, step := range d.Path(answers) {
		faults = append(faults, d.CheckPage(answers, step.Page.Key, today)...)
	}
	return faults
}

// CheckPage is Check for one page.
func (d Definition) CheckPage(answers Answers, page string, today time.Time) []Fault {
	route := d.Path(answers)
	reached := route.keep(answers)
	at, ok := route.At(page)
	if !ok {
		return nil
	}
	var faults []Fault
	for _, f := range route[at].Fields {
		faults = append(faults, f.check(answers[f.Key], f.required(reached), today)...)
	}
	if len(faults) > 0 { // what is wrong by itself is mended first
		return faults
	}
	return d.checkRules(reached, route[at].Fields, today)
}

// required reports whether the answers so far make the field one that must be answered.
func (f Field) required(reached Answers) bool {
	if len(f.RequiredIf) > 0 {
		return all(f.RequiredIf, reached)
	}
	return !f.Optional
}

// IsRequired is required for the page that shows the field.
func (d Definition) IsRequired(f Field, answers Answers) bool {
	return f.required(d.Path(answers).keep(answers))
}

func (f Field) check(v Value, required bool, today time.Time) []Fault {
	if v.Empty() {
		if required {
			return []Fault{{Field: f.Key, Box: f.firstBox(), Key: missing[f.Kind], Own: f.Missing}}
		}
		return nil
	}
	switch f.Kind {
	case Text, LongText:
		return f.checkText(v)
	case Number, Money:
		return f.checkNumber(v)
	case Date:
		return f.checkDate(v, today)
	case Place:
		return f.checkPlace(v)
	case Person:
		return f.checkPerson(v)
	case Table:
		return f.checkTable(v, today)
	case Municipality:
		if v.City == nil {
			return f.fault("", "forms.unknown_municipality")
		}
	case File:
		if len(v.Files) > f.Files() {
			return f.fault("", "forms.too_many_files", "Most", f.Files())
		}
	case One, Many, Declaration: // what was read is one of the choices
	}
	return nil
}

// missing says, by kind, what to do about a question without an answer.
var missing = map[Kind]string{
	Text: "forms.missing_text", LongText: "forms.missing_text", Number: "forms.missing_number", Money: "forms.missing_money",
	Date: "forms.missing_date", One: "forms.missing_choice", Many: "forms.missing_choices", Place: "forms.missing_place",
	Municipality: "forms.missing_municipality", Person: "forms.missing_person", File: "forms.missing_file", Declaration: "forms.missing_declaration",
	Table: "forms.missing_table",
}

// firstBox is the box that an error summary leads to when nothing was answered.
func (f Field) firstBox() string {
	switch f.Kind {
	case Place:
		return LatBox
	case Person:
		return NameBox
	}
	return ""
}

func (f Field) fault(box, key string, args ...any) []Fault {
	return []Fault{{Field: f.Key, Box: box, Key: key, Args: args}}
}

func (f Field) checkText(v Value) []Fault {
	if n := utf8.RuneCountInString(v.Text); n > f.Chars() {
		return f.fault("", "forms.too_long", "Most", f.Chars(), "Count", n-f.Chars())
	}
	if n := CountWords(v.Text); f.MaxWords > 0 && n > f.MaxWords {
		return f.fault("", "forms.too_many_words", "Most", f.MaxWords, "Count", n-f.MaxWords)
	}
	return nil
}

func (f Field) checkNumber(v Value) []Fault {
	switch {
	case v.Number == "" && f.Kind == Money:
		return f.fault("", "forms.no_amount")
	case v.Number == "" && f.Whole:
		return f.fault("", "forms.no_whole_number")
	case v.Number == "":
		return f.fault("", "forms.no_number")
	case f.Min != "" && compare(v.Number, f.Min) < 0:
		return f.fault("", "forms.too_small", "Least", f.Min)
	case f.Max != "" && compare(v.Number, f.Max) > 0:
		return f.fault("", "forms.too_large", "Most", f.Max)
	case f.Kind == Money && !currency.IsValid(v.Currency):
		return f.fault(CurrencyBox, "forms.no_currency")
	}
	return nil
}

// compare orders two numbers in canonical form.
func compare(a, b string) int {
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	if !okX || !okY {
		return 0
	}
	return x.Cmp(y)
}

func (f Field) checkDate(v Value, today time.Time) []Fault {
	if v.Date == "" {
		return f.fault("", "forms.no_date")
	}
	limit := func(s string) string {
		if s == "today" {
			return today.Format(time.DateOnly)
		}
		return s
	}
	if least := limit(f.Min); least != "" && v.Date < least {
		return f.fault("", "forms.too_early", "Least", least)
	}
	if most := limit(f.Max); most != "" && v.Date > most {
		return f.fault("", "forms.too_late", "Most", most)
	}
	return nil
}

func (f Field) checkPlace(v Value) []Fault {
	if len(v.Raw) > 0 {
		return f.fault(LatBox, "forms.no_coordinates")
	}
	if !v.Place.Known && !f.Optional {
		return f.fault(LatBox, "forms.missing_place")
	}
	return nil
}

// mailbox is what every address has; whether it exists only a mail can tell.
var mailbox = regexp.MustCompile(`^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]{2,}$`)

func (f Field) checkPerson(v Value) []Fault {
	var out []Fault
	c := v.Person
	if c.Name == "" {
		out = append(out, f.fault(NameBox, "forms.person_name")...)
	}
	for _, line := range []struct{ box, text string }{{NameBox, c.Name}, {PositionBox, c.Position}} {
		if n := utf8.RuneCountInString(line.text); n > 200 {
			out = append(out, f.fault(line.box, "forms.too_long", "Most", 200, "Count", n-200)...)
		}
	}
	switch {
	case f.ByEmail && c.Email == "":
		out = append(out, f.fault(EmailBox, "forms.no_email")...)
	case c.Email == "" && c.Phone == "":
		out = append(out, f.fault(EmailBox, "forms.person_reach")...)
	}
	if c.Email != "" && (len(c.Email) > 254 || !mailbox.MatchString(c.Email)) {
		out = append(out, f.fault(EmailBox, "forms.no_email")...)
	}
	if c.Phone != "" && !isPhone(c.Phone) {
		out = append(out, f.fault(PhoneBox, "forms.no_phone")...)
	}
	return out
}

// isPhone accepts every way of writing a number that holds 5 to 20 digits.
func isPhone(s string) bool {
	digits := 0
	for _, r := range s {
		if _, ok := digit(r); ok {
			digits++
		} else if !strings.ContainsRune("+()-./  x", r) {
			return false
		}
	}
	return digits >= 5 && digits <= 20
}

// Answered reports whether a page holds any answer, and whether all of it is complete.
func (d Definition) Answered(answers Answers, step Step, today time.Time) (some, complete bool) {
	some = slices.ContainsFunc(step.Fields, func(f Field) bool { v := answers[f.Key]; return !v.Empty() })
	return some, len(d.CheckPage(answers, step.Page.Key, today)) == 0
}
