package formpages

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/web/ui"
)

// rowQuery says, in the address, which table just got one more row.
const rowQuery = "row"

// mostColumns is how many columns stand beside each other; a row of more is a card.
const mostColumns = 5

// newRow stands for the identifier of a row in the pattern from which a script makes one.
const newRow = "__row__"

func aboutRows(to string) bool {
	return strings.HasPrefix(to, goAddRow) || strings.HasPrefix(to, goDropRow)
}

// moreRows is the row that a pressed button adds.
func moreRows(to string) map[string]string {
	if key, ok := strings.CutPrefix(to, goAddRow); ok {
		return map[string]string{key: subject.NewPublicID()}
	}
	return nil
}

// dropRow takes a row out of what was typed, before it is saved.
func dropRow(p posted, in forms.In) {
	key, row, ok := strings.Cut(strings.TrimPrefix(p.get(goBox), goDropRow), ".")
	v, shown := in.Answers[key]
	if !ok || !shown || !strings.HasPrefix(p.get(goBox), goDropRow) {
		return
	}
	v.Rows = slices.DeleteFunc(slices.Clone(v.Rows), func(r forms.Row) bool { return r.ID == row })
	in.Answers[key] = v
	in.Gone[key] = append(in.Gone[key], row)
}

// goneBox names, after its table, the rows that a script took off the page.
const goneBox = "_gone"

// gone are the rows that a page took away, those too that were emptied on it.
func gone(values url.Values, key string, rows []forms.Row) []string {
	out := slices.Clone(values[key+goneBox])
	for _, id := range values[key+forms.RowBox] {
		if !slices.ContainsFunc(rows, func(r forms.Row) bool { return r.ID == id }) {
			out = append(out, id)
		}
	}
	return out
}

// withRow is the page's own address with one more row of a table, without the language.
func (q question) withRow(key string) string {
	at, id := q.self(), subject.NewPublicID()
	mark := "?"
	if strings.Contains(at, mark) {
		mark = "&"
	}
	at += mark + rowQuery + "=" + key + "." + id
	for _, f := range q.Fields {
		if f.Key == key && len(f.Columns) > 0 {
			at += "#" + f.Cell(id, f.Columns[0]).Key
		}
	}
	return at
}

// rows are the rows to draw: those that are filled in, and empty ones to begin with.
func (b box) rows() []forms.Row {
	out := slices.Clone(b.Value.Rows)
	least, most := b.Field.RowLimits()
	for len(out) < least {
		out = append(out, forms.Row{ID: subject.NewPublicID()})
	}
	more := b.More[b.Field.Key]
	known := slices.ContainsFunc(out, func(r forms.Row) bool { return r.ID == more })
	if more != "" && !known && len(b.Value.Rows) > 0 && len(out) < most {
		out = append(out, forms.Row{ID: more})
	}
	return out
}

// full reports whether no more rows may be added.
func (b box) full(rows []forms.Row) bool {
	_, most := b.Field.RowLimits()
	return len(rows) >= most
}

// money are the columns that need a currency.
func (b box) moneyColumns() []forms.Column {
	return slices.DeleteFunc(slices.Clone(b.Field.Columns), func(c forms.Column) bool { return c.Kind != forms.Money })
}

// columnCurrency chooses the one currency of a money column.
func (b box) columnCurrency(ctx context.Context, c forms.Column) ui.Select {
	var v forms.Value
	for _, row := range b.Value.Rows {
		if cell := row.Cells[c.Key]; cell.Currency != "" {
			v = cell
		}
	}
	name := b.Field.Key + forms.ColumnCurrencyBox(c.Key)
	fault := b.fault(b.Field, forms.ColumnCurrencyBox(c.Key))
	return ui.Select{Name: name, Label: locale.T(ctx, "formpages.currency_of", "Column", c.Label.Text(locale.Of(ctx).Lang)), Error: say(ctx, fault), Width: "short",
		Value: b.currency(v, forms.Field{Currency: c.Currency}), Options: currencies(b.Currencies)}
}

// cell is one box of a row.
func (b box) cell(ctx context.Context, row forms.Row, c forms.Column) templ.Component {
	lang := locale.Of(ctx).Lang
	inner := b
	inner.Field, inner.Value, inner.Option, inner.Large = b.Field.Cell(row.ID, c), row.Cells[c.Key], c.Optional, false
	inner.Label, inner.Hint = c.Label.Text(lang), c.Hint.Text(lang)
	switch c.Kind {
	case forms.One:
		return ui.Select{Name: inner.Field.Key, Label: inner.Label, Hint: inner.Hint, Error: say(ctx, inner.fault(inner.Field, "")), Value: inner.Value.Text,
			Options: inner.options(ctx), Empty: locale.T(ctx, "formpages.choose"), Optional: inner.Option}
	case forms.Money:
		return ui.Field{Name: inner.Field.Key, Label: inner.Label, Hint: inner.Hint, Error: say(ctx, inner.fault(inner.Field, "")), Value: inner.number(ctx),
			Type: "money", Autocomplete: "off", Optional: inner.Option}
	}
	return inner.draw(ctx)
}

// shownTotal is a sum as the reader writes it.
func shownTotal(ctx context.Context, t forms.Total) string {
	if t.Currency != "" {
		return locale.Money(ctx, t.Number, t.Currency)
	}
	lang := locale.Of(ctx).Lang
	return strings.TrimSpace(forms.ShowNumber(t.Number, lang) + " " + t.Column.Unit.Text(lang))
}

// cellLines is the answer of one cell.
func cellLines(ctx context.Context, f forms.Field, row forms.Row, c forms.Column) string {
	return strings.Join(Lines(ctx, f.Cell(row.ID, c), row.Cells[c.Key]), " ")
}

// rowLines are the rows of a table as text, a line a row, and its sums.
func rowLines(ctx context.Context, f forms.Field, v forms.Value) []string {
	out := make([]string, 0, len(v.Rows)+1)
	for _, row := range v.Rows {
		var cells []string
		for _, c := range f.Columns {
			cells = append(cells, lines(cellLines(ctx, f, row, c))...)
		}
		out = append(out, strings.Join(cells, " · "))
	}
	for _, t := range f.Totals(v) {
		out = append(out, locale.T(ctx, "formpages.total_of", "Column", t.Column.Label.Text(locale.Of(ctx).Lang), "Sum", shownTotal(ctx, t)))
	}
	return out
}

// numeric reports columns that are read from their end.
func numeric(c forms.Column) bool { return c.Kind == forms.Number || c.Kind == forms.Money }
