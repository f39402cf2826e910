// Package adminpages holds the staff's pages of users, roles and mandates, and of the audit
// log.
package adminpages

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/web/page"
)

// pageSize is how many rows a list shows.
const pageSize = 25

// Handler answers the pages below /{lang}/desk/users and /{lang}/desk/audit.
type Handler struct {
	accounts *accounts.Service
	db       postgres.DB
	now      func() time.Time

	// Locators name the records of the audit log; a kind without one is shown by its word.
	Locators map[subject.Kind]subject.Locator
}

// New makes the handler; db is for reading the audit log.
func New(service *accounts.Service, db postgres.DB, now func() time.Time) *Handler {
	return &Handler{accounts: service, db: db, now: now}
}

// Desk mounts the pages below /{lang}/desk. What changes accounts is refused before its
// form is looked at; the service asks again.
func (h *Handler) Desk(r chi.Router) {
	r.Method(http.MethodGet, "/users", page.Handler(h.listUsers))
	r.Method(http.MethodGet, "/users/{user}", page.Handler(h.showUser))
	r.Method(http.MethodGet, "/audit", page.Handler(h.listAudit))
	r.Method(http.MethodGet, "/audit.csv", page.Handler(h.exportAudit))
	r.Method(http.MethodGet, "/audit/{kind}/{record}", page.Handler(h.showAudit))
	r.Group(func(r chi.Router) {
		r.Use(managers)
		r.Method(http.MethodGet, "/users/new", page.Handler(h.newUser))
		r.Method(http.MethodPost, "/users", page.Handler(h.inviteUser))
		r.Method(http.MethodGet, "/users/organisations", page.Handler(h.suggestOrganisations))
		r.Method(http.MethodPost, "/users/{user}", page.Handler(h.saveUser))
		r.Method(http.MethodPost, "/users/{user}/roles", page.Handler(h.giveRole))
		r.Method(http.MethodPost, "/users/{user}/roles/end", page.Handler(h.endRole))
		r.Method(http.MethodPost, "/users/{user}/invitation", page.Handler(h.inviteAgain))
		r.Method(http.MethodPost, "/users/{user}/reset", page.Handler(h.sendReset))
		r.Method(http.MethodPost, "/users/{user}/sign-out", page.Handler(h.signOutUser))
		r.Method(http.MethodPost, "/users/{user}/factors/drop", page.Handler(h.dropFactors))
		r.Method(http.MethodPost, "/users/{user}/off", page.Handler(h.switchOff))
		r.Method(http.MethodPost, "/users/{user}/on", page.Handler(h.switchOn))
	})
}

// managers lets those on who may manage users. Errors: sign_in, forbidden.
func managers(next http.Handler) http.Handler {
	return page.Handler(func(w http.ResponseWriter, r *http.Request) error {
		if err := page.Actor(r).May(identity.ManageUsers); err != nil {
			return err
		}
		next.ServeHTTP(w, r)
		return nil
	})
}
