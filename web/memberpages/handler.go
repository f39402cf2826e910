// Package memberpages holds what the union's staff do with applications and members, and
// what everybody may know of the membership.
package memberpages

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// Tie is a section of a member's record that another area fills: its requests, its dues.
type Tie struct {
	ID    string // of the section
	Title string // message key
	Empty string // message key
	Lines func(ctx context.Context, actor identity.Actor, orgID int64) ([]Line, error)
}

// Line is one record of another area.
type Line struct{ Title, Note, Href string }

// Handler answers the pages.
type Handler struct {
	membership *membership.Service
	accounts   *accounts.Service
	db         postgres.DB
	zone       *time.Location // the union's: days are typed and counted in it
	now        func() time.Time

	// Map is where the members are, the greatest first.
	Map func(ctx context.Context) ([]ui.Point, error)
	// Ties are what other areas know of a member.
	Ties []Tie
}

// New makes the handler; zone is the union's.
func New(service *membership.Service, people *accounts.Service, db postgres.DB, zone *time.Location, now func() time.Time) *Handler {
	return &Handler{membership: service, accounts: people, db: db, zone: zone, now: now}
}

// Public mounts what everybody may read.
func (h *Handler) Public(r chi.Router) {
	r.Method(http.MethodGet, "/members", page.Handler(h.figures))
	r.Method(http.MethodGet, "/members/{member}", page.Handler(h.other))
}

// Desk mounts the pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	get := func(r chi.Router, path string, f page.Handler) { r.Method(http.MethodGet, path, f) }
	post := func(r chi.Router, path string, f page.Handler) { r.Method(http.MethodPost, path, f) }
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.ReadMembers))
		get(r, "/applications", h.applications)
		get(r, "/applications.csv", h.applicationsFile(export.CSV))
		get(r, "/applications.xlsx", h.applicationsFile(export.XLSX))
		get(r, "/applications/{application}", h.application)
		get(r, "/applications/{application}/letter", h.letter)
		get(r, "/members", h.members)
		get(r, "/members.csv", h.membersFile(export.CSV))
		get(r, "/members.xlsx", h.membersFile(export.XLSX))
		get(r, "/members/figures", h.deskFigures)
		get(r, "/members/lapsed", h.lapsed)
		get(r, "/members/{member}", h.member)
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.EditMembers))
		post(r, "/applications/{application}/complete", h.complete)
		get(r, "/applications/{application}/return", h.showReturn)
		post(r, "/applications/{application}/return", h.giveBack)
		post(r, "/applications/{application}/assign", h.assign)
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.DecideMembers))
		get(r, "/applications/{application}/decision", h.showDecision)
		post(r, "/applications/{application}/decision", h.decide)
		get(r, "/members/{member}/fact", h.showFact)
		post(r, "/members/{member}/fact", h.recordFact)
	})
}

// readDay reads a day as people write it, in the union's zone; zero where none is written.
func (h *Handler) readDay(text string) (time.Time, bool) {
	iso, ok := forms.ParseDate(text)
	if !ok {
		return time.Time{}, text == ""
	}
	t, err := time.ParseInLocation(time.DateOnly, iso, h.zone)
	return t, err == nil
}

// applicationsPath and membersPath are where the lists stand, without the language.
const (
	applicationsPath = "/desk/applications"
	membersPath      = "/desk/members"
)

func applicationPath(ctx context.Context, publicID, below string) string {
	return ui.Path(ctx, applicationsPath+"/"+publicID+below)
}

func memberPath(ctx context.Context, publicID, below string) string {
	return ui.Path(ctx, membersPath+"/"+publicID+below)
}
