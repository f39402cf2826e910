package forms

import (
	"strings"

	"github.com/birlik/portal/internal/locale"
)

// Typed gives what was typed into a box of a form; "" where nothing was.
type Typed func(box string) []string

// Boxes names the boxes of a field: money has its amount under the field's own name and
// the currency under name_currency.
const (
	CurrencyBox = "_currency"
	LatBox      = "_lat"
	LonBox      = "_lon"
	AddressBox  = "_address"
	NameBox     = "_name"
	PositionBox = "_position"
	EmailBox    = "_email"
	PhoneBox    = "_phone"
	CityBox     = "_text" // what a municipality is called; its key stands under the field's own name
	PickBox     = "_pick" // the key of one of several that the name may mean
)

// Read understands what was typed for a field, as forgivingly as it can. What it cannot
// understand it keeps as typed, in Raw. A municipality is looked up by whoever knows them
// (see Wanted); files are not typed: their references are left as they are in before.
func (f Field) Read(typed Typed, lang locale.Lang, before Value) Value {
	switch f.Kind {
	case Number, Money:
		return f.readNumber(typed, lang)
	case Date:
		return f.readDate(typed)
	case One:
		return f.readOne(typed)
	case Many:
		return f.readMany(typed)
	case Place:
		return f.readPlace(typed)
	case Person:
		return f.readPerson(typed)
	case Declaration:
		return Value{Agreed: first(typed, f.Key) != ""}
	case Table:
		return f.readTable(typed, lang)
	case Municipality:
		return f.readCity(typed)
	case File:
		return before
	case LongText:
		return readText(first(typed, f.Key), Clean)
	}
	return readText(first(typed, f.Key), Line)
}

func first(typed Typed, box string) string {
	if all := typed(box); len(all) > 0 {
		return all[0]
	}
	return ""
}

func readText(s string, clean func(string) (string, bool)) Value {
	text, ok := clean(s)
	if !ok {
		return Value{}
	}
	return Value{Text: text}
}

// raw keeps a box as it was typed, cut to a length that still fits a page.
func (v *Value) raw(box, s string) {
	s, _ = Clean(s)
	if s == "" {
		return
	}
	if v.Raw == nil {
		v.Raw = map[string]string{}
	}
	v.Raw[box] = cut(s, 200)
}

func cut(s string, most int) string {
	runes := []rune(s)
	if len(runes) > most {
		return string(runes[:most])
	}
	return s
}

func (f Field) readCity(typed Typed) Value {
	var v Value
	name, _ := Line(first(typed, f.Key+CityBox))
	v.raw("", name)
	return v
}

// Wanted is a municipality as it was asked for on a page.
type Wanted struct {
	Name   string
	Key    string // chosen from suggestions, as the page says; "" where only a name was typed
	Picked bool   // chosen after the name alone was not enough
}

// Wanted reads which municipality is asked for.
func (f Field) Wanted(typed Typed) Wanted {
	name, _ := Line(first(typed, f.Key+CityBox))
	if key := first(typed, f.Key+PickBox); key != "" {
		return Wanted{Name: cut(name, 200), Key: key, Picked: true}
	}
	return Wanted{Name: cut(name, 200), Key: first(typed, f.Key)}
}

// Among finds the municipality that is meant among those that the name may mean. A key
// counts with its own name only: without a script the key of a name that was typed over
// stays on the page. guess takes a name that means one place alone.
func (x Wanted) Among(found []City, guess bool) *City {
	var named []City
	for _, c := range found {
		if c.Key == x.Key && (x.Picked || c.Name == x.Name) {
			return &c
		}
		if c.Name == x.Name {
			named = append(named, c)
		}
	}
	switch {
	case !guess:
		return nil
	case len(found) == 1:
		return &found[0]
	case len(named) == 1:
		return &named[0]
	}
	return nil
}

func (f Field) readNumber(typed Typed, lang locale.Lang) Value {
	var v Value
	decimals := 2
	if f.Whole {
		decimals = 0
	}
	s := first(typed, f.Key)
	if number, ok := ParseNumber(s, lang, decimals); ok {
		v.Number = number
	} else {
		v.raw("", s)
	}
	if f.Kind == Money && !v.Empty() {
		v.Currency = strings.ToUpper(first(typed, f.Key+CurrencyBox))
	}
	return v
}

func (f Field) readDate(typed Typed) Value {
	var v Value
	s := first(typed, f.Key)
	if day, ok := ParseDate(s); ok {
		v.Date = day
	} else if day, ok := ParseMonthEnd(s); ok && f.MonthEnd {
		v.Date = day
	} else {
		v.raw("", s)
	}
	return v
}

func (f Field) readOne(typed Typed) Value {
	s := first(typed, f.Key)
	for _, c := range f.Choices {
		if c.Value == s {
			return Value{Text: s}
		}
	}
	return Value{}
}

func (f Field) readMany(typed Typed) Value {
	chosen := map[string]bool{}
	for _, s := range typed(f.Key) {
		chosen[s] = true
	}
	var v Value
	for _, c := range f.Choices {
		if chosen[c.Value] {
			v.List = append(v.List, c.Value)
		}
	}
	return v
}

func (f Field) readPerson(typed Typed) Value {
	line := func(box string) string {
		s, _ := Line(first(typed, f.Key+box))
		return cut(s, 250)
	}
	c := Contact{Name: line(NameBox), Position: line(PositionBox), Email: line(EmailBox), Phone: line(PhoneBox)}
	if c == (Contact{}) {
		return Value{}
	}
	return Value{Person: &c}
}
