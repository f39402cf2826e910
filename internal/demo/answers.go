package demo

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/birlik/portal/internal/forms"
)

// filler answers a form as a town would.
type filler struct {
	form  forms.Definition
	town  town
	about matter
	n     int // tells towns apart where any answer would do
	at    spot
	today time.Time
}

// fill answers every question that the answers lead to.
func (f filler) fill() forms.Answers {
	answers := forms.Answers{}
	for before := -1; before < len(answers); { // each answer may lead to more questions
		before = len(answers)
		for _, q := range f.form.Path(answers).Fields() {
			if _, ok := answers[q.Key]; !ok && !f.skips(q) {
				answers[q.Key] = f.answer(q)
			}
		}
	}
	return answers
}

// skips leaves out files, which the demonstration has none of, and some of what is optional.
func (f filler) skips(q forms.Field) bool {
	return q.Kind == forms.File || q.Kind == forms.Municipality || q.Optional && len(q.RequiredIf) == 0 && (f.n+len(q.Key))%3 == 0
}

func (f filler) answer(q forms.Field) forms.Value {
	switch q.Kind {
	case forms.Text, forms.LongText:
		return forms.Value{Text: f.text(q.Key)}
	case forms.Number:
		return forms.Value{Number: strconv.Itoa(numbers[q.Key] + f.n%7)}
	case forms.Money:
		return forms.Value{Number: strconv.Itoa(f.money(dollars[q.Key])), Currency: f.town.currency}
	case forms.Date:
		return forms.Value{Date: f.day(q.Key)}
	case forms.One:
		return forms.Value{Text: f.pick(q)}
	case forms.Many:
		return forms.Value{List: f.picks(q)}
	case forms.Table:
		return forms.Value{Rows: f.rows(q)}
	case forms.Place:
		return forms.Value{Place: &forms.Point{Lat: f.at.lat, Lon: f.at.lon, Known: true, Address: f.town.where}}
	case forms.Person:
		return forms.Value{Person: &forms.Contact{Name: f.town.editor, Email: "editor@" + f.town.mail}}
	}
	return forms.Value{Agreed: true}
}

// in is the matter in the language that the town writes in, or in the nearest one.
func (f filler) in() (lang string, w words) {
	if lang = interfaceLang(f.town.lang); lang == "ru" {
		return lang, f.about.ru
	}
	return lang, f.about.tr
}

func (f filler) text(key string) string {
	lang, w := f.in()
	switch key {
	case "title":
		return w.title
	case "description":
		return w.text
	}
	return said[key][lang]
}

// needFile are the answers that would ask for a file.
var needFile = []string{"taken", "granted", "ready"}

func (f filler) pick(q forms.Field) string {
	if own, ok := f.about.picks[q.Key]; ok {
		return own
	}
	var open []string
	for _, c := range q.Choices {
		if !slices.Contains(needFile, c.Value) && !c.Or {
			open = append(open, c.Value)
		}
	}
	return open[(f.n+len(q.Key))%len(open)]
}

func (f filler) picks(q forms.Field) []string {
	first := f.pick(q)
	var out []string
	for i, c := range q.Choices {
		if c.Value == first || !c.Or && (i+f.n)%4 == 1 && q.Key != "support" {
			out = append(out, c.Value)
		}
	}
	return out
}

// money is an amount of dollars in the town's currency, rounded as people write it.
func (f filler) money(dollars int) int {
	return dollars * (90 + f.n*7%25) / 100 * f.town.rate / 100 * 100
}

func (f filler) day(key string) string {
	days := 40 + f.n%30
	switch key {
	case "council_date":
		days = -20 - f.n%60
	case "ends":
		days += 2
	}
	return f.today.AddDate(0, 0, days).Format(time.DateOnly)
}

// rows are the rows of a table: as many as there are words for its first column.
func (f filler) rows(q forms.Field) []forms.Row {
	lang, _ := f.in()
	names := lines[q.Key][lang]
	if names == nil { // by years
		names = []string{"", "", ""}
	}
	out := make([]forms.Row, len(names))
	for i, name := range names {
		out[i] = forms.Row{ID: fmt.Sprintf("d%d", i+1), Cells: map[string]forms.Value{}}
		for _, c := range q.Columns {
			out[i].Cells[c.Key] = f.cell(c, name, i)
		}
	}
	return out
}

func (f filler) cell(c forms.Column, name string, i int) forms.Value {
	switch {
	case c.Kind == forms.Text:
		return forms.Value{Text: name}
	case c.Kind == forms.One:
		return forms.Value{Text: c.Choices[i%len(c.Choices)].Value}
	case c.Bare:
		return forms.Value{Number: strconv.Itoa(f.today.Year() + 1 + i)}
	case c.Key == "share":
		return forms.Value{Number: []string{"60", "25", "15"}[i]}
	case c.Kind == forms.Money:
		return forms.Value{Number: strconv.Itoa(f.money(dollars[c.Key] + 4000*i)), Currency: f.town.currency}
	}
	return forms.Value{Number: strconv.Itoa(8 + i*3 + f.n%5)}
}
