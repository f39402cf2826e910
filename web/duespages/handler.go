// Package duespages is what staff and members see of dues: assessments, payments, the bank,
// rules by year, exchange rates, and a member's own account.
package duespages

import (
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
)

// The addresses, after the language.
const (
	deskPath  = "/desk/dues"
	yearsPath = "/desk/dues/years"
	bankPath  = "/desk/dues/bank"
	ratesPath = "/desk/dues/rates"
)

// Handler answers the pages below /{lang}/desk/dues and /{lang}/m/{org}/dues.
type Handler struct {
	dues *dues.Service
	// Union names the union on receipts, by language.
	union map[locale.Lang]string
	zone  *time.Location // of the union, whose days count
	now   func() time.Time
}

// New makes the handler.
func New(service *dues.Service, union map[locale.Lang]string, zone *time.Location, now func() time.Time) *Handler {
	return &Handler{dues: service, union: union, zone: zone, now: now}
}

// Desk mounts the staff's pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.ReadDues))
		get := func(path string, f page.Handler) { r.Method(http.MethodGet, path, f) }
		get("/dues", h.list)
		get("/dues/assessments/{assessment}", h.show)
		get("/dues/receipts/{payment}.pdf", h.receipt)
		get("/dues/years", h.years)
		get("/dues/years/{year}", h.year)
		get("/dues/runs/{run}", h.run)
		get("/dues/bank", h.bank)
		get("/dues/bank/files/{file}", h.bankFile)
		get("/dues/bank/lines/{line}", h.bankLine)
		get("/dues/rates", h.rates)
		for _, format := range []export.Format{export.CSV, export.XLSX} {
			get("/dues."+string(format), h.listFile(format))
			get("/dues/years/{year}/dry-run."+string(format), h.dryRunFile(format))
		}
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.EditDues))
		r.Method(http.MethodGet, "/dues/remind", page.Handler(h.toRemind))
		r.Method(http.MethodGet, "/dues/years/{year}/rules", page.Handler(h.editRules))
		post := func(path string, f page.Handler) { r.Method(http.MethodPost, path, f) }
		post("/dues/remind", h.remindAll)
		post("/dues/assessments/{assessment}/payments", h.pay)
		post("/dues/assessments/{assessment}/payments/{payment}/back", h.takeBack)
		post("/dues/assessments/{assessment}/waivers", h.waive)
		post("/dues/assessments/{assessment}/reminder", h.remind)
		post("/dues/assessments/{assessment}/cancel", h.cancel)
		post("/dues/years", h.newYear)
		post("/dues/years/{year}/rules", h.saveRules)
		post("/dues/years/{year}/issue", h.issue)
		post("/dues/years/{year}/announce", h.announce)
		post("/dues/bank", h.takeFile)
		post("/dues/bank/lines/{line}/match", h.match)
		post("/dues/bank/lines/{line}/aside", h.setAside)
		post("/dues/rates", h.addRate)
	})
}

// Member mounts a municipality's own pages below /{lang}/m/{org}.
func (h *Handler) Member(r chi.Router) {
	r.Method(http.MethodGet, "/dues", page.Handler(h.own))
	r.Method(http.MethodGet, "/dues/receipts/{payment}.pdf", page.Handler(h.receipt))
}

// yearOf reads the year from the address. Errors: not found.
func yearOf(r *http.Request) (int, error) {
	year, err := strconv.Atoi(chi.URLParam(r, "year"))
	if err != nil || year < 1990 || year > 2200 {
		return 0, apperr.New(apperr.NotFound, "error.not_found")
	}
	return year, nil
}

// today is the union's day, as dates are stored.
func (h *Handler) today() time.Time {
	now := h.now().In(h.zone)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}

// done is what the page says was just done, from the address that a post led back to.
func done(r *http.Request) string {
	what := r.URL.Query().Get("done")
	if what == "" || !locale.Has(page.Lang(r), "dues.done."+what) {
		return ""
	}
	return locale.T(r.Context(), "dues.done."+what)
}
