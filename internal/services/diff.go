package services

import (
	"strconv"
	"strings"

	"github.com/birlik/portal/internal/locale"
)

// Line is one fact of a definition, written out: which part it belongs to and what it says.
type Line struct {
	Part string // "text", "step", "move"
	Name string // of the text, the state or the move
	What string // "days", "needs" …; empty for texts
	Lang string // of what is said in a language
}

// Change is a line that two versions say differently; Old or New is empty where one of them
// does not have it.
type Change struct {
	Line
	Old, New string
}

// Diff is what changed from one version to another, in the order of the definition.
func Diff(before, after *Definition) []Change {
	was, now := written(before), written(after)
	var out []Change
	seen := map[Line]bool{}
	for _, list := range []book{now, was} {
		for _, line := range list.order {
			if !seen[line] && was.says[line] != now.says[line] {
				out = append(out, Change{Line: line, Old: was.says[line], New: now.says[line]})
			}
			seen[line] = true
		}
	}
	return out
}

// book is a definition as its lines.
type book struct {
	order []Line
	says  map[Line]string
}

func (b *book) add(line Line, value string) {
	if value != "" {
		b.order = append(b.order, line)
		b.says[line] = value
	}
}

func (b *book) text(line Line, t Text) {
	for _, lang := range locale.Langs() {
		line.Lang = string(lang)
		b.add(line, t[lang])
	}
}

func written(d *Definition) book {
	b := book{says: map[Line]string{}}
	for _, x := range []struct {
		name string
		text Text
	}{{"title", d.Title}, {"lead", d.Lead}, {"needs", d.Needs}, {"outcome", d.Outcome}} {
		b.text(Line{Part: "text", Name: x.name}, x.text)
	}
	b.add(Line{Part: "text", Name: "asks"}, strings.Join(d.Asks, " "))
	b.add(Line{Part: "text", Name: "office"}, d.Office)
	b.add(Line{Part: "text", Name: "form"}, d.Form)
	for _, s := range d.Steps {
		b.step(s)
	}
	for _, m := range d.Moves {
		b.move(m)
	}
	return b
}

func (b *book) step(s Step) {
	line := func(what string) Line { return Line{Part: "step", Name: string(s.State), What: what} }
	b.add(line("there"), "✓")
	b.text(line("name"), s.Name)
	if s.Days > 0 {
		b.add(line("days"), strconv.Itoa(s.Days))
	}
	b.add(line("office"), s.Office)
	for _, kind := range []string{"checklist", "papers"} {
		items := map[string][]Item{"checklist": s.Checklist, "papers": s.Papers}[kind]
		for _, lang := range locale.Langs() {
			var labels []string
			for _, item := range items {
				labels = append(labels, item.Label[lang])
			}
			x := line(kind)
			x.Lang = string(lang)
			b.add(x, strings.Join(labels, " · "))
		}
	}
}

func (b *book) move(m Move) {
	line := func(what string) Line { return Line{Part: "move", Name: m.Name, What: what} }
	b.add(line("there"), "✓")
	b.add(line("from"), joined(m.From))
	b.add(line("may"), string(m.May))
	b.add(line("office"), m.Office)
	b.add(line("needs"), joined(m.Needs))
	b.add(line("tell"), strings.Join(m.Tell, " "))
}

func joined[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, x := range list {
		words[i] = string(x)
	}
	return strings.Join(words, " ")
}
