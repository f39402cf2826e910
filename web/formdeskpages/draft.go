package formdeskpages

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// draftView is the draft of a form: what it asks, what is wrong with it, what is different.
type draftView struct {
	forms.Folder
	Flaws   []forms.Flaw
	Note    string
	Fault   string // why it was not published
	Done    string
	Publish bool // the reader may
	needed  func(field string) bool
}

func (h *Handler) draftView(r *http.Request) (draftView, error) {
	file, err := h.drafted(r)
	if err != nil {
		return draftView{}, err
	}
	return draftView{Folder: file, Flaws: h.forms.Flaws(file), Done: done(r), Publish: page.Actor(r).Can(identity.PublishForms),
		needed: func(field string) bool { return h.forms.Needed(file.Key, field) }}, nil
}

func (h *Handler) draft(w http.ResponseWriter, r *http.Request) error {
	v, err := h.draftView(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, draftPage(v))
}

func (h *Handler) publish(w http.ResponseWriter, r *http.Request) error {
	version, err := page.Version(r)
	if err != nil {
		return err
	}
	key, note := chi.URLParam(r, "form"), strings.TrimSpace(r.PostFormValue("note"))
	_, err = h.forms.Publish(r.Context(), page.Actor(r), key, version, note)
	if err == nil {
		return page.Redirect(w, r, "/desk/forms/%s?done=published", key)
	}
	status := page.Status(err)
	if !apperr.Is(err, apperr.Invalid) && !apperr.Is(err, apperr.Conflict) {
		return err
	}
	v, again := h.draftView(r)
	if again != nil {
		return again
	}
	v.Note, v.Fault = note, page.Message(r, err)
	return page.Show(w, r, status, draftPage(v))
}

// path is an address below the draft.
func (v draftView) path(ctx context.Context, rest string) string {
	return ui.Path(ctx, "/desk/forms/"+v.Key+"/draft"+rest)
}

// flaws lists what keeps the draft from being published, each with the way to it.
func (v draftView) flaws(ctx context.Context) ui.ErrorSummary {
	out := ui.ErrorSummary{Title: locale.T(ctx, "formdesk.flaws", "Count", len(v.Flaws))}
	for _, flaw := range v.Flaws {
		what, key := "page", flaw.Page
		switch {
		case flaw.Rule != "":
			what, key = "rule", flaw.Rule
		case flaw.Field != "":
			what, key = "field", flaw.Field
		}
		href := v.path(ctx, "/edit/"+what+"/"+key)
		if key == "" || what == "page" {
			href = "#" + anchor("page", key)
		}
		out.Errors = append(out.Errors, ui.FieldError{Field: anchor(what, key), Href: href,
			Message: strings.TrimPrefix(v.name(ctx, what, key)+": ", ": ") + locale.T(ctx, flaw.Key, flaw.Args...)})
	}
	return out
}

// anchor is the place of a part on the draft's page.
func anchor(what, key string) string { return what + "-" + key }

// name is what a part of the draft is called.
func (v draftView) name(ctx context.Context, what, key string) string {
	d, lang := v.Draft.Definition, locale.Of(ctx).Lang
	var words forms.Words
	switch what {
	case "field":
		f, _ := d.Field(key)
		words = f.Label
	case "page":
		p, _ := d.Page(key)
		words = p.Title
	case "rule":
		rule, _ := d.Rule(key)
		words = rule.Words
	}
	if text := words.Text(lang); text != "" {
		return text
	}
	return key
}

// about says of a question what kind it is and when it is asked.
func (v draftView) about(ctx context.Context, f forms.Field) string {
	parts := []string{locale.T(ctx, "formpages.kind."+string(f.Kind))}
	switch {
	case len(f.RequiredIf) > 0:
		parts = append(parts, locale.T(ctx, "formdesk.sometimes"))
	case f.Optional:
		parts = append(parts, locale.T(ctx, "formdesk.optional"))
	}
	if len(f.ShownIf) > 0 {
		parts = append(parts, locale.T(ctx, "formdesk.conditional"))
	}
	if f.From != "" {
		parts = append(parts, locale.T(ctx, "formdesk.filled"))
	}
	if v.needed(f.Key) {
		parts = append(parts, locale.T(ctx, "formdesk.needed"))
	}
	return strings.Join(parts, " · ")
}

