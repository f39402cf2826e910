package caseworkpages

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/replies"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// replies reads the templates that the case's office writes with.
func (h *Handler) replies(r *http.Request, v *caseView) (err error) {
	if h.Replies == nil || !v.Handle || !v.Open() {
		return nil
	}
	v.Templates, err = h.Replies.For(r.Context(), v.Actor, v.Office)
	return err
}

// fillSay puts a template into the text that is being written, in the language that the city
// reads; what was written already stays before it. Nothing is sent.
func (h *Handler) fillSay(w http.ResponseWriter, r *http.Request, form sayForm) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	v.Say = h.kept(r, form)
	if form.Refused != nil {
		v.Faults = page.Faults{"files": page.Message(r, form.Refused)}
	}
	i := slices.IndexFunc(v.Templates, func(t replies.Template) bool { return t.PublicID == form.Reply })
	if i < 0 {
		v.Faults = page.Faults{"reply": say(r, "replies.choose_one")}
		return page.Show(w, r, http.StatusUnprocessableEntity, casePage(v))
	}
	lang := v.Reads
	if locale.Known(form.Lang) {
		lang = locale.Lang(form.Lang)
	}
	text, ok := v.Templates[i].In(lang)
	if !ok {
		v.Faults = page.Faults{"reply": locale.T(r.Context(), "replies.not_in", "Lang", langName(r.Context(), string(lang)), "There", langsOf(r.Context(), v.Templates[i]))}
		return page.Show(w, r, http.StatusUnprocessableEntity, casePage(v))
	}
	v.Say.Kind = outward
	v.Say.Body = strings.TrimSpace(form.Body + "\n\n" + replies.Fill(text, v.values(r.Context(), lang)))
	if left := replies.Unfilled(v.Say.Body); len(left) > 0 {
		v.Note = locale.T(r.Context(), "replies.unfilled", "Names", strings.Join(left, ", "))
	}
	return page.Show(w, r, http.StatusOK, casePage(v))
}

// fillTyped puts what the case has for places that were typed by hand into the text, and shows
// it before it goes: whoever sends it shall have read what the city reads.
func (h *Handler) fillTyped(w http.ResponseWriter, r *http.Request, form sayForm) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	typed := strings.Join(replies.Unfilled(form.Body), ", ")
	form.Body = replies.Fill(form.Body, v.values(r.Context(), v.Reads))
	v.Say, v.Faults = h.kept(r, form), page.Faults{"body": locale.T(r.Context(), "replies.filled", "Names", typed)}
	if left := replies.Unfilled(form.Body); len(left) > 0 {
		v.Faults["body"] = locale.T(r.Context(), "replies.unfilled", "Names", strings.Join(left, ", "))
	}
	return page.Show(w, r, http.StatusUnprocessableEntity, casePage(v))
}

// values are what the case puts into a template, in the template's language. What the case
// does not have is empty.
func (v caseView) values(ctx context.Context, lang locale.Lang) map[string]string {
	reader := locale.Of(ctx)
	reader.Lang = lang
	ctx = locale.With(ctx, reader)
	out := map[string]string{"number": v.Reference, "service": v.Flow().Title.In(lang), "city": v.OrgName, "person": locale.Person(ctx, v.Actor.Name),
		"office": services.Named(v.Offices, lang)[v.Office]}
	if due := v.Promised(); due != nil {
		out["due"] = locale.Date(ctx, clock.Own(ctx, *due))
	}
	return out
}

// langsOf are the languages of a template by their own names.
func langsOf(ctx context.Context, t replies.Template) string {
	var out []string
	for _, l := range t.Langs() {
		out = append(out, langName(ctx, string(l)))
	}
	return strings.Join(out, ", ")
}

func (v caseView) templateOptions() []ui.Option {
	var out []ui.Option
	for _, t := range v.Templates {
		out = append(out, ui.Option{Value: t.PublicID, Label: t.Title})
	}
	return out
}

// replyLangs are the languages to fill a template in with, the city's own marked.
func (v caseView) replyLangs(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, l := range locale.Langs() {
		label := langName(ctx, string(l))
		if l == v.Reads {
			label = locale.T(ctx, "replies.city_reads", "Lang", label)
		}
		out = append(out, ui.Option{Value: string(l), Label: label})
	}
	return out
}

// replyLang is the language that is chosen: at first the city's.
func (v caseView) replyLang() string {
	if locale.Known(v.Say.Lang) {
		return v.Say.Lang
	}
	return string(v.Reads)
}
