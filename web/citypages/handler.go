// Package citypages is what a municipality keeps of itself: who acts for it, whom it sends to
// the General Assembly, whom to write to.
package citypages

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/web/page"
)

// Handler answers the pages below /{lang}/m/{org}/people and /contacts.
type Handler struct {
	membership *membership.Service
	accounts   *accounts.Service
	now        func() time.Time
}

// New makes the handler.
func New(service *membership.Service, people *accounts.Service, now func() time.Time) *Handler {
	return &Handler{membership: service, accounts: people, now: now}
}

// Member mounts the pages below /{lang}/m/{org}.
func (h *Handler) Member(r chi.Router) {
	get := func(path string, may identity.Permission, f page.Handler) {
		r.With(page.Only(may)).Method(http.MethodGet, path, f)
	}
	post := func(path string, may identity.Permission, f page.Handler) {
		r.With(page.Only(may)).Method(http.MethodPost, path, f)
	}
	get("/people", identity.ReadOwn, h.people)
	get("/people/invite", identity.EditPeople, h.showInvite)
	post("/people/invite", identity.EditPeople, h.invite)
	get("/people/{mandate}/end", identity.EditPeople, h.showEnd)
	post("/people/{mandate}/end", identity.EditPeople, h.end)
	get("/people/delegate", identity.EditPeople, h.showDelegate)
	post("/people/delegate", identity.EditPeople, h.addDelegate)
	get("/people/delegates/{delegate}/end", identity.EditPeople, h.showEndDelegate)
	post("/people/delegates/{delegate}/end", identity.EditPeople, h.endDelegate)
	get("/contacts", identity.ReadOwn, h.contacts)
	post("/contacts", identity.EditProfile, h.addContact)
	post("/contacts/{contact}/drop", identity.EditProfile, h.dropContact)
}

// section is the address of the municipality's own pages, without the language.
func section(r *http.Request) string { return "/m/" + chi.URLParam(r, "org") }

// readDay reads a day as people write it; zero where none is written.
func readDay(text string, zone *time.Location) (time.Time, bool) {
	iso, ok := forms.ParseDate(text)
	if !ok {
		return time.Time{}, text == ""
	}
	t, err := time.ParseInLocation(time.DateOnly, iso, zone)
	return t, err == nil
}
