package formdeskpages

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
)

// fieldSheet is what can be said of a question of its kind.
func (h *Handler) fieldSheet(ctx context.Context, d forms.Definition, f forms.Field) []forms.Field {
	out := inEach(ctx, "label", forms.Text, "question", true)
	out = append(out, inEach(ctx, "hint", forms.LongText, "hint", false)...)
	out = append(out, ofKind(ctx, f.Kind)...)
	before := earlier(d, f.Key)
	need := asked(ctx, "need", forms.One, "need")
	need.Optional, need.Choices = false, chosen(ctx, "formdesk.need_", "always", "optional")
	if len(before) > 0 {
		need.Choices = append(need.Choices, chosen(ctx, "formdesk.need_", "if")...)
	}
	out = append(out, need)
	if offers := outcomes(ctx, before); len(offers) > 1 {
		out = append(out, conditionTable(ctx, "required_if", offers), conditionTable(ctx, "shown_if", offers))
	}
	out = append(out, inEach(ctx, "missing", forms.Text, "missing", false)...)
	if sources := h.sourceChoices(ctx, f.Kind); len(sources) > 1 {
		from := hinted(ctx, asked(ctx, "from", forms.One, "from"), "from_hint")
		from.Choices = sources
		out = append(out, from)
	}
	if !slices.Contains([]forms.Kind{forms.File, forms.Municipality, forms.Declaration}, f.Kind) {
		out = append(out, hinted(ctx, asked(ctx, "earlier", forms.Text, "earlier"), "earlier_hint"))
	}
	return out
}

// ofKind is what limits the answers of a kind.
func ofKind(ctx context.Context, kind forms.Kind) []forms.Field {
	number := func(key string) forms.Field {
		f := asked(ctx, key, forms.Number, key)
		f.Whole, f.Min = true, "1"
		return f
	}
	limit := func(key string) forms.Field { return asked(ctx, key, forms.Number, key) }
	tick := func(key string) forms.Field { return asked(ctx, key, forms.Declaration, key) }
	switch kind {
	case forms.Text:
		return []forms.Field{number("max_chars")}
	case forms.LongText:
		return []forms.Field{number("max_words"), number("max_chars")}
	case forms.Number:
		return append([]forms.Field{limit("min"), limit("max"), tick("whole")}, inEach(ctx, "unit", forms.Text, "unit", false)...)
	case forms.Money:
		currency := hinted(ctx, asked(ctx, "currency", forms.Text, "currency"), "currency_hint")
		currency.MaxChars = 3
		return []forms.Field{limit("min"), limit("max"), currency}
	case forms.Date:
		return []forms.Field{hinted(ctx, asked(ctx, "earliest", forms.Text, "earliest"), "day_hint"), hinted(ctx, asked(ctx, "latest", forms.Text, "latest"), "day_hint")}
	case forms.One, forms.Many:
		return []forms.Field{choiceTable(ctx)}
	case forms.Table:
		return []forms.Field{columnTable(ctx), number("min_rows"), number("max_rows")}
	case forms.File:
		return []forms.Field{number("max_files"), tick("pictures")}
	case forms.Person:
		return []forms.Field{tick("by_email")}
	}
	return nil
}

func choiceTable(ctx context.Context) forms.Field {
	f := hinted(ctx, asked(ctx, "choices", forms.Table, "choices"), "choices_hint")
	f.Optional, f.MinRows, f.MaxRows = false, 2, 100
	f.Columns = append(langColumns(ctx, "answer"), forms.Column{Key: "or", Kind: forms.One, Label: said(ctx, "formdesk.or"), Optional: true, Choices: yes(ctx)})
	return f
}

