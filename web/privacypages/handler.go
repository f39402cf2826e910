// Package privacypages holds the public privacy notice, the pages on which people look
// after their own data, and the staff's pages of requests to be forgotten.
package privacypages

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/privacy"
	"github.com/birlik/portal/web/page"
)

// Handler answers the pages of personal data.
type Handler struct {
	privacy *privacy.Service
	now     func() time.Time
}

// New makes the handler.
func New(service *privacy.Service, now func() time.Time) *Handler {
	return &Handler{privacy: service, now: now}
}

// Public mounts the notice below /{lang}; it is the same for everybody.
func (h *Handler) Public(r chi.Router) {
	r.Method(http.MethodGet, "/privacy", page.Handler(h.notice))
	r.Method(http.MethodGet, "/privacy/{number}", page.Handler(h.notice))
}

// Own mounts the pages of one's own data, for signed-in people whose session lacks nothing.
func (h *Handler) Own(r chi.Router) {
	r.Method(http.MethodGet, "/account/data", page.Handler(h.own))
	r.Method(http.MethodPost, "/account/data/notice", page.Handler(h.read))
	r.Method(http.MethodPost, "/account/data/consents/{purpose}", page.Handler(h.choose))
	r.Method(http.MethodPost, "/account/data/exports", page.Handler(h.askExport))
	r.Method(http.MethodGet, "/account/data/exports/{export}", page.Handler(h.export))
	r.Method(http.MethodGet, "/account/data/exports/{export}/file", page.Handler(h.fetch))
	r.Method(http.MethodGet, "/account/data/erasure", page.Handler(h.erasure))
	r.Method(http.MethodPost, "/account/data/erasure", page.Handler(h.ask))
	r.Method(http.MethodPost, "/account/data/erasure/withdraw", page.Handler(h.withdraw))
}

// Desk mounts the staff's pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	r.Method(http.MethodGet, "/erasures", page.Handler(h.erasures))
	r.Method(http.MethodGet, "/erasures/{erasure}", page.Handler(h.handling))
	r.Method(http.MethodPost, "/erasures/{erasure}/refuse", page.Handler(h.refuse))
	r.Method(http.MethodPost, "/erasures/{erasure}/carry-out", page.Handler(h.carryOut))
	r.Group(func(r chi.Router) {
		r.Use(settings)
		r.Method(http.MethodGet, "/privacy", page.Handler(h.versions))
		r.Method(http.MethodGet, "/privacy/new", page.Handler(h.newNotice))
		r.Method(http.MethodPost, "/privacy", page.Handler(h.publish))
	})
}

// settings lets those on who may publish a notice: the pages show what the form begins with.
// Errors: sign_in, forbidden.
func settings(next http.Handler) http.Handler {
	return page.Handler(func(w http.ResponseWriter, r *http.Request) error {
		if err := page.Actor(r).May(identity.EditSettings); err != nil {
			return err
		}
		next.ServeHTTP(w, r)
		return nil
	})
}

// told is what a page says was just done, by the word in its address; anything else says nothing.
func told(r *http.Request) string {
	switch done := r.URL.Query().Get("done"); done {
	case "given", "taken", "withdrawn", "asked", "refused", "carried_out", "published":
		return done
	}
	return ""
}

func conflict(err error) bool { return apperr.Is(err, apperr.Conflict) }
