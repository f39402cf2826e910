// Package eventpages holds the public calendar of events, each event's page, their files
// for calendars, and the desk where staff keep them.
package eventpages

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/web/page"
)

// Handler answers the pages below /{lang}/events and /{lang}/desk/events.
type Handler struct {
	events *events.Service
	zone   *time.Location // the union's
	now    func() time.Time
}

// New makes the handler; zone is the union's.
func New(service *events.Service, zone *time.Location, now func() time.Time) *Handler {
	return &Handler{events: service, zone: zone, now: now}
}

// Public mounts the pages below /{lang}.
func (h *Handler) Public(r chi.Router) {
	r.Method(http.MethodGet, "/events", page.Handler(h.list))
	r.Method(http.MethodGet, "/events.ics", page.Handler(h.feed))
	r.Method(http.MethodGet, "/events.csv", page.Handler(h.table))
	r.Method(http.MethodGet, "/events/month", page.Handler(h.month))
	r.Method(http.MethodGet, "/events/{slug}", page.Handler(h.show))
	r.Method(http.MethodGet, "/events/{slug}.ics", page.Handler(h.file))
	r.Method(http.MethodGet, "/events/{slug}/map.json", page.Handler(h.point))
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	v := listView{At: readPlace(r)}
	var err error
	if v.Filter, err = h.readFilter(r); err != nil {
		return err
	}
	v.Listing, err = h.events.List(r.Context(), page.Actor(r), page.Lang(r), v.Filter, v.At)
	if err != nil {
		return err
	}
	if page.Fragment(r) {
		return page.Show(w, r, http.StatusOK, results(v))
	}
	return page.Show(w, r, http.StatusOK, listPage(v))
}

// readFilter reads the filter from the address; a city that was typed without a script is
// looked up by its name.
func (h *Handler) readFilter(r *http.Request) (events.Filter, error) {
	f := filterOf(r)
	typed := short(r.URL.Query().Get("city_text"))
	if f.City != "" || typed == "" {
		return f, nil
	}
	var err error
	f.City, err = h.events.FindCity(r.Context(), page.Actor(r), page.Lang(r), typed)
	return f, err
}
