// Package absencepages holds the pages on which staff say when they are away and who stands
// in, and hand cases over to a colleague.
package absencepages

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/absences"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/page"
)

// Handler answers the pages /{lang}/desk/absences… and /{lang}/desk/handover.
type Handler struct {
	absences *absences.Service
	requests *requests.Service
	zone     *time.Location // the union's
	now      func() time.Time
}

// New makes the handler; zone is the union's.
func New(service *absences.Service, cases *requests.Service, zone *time.Location, now func() time.Time) *Handler {
	return &Handler{absences: service, requests: cases, zone: zone, now: now}
}

// Desk mounts the pages below /{lang}/desk. What changes something is refused before its
// form is looked at; the services ask again.
func (h *Handler) Desk(r chi.Router) {
	r.Method(http.MethodGet, "/absences", page.Handler(h.list))
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.HandleRequests))
		r.Method(http.MethodPost, "/absences", page.Handler(h.enter))
		r.Method(http.MethodPost, "/absences/{absence}/end", page.Handler(h.end))
		r.Method(http.MethodGet, "/handover", page.Handler(h.showHandover))
		r.Method(http.MethodPost, "/handover", page.Handler(h.handOver))
	})
}

// view is who is away, and the form of an absence.
type view struct {
	absences.Board
	Actor  identity.Actor
	Now    time.Time
	Zone   *time.Location
	Form   form
	Faults page.Faults
	Done   string
}

// May reports whether the reader enters absences of their own, Manage those of colleagues.
func (v view) May() bool { return v.Actor.Can(identity.HandleRequests) }

// Manage reports whether the reader enters and ends colleagues' absences.
func (v view) Manage() bool { return v.Actor.Can(identity.ManageAbsences) }

// Ends reports whether the reader may end an absence.
func (v view) Ends(a absences.Absence) bool {
	return v.Manage() || v.May() && a.UserID == v.Actor.UserID
}

// form is an absence as it is typed; days are the union's.
type form struct {
	Person string `form:"person"`
	Deputy string `form:"deputy"`
	From   string `form:"from"`
	To     string `form:"to"`
	Note   string `form:"note"`
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r)
	if err != nil {
		return err
	}
	if what := r.URL.Query().Get("done"); locale.Has(page.Lang(r), "absences.done."+what) {
		v.Done = locale.T(r.Context(), "absences.done."+what)
	}
	return page.Show(w, r, http.StatusOK, listPage(v))
}

func (h *Handler) read(r *http.Request) (view, error) {
	board, err := h.absences.Board(r.Context(), page.Actor(r))
	return view{Board: board, Actor: page.Actor(r), Now: h.now(), Zone: h.zone}, err
}

// readDay reads a day as people write it; the zero time for what is none.
func (h *Handler) readDay(text string) time.Time {
	iso, _ := forms.ParseDate(text)
	day, err := time.ParseInLocation(time.DateOnly, iso, h.zone)
	if err != nil {
		return time.Time{}
	}
	return day
}

func (h *Handler) enter(w http.ResponseWriter, r *http.Request) error {
	var f form
	if err := page.Decode(r, &f); err != nil {
		return err
	}
	err := h.absences.Enter(r.Context(), page.Actor(r), absences.In{Person: f.Person, Deputy: f.Deputy, From: h.readDay(f.From), To: h.readDay(f.To), Note: f.Note})
	if err == nil {
		return page.Redirect(w, r, "/desk/absences?done=entered")
	}
	faults, ours := page.FaultsOf(r, err)
	if !ours {
		return err
	}
	v, err := h.read(r)
	if err != nil {
		return err
	}
	v.Form, v.Faults = f, faults
	return page.Show(w, r, http.StatusUnprocessableEntity, listPage(v))
}

func (h *Handler) end(w http.ResponseWriter, r *http.Request) error {
	publicID, err := page.PublicID(r, "absence")
	if err != nil {
		return err
	}
	if err := h.absences.End(r.Context(), page.Actor(r), publicID); err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/absences?done=ended")
}
