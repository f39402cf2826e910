package formpages

import (
	"context"
	"strings"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/ui"
)

// Links say where a summary leads; both may be nil.
type Links struct {
	Change func(page string) string     // to the page that asks, by its key
	File   func(publicID string) string // to a file
}

// Summary is what was answered, a card a section, in the order of asking. Questions that
// the answers do not lead to are left out.
func Summary(ctx context.Context, d forms.Definition, answers forms.Answers, to Links) []ui.SummaryCard {
	cards := make([]ui.SummaryCard, 0, len(d.Sections))
	last := -1
	for _, step := range d.Path(answers) {
		if step.Section != last {
			last = step.Section
			cards = append(cards, ui.SummaryCard{Title: d.Sections[last].Title.Text(locale.Of(ctx).Lang)})
		}
		card := &cards[len(cards)-1]
		for _, f := range step.Fields {
			card.Rows = append(card.Rows, row(ctx, step.Page.Key, f, answers[f.Key], to))
		}
	}
	return cards
}

func row(ctx context.Context, pageKey string, f forms.Field, v forms.Value, to Links) ui.SummaryRow {
	out := ui.SummaryRow{Label: f.Label.Text(locale.Of(ctx).Lang), Values: Lines(ctx, f, v)}
	if to.Change != nil {
		out.Change = to.Change(pageKey) + "#" + f.Key
	}
	if len(v.Files) > 0 {
		out.Content = fileValues(v.Files, to.File)
	}
	if len(v.Rows) > 0 {
		out.Content = tableValue(f, v)
	}
	if v.Empty() && f.Optional {
		out.Missing = locale.T(ctx, "formpages.not_answered_optional")
	}
	return out
}

// Lines are an answer in the reader's language, line by line; none where there is no answer.
func Lines(ctx context.Context, f forms.Field, v forms.Value) []string {
	lang := locale.Of(ctx).Lang
	switch {
	case v.Empty():
		return nil
	case f.Kind == forms.Place:
		return placeLines(ctx, v)
	case len(v.Raw) > 0:
		return rawLines(v)
	}
	switch f.Kind {
	case forms.Number:
		if f.Bare {
			return []string{v.Number}
		}
		return []string{strings.TrimSpace(forms.ShowNumber(v.Number, lang) + " " + f.Unit.Text(lang))}
	case forms.Money:
		return []string{locale.Money(ctx, v.Number, v.Currency)}
	case forms.Date:
		day, _ := v.Day()
		return []string{locale.Date(ctx, day)}
	case forms.One, forms.Many:
		return chosen(f, v, lang)
	case forms.Person:
		return lines(v.Person.Name, v.Person.Position, v.Person.Email, v.Person.Phone)
	case forms.Municipality:
		return []string{v.City.Name}
	case forms.Declaration:
		return []string{locale.T(ctx, "formpages.agreed")}
	case forms.File:
		return fileNames(v.Files)
	case forms.Table:
		return rowLines(ctx, f, v)
	}
	return strings.Split(v.Text, "\n")
}

// rawLines are what was typed and not understood.
func rawLines(v forms.Value) []string {
	var out []string
	for _, box := range []string{"", forms.LatBox, forms.LonBox} {
		out = append(out, lines(v.Raw[box])...)
	}
	return out
}

func placeLines(ctx context.Context, v forms.Value) []string {
	out := rawLines(v)
	if v.Place == nil {
		return out
	}
	out = append(lines(strings.Split(v.Place.Address, "\n")...), out...)
	if v.Place.Known {
		lang := locale.Of(ctx).Lang
		out = append(out, locale.T(ctx, "formpages.coordinates", "Lat", forms.ShowDegrees(v.Place.Lat, lang), "Lon", forms.ShowDegrees(v.Place.Lon, lang)))
	}
	return out
}

func chosen(f forms.Field, v forms.Value, lang locale.Lang) []string {
	var out []string
	for _, c := range f.Choices {
		if v.Has(c.Value) {
			out = append(out, c.Label.Text(lang))
		}
	}
	return out
}

func fileNames(files []forms.Attached) []string {
	out := make([]string, len(files))
	for i, f := range files {
		out[i] = f.Name
	}
	return out
}

func lines(all ...string) []string {
	var out []string
	for _, s := range all {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// about is a file's kind and size: "PDF, 2.4 MB".
func about(ctx context.Context, f forms.Attached) string {
	kind := ""
	if i := strings.LastIndexByte(f.Name, '.'); i >= 0 && len(f.Name)-i <= 6 {
		kind = strings.ToUpper(f.Name[i+1:]) + ", "
	}
	return kind + locale.Size(ctx, f.Size)
}

// shows reports whether the portal has a small picture of the file.
func shows(f forms.Attached) bool {
	switch f.MIME {
	case "image/jpeg", "image/png", "image/webp":
		return true
	}
	return false
}
