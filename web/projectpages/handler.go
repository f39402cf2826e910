// Package projectpages holds the public list of projects, their map and pages, and the
// staff's pages of the same.
package projectpages

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/projects"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/writing"
)

// Where the pages stand, without the language.
const (
	publicPath = "/projects"
	deskPath   = "/desk/projects"
)

// Handler answers the pages below /{lang}/projects and /{lang}/desk/projects.
type Handler struct {
	projects *projects.Service
	db       postgres.DB
	zone     *time.Location // the union's: days are typed and counted in it
	now      func() time.Time
	texts    writing.Desk
}

// New makes the handler; db is for reading documents, zone is the union's.
func New(service *projects.Service, db postgres.DB, zone *time.Location, now func() time.Time) *Handler {
	return &Handler{projects: service, db: db, zone: zone, now: now,
		texts: writing.Desk{Texts: service, Base: deskPath, Publish: identity.EditProjects, Zone: zone}}
}

// Public mounts the pages below /{lang}.
func (h *Handler) Public(r chi.Router) {
	r.Method(http.MethodGet, "/projects", page.Handler(h.list))
	r.Method(http.MethodGet, "/projects.csv", page.Handler(h.exported(export.CSV)))
	r.Method(http.MethodGet, "/projects/map", page.Handler(h.onMap))
	r.Method(http.MethodGet, "/projects/map.json", page.Handler(h.points))
	r.Method(http.MethodGet, "/projects/{slug}", page.Handler(h.show))
	r.Method(http.MethodGet, "/projects/{slug}/map.json", page.Handler(h.point))
}

// Desk mounts the pages below /{lang}/desk. What changes a project is refused before its
// form is looked at; the service asks again.
func (h *Handler) Desk(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.ReadProjects))
		r.Method(http.MethodGet, "/projects", page.Handler(h.deskList))
		r.Method(http.MethodGet, "/projects/{record}", page.Handler(h.record))
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.EditProjects))
		r.Method(http.MethodPost, "/projects/{record}/move", page.Handler(h.move))
		r.Method(http.MethodPost, "/projects/{record}/published", page.Handler(h.setPublished))
		r.Method(http.MethodGet, "/projects/{record}/facts", page.Handler(h.showFacts))
		r.Method(http.MethodPost, "/projects/{record}/facts", page.Handler(h.saveFacts))
		h.texts.Routes(r, "/projects")
	})
}
