// Package figurepages shows the union's casework in numbers, each leading to its requests.
package figurepages

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/page"
)

// Handler answers the pages /{lang}/desk/figures….
type Handler struct {
	requests *requests.Service
	zone     *time.Location // the union's: months are those of its calendar
	now      func() time.Time
}

// New makes the handler; zone is the union's.
func New(service *requests.Service, zone *time.Location, now func() time.Time) *Handler {
	return &Handler{requests: service, zone: zone, now: now}
}

// Desk mounts the pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	r.Method(http.MethodGet, "/figures", page.Handler(h.show))
	r.Method(http.MethodGet, "/figures/display", page.Handler(h.display))
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.ExportRecords))
		r.Method(http.MethodGet, "/figures.xlsx", page.Handler(h.book))
		r.Method(http.MethodGet, "/figures.csv", page.Handler(h.file))
	})
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, figuresPage(v))
}

// display is one page to be hung up or thrown on a wall.
func (h *Handler) display(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, displayPage(v))
}

func (h *Handler) book(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r)
	if err != nil {
		return err
	}
	return page.DownloadBook(w, r, "figures", []export.Sheet{
		export.SheetOf(countTable("services", "service"), each(v.Services)), export.SheetOf(countTable("offices", "office"), each(v.Offices)),
		export.SheetOf(countTable("months", "month"), each(v.Months)), export.SheetOf(stepTable(), each(v.Details))})
}

// file is one table of the book: services, where the address names no other.
func (h *Handler) file(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r)
	if err != nil {
		return err
	}
	switch r.URL.Query().Get("table") {
	case "offices":
		return page.Download(w, r, countTable("offices", "office"), export.CSV, each(v.Offices))
	case "months":
		return page.Download(w, r, countTable("months", "month"), export.CSV, each(v.Months))
	case "steps":
		return page.Download(w, r, stepTable(), export.CSV, each(v.Details))
	}
	return page.Download(w, r, countTable("services", "service"), export.CSV, each(v.Services))
}

func (h *Handler) read(r *http.Request) (v view, err error) {
	q := r.URL.Query()
	v.Period = q.Get("period")
	v.Today = h.now().In(h.zone)
	m := requests.Measured{Service: q.Get("service"), Office: q.Get("office")}
	if m.From, m.To, err = months(v.Period, v.Today); err != nil {
		v.Period = usual
		m.From, m.To, err = months(usual, v.Today)
	}
	if err != nil {
		return v, err
	}
	v.Export = page.Actor(r).Can(identity.ExportRecords)
	v.Figures, err = h.requests.Measure(r.Context(), page.Actor(r), m)
	return v, err
}

// usual is the period where none is asked for.
const usual = "12m"

// mostMonths bounds a period.
const mostMonths = 120

// months reads a period: "3m" are the last three months with the one under way, "2026" a
// year. Both ends are first days of months.
func months(period string, today time.Time) (from, to time.Time, err error) {
	this := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, time.UTC)
	if count, ok := strings.CutSuffix(period, "m"); ok {
		n, err := strconv.Atoi(count)
		if err == nil && (n < 1 || n > mostMonths) {
			err = strconv.ErrRange
		}
		return this.AddDate(0, 1-n, 0), this, err
	}
	year, err := time.Parse("2006", period)
	return year, year.AddDate(0, 11, 0), err
}
