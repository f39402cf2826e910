package writing

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// editView is the editor of one language.
type editView struct {
	Base      string
	Work      translations.Work
	Form      textForm
	Faults    page.Faults
	Conflict  bool // a colleague saved since; Form is the reader's, Work the colleague's
	HasCover  bool
	Cover     *documents.Document
	MaxBytes  int64
	May       bool // publish
	Done      string
	Day, Hour string // typed for a schedule
	Zone      *time.Location
	Letter    bool
	Places    templ.Component
}

// fill puts the newest text into the form; a new translation begins empty.
func (v *editView) fill(zone *time.Location) {
	t := v.Work.Text
	v.Zone = zone
	v.Form = textForm{Title: t.Title, Summary: t.Summary, Body: t.Body, ImageAlt: t.ImageAlt, Slug: v.Work.Now.Slug,
		Base: v.Work.Now.Version, Follows: v.Work.Source.Version}
	if v.translation() {
		return
	}
	v.Form.Follows = 0
}

// translation reports that the language follows another one.
func (v editView) translation() bool {
	return v.Work.Source.Version > 0 && v.Work.Source.Lang != v.Work.Now.Lang
}

// isSource reports that others follow this language.
func (v editView) isSource() bool { return v.Work.Now.Source && v.Work.Now.Version > 0 }

// Tones are how the desk shows how far a language is.
var tones = map[translations.Condition]ui.Tone{
	translations.Missing: ui.StatusPlain, translations.Draft: ui.StatusDraft, translations.Scheduled: ui.StatusReady,
	translations.Outdated: ui.StatusLate, translations.Changed: ui.StatusWork, translations.Published: ui.StatusDone,
}

// Chip is how far a language is, in colour, shape and word.
func Chip(ctx context.Context, s translations.Status) ui.StatusChip {
	c := s.Condition()
	return ui.StatusChip{Tone: tones[c], Label: locale.T(ctx, "writing.condition."+string(c))}
}

// chip is how far the language is that is written; a letter's text is written or is not.
func (v editView) chip(ctx context.Context) ui.StatusChip {
	if !v.Letter || v.Work.Now.Version == 0 {
		return Chip(ctx, v.Work.Now)
	}
	return LetterChip(ctx, v.Work.Now.SourceVersion < v.Work.Now.Meaning && !v.Work.Now.Source)
}

// LetterChip is how far a letter's text is, once it is written.
func LetterChip(ctx context.Context, outdated bool) ui.StatusChip {
	if outdated {
		return ui.StatusChip{Tone: ui.StatusLate, Label: locale.T(ctx, "writing.condition.outdated")}
	}
	return ui.StatusChip{Tone: ui.StatusDone, Label: locale.T(ctx, "writing.written")}
}

// titleLabel is what the first line of a text is called.
func (v editView) titleLabel(ctx context.Context) string {
	if v.Letter {
		return locale.T(ctx, "writing.subject")
	}
	return locale.T(ctx, "writing.title")
}

// tabs are the record's languages: its own ones, and those of the interface that it lacks.
func (v editView) tabs(ctx context.Context) []ui.LangTab {
	var out []ui.LangTab
	seen := map[string]bool{}
	add := func(s translations.Status) {
		chip := editView{Letter: v.Letter, Work: translations.Work{Now: s}}.chip(ctx)
		seen[s.Lang] = true
		out = append(out, ui.LangTab{Lang: locale.Lang(s.Lang), Href: v.path(ctx, s.Lang), State: chip.Tone, Label: chip.Label, Current: s.Lang == v.Work.Now.Lang})
	}
	for _, s := range v.Work.Statuses {
		add(s)
	}
	for _, lang := range append(locale.Langs(), locale.Lang(v.Work.Now.Lang)) {
		if !seen[string(lang)] {
			add(translations.Status{Lang: string(lang)})
		}
	}
	return out
}

// Statuses are a record's languages for a list: each with how far it is.
func Statuses(ctx context.Context, list []translations.Status) []ui.LangTab {
	out := make([]ui.LangTab, len(list))
	for i, s := range list {
		chip := Chip(ctx, s)
		out[i] = ui.LangTab{Lang: locale.Lang(s.Lang), State: chip.Tone, Label: chip.Label}
	}
	return out
}

// more are the other languages that content is written in.
func (v editView) more(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, lang := range []string{"az", "kk", "ky", "uz", "tk", "tt", "ba", "crh", "gag", "ug"} {
		known := lang == v.Work.Now.Lang
		for _, s := range v.Work.Statuses {
			known = known || s.Lang == lang
		}
		if !known {
			out = append(out, ui.Option{Value: lang, Label: locale.LanguageName(ctx, lang)})
		}
	}
	return out
}

// changes are what the source says now and said when the translation was made.
func (v editView) changes(ctx context.Context) []ui.Change {
	return differences(ctx, v.Work.OrigSince, v.Work.Original)
}

// sides are a colleague's text and the reader's own, where they differ.
func (v editView) sides(ctx context.Context) []ui.Change {
	mine := translations.Text{Title: v.Form.Title, Summary: v.Form.Summary, Body: v.Form.Body, ImageAlt: v.Form.ImageAlt}
	return differences(ctx, v.Work.Text, mine)
}

func differences(ctx context.Context, old, now translations.Text) []ui.Change {
	var out []ui.Change
	for _, f := range []struct{ key, old, now string }{
		{"writing.title", old.Title, now.Title}, {"writing.summary", old.Summary, now.Summary},
		{"writing.body", old.Body, now.Body}, {"writing.image_alt", old.ImageAlt, now.ImageAlt},
	} {
		if f.old != f.now {
			out = append(out, ui.Change{Field: locale.T(ctx, f.key), Old: f.old, New: f.now})
		}
	}
	return out
}

// heading is what the page is called: the record's title in its source.
func (v editView) heading(ctx context.Context) string {
	for _, title := range []string{v.Work.Source.Title, v.Work.Now.Title} {
		if title != "" {
			return title
		}
	}
	return locale.T(ctx, "writing.untitled")
}

// scheduled is the day and hour that a language waits for, in the union's zone.
func (v editView) scheduled(ctx context.Context) string {
	if v.Work.Now.PublishAt == nil {
		return ""
	}
	return locale.DateTime(ctx, v.Work.Now.PublishAt.In(v.Zone))
}