// missing names the languages that a text lacks: "EN, RU".
func missing(texts ...forms.Words) string {
	lacking := map[locale.Lang]bool{}
	for _, w := range texts {
		for _, lang := range w.MissingIn() {
			lacking[lang] = true
		}
	}
	var out []string
	for _, lang := range locale.Langs() {
		if lacking[lang] {
			out = append(out, strings.ToUpper(string(lang)))
		}
	}
	return strings.Join(out, ", ")
}

// texts are all that a question says.
func texts(f forms.Field) []forms.Words {
	out := []forms.Words{f.Label, f.Hint, f.Missing, f.Unit}
	for _, c := range f.Choices {
		out = append(out, c.Label, c.Hint)
	}
	for _, c := range f.Columns {
		out = append(out, c.Label, c.Hint)
		for _, choice := range c.Choices {
			out = append(out, choice.Label)
		}
	}
	return out
}

// gaps is how many parts of the draft lack a language.
func (v draftView) gaps() (n int) {
	for _, s := range v.Draft.Definition.Sections {
		for _, p := range s.Pages {
			if missing(p.Title, p.Lead) != "" {
				n++
			}
			for _, f := range p.Fields {
				if missing(texts(f)...) != "" {
					n++
				}
			}
		}
	}
	return n
}

func (h *Handler) move(w http.ResponseWriter, r *http.Request) error {
	form, what, key := chi.URLParam(r, "form"), chi.URLParam(r, "what"), chi.URLParam(r, "part")
	by := -1
	if r.PostFormValue("by") == "down" {
		by = 1
	}
	err := h.forms.Edit(r.Context(), page.Actor(r), form, func(d *forms.Definition) error {
		switch what {
		case "section":
			return d.MoveSection(key, by)
		case "page":
			return d.MovePage(key, by)
		case "field":
			return d.MoveField(key, by)
		}
		return apperr.New(apperr.NotFound, "forms.element_gone")
	})
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/forms/%s/draft#%s", form, anchor(what, key))
}

func (h *Handler) dropping(w http.ResponseWriter, r *http.Request) error {
	v, err := h.draftView(r)
	if err != nil {
		return err
	}
	what, key := chi.URLParam(r, "what"), chi.URLParam(r, "part")
	return page.Show(w, r, http.StatusOK, dropPage(v, what, key, ""))
}

func (h *Handler) drop(w http.ResponseWriter, r *http.Request) error {
	form, what, key := chi.URLParam(r, "form"), chi.URLParam(r, "what"), chi.URLParam(r, "part")
	if r.PostFormValue("sure") == "" {
		return h.dropping(w, r)
	}
	err := h.forms.Edit(r.Context(), page.Actor(r), form, func(d *forms.Definition) error {
		switch what {
		case "section":
			return d.DropSection(key)
		case "page":
			return d.DropPage(key)
		case "field":
			return d.DropField(key)
		case "rule":
			return d.DropRule(key)
		}
		return apperr.New(apperr.NotFound, "forms.element_gone")
	})
	if apperr.Is(err, apperr.Conflict) {
		v, again := h.draftView(r)
		if again != nil {
			return again
		}
		return page.Show(w, r, http.StatusConflict, dropPage(v, what, key, page.Message(r, err)))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/forms/%s/draft?done=dropped", form)
}

// version shows a published version, and what changed since another.
func (h *Handler) version(w http.ResponseWriter, r *http.Request) error {
	file, err := h.open(r)
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(chi.URLParam(r, "number"))
	at, ok := file.At(n)
	if !ok {
		return apperr.New(apperr.NotFound, "forms.not_found")
	}
	v := versionView{Folder: file, Version: at}
	against, err := strconv.Atoi(r.URL.Query().Get("against"))
	if err != nil {
		against = n - 1
	}
	if other, ok := file.At(against); ok && against != n {
		v.Against = &other
	}
	return page.Show(w, r, http.StatusOK, versionPage(v))
}
