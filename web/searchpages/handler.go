// Package searchpages searches everything that a reader may see, on each side of the portal.
package searchpages

import (
	"context"
	"net/http"
	"regexp"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// limit is how many hits of a kind a page shows; ofAll how many where all kinds are shown.
const (
	limit = 50
	ofAll = 8
)

// maxText is how many characters of a search are looked at.
const maxText = 200

// Handler answers the search pages.
type Handler struct{ db postgres.DB }

// New makes the handler.
func New(db postgres.DB) *Handler { return &Handler{db: db} }

// Public mounts the search of what is public below /{lang}.
func (h *Handler) Public(r chi.Router) { h.mount(r, publicSide) }

// Member mounts the search of a municipality's people, Desk that of the staff.
func (h *Handler) Member(r chi.Router) {
	h.mount(r, memberSide)
	r.Method(http.MethodGet, "/find", page.Handler(h.quickFind))
}

// Desk mounts the staff's search below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	h.mount(r, deskSide)
	r.Method(http.MethodGet, "/find", page.Handler(h.quickFind))
}

// side is the frame that a search stands in.
type side int

const (
	publicSide side = iota
	memberSide
	deskSide
)

func (s side) path(ctx context.Context) string {
	switch s {
	case memberSide:
		return ui.ShellOf(ctx).OrgPath + "/search"
	case deskSide:
		return ui.Path(ctx, "/desk/search")
	}
	return ui.Path(ctx, "/search")
}

func (h *Handler) mount(r chi.Router, on side) {
	r.Method(http.MethodGet, "/search", page.Handler(func(w http.ResponseWriter, r *http.Request) error {
		return h.search(w, r, on)
	}))
}

// group is the hits of one kind.
type group struct {
	Kind subject.Kind
	Hits []search.Hit
}

type view struct {
	Side   side
	Text   string
	Kind   subject.Kind // empty: all
	Groups []group      // of every kind, in the order of search.Kinds
}

func (h *Handler) search(w http.ResponseWriter, r *http.Request, on side) error {
	text := page.Tidy(r.URL.Query().Get("q"))
	if runes := []rune(text); len(runes) > maxText {
		text = string(runes[:maxText])
	}
	v := view{Side: on, Text: text, Kind: subject.Kind(r.URL.Query().Get("kind"))}
	hits, err := h.find(r, text)
	if err != nil {
		return err
	}
	if path := direct(text, hits); path != "" && !page.Fragment(r) {
		http.Redirect(w, r, path, http.StatusSeeOther)
		return nil
	}
	v.Groups = grouped(hits)
	if page.Fragment(r) {
		return page.Show(w, r, http.StatusOK, results(v))
	}
	return page.Show(w, r, http.StatusOK, searchPage(v))
}

func (h *Handler) find(r *http.Request, text string) (hits []search.Hit, err error) {
	if text == "" {
		return nil, nil
	}
	actor := page.Actor(r)
	err = h.db.Read(r.Context(), actor, func(q postgres.Querier) error {
		hits, err = search.Find(r.Context(), q, actor, search.Query{Text: text, Lang: page.Lang(r), Limit: limit})
		return err
	})
	return hits, err
}

// reference is a number by which people know a record.
var reference = regexp.MustCompile(`(?i)^[a-z]{2,5}-\d{4}-\d{1,7}$`)

// direct is the address of the record whose number was typed; nobody wants a list of one. A
// project bears the number of the request that it grew out of: whoever may see the request
// is led there.
func direct(text string, hits []search.Hit) (path string) {
	if !reference.MatchString(text) {
		return ""
	}
	for _, hit := range hits {
		if strings.EqualFold(hit.Reference, text) && (path == "" || hit.Ref.Kind == subject.Request) {
			path = hit.Path
		}
	}
	return path
}

func grouped(hits []search.Hit) []group {
	by := map[subject.Kind][]search.Hit{}
	for _, hit := range hits {
		by[hit.Ref.Kind] = append(by[hit.Ref.Kind], hit)
	}
	var out []group
	for _, kind := range search.Kinds() {
		if len(by[kind]) > 0 {
			out = append(out, group{kind, by[kind]})
		}
	}
	return out
}
