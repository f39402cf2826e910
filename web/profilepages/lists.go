package profilepages

import (
	"context"
	"net/http"
	"strconv"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/profiles"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// nameForm is one more name of the municipality.
type nameForm struct {
	Name string `form:"name"`
	Lang string `form:"lang"`
	Kind string `form:"kind"`
}

type namesView struct {
	partView
	nameForm
	Done   string
	Missed string // the name that was to go is not there
}

func (h *Handler) namesView(r *http.Request) (namesView, error) {
	v, _, err := h.part(r, profiles.PartFacts)
	return namesView{partView: v, nameForm: nameForm{Lang: string(page.Lang(r)), Kind: "alternate"}, Done: said(r)}, err
}

func (h *Handler) showNames(w http.ResponseWriter, r *http.Request) error {
	v, err := h.namesView(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, namesPage(v))
}

func (h *Handler) addName(w http.ResponseWriter, r *http.Request) error {
	var form nameForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	cause := h.profiles.AddName(r.Context(), page.Actor(r), profiles.Name{Name: form.Name, Lang: form.Lang, Kind: form.Kind})
	if cause == nil {
		return done(w, r, newFrame(r).Section+"/names", "name")
	}
	faults, ours := page.FaultsOf(r, cause)
	if apperr.Is(cause, apperr.Conflict) {
		faults, ours = page.Faults{"name": page.Message(r, cause)}, true
	}
	if !ours {
		return cause
	}
	v, err := h.namesView(r)
	if err != nil {
		return err
	}
	v.nameForm, v.Faults = form, faults
	return page.Show(w, r, http.StatusUnprocessableEntity, namesPage(v))
}

func (h *Handler) dropName(w http.ResponseWriter, r *http.Request) error {
	cause := h.profiles.DropName(r.Context(), page.Actor(r), page.Tidy(r.PostFormValue("name")))
	if cause == nil {
		return done(w, r, newFrame(r).Section+"/names", "name_dropped")
	}
	if !apperr.Is(cause, apperr.NotFound) {
		return cause
	}
	v, err := h.namesView(r)
	if err != nil {
		return err
	}
	v.Missed = page.Message(r, cause)
	return page.Show(w, r, http.StatusNotFound, namesPage(v))
}

// about is a name in words: its language, its script, its kind.
func about(ctx context.Context, n profiles.Name) string {
	out := locale.T(ctx, "profiles.name_kind."+n.Kind)
	if n.Lang != "und" {
		out += " · " + locale.LanguageName(ctx, n.Lang)
	}
	if n.Script != "Zyyy" {
		out += " · " + locale.ScriptName(ctx, n.Script)
	}
	return out
}

func tongues(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, lang := range append(profiles.Languages(), "ug", "uk", "el", "de", "fr") {
		out = append(out, ui.Option{Value: lang, Label: tongue(ctx, lang)})
	}
	return append(out, ui.Option{Value: "und", Label: locale.T(ctx, "profiles.lang_other")})
}

func nameKinds(ctx context.Context) []ui.Choice {
	var out []ui.Choice
	for _, kind := range profiles.NameKinds() {
		out = append(out, ui.Choice{Value: kind, Label: locale.T(ctx, "profiles.name_kind."+kind), Hint: locale.T(ctx, "profiles.name_hint."+kind)})
	}
	return out
}

// sisterForm is one more sister city: chosen from the list, or typed where there is no script.
type sisterForm struct {
	City  string `form:"city"`
	Text  string `form:"city_text"`
	Since string `form:"since"`
}

type sistersView struct {
	partView
	sisterForm
	Found []municipalities.Row // what a typed name may mean
	Done  string
}

func (h *Handler) sistersView(r *http.Request) (sistersView, error) {
	v, _, err := h.part(r, profiles.PartFacts)
	return sistersView{partView: v, Done: said(r)}, err
}

func (h *Handler) showSisters(w http.ResponseWriter, r *http.Request) error {
	v, err := h.sistersView(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, sistersPage(v))
}

func (h *Handler) addSister(w http.ResponseWriter, r *http.Request) error {
	var form sisterForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	found, err := h.meant(r, &form)
	if err != nil {
		return err
	}
	year, err := strconv.Atoi(form.Since)
	if form.Since == "" {
		year, err = 0, nil
	} else if err != nil {
		year, err = -1, nil // a year that there is not
	}
	cause := h.profiles.AddSister(r.Context(), page.Actor(r), form.City, year)
	if cause == nil {
		return done(w, r, newFrame(r).Section+"/sisters", "sister")
	}
	faults, ours := page.FaultsOf(r, cause)
	if apperr.Is(cause, apperr.Conflict) {
		faults, ours = page.Faults{"city": page.Message(r, cause)}, true
	}
	if !ours {
		return cause
	}
	v, err := h.sistersView(r)
	if err != nil {
		return err
	}
	v.sisterForm, v.Faults, v.Found = form, faults, found
	return page.Show(w, r, http.StatusUnprocessableEntity, sistersPage(v))
}

// meant finds the place that a typed name means, where it can only mean one; else it gives
// those that it may mean, to choose from.
func (h *Handler) meant(r *http.Request, form *sisterForm) ([]municipalities.Row, error) {
	if form.City != "" || form.Text == "" {
		return nil, nil
	}
	rows, err := h.municipalities.Suggest(r.Context(), identity.Anyone(), page.Lang(r), form.Text, suggested)
	if err != nil {
		return nil, err
	}
	if len(rows) == 1 {
		form.City = rows[0].Slug
	}
	return rows, nil
}

func (h *Handler) dropSister(w http.ResponseWriter, r *http.Request) error {
	if err := h.profiles.DropSister(r.Context(), page.Actor(r), page.Tidy(r.PostFormValue("city"))); err != nil {
		return err
	}
	return done(w, r, newFrame(r).Section+"/sisters", "sister_dropped")
}

func (v sistersView) choices() []ui.Choice {
	out := make([]ui.Choice, len(v.Found))
	for i, row := range v.Found {
		out[i] = ui.Choice{Value: row.Slug, Label: row.Title, Hint: row.Region + ", " + row.Country}
	}
	return out
}
