package formdeskpages

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
)

// ruleSheet asks what two sides have to stand in which way.
func ruleSheet(ctx context.Context, d forms.Definition) []forms.Field {
	offers := operands(ctx, d)
	side := func(key string) forms.Field {
		f := asked(ctx, key, forms.One, key)
		f.Choices = offers
		return f
	}
	left, is := side("left"), asked(ctx, "is", forms.One, "comparison")
	left.Optional, is.Optional = false, false
	for _, c := range forms.Comparisons() {
		is.Choices = append(is.Choices, chosen(ctx, "formdesk.is_", string(c))...)
	}
	percent, days := hinted(ctx, asked(ctx, "percent", forms.Number, "percent"), "percent_hint"), hinted(ctx, asked(ctx, "days", forms.Number, "days"), "days_hint")
	days.Whole = true
	out := []forms.Field{left, side("left_plus"), is, side("right"), side("right_plus"),
		hinted(ctx, asked(ctx, "value", forms.Text, "value"), "value_hint"), percent, days}
	return append(out, inEach(ctx, "words", forms.Text, "rule_words", true)...)
}

// operands are what a rule can compare: numbers, amounts, days, and the sums of tables.
func operands(ctx context.Context, d forms.Definition) []forms.Choice {
	lang := locale.Of(ctx).Lang
	var out []forms.Choice
	for _, f := range d.Fields() {
		label := f.Label.Text(lang)
		switch f.Kind {
		case forms.Number, forms.Money, forms.Date:
			out = append(out, forms.Choice{Value: f.Key, Label: plain(ctx, label)})
		case forms.Table:
			for _, c := range f.Columns {
				if c.Kind == forms.Number || c.Kind == forms.Money {
					out = append(out, forms.Choice{Value: f.Key + "." + c.Key, Label: plain(ctx, locale.T(ctx, "formdesk.sum_of", "Table", label, "Column", c.Label.Text(lang)))})
				}
			}
		}
	}
	return out
}

func ruleAnswers(r forms.Rule) forms.Answers {
	a := forms.Answers{"left": {Text: operand(r.Left)}, "is": {Text: string(r.Is)}, "right": {Text: operand(r.Right)},
		"value": {Text: r.Right.Value}, "percent": {Number: r.Right.Percent}}
	if r.Right.Days != 0 {
		a["days"] = forms.Value{Number: strconv.Itoa(r.Right.Days)}
	}
	if len(r.Left.Plus) > 0 {
		a["left_plus"] = forms.Value{Text: operand(r.Left.Plus[0])}
	}
	if len(r.Right.Plus) > 0 {
		a["right_plus"] = forms.Value{Text: operand(r.Right.Plus[0])}
	}
	putWords(a, "words", r.Words)
	return a
}

func operand(t forms.Term) string {
	if t.Column != "" {
		return t.Field + "." + t.Column
	}
	return t.Field
}

func termOf(text string) forms.Term {
	field, column, _ := strings.Cut(text, ".")
	return forms.Term{Field: field, Column: column}
}

func ruleOf(r forms.Rule, a forms.Answers) forms.Rule {
	r.Left, r.Right = termOf(a["left"].Text), termOf(a["right"].Text)
	if r.Right.Field == "" {
		r.Right.Value = fixedValue(a["value"].Text)
	}
	r.Right.Percent = a["percent"].Number
	r.Right.Days, _ = strconv.Atoi(a["days"].Number)
	if plus := a["left_plus"].Text; plus != "" {
		r.Left.Plus = []forms.Term{termOf(plus)}
	}
	if plus := a["right_plus"].Text; plus != "" {
		r.Right.Plus = []forms.Term{termOf(plus)}
	}
	r.Is, r.Words = forms.Comparison(a["is"].Text), words(a, "words")
	return r
}

// fixedValue reads a day or a number as people type it.
func fixedValue(text string) string {
	if number, ok := forms.ParseNumber(text, locale.TR, 2); ok {
		return number
	}
	return dayOf(text)
}

// ruleText says a rule in a line: "Own contribution ≤ 10 % of the cost".
func ruleText(ctx context.Context, d forms.Definition, r forms.Rule) string {
	return termText(ctx, d, r.Left) + " " + locale.T(ctx, "formdesk.sign_"+string(r.Is)) + " " + termText(ctx, d, r.Right)
}

func termText(ctx context.Context, d forms.Definition, t forms.Term) string {
	lang := locale.Of(ctx).Lang
	f, _ := d.Field(t.Field)
	text := cmp.Or(f.Label.Text(lang), t.Value, t.Field)
	if c, ok := f.Column(t.Column); ok {
		text = locale.T(ctx, "formdesk.sum_of", "Table", text, "Column", c.Label.Text(lang))
	}
	if t.Percent != "" {
		text = locale.T(ctx, "formdesk.share_of", "Percent", t.Percent, "What", text)
	}
	if t.Days != 0 {
		text = locale.T(ctx, "formdesk.later_by", "Count", t.Days, "What", text)
	}
	for _, p := range t.Plus {
		text += " + " + termText(ctx, d, p)
	}
	return text
}
