// Package formdeskpages is where the union's staff build the forms that cities answer: their
// versions, the draft of the next one, a trial of it, and the answers as tables.
package formdeskpages

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
)

// Handler answers the pages below /{lang}/desk/forms.
type Handler struct {
	forms    *forms.Builder
	requests *requests.Service
	sources  []forms.Source // what fields can be filled in from
	help     *formpages.Form
	cities   formpages.Cities
}

// New makes the handler; sources are what the portal can fill fields in from.
func New(builder *forms.Builder, service *requests.Service, files *documents.Service, sources []forms.Source) *Handler {
	return &Handler{forms: builder, requests: service, sources: sources, help: newHelp(service, files)}
}

// Find tells the pages how municipalities are found by name.
func (h *Handler) Find(cities formpages.Cities) { h.cities, h.help.Cities = cities, cities }

// Desk mounts the pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.HelpDrafts))
		r.Method(http.MethodGet, "/drafts", page.Handler(h.drafts))
		r.Route("/drafts/{helped}/form", h.help.Routes)
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.ExportRecords))
		r.Method(http.MethodGet, "/forms/{form}/answers.xlsx", page.Handler(h.book))
		r.Method(http.MethodGet, "/forms/{form}/answers.csv", page.Handler(h.answers))
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.EditForms))
		get := func(path string, f page.Handler) { r.Method(http.MethodGet, path, f) }
		post := func(path string, f page.Handler) { r.Method(http.MethodPost, path, f) }
		get("/forms", h.list)
		get("/forms/new", h.start)
		post("/forms", h.create)
		get("/forms/{form}", h.show)
		get("/forms/{form}/versions/{number}", h.version)
		post("/forms/{form}/draft", h.begin)
		get("/forms/{form}/draft", h.draft)
		post("/forms/{form}/draft/publish", h.publish)
		get("/forms/{form}/draft/discard", h.leaving)
		post("/forms/{form}/draft/discard", h.discard)
		get("/forms/{form}/draft/edit/{what}/{part}", h.edit)
		post("/forms/{form}/draft/edit/{what}/{part}", h.save)
		post("/forms/{form}/draft/move/{what}/{part}", h.move)
		get("/forms/{form}/draft/drop/{what}/{part}", h.dropping)
		post("/forms/{form}/draft/drop/{what}/{part}", h.drop)
		get("/forms/{form}/draft/trial", h.trial)
		get("/forms/{form}/draft/trial/{page}", h.trial)
		post("/forms/{form}/draft/trial/{page}", h.tried)
	})
}

// open reads the form of the address. Errors: not found.
func (h *Handler) open(r *http.Request) (forms.Folder, error) {
	return h.forms.Open(r.Context(), page.Actor(r), chi.URLParam(r, "form"))
}

// drafted is open for a form that has a draft. Errors: not found.
func (h *Handler) drafted(r *http.Request) (forms.Folder, error) {
	file, err := h.open(r)
	if err == nil && file.Draft == nil {
		return file, apperr.New(apperr.NotFound, "forms.no_draft")
	}
	return file, err
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	all, err := h.forms.List(r.Context(), page.Actor(r))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, listPage(listView{Forms: all, Done: done(r)}))
}

// newForm names a form in each language.
type newForm struct {
	TR string `form:"title_tr"`
	EN string `form:"title_en"`
	RU string `form:"title_ru"`
}

func (f newForm) words() forms.Words {
	out := forms.Words{In: map[string]string{}}
	for lang, text := range map[string]string{"tr": f.TR, "en": f.EN, "ru": f.RU} {
		if text != "" {
			out.In[lang] = text
		}
	}
	return out
}

func (h *Handler) start(w http.ResponseWriter, r *http.Request) error {
	return page.Show(w, r, http.StatusOK, startPage(newForm{}, "", page.OnceKey()))
}

func (h *Handler) create(w http.ResponseWriter, r *http.Request) error {
	var form newForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	key, err := h.forms.Create(r.Context(), page.Actor(r), form.words())
	if apperr.Is(err, apperr.Invalid) || apperr.Is(err, apperr.Conflict) {
		return page.Show(w, r, http.StatusUnprocessableEntity, startPage(form, page.Message(r, err), page.OnceKey()))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/forms/%s/draft", key)
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	file, err := h.open(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, showPage(folderView{Folder: file, Done: done(r), Export: page.Actor(r).Can(identity.ExportRecords)}))
}

func (h *Handler) begin(w http.ResponseWriter, r *http.Request) error {
	key := chi.URLParam(r, "form")
	if err := h.forms.Begin(r.Context(), page.Actor(r), key); err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/forms/%s/draft", key)
}

func (h *Handler) leaving(w http.ResponseWriter, r *http.Request) error {
	file, err := h.drafted(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, leavePage(file, ""))
}

func (h *Handler) discard(w http.ResponseWriter, r *http.Request) error {
	version, err := page.Version(r)
	if err != nil {
		return err
	}
	err = h.forms.Discard(r.Context(), page.Actor(r), chi.URLParam(r, "form"), version)
	if apperr.Is(err, apperr.Conflict) {
		file, again := h.drafted(r)
		if again != nil {
			return again
		}
		return page.Show(w, r, http.StatusConflict, leavePage(file, page.Message(r, err)))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/forms?done=discarded")
}

// trialOf is the trial of a draft.
func (h *Handler) trialOf(file forms.Folder) formpages.Trial {
	base := "/desk/forms/" + file.Key + "/draft"
	return formpages.Trial{Definition: file.Draft.Definition, Path: base + "/trial", Home: base, Section: "/desk/forms", Cities: h.cities}
}

func (h *Handler) trial(w http.ResponseWriter, r *http.Request) error {
	file, err := h.drafted(r)
	if err != nil {
		return err
	}
	return h.trialOf(file).Show(w, r)
}

func (h *Handler) tried(w http.ResponseWriter, r *http.Request) error {
	file, err := h.drafted(r)
	if err != nil {
		return err
	}
	return h.trialOf(file).Answer(w, r)
}

// done says what was just done, where the address names it.
func done(r *http.Request) string {
	if key := "formdesk.done." + r.URL.Query().Get("done"); locale.Has(page.Lang(r), key) {
		return locale.T(r.Context(), key)
	}
	return ""
}
