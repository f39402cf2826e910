// Package municipalitypages holds the public directory of municipalities, its map, and the
// page of each one.
package municipalitypages

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// Tie is something that a municipality's page shows of another area: a project, a sister city.
type Tie struct {
	Title string
	Lang  string // of the title, where it is not the page's
	Path  string // without the language: "/projects/bridge"
	Note  string // one line: "Approved · infrastructure"
}

// Ties finds what other areas know of a municipality in the reader's language. wire.go fills
// them; a nil one means that nothing is known yet.
type Ties struct {
	Projects func(ctx context.Context, municipality int64) ([]Tie, error)
	Sisters  func(ctx context.Context, municipality int64) ([]Tie, error)
	About    func(ctx context.Context, municipality int64) (About, error)
}

// About is what a municipality says of itself.
type About struct {
	Text, TextLang   string
	Coat             string // address of the picture; empty: none
	Seat, Area, Head string
	Strengths, Needs []string
	Contacts         []Contact
}

// Contact is an office that everybody may write to; Office is already in words.
type Contact struct{ Office, Email, Phone string }

// Handler answers the pages below /{lang}/municipalities.
type Handler struct {
	municipalities *municipalities.Service
	now            func() time.Time
	Ties           Ties
}

// New makes the handler.
func New(service *municipalities.Service, now func() time.Time) *Handler {
	return &Handler{municipalities: service, now: now}
}

// Public mounts the pages below /{lang}.
func (h *Handler) Public(r chi.Router) {
	r.Method(http.MethodGet, "/municipalities", page.Handler(h.directory))
	h.files(r)
	r.Method(http.MethodGet, "/municipalities/map", page.Handler(h.directoryMap))
	r.Method(http.MethodGet, "/municipalities/map.json", page.Handler(h.mapPoints))
	r.Method(http.MethodGet, "/municipalities/suggest", page.Handler(h.suggest))
	r.Method(http.MethodGet, "/municipalities/{slug}", page.Handler(h.profile))
	r.Method(http.MethodGet, "/municipalities/{slug}/map.json", page.Handler(h.profilePoint))
}

func (h *Handler) directory(w http.ResponseWriter, r *http.Request) error {
	v, err := h.list(r, "/municipalities")
	if err != nil {
		return err
	}
	if page.Fragment(r) {
		return page.Show(w, r, http.StatusOK, results(v))
	}
	return page.Show(w, r, http.StatusOK, directoryPage(v))
}

func (h *Handler) directoryMap(w http.ResponseWriter, r *http.Request) error {
	v, err := h.list(r, "/municipalities/map")
	if err != nil {
		return err
	}
	if page.Fragment(r) {
		return page.Show(w, r, http.StatusOK, mapResults(v))
	}
	return page.Show(w, r, http.StatusOK, mapPage(v))
}

func (h *Handler) list(r *http.Request, path string) (listView, error) {
	v := listView{Path: path, Filter: readFilter(r), At: readPlace(r)}
	var err error
	v.Listing, err = h.municipalities.Directory(r.Context(), page.Actor(r), page.Lang(r), v.Filter, v.At)
	return v, err
}

// maxSuggestions is how many places a combobox offers.
const maxSuggestions = 8

func (h *Handler) suggest(w http.ResponseWriter, r *http.Request) error {
	rows, err := h.municipalities.Suggest(r.Context(), page.Actor(r), page.Lang(r), readFilter(r).Text, maxSuggestions)
	if err != nil {
		return err
	}
	options := make([]ui.ComboOption, len(rows))
	for i, row := range rows {
		options[i] = ui.ComboOption{Value: row.Slug, Label: row.Title, Hint: row.Region + ", " + row.Country}
	}
	return page.Show(w, r, http.StatusOK, ui.ComboOptions(options))
}

func (h *Handler) profile(w http.ResponseWriter, r *http.Request) error {
	v := profileView{}
	var err error
	if v.Profile, err = h.find(r); err != nil {
		return err
	}
	if v.MergedInto != "" {
		return page.Redirect(w, r, "/municipalities/%s", v.MergedInto) // not for ever: a merge can be taken back
	}
	if v.Standing.Former() {
		return page.Show(w, r, http.StatusGone, gonePage(v))
	}
	if v.Projects, err = ties(r.Context(), h.Ties.Projects, v.ID); err != nil {
		return err
	}
	if v.Sisters, err = ties(r.Context(), h.Ties.Sisters, v.ID); err != nil {
		return err
	}
	if h.Ties.About != nil {
		if v.About, err = h.Ties.About(r.Context(), v.ID); err != nil {
			return err
		}
	}
	v.zone(h.now())
	// The page says what time it is there.
	w.Header().Set("Cache-Control", "public, max-age=30")
	return page.Show(w, r, http.StatusOK, profilePage(v))
}

func (h *Handler) find(r *http.Request) (municipalities.Profile, error) {
	return h.municipalities.Profile(r.Context(), page.Actor(r), page.Lang(r), chi.URLParam(r, "slug"))
}

func ties(ctx context.Context, of func(context.Context, int64) ([]Tie, error), id int64) ([]Tie, error) {
	if of == nil {
		return nil, nil
	}
	return of(ctx, id)
}

func (h *Handler) profilePoint(w http.ResponseWriter, r *http.Request) error {
	p, err := h.find(r)
	if err != nil {
		return err
	}
	if p.Standing.Former() {
		return apperr.New(apperr.NotFound, "municipalities.not_found")
	}
	return writePoints(w, []feature{newFeature(p.Title, "", "", p.Lat, p.Lon)})
}