func columnTable(ctx context.Context) forms.Field {
	f := hinted(ctx, asked(ctx, "columns", forms.Table, "columns"), "columns_hint")
	f.Optional, f.MaxRows = false, 12
	f.Columns = append(langColumns(ctx, "column"),
		forms.Column{Key: "kind", Kind: forms.One, Label: said(ctx, "formdesk.kind"), Choices: chosen(ctx, "formpages.kind.", "text", "number", "money", "date", "one")},
		forms.Column{Key: "optional", Kind: forms.One, Label: said(ctx, "formdesk.may_be_empty"), Optional: true, Choices: yes(ctx)},
		forms.Column{Key: "total", Kind: forms.One, Label: said(ctx, "formdesk.total"), Optional: true, Choices: yes(ctx)},
		forms.Column{Key: "answers", Kind: forms.Text, Label: said(ctx, "formdesk.column_answers"), Hint: said(ctx, "formdesk.column_answers_hint"), Optional: true, MaxChars: 1000})
	return f
}

// earlier are the questions that are asked before one; all where it is new.
func earlier(d forms.Definition, key string) []forms.Field {
	all := d.Fields()
	if i := slices.IndexFunc(all, func(f forms.Field) bool { return f.Key == key }); i >= 0 {
		return all[:i]
	}
	return all
}

// outcomes are the answers that a condition may ask for: each choice, and any answer at all.
func outcomes(ctx context.Context, fields []forms.Field) []forms.Choice {
	lang := locale.Of(ctx).Lang
	var out []forms.Choice
	for _, f := range fields {
		label := f.Label.Text(lang)
		out = append(out, forms.Choice{Value: f.Key, Label: plain(ctx, label+": "+locale.T(ctx, "formdesk.answered"))})
		for _, c := range f.Choices {
			out = append(out, forms.Choice{Value: f.Key + "=" + c.Value, Label: plain(ctx, label+": "+c.Label.Text(lang))})
		}
	}
	return out
}

func conditionTable(ctx context.Context, key string, offers []forms.Choice) forms.Field {
	f := hinted(ctx, asked(ctx, key, forms.Table, key), "conditions_hint")
	f.MaxRows = 20
	f.Columns = []forms.Column{{Key: "answer", Kind: forms.One, Label: said(ctx, "formdesk.condition_answer"), Choices: offers},
		{Key: "not", Kind: forms.One, Label: said(ctx, "formdesk.condition_not"), Optional: true, Choices: yes(ctx)}}
	return f
}

// conditionRows writes conditions as rows, one an outcome.
func conditionRows(all []forms.Condition) forms.Value {
	var v forms.Value
	put := func(outcome string, not bool) {
		v.Rows = append(v.Rows, forms.Row{ID: "c" + strconv.Itoa(len(v.Rows)), Cells: map[string]forms.Value{"answer": {Text: outcome}, "not": ticked(not)}})
	}
	for _, c := range all {
		if len(c.Is) == 0 {
			put(c.Field, c.Not)
		}
		for _, value := range c.Is {
			put(c.Field+"="+value, c.Not)
		}
	}
	return v
}

// conditions reads rows: those of one question are alternatives, those of several all hold.
func conditions(v forms.Value) []forms.Condition {
	var out []forms.Condition
	for _, row := range v.Rows {
		field, value, one := strings.Cut(row.Cells["answer"].Text, "=")
		not := row.Cells["not"].Text != ""
		i := slices.IndexFunc(out, func(c forms.Condition) bool { return one && c.Field == field && c.Not == not && len(c.Is) > 0 })
		switch {
		case field == "":
		case i >= 0:
			out[i].Is = append(out[i].Is, value)
		case one:
			out = append(out, forms.Condition{Field: field, Is: []string{value}, Not: not})
		default:
			out = append(out, forms.Condition{Field: field, Not: not})
		}
	}
	return out
}

func (h *Handler) sourceChoices(ctx context.Context, kind forms.Kind) []forms.Choice {
	out := chosen(ctx, "formdesk.source_", "none")
	for _, source := range h.sources {
		if source.Kind == kind {
			out = append(out, chosen(ctx, "formdesk.source_", source.Name)...)
		}
	}
	return out
}

