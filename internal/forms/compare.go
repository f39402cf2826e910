package forms

import (
	"encoding/json"
	"slices"
)

// Difference is one question that two versions of a form do not share.
type Difference struct {
	Field Field  // as the newer version asks it; as the older one did where it is gone
	What  Change // what became of it
	Parts []Part // of a changed one: what is different
}

// Change is what became of a question.
type Change string

// The changes.
const (
	Added   Change = "added"
	Removed Change = "removed"
	Altered Change = "altered"
)

// Part is a side of a question that can change.
type Part string

// The parts, in the order in which they are told.
const (
	PartWords    Part = "words"    // label, hint, what is said when it is missing
	PartChoices  Part = "choices"  // what can be chosen
	PartColumns  Part = "columns"  // of a table
	PartRequired Part = "required" // whether it has to be answered
	PartShown    Part = "shown"    // when it is asked
	PartLimits   Part = "limits"   // how long, how much, how many
	PartPlace    Part = "place"    // the page that asks it
)

// Differences lists what to differs in from from, in the order of asking; what is gone comes
// last.
func Differences(from, to Definition) []Difference {
	var out []Difference
	for _, f := range to.Fields() {
		old, ok := from.Field(f.Key)
		if !ok {
			out = append(out, Difference{Field: f, What: Added})
			continue
		}
		parts := f.differs(old)
		if from.pageOf(f.Key) != to.pageOf(f.Key) {
			parts = append(parts, PartPlace)
		}
		if len(parts) > 0 {
			out = append(out, Difference{Field: f, What: Altered, Parts: parts})
		}
	}
	for _, f := range from.Fields() {
		if _, ok := to.Field(f.Key); !ok {
			out = append(out, Difference{Field: f, What: Removed})
		}
	}
	return out
}

// RulesDiffer reports whether the versions hold answers to different rules.
func RulesDiffer(from, to Definition) bool { return !same(from.Rules, to.Rules) }

// pageOf is the page that asks a field.
func (d Definition) pageOf(field string) string {
	for _, s := range d.Sections {
		for _, p := range s.Pages {
			if slices.ContainsFunc(p.Fields, func(f Field) bool { return f.Key == field }) {
				return p.Key
			}
		}
	}
	return ""
}

func (f Field) differs(old Field) []Part {
	var out []Part
	for _, side := range []struct {
		part Part
		same bool
	}{
		{PartWords, same([]Words{f.Label, f.Hint, f.Missing, f.Unit}, []Words{old.Label, old.Hint, old.Missing, old.Unit})},
		{PartChoices, same(f.Choices, old.Choices)},
		{PartColumns, same(f.Columns, old.Columns)},
		{PartRequired, f.Optional == old.Optional && same(f.RequiredIf, old.RequiredIf)},
		{PartShown, same(f.ShownIf, old.ShownIf)},
		{PartLimits, same(f.limited(), old.limited())},
	} {
		if !side.same {
			out = append(out, side.part)
		}
	}
	return out
}

// limited is the field with nothing but what limits its answers.
func (f Field) limited() Field {
	return Field{Kind: f.Kind, MaxChars: f.MaxChars, MaxWords: f.MaxWords, Min: f.Min, Max: f.Max, Whole: f.Whole, Currency: f.Currency,
		MaxFiles: f.MaxFiles, Pictures: f.Pictures, Bare: f.Bare, ByEmail: f.ByEmail, MinRows: f.MinRows, MaxRows: f.MaxRows, From: f.From}
}

// same compares what would be stored.
func same(a, b any) bool {
	x, _ := json.Marshal(a) // plain data: it cannot fail
	y, _ := json.Marshal(b)
	return string(x) == string(y) || nothing[string(x)] && nothing[string(y)]
}

// nothing is how lists that hold nothing are written.
var nothing = map[string]bool{"null": true, "[]": true}
