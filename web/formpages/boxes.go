package formpages

import (
	"context"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/bojanz/currency"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/ui"
)

// box is one field of a page as it is drawn.
type box struct {
	question
	Field  forms.Field
	Value  forms.Value
	Label  string
	Hint   string
	Large  bool // its label is the page's question
	Option bool // need not be answered
}

// boxes are the fields of the page.
func (q question) boxes(ctx context.Context) []box {
	lang := locale.Of(ctx).Lang
	out := make([]box, len(q.Fields))
	for i, f := range q.Fields {
		out[i] = box{question: q, Field: f, Value: q.Answers[f.Key], Label: f.Label.Text(lang), Hint: f.Hint.Text(lang),
			Large: q.single(), Option: !q.Submission.Definition.IsRequired(f, q.Submission.Answers)}
	}
	return out
}

// single reports whether the page asks one thing, whose label then is the page's title.
func (q question) single() bool { return len(q.Fields) == 1 && q.Fields[0].Kind != forms.Declaration }

// title is the page's heading.
func (q question) title(ctx context.Context) string {
	if q.single() {
		return q.Fields[0].Label.Text(locale.Of(ctx).Lang)
	}
	return q.Page.Title.Text(locale.Of(ctx).Lang)
}

// draw is the field's control.
func (b box) draw(ctx context.Context) templ.Component {
	f, key, fault := b.Field, b.Field.Key, say(ctx, b.fault(b.Field, ""))
	switch f.Kind {
	case forms.LongText:
		return ui.TextArea{Name: key, Label: b.Label, Hint: b.Hint, Error: fault, Value: b.Value.Text, Lang: b.foreign(ctx),
			Optional: b.Option, Large: b.Large, Rows: 8, Limit: f.Chars(), Words: f.MaxWords}
	case forms.Number:
		return ui.Field{Name: key, Label: b.Label, Hint: b.Hint, Error: fault, Value: b.number(ctx), Type: "number", Autocomplete: "off",
			Optional: b.Option, Large: b.Large, Width: "short", Suffix: f.Unit.Text(locale.Of(ctx).Lang)}
	case forms.Money:
		return b.money(ctx)
	case forms.Date:
		return ui.DateField{Name: key, Label: b.Label, Hint: b.Hint, Error: fault, Value: b.date(ctx), Optional: b.Option, Large: b.Large}
	case forms.One:
		if len(f.Choices) > mostRadios {
			return ui.Select{Name: key, Label: b.Label, Hint: b.Hint, Error: fault, Value: b.Value.Text, Options: b.options(ctx), Empty: locale.T(ctx, "formpages.choose"),
				Optional: b.Option, Large: b.Large}
		}
		return ui.Radios{Name: key, Label: b.Label, Hint: b.Hint, Error: fault, Value: b.Value.Text, Choices: b.choices(ctx), Optional: b.Option, Large: b.Large}
	case forms.Many:
		return ui.Checkboxes{Name: key, Label: b.Label, Hint: b.Hint, Error: fault, Values: b.Value.List, Choices: b.choices(ctx), Optional: b.Option, Large: b.Large}
	case forms.Place:
		return placeBox(b)
	case forms.Person:
		return personBox(b)
	case forms.Municipality:
		return b.city(ctx)
	case forms.File:
		return b.files(ctx)
	case forms.Table:
		return rowsBox(b)
	case forms.Declaration:
		return ui.Checkbox{Name: key, Label: b.Label, Hint: b.Hint, Error: fault, Checked: b.Value.Agreed}
	}
	return ui.Field{Name: key, Label: b.Label, Hint: b.Hint, Error: fault, Value: b.Value.Text, Autocomplete: f.Autofill, Lang: b.foreign(ctx),
		Optional: b.Option, Large: b.Large}
}

// foreign is the language of the answers where it is not the page's.
func (b box) foreign(ctx context.Context) string {
	if b.Lang == string(locale.Of(ctx).Lang) {
		return ""
	}
	return b.Lang
}

// number is what stands in the box: the number as the language writes it, or what was typed.
func (b box) number(ctx context.Context) string {
	if raw, ok := b.Value.Raw[""]; ok {
		return raw
	}
	if b.Value.Number == "" {
		return ""
	}
	if b.Field.Kind == forms.Money {
		return forms.ShowAmount(b.Value.Number, locale.Of(ctx).Lang)
	}
	if b.Field.Bare {
		return b.Value.Number
	}
	return forms.ShowNumber(b.Value.Number, locale.Of(ctx).Lang)
}

func (b box) date(ctx context.Context) string {
	day, ok := b.Value.Day()
	if !ok {
		return b.Value.Raw[""]
	}
	if locale.Of(ctx).Lang == locale.EN {
		return day.Format("02/01/2006")
	}
	return day.Format("02.01.2006")
}

