package requests

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
)

var someDay = time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)

// plausible is an answer that a field takes; a question of choices is answered by choose.
func plausible(f forms.Field, choose map[string]string) forms.Value {
	switch f.Kind {
	case forms.LongText, forms.Text:
		return forms.Value{Text: "Şuşa, Шуша"}
	case forms.Number:
		return forms.Value{Number: "12"}
	case forms.Money:
		return forms.Value{Number: "1", Currency: "AZN"}
	case forms.Date:
		return forms.Value{Date: someDay.Format(time.DateOnly)}
	case forms.One:
		return forms.Value{Text: pick(f.Key, f.Choices, choose)}
	case forms.Many:
		return forms.Value{List: []string{pick(f.Key, f.Choices, choose)}}
	case forms.Place:
		return forms.Value{Place: &forms.Point{Lat: 39.76, Lon: 46.75, Known: true}}
	case forms.Person:
		return forms.Value{Person: &forms.Contact{Name: "Layihə Şöbəsi", Email: "layihe@shusha.example"}}
	case forms.File:
		return forms.Value{Files: []forms.Attached{{ID: 1, Name: "qərar.pdf"}}}
	case forms.Declaration:
		return forms.Value{Agreed: true}
	case forms.Table:
		return forms.Value{Rows: []forms.Row{plausibleRow(f)}}
	}
	return forms.Value{}
}

func pick(key string, choices []forms.Choice, choose map[string]string) string {
	if value, ok := choose[key]; ok {
		return value
	}
	return choices[0].Value
}

// plausibleRow is one row whose share is the whole and whose amount is enough.
func plausibleRow(f forms.Field) forms.Row {
	row := forms.Row{ID: "r1", Cells: map[string]forms.Value{}}
	for _, c := range f.Columns {
		v := plausible(f.Cell(row.ID, c), nil)
		switch {
		case c.Bare:
			v.Number = "2027"
		case c.Kind == forms.Number || c.Kind == forms.Money:
			v.Number = "100"
		}
		row.Cells[c.Key] = v
	}
	return row
}

// walk answers a form to its end, choosing as told, and returns the keys that were asked.
func walk(t *testing.T, d forms.Definition, choose map[string]string) map[string]bool {
	t.Helper()
	answers := forms.Answers{}
	for { // each answer may lead to new questions
		route := d.Path(answers)
		before := len(answers)
		for _, f := range route.Fields() {
			if _, ok := answers[f.Key]; !ok {
				answers[f.Key] = plausible(f, choose)
			}
		}
		if len(answers) == before {
			break
		}
	}
	for _, fault := range d.Check(answers, someDay) {
		t.Errorf("%s %v: %s is refused: %s %v", d.Key, choose, fault.Field, fault.Key, fault.Args)
	}
	asked := map[string]bool{}
	for _, f := range d.Path(answers).Fields() {
		asked[f.Key] = true
	}
	return asked
}

// TestFormsCanBeAnswered answers each form to its end along every branch: each choice of each
// question once, and every question is reached by one of them.
func TestFormsCanBeAnswered(t *testing.T) {
	for _, d := range Forms() {
		t.Run(d.Key, func(t *testing.T) {
			for _, flaw := range d.Flaws() {
				t.Errorf("a flaw: %+v", flaw)
			}
			reached, choices := walk(t, d, nil), 0
			for _, f := range d.Fields() {
				for _, c := range f.Choices {
					choices++
					maps.Copy(reached, walk(t, d, steer(d, f, c.Value)))
				}
			}
			for _, f := range d.Fields() {
				if !reached[f.Key] {
					t.Errorf("no way leads to %s", f.Key)
				}
			}
			if choices < 10 {
				t.Errorf("only %d choices: the walk did not find the form", choices)
			}
		})
	}
}

// steer chooses value for a field, and what leads to the field before it.
func steer(d forms.Definition, f forms.Field, value string) map[string]string {
	choose := map[string]string{f.Key: value}
	for _, c := range f.ShownIf {
		if before, ok := d.Field(c.Field); ok && len(c.Is) > 0 && !c.Not {
			maps.Copy(choose, steer(d, before, c.Is[0]))
		}
	}
	return choose
}

// TestFormsFillTheSummary: lists and letters call a request by its title and tell what it is
// about, whatever the service.
func TestFormsFillTheSummary(t *testing.T) {
	for _, d := range Forms() {
		for key, kind := range map[string]forms.Kind{fieldTitle: forms.Text, fieldDescription: forms.LongText} {
			f, ok := d.Field(key)
			if !ok || f.Kind != kind || f.Optional || len(f.ShownIf) > 0 {
				t.Errorf("%s does not ask everybody for the %s", d.Key, key)
			}
		}
		if f, ok := d.Field(fieldCost); ok && f.Kind != forms.Money {
			t.Errorf("%s asks for the cost as %s", d.Key, f.Kind)
		}
	}
}

