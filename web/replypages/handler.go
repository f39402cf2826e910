// Package replypages is where heads keep the templates of what the desk writes to cities.
package replypages

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/replies"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

const deskPath = "/desk/replies"

// Handler answers the pages below /{lang}/desk/replies.
type Handler struct {
	replies *replies.Service
	offices func(ctx context.Context) ([]services.Bureau, error)
}

// New makes the handler; offices are the union's.
func New(service *replies.Service, offices func(ctx context.Context) ([]services.Bureau, error)) *Handler {
	return &Handler{replies: service, offices: offices}
}

// Desk mounts the pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.EditServices))
		r.Method(http.MethodGet, "/replies", page.Handler(h.list))
		r.Method(http.MethodGet, "/replies/new", page.Handler(h.showNew))
		r.Method(http.MethodPost, "/replies/new", page.Handler(h.save))
		r.Method(http.MethodGet, "/replies/{reply}", page.Handler(h.showEdit))
		r.Method(http.MethodPost, "/replies/{reply}", page.Handler(h.save))
		r.Method(http.MethodPost, "/replies/{reply}/retire", page.Handler(h.retire))
	})
}

// listView is all templates.
type listView struct {
	Rows    []replies.Template
	Offices map[string]string
	Done    string
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	v := listView{}
	var err error
	if v.Rows, err = h.replies.List(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	offices, err := h.offices(r.Context())
	if err != nil {
		return err
	}
	v.Offices = services.Named(offices, page.Lang(r))
	if what := r.URL.Query().Get("done"); what != "" && locale.Has(page.Lang(r), "replies.done."+what) {
		v.Done = locale.T(r.Context(), "replies.done."+what)
	}
	return page.Show(w, r, http.StatusOK, listPage(v))
}

// editView is the form of one template.
type editView struct {
	replies.Template
	Offices []services.Bureau
	Preview bool // show it with an example
	Stale   bool // somebody changed it since
	Faults  page.Faults
}

// form is a template as it is typed.
type form struct {
	Title   string `form:"title"`
	Office  string `form:"office"`
	TextTR  string `form:"text_tr"`
	TextEN  string `form:"text_en"`
	TextRU  string `form:"text_ru"`
	Version int    `form:"version"`
	Act     string `form:"act"`
}

func (f form) texts() map[string]string {
	return map[string]string{"tr": f.TextTR, "en": f.TextEN, "ru": f.TextRU}
}

func (h *Handler) showNew(w http.ResponseWriter, r *http.Request) error {
	return h.draw(w, r, http.StatusOK, editView{})
}

func (h *Handler) showEdit(w http.ResponseWriter, r *http.Request) error {
	publicID, err := page.PublicID(r, "reply")
	if err != nil {
		return err
	}
	t, err := h.replies.Open(r.Context(), page.Actor(r), publicID)
	if err != nil {
		return err
	}
	return h.draw(w, r, http.StatusOK, editView{Template: t})
}

func (h *Handler) draw(w http.ResponseWriter, r *http.Request, status int, v editView) (err error) {
	if v.Offices, err = h.offices(r.Context()); err != nil {
		return err
	}
	return page.Show(w, r, status, editPage(v))
}

// save stores a template, or shows how it would read.
func (h *Handler) save(w http.ResponseWriter, r *http.Request) error {
	var f form
	if err := page.Decode(r, &f); err != nil {
		return err
	}
	v := editView{Template: replies.Template{Title: f.Title, Office: f.Office, Texts: f.texts(), Version: f.Version}}
	if id := chi.URLParam(r, "reply"); id != "" {
		stored, err := h.replies.Open(r.Context(), page.Actor(r), id)
		if err != nil {
			return err
		}
		v.PublicID, v.Retired = stored.PublicID, stored.Retired
	}
	if f.Act == "preview" {
		v.Preview = true
		return h.draw(w, r, http.StatusOK, v)
	}
	_, err := h.replies.Save(r.Context(), page.Actor(r), v.Template)
	if err == nil {
		return page.Redirect(w, r, deskPath+"?done=saved")
	}
	if apperr.Is(err, apperr.Conflict) {
		return h.stale(w, r, v)
	}
	var ours bool
	if v.Faults, ours = page.FaultsOf(r, err); !ours {
		return err
	}
	return h.draw(w, r, http.StatusUnprocessableEntity, v)
}

// stale shows what was typed beside the news that somebody changed the template: saving again
// replaces what they wrote.
func (h *Handler) stale(w http.ResponseWriter, r *http.Request, v editView) error {
	theirs, err := h.replies.Open(r.Context(), page.Actor(r), v.PublicID)
	if err != nil {
		return err
	}
	v.Version, v.Stale = theirs.Version, true
	return h.draw(w, r, http.StatusConflict, v)
}

func (h *Handler) retire(w http.ResponseWriter, r *http.Request) error {
	var f struct {
		Version int  `form:"version"`
		Retired bool `form:"retired"`
	}
	if err := page.Decode(r, &f); err != nil {
		return err
	}
	publicID, err := page.PublicID(r, "reply")
	if err != nil {
		return err
	}
	if err := h.replies.Retire(r.Context(), page.Actor(r), publicID, f.Version, f.Retired); err != nil {
		return err
	}
	what := "revived"
	if f.Retired {
		what = "retired"
	}
	return page.Redirect(w, r, deskPath+"?done=%s", what)
}

// example is what the preview fills in.
func example(lang locale.Lang) map[string]string {
	out := map[string]string{}
	for _, name := range replies.Placeholders() {
		out[name] = locale.Text(lang, "replies.example."+name)
	}
	return out
}

func officeOptions(ctx context.Context, list []services.Bureau) []ui.Option {
	var out []ui.Option
	for _, b := range list {
		out = append(out, ui.Option{Value: b.Code, Label: b.Names.In(locale.Of(ctx).Lang)})
	}
	return out
}