// fieldAnswers are the sheet's answers that say what the question is now.
func fieldAnswers(f forms.Field) forms.Answers {
	a := forms.Answers{}
	putWords(a, "label", f.Label)
	putWords(a, "hint", f.Hint)
	putWords(a, "missing", f.Missing)
	putWords(a, "unit", f.Unit)
	count := func(key string, n int) {
		if n > 0 {
			a[key] = forms.Value{Number: strconv.Itoa(n)}
		}
	}
	count("max_chars", f.MaxChars)
	count("max_words", f.MaxWords)
	count("max_files", f.MaxFiles)
	count("min_rows", f.MinRows)
	count("max_rows", f.MaxRows)
	if f.Kind == forms.Date {
		a["earliest"], a["latest"] = forms.Value{Text: f.Min}, forms.Value{Text: f.Max}
	} else {
		a["min"], a["max"] = forms.Value{Number: f.Min}, forms.Value{Number: f.Max}
	}
	a["whole"], a["pictures"], a["by_email"] = forms.Value{Agreed: f.Whole}, forms.Value{Agreed: f.Pictures}, forms.Value{Agreed: f.ByEmail}
	a["currency"] = forms.Value{Text: f.Currency}
	a["need"] = forms.Value{Text: need(f)}
	a["required_if"], a["shown_if"] = conditionRows(f.RequiredIf), conditionRows(f.ShownIf)
	a["choices"], a["columns"] = choiceRows(f.Choices), columnRows(f.Columns)
	if key, ok := strings.CutPrefix(f.From, forms.Earlier); ok {
		a["earlier"] = forms.Value{Text: key}
	} else if f.From != "" {
		a["from"] = forms.Value{Text: f.From}
	}
	return a
}

func need(f forms.Field) string {
	switch {
	case len(f.RequiredIf) > 0:
		return "if"
	case f.Optional:
		return "optional"
	}
	return "always"
}

// choiceRows are choices as rows; the row of a choice is named by its value, which stays.
func choiceRows(all []forms.Choice) forms.Value {
	var v forms.Value
	for _, c := range all {
		row := forms.Row{ID: c.Value, Cells: cells(c.Label)}
		row.Cells["or"] = ticked(c.Or)
		v.Rows = append(v.Rows, row)
	}
	return v
}

