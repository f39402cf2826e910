// Package styleguidepages shows every component in every state, for eyes and for machines.
// It is mounted in demonstration and development only.
package styleguidepages

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// Handler serves the gallery.
type Handler struct{}

// New makes the gallery's handler.
func New() *Handler { return &Handler{} }

// Routes mounts the gallery below /{lang}. ?theme=dark|light, ?dir=rtl and ?long=1 (long
// texts) change how it is painted.
func (h *Handler) Routes(r chi.Router) {
	r.Method(http.MethodGet, "/styleguide", page.Handler(h.index))
	r.Method(http.MethodGet, "/styleguide/member", page.Handler(h.member))
	r.Method(http.MethodGet, "/styleguide/done", page.Handler(h.done))
	r.Method(http.MethodGet, "/styleguide/desk", page.Handler(h.desk))
	r.Method(http.MethodGet, "/styleguide/panel", page.Handler(h.panel))
	r.Method(http.MethodGet, "/styleguide/plain", page.Handler(h.plain))
	r.Method(http.MethodGet, "/styleguide/error/{status}", page.Handler(h.failure))
	r.Method(http.MethodGet, "/styleguide/cities", page.Handler(h.cities))
	r.Method(http.MethodGet, "/styleguide/places", page.Handler(h.places))
}

// show paints a component as the address asks.
func show(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	shell := ui.ShellOf(r.Context())
	shell.Dir = r.URL.Query().Get("dir")
	shell.Person.Theme = r.URL.Query().Get("theme")
	return page.Show(w, r.WithContext(ui.WithShell(r.Context(), shell)), status, c)
}

// signedIn gives the frame a person, so that signed-in frames can be seen.
func signedIn(r *http.Request, nav []ui.Link) *http.Request {
	shell := ui.ShellOf(r.Context())
	shell.Person = ui.Person{Name: "Aysel Yurdakul", SignedIn: true, Keys: true}
	shell.Nav = nav
	return r.WithContext(ui.WithShell(r.Context(), shell))
}

func (h *Handler) index(w http.ResponseWriter, r *http.Request) error {
	return show(w, r, http.StatusOK, gallery(r.URL.Query().Get("long") != ""))
}

func (h *Handler) member(w http.ResponseWriter, r *http.Request) error {
	return show(w, ofMember(r), http.StatusOK, memberSample())
}

func (h *Handler) done(w http.ResponseWriter, r *http.Request) error {
	return show(w, ofMember(r), http.StatusOK, doneSample())
}

// ofMember gives the frame a person who acts for a municipality.
func ofMember(r *http.Request) *http.Request {
	r = signedIn(r, memberNav(locale.Of(r.Context()).Lang))
	shell := ui.ShellOf(r.Context())
	shell.Person.OrgName = "Gökçeyazı Belediyesi"
	shell.Minutes = 30
	return r.WithContext(ui.WithShell(r.Context(), shell))
}

func (h *Handler) desk(w http.ResponseWriter, r *http.Request) error {
	return show(w, signedIn(r, deskNav(locale.Of(r.Context()).Lang)), http.StatusOK, deskSample())
}

func (h *Handler) panel(w http.ResponseWriter, r *http.Request) error {
	return show(w, signedIn(r, deskNav(locale.Of(r.Context()).Lang)), http.StatusOK, panelSample())
}

func (h *Handler) plain(w http.ResponseWriter, r *http.Request) error {
	return show(w, r, http.StatusOK, plainSample())
}

func (h *Handler) failure(w http.ResponseWriter, r *http.Request) error {
	status, err := strconv.Atoi(chi.URLParam(r, "status"))
	if err != nil || status < 400 || status > 599 {
		status = http.StatusNotFound
	}
	return show(w, r, http.StatusOK, ui.ErrorPage(status, locale.T(r.Context(), "error.not_found"), "birlik/7Hk2-000042"))
}

// cities answers the gallery's combobox.
func (h *Handler) cities(w http.ResponseWriter, r *http.Request) error {
	return show(w, r, http.StatusOK, ui.ComboOptions(matching(r.URL.Query().Get("q"))))
}

// places answers the gallery's map.
func (h *Handler) places(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/geo+json")
	_, err := w.Write(geoJSON())
	return err
}