func (b box) money(ctx context.Context) ui.Money {
	fault := b.fault(b.Field, "")
	if fault == nil {
		fault = b.fault(b.Field, forms.CurrencyBox)
	}
	return ui.Money{Name: b.Field.Key, Label: b.Label, Hint: b.Hint, Error: say(ctx, fault), Value: b.number(ctx),
		Currency: b.currency(b.Value, b.Field), Currencies: currencies(b.Currencies), Optional: b.Option}
}

func (b box) choices(ctx context.Context) []ui.Choice {
	lang := locale.Of(ctx).Lang
	out := make([]ui.Choice, len(b.Field.Choices))
	for i, c := range b.Field.Choices {
		out[i] = ui.Choice{Value: c.Value, Label: c.Label.Text(lang), Hint: c.Hint.Text(lang), Or: c.Or}
	}
	return out
}

// mostRadios is how many choices stand side by side; more of them are a list to open.
const mostRadios = 15

func (b box) options(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, c := range b.choices(ctx) {
		out = append(out, ui.Option{Value: c.Value, Label: c.Label})
	}
	return out
}

// fromUs reports an answer that the portal filled in and nobody has gone through.
func (b box) fromUs() bool {
	return slices.Contains(b.Submission.Filled, b.Field.Key) && len(b.Faults) == 0
}

// touched is the union's staff's last change of the answer; nil: there is none.
func (b box) touched() *forms.Touch {
	for i, t := range b.Touched {
		if t.Field == b.Field.Key && !b.Desk {
			return &b.Touched[i]
		}
	}
	return nil
}

func (b box) files(ctx context.Context) ui.FileField {
	fault := b.Refused[b.Field.Key]
	if fault == "" {
		fault = say(ctx, b.fault(b.Field, ""))
	}
	out := ui.FileField{Name: b.Field.Key, Label: b.Label, Hint: b.Hint, Error: fault, Accept: accept(b.Field), Tus: b.tus(ctx),
		MaxBytes: b.MaxBytes, Multiple: b.Field.Files() > 1, Optional: b.Option, Large: b.Large, RemoveName: removeBox}
	for _, f := range b.Value.Files {
		out.Files = append(out.Files, ui.File{ID: f.PublicID, Name: f.Name, About: about(ctx, f), Href: ui.Path(ctx, b.Record.Files+"/"+f.PublicID)})
	}
	return out
}

// tus is where files travel to by themselves; nowhere in a trial.
func (b box) tus(ctx context.Context) string {
	if b.Uploads == "" {
		return ""
	}
	return ui.Path(ctx, b.Uploads)
}

// degrees is what stands in a box of a place.
func (b box) degrees(ctx context.Context, name string) string {
	if raw, ok := b.Value.Raw[name]; ok {
		return raw
	}
	p := b.Value.Place
	switch {
	case p == nil || !p.Known:
		return ""
	case name == forms.LatBox:
		return forms.ShowDegrees(p.Lat, locale.Of(ctx).Lang)
	}
	return forms.ShowDegrees(p.Lon, locale.Of(ctx).Lang)
}

// around is what the map shows first: the place, else the municipality.
func (b box) around() ui.Map {
	m := ui.Map{ID: b.Field.Key + "-map", Lat: b.Centre.Lat, Lon: b.Centre.Lon, Zoom: 5, Low: true, LatName: b.Field.Key + forms.LatBox, LonName: b.Field.Key + forms.LonBox}
	if p := b.Value.Place; p != nil && p.Known {
		m.Lat, m.Lon = p.Lat, p.Lon
	}
	return m
}

// usual are the currencies that projects are often counted in, after the country's own.
var usual = []string{"USD", "EUR", "TRY"}

// currencies is the list to choose from: the likely ones first, then all others.
func currencies(first []string) []ui.Option {
	codes := slices.Concat(first, usual, currency.GetCurrencyCodes())
	out := make([]ui.Option, 0, len(codes))
	seen := map[string]bool{}
	for _, code := range codes {
		if !seen[code] && currency.IsValid(code) {
			seen[code] = true
			out = append(out, ui.Option{Value: code, Label: code})
		}
	}
	return out
}

// version is the hidden box that tells what the writer started from.
func (q question) version() string { return strconv.Itoa(q.Version) }

// steps is where the page stands among the parts of the form; the last part is the check.
func (rec Record) steps(route forms.Route, at int) (now, all int) {
	seen := map[int]bool{}
	for i, s := range route {
		seen[s.Section] = true
		if i == at {
			now = len(seen)
		}
	}
	if at >= len(route) {
		now = len(seen) + 1
	}
	return now, len(seen) + 1
}

func (b box) address() string {
	if b.Value.Place == nil {
		return ""
	}
	return b.Value.Place.Address
}

func (b box) person() forms.Contact {
	if b.Value.Person == nil {
		return forms.Contact{}
	}
	return *b.Value.Person
}