func columnRows(all []forms.Column) forms.Value {
	var v forms.Value
	for _, c := range all {
		row := forms.Row{ID: c.Key, Cells: cells(c.Label)}
		row.Cells["kind"] = forms.Value{Text: string(c.Kind)}
		row.Cells["optional"], row.Cells["total"] = ticked(c.Optional), ticked(c.Total)
		row.Cells["answers"] = forms.Value{Text: answersText(c.Choices)}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// answersText writes the choices of a column in one line: "Var / Yes / Есть; Yok / No / Нет".
func answersText(all []forms.Choice) string {
	var out []string
	for _, c := range all {
		var langs []string
		for _, lang := range locale.Langs() {
			langs = append(langs, c.Label.In[string(lang)])
		}
		out = append(out, strings.TrimRight(strings.Join(langs, " / "), " /"))
	}
	return strings.Join(out, "; ")
}

// columnChoices reads such a line; a choice that keeps its first text keeps its value.
func columnChoices(text string, was []forms.Choice) []forms.Choice {
	var out []forms.Choice
	for i, part := range strings.Split(text, ";") {
		c := forms.Choice{Value: "a" + strconv.Itoa(i+1), Label: forms.Words{In: map[string]string{}}}
		for j, one := range strings.Split(part, "/") {
			if one = strings.TrimSpace(one); one != "" && j < len(locale.Langs()) {
				c.Label.In[string(locale.Langs()[j])] = one
			}
		}
		if len(c.Label.In) == 0 {
			continue
		}
		first := c.Label.Text(locale.Default)
		if at := slices.IndexFunc(was, func(x forms.Choice) bool { return x.Label.Text(locale.Default) == first }); at >= 0 {
			c.Value = was[at].Value
		} else if slug := fold.Slug(first); slug != "" {
			c.Value = slug
		}
		out = append(out, c)
	}
	return out
}

// fieldOf is the question as the sheet says, with what the sheet does not ask left as it was.
func fieldOf(f forms.Field, a forms.Answers) forms.Field {
	f.Label, f.Hint, f.Missing, f.Unit = words(a, "label"), words(a, "hint"), words(a, "missing"), words(a, "unit")
	count := func(key string) int { n, _ := strconv.Atoi(a[key].Number); return n }
	f.MaxChars, f.MaxWords, f.MaxFiles, f.MinRows, f.MaxRows = count("max_chars"), count("max_words"), count("max_files"), count("min_rows"), count("max_rows")
	f.Min, f.Max = a["min"].Number, a["max"].Number
	if f.Kind == forms.Date {
		f.Min, f.Max = dayOf(a["earliest"].Text), dayOf(a["latest"].Text)
	}
	f.Whole, f.Pictures, f.ByEmail = a["whole"].Agreed, a["pictures"].Agreed, a["by_email"].Agreed
	f.Currency = strings.ToUpper(a["currency"].Text)
	f.ShownIf, f.RequiredIf = conditions(a["shown_if"]), nil
	f.Optional = a["need"].Text == "optional"
	if a["need"].Text == "if" {
		f.RequiredIf = conditions(a["required_if"])
	}
	f.Choices = choicesOf(f.Choices, a["choices"])
	f.Columns = columnsOf(f.Columns, a["columns"])
	f.From = ""
	if from := a["from"].Text; from != "none" {
		f.From = from
	}
	if key := a["earlier"].Text; key != "" {
		f.From = forms.Earlier + key
	}
	return f
}

// dayOf is a limit of a day: "today", an ISO date, or what was typed, to be found faulty.
func dayOf(text string) string {
	if iso, ok := forms.ParseDate(text); ok {
		return iso
	}
	for _, lang := range locale.Langs() {
		if strings.EqualFold(text, locale.Text(lang, "formdesk.today")) {
			return "today"
		}
	}
	return text
}

func choicesOf(was []forms.Choice, v forms.Value) []forms.Choice {
	var out []forms.Choice
	for _, row := range v.Rows {
		c := forms.Choice{Value: row.ID, Label: rowWords(row), Or: row.Cells["or"].Text != ""}
		if i := slices.IndexFunc(was, func(x forms.Choice) bool { return x.Value == row.ID }); i >= 0 {
			c.Hint = was[i].Hint
		} else {
			c.Value = forms.NewKey(c.Label, func(key string) bool {
				taken := func(x forms.Choice) bool { return x.Value == key }
				return slices.ContainsFunc(was, taken) || slices.ContainsFunc(out, taken)
			})
		}
		out = append(out, c)
	}
	return out
}

func columnsOf(was []forms.Column, v forms.Value) []forms.Column {
	var out []forms.Column
	for _, row := range v.Rows {
		c := forms.Column{Key: row.ID}
		if i := slices.IndexFunc(was, func(x forms.Column) bool { return x.Key == row.ID }); i >= 0 {
			c = was[i]
		} else {
			key := forms.NewKey(rowWords(row), func(key string) bool {
				taken := func(x forms.Column) bool { return x.Key == strings.ReplaceAll(key, "_", "-") }
				return slices.ContainsFunc(was, taken) || slices.ContainsFunc(out, taken)
			})
			c.Key = strings.ReplaceAll(key, "_", "-") // boxes of cells part their names at underscores
		}
		c.Label, c.Kind = rowWords(row), forms.Kind(row.Cells["kind"].Text)
		c.Optional, c.Total = row.Cells["optional"].Text != "", row.Cells["total"].Text != ""
		c.Choices = nil
		if c.Kind == forms.One {
			c.Choices = columnChoices(row.Cells["answers"].Text, choicesOfColumn(was, c.Key))
		}
		out = append(out, c)
	}
	return out
}

// choicesOfColumn are the choices that a column had.
func choicesOfColumn(columns []forms.Column, key string) []forms.Choice {
	for _, c := range columns {
		if c.Key == key {
			return c.Choices
		}
	}
	return nil
}
