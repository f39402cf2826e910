package forms_test

import (
	"reflect"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// budget asks for a table of costs, and for what it has to come to.
func budget() forms.Definition {
	return forms.Definition{Key: "budget", Title: words("Bütçe"), Sections: []forms.Section{{Key: "one", Title: words("Bir"), Pages: []forms.Page{
		{Key: "money", Title: words("Para"), Fields: []forms.Field{
			{Key: "cost", Kind: forms.Money, Label: words("Tutar")},
			{Key: "own", Kind: forms.Money, Label: words("Kendi"), Optional: true}}},
		{Key: "items", Title: words("Kalemler"), Fields: []forms.Field{
			{Key: "items", Kind: forms.Table, Label: words("Kalemler"), Optional: true, MaxRows: 3, Columns: []forms.Column{
				{Key: "what", Kind: forms.Text, Label: words("Ne")},
				{Key: "count", Kind: forms.Number, Label: words("Adet"), Whole: true, Total: true, Optional: true},
				{Key: "price", Kind: forms.Money, Label: words("Bedel"), Total: true}}}}},
		{Key: "days", Title: words("Günler"), Fields: []forms.Field{
			{Key: "start", Kind: forms.Date, Label: words("Başlangıç"), Optional: true},
			{Key: "end", Kind: forms.Date, Label: words("Bitiş"), Optional: true}}},
	}}}, Rules: []forms.Rule{
		{Key: "own", Left: forms.Of("own"), Is: forms.AtMost, Right: forms.Of("cost"), Words: words("Kendi payınız tutardan büyük olamaz")},
		{Key: "tenth", Left: forms.Of("own"), Is: forms.AtLeast, Right: forms.Of("cost").Share("10"), Words: words("En az onda biri")},
		{Key: "sum", Left: forms.SumOf("items", "price"), Is: forms.Equal, Right: forms.Of("cost"), Words: words("Toplam tutmalı")},
		{Key: "days", Left: forms.Of("end"), Is: forms.AtMost, Right: forms.Of("start").Later(30), Words: words("En çok otuz gün")},
	}}
}

func money(n, currency string) forms.Value { return forms.Value{Number: n, Currency: currency} }

func item(id, what, count, price string) forms.Row {
	return forms.Row{ID: id, Cells: map[string]forms.Value{"what": text(what), "count": {Number: count}, "price": money(price, "AZN")}}
}

func items(rows ...forms.Row) forms.Value { return forms.Value{Rows: rows} }

// TestTotals adds up what is understood, to the last place.
func TestTotals(t *testing.T) {
	f, _ := budget().Field("items")
	v := items(item("a", "Kum", "3", "0.1"), item("b", "Taş", "", "0.2"), forms.Row{ID: "c", Cells: map[string]forms.Value{"price": {Raw: map[string]string{"": "çok"}}}})
	got := f.Totals(v)
	if len(got) != 2 || got[0].Number != "3" || got[1].Number != "0.3" || got[1].Currency != "AZN" {
		t.Errorf("totals: %+v", got)
	}
}

// TestReadTable keeps the rows in the order of the page, one currency a column, what is not
// understood as typed, and no empty row.
func TestReadTable(t *testing.T) {
	f, _ := budget().Field("items")
	typed := map[string][]string{"items_row": {"b", "a", "empty", "b", "../x"}, "items.price_currency": {"usd"},
		"items.a.what": {" Kum "}, "items.a.price": {"1.250,5"}, "items.b.what": {"Taş"}, "items.b.count": {"bir"}}
	v := f.Read(func(box string) []string { return typed[box] }, locale.TR, forms.Value{})
	want := items(
		forms.Row{ID: "b", Cells: map[string]forms.Value{"what": text("Taş"), "count": {Raw: map[string]string{"": "bir"}}}},
		forms.Row{ID: "a", Cells: map[string]forms.Value{"what": text("Kum"), "price": money("1250.5", "USD")}})
	if !reflect.DeepEqual(v, want) {
		t.Errorf("read %+v\nwant %+v", v, want)
	}
}

// TestCheckTable names the row and the column of each fault.
func TestCheckTable(t *testing.T) {
	d := budget()
	faults := d.CheckPage(forms.Answers{"items": items(item("a", "Kum", "1", "5"), item("b", "", "1", "5"))}, "items", noon)
	if len(faults) != 1 || faults[0].ID() != "items.b.what" || faults[0].Row != 2 || faults[0].Column.In["tr"] != "Ne" {
		t.Errorf("faults: %+v", faults)
	}
	many := d.CheckPage(forms.Answers{"items": items(item("a", "1", "1", "1"), item("b", "2", "1", "1"), item("c", "3", "1", "1"), item("d", "4", "1", "1"))}, "items", noon)
	if len(many) != 1 || many[0].Key != "forms.many_rows" {
		t.Errorf("too many rows: %+v", many)
	}
}

// TestRules speak beside the last field that they name, once both sides are there.
func TestRules(t *testing.T) {
	for name, c := range map[string]struct {
		answers    forms.Answers
		page, want string
	}{
		"nothing to compare": {forms.Answers{"cost": money("100", "AZN")}, "money", ""},
		"kept":               {forms.Answers{"cost": money("100", "AZN"), "own": money("100", "AZN")}, "money", ""},
		"broken":             {forms.Answers{"cost": money("100", "AZN"), "own": money("100.01", "AZN")}, "money", "Kendi payınız tutardan büyük olamaz"},
		"a share":            {forms.Answers{"cost": money("100", "AZN"), "own": money("9.99", "AZN")}, "money", "En az onda biri"},
		"two currencies":     {forms.Answers{"cost": money("100", "AZN"), "own": money("1", "USD")}, "money", "forms.two_currencies"},
		"a sum":              {forms.Answers{"cost": money("100", "AZN"), "items": items(item("a", "x", "1", "60"), item("b", "y", "1", "40"))}, "items", ""},
		"a wrong sum":        {forms.Answers{"cost": money("100", "AZN"), "items": items(item("a", "x", "1", "60"), item("b", "y", "1", "41"))}, "items", "Toplam tutmalı"},
		"days":               {forms.Answers{"start": {Date: "2026-12-01"}, "end": {Date: "2026-12-31"}}, "days", ""},
		"too many days":      {forms.Answers{"start": {Date: "2026-12-01"}, "end": {Date: "2027-01-01"}}, "days", "En çok otuz gün"},
	} {
		got := ""
		for _, fault := range budget().CheckPage(c.answers, c.page, noon) {
			if fault.Key != "forms.missing_money" {
				got = fault.Own.In["tr"]
				if got == "" {
					got = fault.Key
				}
				break
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestFlaws refuses rules and tables that mean nothing.
func TestFlaws(t *testing.T) {
	if flaws := budget().Flaws(); len(flaws) > 0 {
		t.Errorf("the sample is well: %+v", flaws)
	}
	for name, spoil := range map[string]func(d *forms.Definition){
		"a rule about a text":      func(d *forms.Definition) { d.Rules[0].Left = forms.SumOf("items", "what") },
		"a rule about nothing":     func(d *forms.Definition) { d.Rules[0].Left = forms.Of("gone") },
		"days against money":       func(d *forms.Definition) { d.Rules[0].Right = forms.Fixed("2026-01-01") },
		"a rule without words":     func(d *forms.Definition) { d.Rules[0].Words = forms.Words{} },
		"two rules of one key":     func(d *forms.Definition) { d.Rules[1].Key = "own" },
		"a table without columns":  func(d *forms.Definition) { d.Sections[0].Pages[1].Fields[0].Columns = nil },
		"a column twice":           func(d *forms.Definition) { d.Sections[0].Pages[1].Fields[0].Columns[1].Key = "what" },
		"a total of texts":         func(d *forms.Definition) { d.Sections[0].Pages[1].Fields[0].Columns[0].Total = true },
		"a table in a table":       func(d *forms.Definition) { d.Sections[0].Pages[1].Fields[0].Columns[0].Kind = forms.Table },
		"a page without questions": func(d *forms.Definition) { d.Sections[0].Pages[1].Fields = nil },
	} {
		d := budget()
		spoil(&d)
		if len(d.Flaws()) == 0 {
			t.Errorf("%s passes", name)
		}
	}
}

// TestWords counts them in each script.
func TestWords(t *testing.T) {
	for s, want := range map[string]int{"": 0, "İki söz": 2, "раз — два, три!": 3, "بىر ئىككى": 2, "漢字 and かな": 5, "l'été 2026": 2, "- • -": 0, "a\u00a0b\u200bc": 3} {
		if got := forms.CountWords(s); got != want {
			t.Errorf("%q: %d words, want %d", s, got, want)
		}
	}
}

// tableDesk is a record with an open submission to the budget.
func tableDesk(t *testing.T) desk {
	t.Helper()
	d := setup(t, pgtest.DB(t))
	d.as(identity.Worker(), func(tx pgx.Tx) error {
		_, err := forms.Publish(t.Context(), tx, budget())
		return err
	})
	d.as(d.ayse, func(tx pgx.Tx) error { return forms.Begin(t.Context(), tx, d.ref, "budget", "budget") })
	return d
}

func (d desk) saveItems(actor identity.Actor, base int, gone []string, rows ...forms.Row) (saved forms.Saved) {
	d.t.Helper()
	d.as(actor, func(tx pgx.Tx) (err error) {
		saved, err = forms.Save(d.t.Context(), tx, actor, d.ref, "budget", forms.In{Page: "items", Base: base, At: noon,
			Answers: forms.Answers{"items": items(rows...)}, Gone: map[string][]string{"items": gone}})
		return err
	})
	return saved
}

func (d desk) items() (out []string) {
	d.t.Helper()
	d.as(d.ayse, func(tx pgx.Tx) error {
		s, err := forms.Load(d.t.Context(), tx, d.ref, "budget")
		for _, row := range s.Answers["items"].Rows {
			out = append(out, row.ID+" "+row.Cells["what"].Text)
		}
		return err
	})
	return out
}

// TestRowsOfTwo has two colleagues fill in one table: nothing of either is lost.
func TestRowsOfTwo(t *testing.T) {
	d := tableDesk(t)
	d.saveItems(d.ayse, 1, nil, item("a", "Kum", "1", "1"), item("b", "Taş", "1", "1"))
	d.saveItems(d.ayse, 2, nil, item("a", "Kum 2", "1", "1"), item("b", "Taş", "1", "1"), item("c", "Çakıl", "1", "1"))

	saved := d.saveItems(d.bo, 2, nil, item("a", "Kum", "1", "1"), item("b", "Taş 2", "1", "1"), item("d", "Demir", "1", "1"))
	if len(saved.Conflicts) != 0 {
		t.Errorf("different rows are no conflict: %+v", saved.Conflicts)
	}
	want := []string{"a Kum 2", "b Taş 2", "c Çakıl", "d Demir"}
	if got := d.items(); !reflect.DeepEqual(got, want) {
		t.Errorf("rows %v, want %v", got, want)
	}

	saved = d.saveItems(d.ayse, 2, nil, item("b", "Ayşe'nin taşı", "1", "1"))
	if len(saved.Conflicts) != 1 || len(saved.Conflicts[0].Yours.Rows) != 4 || saved.Conflicts[0].Yours.Rows[1].Cells["what"].Text != "Ayşe'nin taşı" {
		t.Errorf("one row is a conflict: %+v", saved.Conflicts)
	}
	d.saveItems(d.ayse, 2, []string{"b", "c"})
	if got := d.items(); !reflect.DeepEqual(got, []string{"a Kum 2", "b Taş 2", "d Demir"}) {
		t.Errorf("a colleague's new words outlive the old row, one's own goes: %v", got)
	}
}
