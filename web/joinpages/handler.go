// Package joinpages is how a city applies for membership: without an account, by a link that
// is mailed, until the boards have decided.
package joinpages

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// Handler answers the pages below /{lang}/join.
type Handler struct {
	membership *membership.Service
	form       *formpages.Form
	cookie     string
	secure     bool
}

// New makes the handler; secure is for https.
func New(service *membership.Service, files *documents.Service, secure bool) *Handler {
	h := &Handler{membership: service, cookie: "birlik-join", secure: secure}
	if secure {
		h.cookie = "__Host-birlik-join"
	}
	h.form = newForm(service, files)
	return h
}

// Find tells the form how municipalities are found by name.
func (h *Handler) Find(cities formpages.Cities) { h.form.Cities = cities }

// Public mounts the way in: what everybody may open. files are mounted for each application.
func (h *Handler) Public(files func(chi.Router)) func(chi.Router) {
	return func(r chi.Router) {
		r.Use(unkept)
		r.Method(http.MethodGet, "/join", page.Handler(h.welcome))
		r.Method(http.MethodPost, "/join", page.Handler(h.start))
		r.Method(http.MethodGet, "/join/open/{token}", page.Handler(h.showOpen))
		r.Method(http.MethodPost, "/join/open/{token}", page.Handler(h.open))
		r.Route("/join/{application}", func(r chi.Router) {
			r.Use(h.holder)
			r.Method(http.MethodGet, "/", page.Handler(h.home))
			r.Route("/form", h.form.Routes)
			r.Method(http.MethodPost, "/send", page.Handler(h.send))
			r.Method(http.MethodGet, "/withdraw", page.Handler(h.showWithdraw))
			r.Method(http.MethodPost, "/withdraw", page.Handler(h.withdraw))
			r.Method(http.MethodGet, "/letter", page.Handler(h.letter))
			r.Group(files)
		})
	}
}

// unkept keeps the pages out of every cache.
func unkept(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// holder lets on whoever holds the link of the application in the address; anybody else is
// shown the way to get one. Nothing tells a foreign application from none.
func (h *Handler) holder(next http.Handler) http.Handler {
	return page.Handler(func(w http.ResponseWriter, r *http.Request) error {
		id, err := page.PublicID(r, "application")
		if err != nil {
			return err
		}
		cookie, err := r.Cookie(h.cookie)
		if err != nil {
			return lost(w, r)
		}
		opened, actor, err := h.membership.Enter(r.Context(), cookie.Value)
		if apperr.Is(err, apperr.NotFound) || err == nil && opened != id {
			return lost(w, r)
		}
		if err != nil {
			return err
		}
		ctx := page.WithActor(r.Context(), actor)
		shell := ui.ShellOf(ctx)
		shell.Nav = []ui.Link{{Label: locale.T(ctx, "membership.your_application"), Href: ui.Path(ctx, "/join/"+id)},
			{Label: locale.T(ctx, "menu.services"), Href: ui.Path(ctx, "/services")}, {Label: locale.T(ctx, "ui.nav_municipalities"), Href: ui.Path(ctx, "/municipalities")}}
		next.ServeHTTP(w, r.WithContext(ui.WithShell(ctx, shell)))
		return nil
	})
}

// lost shows who came without a link that works how to get one: for them there is no such page.
func lost(w http.ResponseWriter, r *http.Request) error {
	return page.Show(w, r, http.StatusNotFound, welcomePage(welcomeView{Lost: true}))
}

// keep gives the browser the secret of an application, as long as a link lives.
func (h *Handler) keep(w http.ResponseWriter, token string) {
	http.SetCookie(w, &http.Cookie{Name: h.cookie, Value: token, Path: "/", HttpOnly: true, Secure: h.secure, SameSite: http.SameSiteLaxMode,
		MaxAge: int(membership.LinkLives.Seconds())})
}

// stepOf reads an act on an application: which one, and where the reader saw it stand.
func stepOf(r *http.Request) (id string, seq int, err error) {
	if id, err = page.PublicID(r, "application"); err != nil {
		return "", 0, err
	}
	if seq, err = strconv.Atoi(r.PostFormValue("seq")); err != nil {
		seq = -1
	}
	return id, seq, nil
}
