package letters

import (
	"context"
	"strings"
	"time"

	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/locale"
)

// Owed is what an addressee owes for a year, as the area of dues says.
type Owed struct {
	Reference, Amount, Open, Currency string
	Year                              int
	DueOn                             time.Time
}

// addressee is whom a letter is written to.
type addressee struct {
	OrgID    int64
	PublicID string
	Name     string            // its own
	Titles   map[string]string // by language
	Own      string            // language
	Reason   string            // that the decision gives for it; empty: none
}

// in is what the addressee is called in a language.
func (a addressee) in(lang locale.Lang) string {
	if title := a.Titles[string(lang)]; title != "" {
		return title
	}
	return a.Name
}

// names are the addressee's own name and the one in the letter's language, each once.
func (a addressee) names(lang locale.Lang) string {
	if title := a.in(lang); title != a.Name {
		return a.Name + "\n" + title
	}
	return a.Name
}

// composed is a letter before it has its number.
type composed struct {
	addressee
	Lang       locale.Lang
	Title      string
	Paragraphs []string
	Rows       [][]string
}

// compose writes one letter from its kind's template, in one language.
func compose(in Input, a addressee, d *decisions.Cited, owed []Owed) composed {
	lang := languageOf(in, a)
	ctx := locale.With(context.Background(), locale.Reader{Lang: lang, Zone: time.UTC})
	say := func(key string, args ...any) string { return locale.Text(lang, key, args...) }
	out := composed{addressee: a, Lang: lang}
	more := in.Texts[lang]
	if in.Kind == General {
		out.Title, out.Paragraphs = more.Title, paragraphs(more.Body)
		return out
	}
	key := "letters.text." + string(in.Kind)
	args := []any{"City", a.in(lang), "Day", dayOf(ctx, in.Day), "Number", "", "Decided", "", "Organ", ""}
	if d != nil {
		args = []any{"City", a.in(lang), "Day", dayOf(ctx, in.Day), "Number", d.Number, "Decided", locale.Date(ctx, d.Date), "Organ", d.Names.In(lang)}
	}
	out.Title = say(key + ".title")
	out.Paragraphs = []string{greeting(lang, in.Greets)}
	out.Paragraphs = append(out.Paragraphs, paragraphs(say(key+".body", args...))...)
	if in.Kind.SaysWhy() && a.Reason != "" {
		out.Paragraphs = append(out.Paragraphs, say("letters.text.reason", "Reason", a.Reason))
	}
	out.Paragraphs = append(out.Paragraphs, paragraphs(more.Body)...)
	out.Paragraphs = append(out.Paragraphs, say("letters.text.close"))
	if in.Kind.OfDues() {
		out.Rows = dueRows(ctx, lang, owed)
	}
	return out
}

// greeting is how a letter begins: to somebody by name, or to all who read it.
func greeting(lang locale.Lang, name string) string {
	if name == "" {
		return locale.Text(lang, "letters.text.greeting")
	}
	return locale.Text(lang, "letters.text.greeting_name", "Name", name)
}

// languageOf is the language of one letter: the one chosen for all, else the addressee's own;
// a general letter is written in what staff wrote.
func languageOf(in Input, a addressee) locale.Lang {
	own := in.Lang
	if own == "" {
		own = a.Own
	}
	if in.Kind == General {
		return locale.Lang(locale.Nearest(own, in.written()))
	}
	if locale.Known(own) {
		return locale.Lang(own)
	}
	return locale.Default
}

func paragraphs(text string) []string {
	var out []string
	for _, p := range strings.Split(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

func dayOf(ctx context.Context, day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return locale.Date(ctx, day)
}

// dueRows are the table of what is owed, its head first.
func dueRows(ctx context.Context, lang locale.Lang, owed []Owed) [][]string {
	head := []string{}
	for _, name := range []string{"reference", "year", "due", "amount", "open"} {
		head = append(head, locale.Text(lang, "letters.column."+name))
	}
	out := [][]string{head}
	for _, o := range owed {
		out = append(out, []string{o.Reference, locale.Text(lang, "letters.year", "Year", o.Year), locale.Date(ctx, o.DueOn),
			locale.Money(ctx, o.Amount, o.Currency), locale.Money(ctx, o.Open, o.Currency)})
	}
	return out
}
