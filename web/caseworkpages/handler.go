// Package caseworkpages holds what the union's staff do with requests: what waits for them,
// the list with its filters and views, and each case.
package caseworkpages

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/replies"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/web/cards"
	"github.com/birlik/portal/web/page"
)

// Handler answers the pages /{lang}/desk and /{lang}/desk/requests….
type Handler struct {
	requests  *requests.Service
	documents *documents.Service
	db        postgres.DB
	zone      *time.Location // the union's: days are typed and counted in it
	now       func() time.Time

	// Locators name the records that tasks are about.
	Locators map[subject.Kind]subject.Locator

	// Supports are what was granted on a request; nil: nothing is known of supports.
	Supports func(ctx context.Context, actor identity.Actor, c requests.Case) (cards.Supports, error)

	// Replies are the templates of messages to cities; nil: there are none.
	Replies *replies.Service
}

// New makes the handler; db is for reading tasks, zone is the union's.
func New(service *requests.Service, files *documents.Service, db postgres.DB, zone *time.Location, now func() time.Time) *Handler {
	return &Handler{requests: service, documents: files, db: db, zone: zone, now: now}
}

// Desk mounts the pages below /{lang}/desk. What changes a case is refused before its form
// is looked at; the service asks again.
func (h *Handler) Desk(r chi.Router) {
	r.Method(http.MethodGet, "/", page.Handler(h.home))
	r.Method(http.MethodGet, "/calendar", page.Handler(h.calendar))
	r.Method(http.MethodPost, "/calendar", page.Handler(h.makeCalendar))
	r.Method(http.MethodPost, "/calendar/drop", page.Handler(h.dropCalendar))
	r.Method(http.MethodGet, "/requests", page.Handler(h.list))
	r.Method(http.MethodGet, "/requests.csv", page.Handler(h.exported(export.CSV)))
	r.Method(http.MethodGet, "/requests.xlsx", page.Handler(h.exported(export.XLSX)))
	r.Method(http.MethodPost, "/requests/views", page.Handler(h.keepView))
	r.Method(http.MethodPost, "/requests/views/{view}/delete", page.Handler(h.dropView))
	r.Method(http.MethodPost, "/requests/columns", page.Handler(h.keepColumns))
	r.Method(http.MethodGet, "/requests/{request}", page.Handler(h.show))
	r.Method(http.MethodGet, "/requests/{request}/files/{document}", page.Handler(h.showFile))
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.HandleRequests))
		r.Method(http.MethodPost, "/requests/many", page.Handler(h.doMany))
		r.Method(http.MethodPost, "/requests/undo", page.Handler(h.undo))
		r.Method(http.MethodPost, "/requests/{request}/step", page.Handler(h.step))
		r.Method(http.MethodPost, "/requests/{request}/say", page.Handler(h.say))
		r.Method(http.MethodPost, "/requests/{request}/assign", page.Handler(h.assign))
		r.Method(http.MethodPost, "/requests/{request}/take", page.Handler(h.take))
		r.Method(http.MethodPost, "/requests/{request}/hand-over", page.Handler(h.handOver))
		r.Method(http.MethodGet, "/requests/{request}/ask", page.Handler(h.showAsk))
		r.Method(http.MethodPost, "/requests/{request}/ask", page.Handler(h.ask))
		r.Method(http.MethodGet, "/requests/{request}/moves/{move}", page.Handler(h.showMove))
		r.Method(http.MethodPost, "/requests/{request}/moves/{move}", page.Handler(h.makeMove))
		r.Method(http.MethodPost, "/requests/{request}/checklist", page.Handler(h.tick))
		r.Method(http.MethodPost, "/requests/{request}/papers", page.Handler(h.attach))
		r.Method(http.MethodGet, "/requests/{request}/consult", page.Handler(h.showConsult))
		r.Method(http.MethodPost, "/requests/{request}/consult", page.Handler(h.consult))
		r.Method(http.MethodGet, "/requests/{request}/facts", page.Handler(h.showFacts))
		r.Method(http.MethodPost, "/requests/{request}/facts", page.Handler(h.saveFacts))
		r.Method(http.MethodPost, "/requests/{request}/tasks", page.Handler(h.writeTask))
		r.Method(http.MethodGet, "/requests/{request}/links", page.Handler(h.showLinks))
		r.Method(http.MethodPost, "/requests/{request}/links", page.Handler(h.join))
		r.Method(http.MethodPost, "/requests/{request}/links/{link}/delete", page.Handler(h.part))
		r.Method(http.MethodPost, "/requests/{request}/files/{document}", page.Handler(h.replaceFile))
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.AdviseRequests))
		r.Method(http.MethodGet, "/requests/{request}/advise", page.Handler(h.showAdvise))
		r.Method(http.MethodPost, "/requests/{request}/advise", page.Handler(h.advise))
		r.Method(http.MethodPost, "/requests/{request}/tasks/{task}", page.Handler(h.finishTask))
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.DecideRequests))
		r.Method(http.MethodGet, "/requests/{request}/decision", page.Handler(h.showDecision))
		r.Method(http.MethodPost, "/requests/{request}/decision", page.Handler(h.decide))
	})
}