// words are the keys of all messages that a form says.
func words(t *testing.T, d forms.Definition) (said []string) {
	t.Helper()
	must := func(where string, w forms.Words) {
		if w.Key == "" {
			t.Errorf("%s: %s has no words", d.Key, where)
			return
		}
		said = append(said, w.Key)
	}
	may := func(all ...forms.Words) {
		for _, w := range all {
			if w.Key != "" {
				said = append(said, w.Key)
			}
		}
	}
	choices := func(where string, list []forms.Choice) {
		for _, c := range list {
			must(where+"="+c.Value, c.Label)
			may(c.Hint)
		}
	}
	must("the form", d.Title)
	for _, s := range d.Sections {
		must("section "+s.Key, s.Title)
		for _, p := range s.Pages {
			must("page "+p.Key, p.Title)
			may(p.Lead)
			for _, f := range p.Fields {
				must(f.Key, f.Label)
				may(f.Hint, f.Missing, f.Unit)
				choices(f.Key, f.Choices)
				for _, c := range f.Columns {
					must(f.Key+"."+c.Key, c.Label)
					may(c.Hint, c.Unit)
					choices(f.Key+"."+c.Key, c.Choices)
				}
			}
		}
	}
	for _, r := range d.Rules {
		must("rule "+r.Key, r.Words)
	}
	return said
}

// TestFormsSpeak: every question has its words in all three languages, and no word in the
// catalogue belongs to a question that nobody asks.
func TestFormsSpeak(t *testing.T) {
	said := map[string]bool{}
	for _, d := range Forms() {
		for _, key := range words(t, d) {
			said[key] = true
			for _, lang := range locale.Langs() {
				if !locale.Has(lang, key) {
					t.Errorf("%s says nothing for %s", lang, key)
				}
			}
		}
	}
	for _, d := range Forms()[1:] {
		for _, key := range catalogued(t, d.Key) {
			if !said[key] {
				t.Errorf("nobody says %s", key)
			}
		}
	}
	for _, key := range catalogued(t, "every") {
		if !said[key] {
			t.Errorf("nobody says %s", key)
		}
	}
}

// TestFormsAreShort holds a form to what an officer can read on a phone.
func TestFormsAreShort(t *testing.T) {
	for _, d := range Forms() {
		pages := 0
		for _, s := range d.Sections {
			pages += len(s.Pages)
			for _, p := range s.Pages {
				if len(p.Fields) > 2 {
					t.Errorf("%s/%s asks %d things on one page", d.Key, p.Key, len(p.Fields))
				}
			}
		}
		if pages > 26 {
			t.Errorf("%s has %d pages", d.Key, pages)
		}
		for _, key := range words(t, d) {
			for _, lang := range locale.Langs() {
				if n := len([]rune(locale.Text(lang, key))); n > 140 {
					t.Errorf("%s %s: %d characters are too many", lang, key, n)
				}
			}
		}
	}
}

// TestFormsStandStill: a change of what is asked is seen in a review, because answers are
// stored under these keys for ever.
func TestFormsStandStill(t *testing.T) {
	for _, d := range Forms() {
		var got []string
		for _, f := range d.Fields() {
			line := f.Key + " " + string(f.Kind)
			for _, c := range f.Columns {
				line += "+" + c.Key
			}
			got = append(got, line)
		}
		golden(t, d.Key, got)
	}
	if n := len(Forms()); n != 10 {
		t.Errorf("%s forms", strconv.Itoa(n))
	}
}

func golden(t *testing.T, key string, got []string) {
	t.Helper()
	want := strings.Split(strings.TrimSpace(readGolden(t, key, strings.Join(got, "\n")+"\n")), "\n")
	for i := range max(len(want), len(got)) {
		if i >= len(want) || i >= len(got) || want[i] != got[i] {
			t.Errorf("%s: question %d is not what testdata/forms/%s.txt says%s", key, i+1, key, around(want, got, i))
			return
		}
	}
}

func around(want, got []string, i int) string {
	at := func(list []string) string {
		if i < len(list) {
			return list[i]
		}
		return "nothing"
	}
	return fmt.Sprintf(": %q, not %q (FORMS_WRITE=1 writes it anew)", at(got), at(slices.Clone(want)))
}

// TestServicesFillColumnsFromTheirForms: what a service copies to a column is asked by its
// form, in a kind that the column holds.
func TestServicesFillColumnsFromTheirForms(t *testing.T) {
	kinds := map[string]forms.Kind{colTitle: forms.Text, colDescription: forms.LongText, colKind: forms.One, colSector: forms.One, colPlace: forms.Place,
		colBeneficiaries: forms.Number, colCost: forms.Money, colOwn: forms.Money, colLand: forms.One, colPermit: forms.One}
	byKey := map[string]forms.Definition{}
	for _, d := range Forms() {
		byKey[d.Key] = d
	}
	for _, s := range Shipped() {
		d, ok := byKey[s.Form]
		if !ok {
			t.Errorf("%s is answered by a form that is not there: %s", s.Code, s.Form)
		}
		for column, field := range s.Bind {
			if f, ok := d.Field(field); !ok || f.Kind != kinds[column] {
				t.Errorf("%s fills %s from %s, a %q", s.Code, column, field, f.Kind)
			}
		}
	}
}
