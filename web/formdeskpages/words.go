package formdeskpages

import (
	"context"
	"strings"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
)

// asked is a question of the editor itself, in the reader's language.
func asked(ctx context.Context, key string, kind forms.Kind, label string) forms.Field {
	return forms.Field{Key: key, Kind: kind, Label: said(ctx, "formdesk."+label), Optional: true}
}

// said are words in the reader's language alone.
func said(ctx context.Context, key string, args ...any) forms.Words {
	return plain(ctx, locale.T(ctx, key, args...))
}

func plain(ctx context.Context, text string) forms.Words {
	return forms.Words{In: map[string]string{string(locale.Of(ctx).Lang): text}}
}

// hinted gives a question of the editor its hint.
func hinted(ctx context.Context, f forms.Field, hint string) forms.Field {
	f.Hint = said(ctx, "formdesk."+hint)
	return f
}

// inEach asks for a text in each language; required: at least in the default one, which
// stands in for the others.
func inEach(ctx context.Context, key string, kind forms.Kind, label string, required bool) []forms.Field {
	var out []forms.Field
	for _, lang := range locale.Langs() {
		f := asked(ctx, key+"_"+string(lang), kind, label)
		f.Label = said(ctx, "formdesk.in_language", "What", locale.T(ctx, "formdesk."+label), "Lang", locale.OwnName(string(lang)))
		f.Optional = !required || lang != locale.Default
		if kind == forms.LongText {
			f.MaxChars = 1000
		}
		out = append(out, f)
	}
	return out
}

// putWords fills in the boxes of a text.
func putWords(a forms.Answers, key string, w forms.Words) {
	for _, lang := range locale.Langs() {
		if text := w.In[string(lang)]; text != "" {
			a[key+"_"+string(lang)] = forms.Value{Text: text}
		} else if w.Key != "" {
			a[key+"_"+string(lang)] = forms.Value{Text: locale.Text(lang, w.Key)}
		}
	}
}

// words takes a text out of its boxes.
func words(a forms.Answers, key string) forms.Words {
	var out forms.Words
	for _, lang := range locale.Langs() {
		if text := a[key+"_"+string(lang)].Text; text != "" {
			if out.In == nil {
				out.In = map[string]string{}
			}
			out.In[string(lang)] = text
		}
	}
	return out
}

// langColumns are a text in each language as columns of a table.
func langColumns(ctx context.Context, label string) []forms.Column {
	var out []forms.Column
	for _, lang := range locale.Langs() {
		out = append(out, forms.Column{Key: string(lang), Kind: forms.Text, Optional: lang != locale.Default,
			Label: said(ctx, "formdesk.in_language", "What", locale.T(ctx, "formdesk."+label), "Lang", strings.ToUpper(string(lang)))})
	}
	return out
}

// cells are a text as the cells of a row.
func cells(w forms.Words) map[string]forms.Value {
	out := map[string]forms.Value{}
	for _, lang := range locale.Langs() {
		if text := w.In[string(lang)]; text != "" {
			out[string(lang)] = forms.Value{Text: text}
		}
	}
	return out
}

// rowWords takes a text out of the cells of a row.
func rowWords(row forms.Row) forms.Words {
	out := forms.Words{In: map[string]string{}}
	for _, lang := range locale.Langs() {
		if text := row.Cells[string(lang)].Text; text != "" {
			out.In[string(lang)] = text
		}
	}
	return out
}

// chosen is a choice of one, from values that name messages.
func chosen(ctx context.Context, prefix string, values ...string) []forms.Choice {
	var out []forms.Choice
	for _, v := range values {
		out = append(out, forms.Choice{Value: v, Label: said(ctx, prefix+v)})
	}
	return out
}

// yes is the one choice of a column that says yes or nothing.
func yes(ctx context.Context) []forms.Choice {
	return chosen(ctx, "formdesk.", "yes")
}

func ticked(on bool) forms.Value {
	if on {
		return forms.Value{Text: "yes"}
	}
	return forms.Value{}
}
