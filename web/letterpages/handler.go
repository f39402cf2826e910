// Package letterpages is where staff issue official letters and record how they were served,
// and where a municipality finds its own.
package letterpages

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/letters"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

const deskPath = "/desk/letters"

// Handler answers the pages below /{lang}/desk/letters and /{lang}/m/{org}/letters.
type Handler struct {
	letters *letters.Service
	zone    *time.Location // of the union, whose days count
	now     func() time.Time
}

// New makes the handler.
func New(service *letters.Service, zone *time.Location, now func() time.Time) *Handler {
	return &Handler{letters: service, zone: zone, now: now}
}

// Desk mounts the staff's pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.ReadMembers))
		get := func(path string, f page.Handler) { r.Method(http.MethodGet, path, f) }
		get("/letters", h.list)
		get("/letters.csv", h.listFile(export.CSV))
		get("/letters.xlsx", h.listFile(export.XLSX))
		get("/letters/{letter}", h.show)
		get("/letters/{letter}/letter.pdf", h.file("pdf"))
		get("/letters/{letter}/letter.docx", h.file("docx"))
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.WriteMembers))
		r.Method(http.MethodGet, "/letters/new", page.Handler(h.showNew))
		r.Method(http.MethodPost, "/letters/new", page.Handler(h.look))
		r.Method(http.MethodPost, "/letters", page.Handler(h.issue))
		r.Method(http.MethodPost, "/letters/{letter}/servings", page.Handler(h.serve))
	})
}

// Member mounts a municipality's own pages below /{lang}/m/{org}.
func (h *Handler) Member(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.ReadOwn))
		r.Method(http.MethodGet, "/letters", page.Handler(h.own))
		r.Method(http.MethodGet, "/letters/{letter}/letter.pdf", h.file("pdf"))
		r.Method(http.MethodGet, "/letters/{letter}/letter.docx", h.file("docx"))
	})
}

// mediaTypes are those of a letter's files.
var mediaTypes = map[string]string{"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}

// file answers with a letter as a file, named by its number.
func (h *Handler) file(kind string) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := page.PublicID(r, "letter")
		if err != nil {
			return err
		}
		l, _, err := h.letters.Show(r.Context(), page.Actor(r), id)
		if err != nil {
			return err
		}
		draw := l.PDF
		if kind == "docx" {
			draw = l.DOCX
		}
		content, err := draw()
		if err != nil {
			return err
		}
		w.Header().Set("Cache-Control", "private, no-store")
		return page.Attachment(w, r, l.FileName(kind), mediaTypes[kind], content)
	}
}

// readDay reads a day as people write it, as dates are stored; zero where none is written.
func readDay(text string) time.Time {
	iso, ok := forms.ParseDate(text)
	if !ok {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return time.Time{}
	}
	return day
}

func letterPath(ctx context.Context, l letters.Letter, below string) string {
	return ui.Path(ctx, l.DeskPath()+below)
}

// done is what the page says was just done, from the address that a post led back to.
func done(r *http.Request) string {
	what := r.URL.Query().Get("done")
	if what == "" || !locale.Has(page.Lang(r), "letters.done."+what) {
		return ""
	}
	return locale.T(r.Context(), "letters.done."+what)
}
