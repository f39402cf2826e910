// Package duplicatepages holds the staff's pages on which two entries of one municipality
// are found, looked at side by side and made one.
package duplicatepages

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

const pageSize = 30

// Handler answers the pages below /{lang}/desk/duplicates.
type Handler struct {
	municipalities *municipalities.Service
	now            func() time.Time
}

// New makes the handler.
func New(service *municipalities.Service, now func() time.Time) *Handler {
	return &Handler{municipalities: service, now: now}
}

// Desk mounts the pages below /{lang}/desk. {a} and {b} are the public ids of municipalities.
func (h *Handler) Desk(r chi.Router) {
	r.Method(http.MethodGet, "/duplicates", page.Handler(h.list))
	r.Method(http.MethodPost, "/duplicates/look", page.Handler(h.look))
	r.Method(http.MethodGet, "/duplicates/{a}/{b}", page.Handler(h.pair))
	r.Method(http.MethodPost, "/duplicates/{a}/{b}/different", page.Handler(h.different))
	r.Method(http.MethodPost, "/duplicates/{a}/{b}/merge", page.Handler(h.merge))
	r.Method(http.MethodPost, "/duplicates/merges/{merge}/undo", page.Handler(h.undo))
}

// listView is the list of pairs with what was done lately.
type listView struct {
	postgres.Page[municipalities.Candidate]
	Merges []municipalities.Merged
	Now    time.Time
	Done   string
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	v := listView{Now: h.now(), Done: r.URL.Query().Get("done")}
	var err error
	v.Page, err = h.municipalities.Duplicates(r.Context(), page.Actor(r), page.Lang(r), r.URL.Query().Get("after"), pageSize)
	if err != nil {
		return err
	}
	if v.Merges, err = h.municipalities.Merges(r.Context(), page.Actor(r), page.Lang(r), pageSize); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, listPage(v))
}

func (h *Handler) look(w http.ResponseWriter, r *http.Request) error {
	if err := h.municipalities.LookAgain(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/duplicates?done=looking")
}

// pairView is two places side by side.
type pairView struct {
	Sides   [2]municipalities.Compared
	Refused string // why they were not merged
}

func (h *Handler) pair(w http.ResponseWriter, r *http.Request) error {
	sides, err := h.municipalities.Pair(r.Context(), page.Actor(r), page.Lang(r), chi.URLParam(r, "a"), chi.URLParam(r, "b"))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, pairPage(pairView{Sides: sides}))
}

// refused shows the pair again with the reason why it cannot be merged.
func (h *Handler) refused(w http.ResponseWriter, r *http.Request, err error) error {
	sides, failure := h.municipalities.Pair(r.Context(), page.Actor(r), page.Lang(r), chi.URLParam(r, "a"), chi.URLParam(r, "b"))
	if failure != nil {
		return failure
	}
	return page.Show(w, r, http.StatusConflict, pairPage(pairView{Sides: sides, Refused: page.Message(r, err)}))
}

func (h *Handler) different(w http.ResponseWriter, r *http.Request) error {
	err := h.municipalities.Different(r.Context(), page.Actor(r), chi.URLParam(r, "a"), chi.URLParam(r, "b"))
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/duplicates?done=different")
}

// merge keeps the place that the form names.
func (h *Handler) merge(w http.ResponseWriter, r *http.Request) error {
	kept, gone := chi.URLParam(r, "a"), chi.URLParam(r, "b")
	var versions [2]int
	for i, name := range []string{"version_a", "version_b"} {
		var err error
		if versions[i], err = strconv.Atoi(r.PostFormValue(name)); err != nil {
			versions[i] = -1
		}
	}
	switch r.PostFormValue("keep") {
	case kept:
	case gone:
		kept, gone, versions[0], versions[1] = gone, kept, versions[1], versions[0]
	default:
		// The service says first who may not.
		if _, err := h.municipalities.Pair(r.Context(), page.Actor(r), page.Lang(r), kept, gone); err != nil {
			return err
		}
		return apperr.New(apperr.Invalid, "duplicates.choose")
	}
	if _, err := h.municipalities.Merge(r.Context(), page.Actor(r), kept, gone, versions); apperr.Is(err, apperr.Conflict) {
		return h.refused(w, r, err)
	} else if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/duplicates?done=merged")
}

func (h *Handler) undo(w http.ResponseWriter, r *http.Request) error {
	if err := h.municipalities.UndoMerge(r.Context(), page.Actor(r), chi.URLParam(r, "merge")); err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/duplicates?done=undone")
}

// doneText says what was just done; empty for a word that is none of ours.
func doneText(ctx context.Context, done string) string {
	switch done {
	case "looking", "different", "merged", "undone":
		return locale.T(ctx, "duplicates.done."+done)
	}
	return ""
}

func pairPath(ctx context.Context, c municipalities.Candidate, rest string) string {
	return ui.Path(ctx, "/desk/duplicates/"+c.A.PublicID+"/"+c.B.PublicID+rest)
}

// sideFact is one line of the comparison.
type sideFact struct {
	Label string
	Value [2]string
}

// facts are both places in words, line by line.
func (v pairView) facts(ctx context.Context) []sideFact {
	line := func(key string, value func(c municipalities.Compared) string) sideFact {
		return sideFact{locale.T(ctx, key), [2]string{value(v.Sides[0]), value(v.Sides[1])}}
	}
	count := func(n int) string { return locale.Number(ctx, int64(n)) }
	return []sideFact{
		line("duplicates.official", func(c municipalities.Compared) string { return c.Name }),
		line("municipalities.country", func(c municipalities.Compared) string { return c.Country }),
		line("municipalities.region", func(c municipalities.Compared) string { return c.Region }),
		line("duplicates.district", func(c municipalities.Compared) string { return c.District }),
		line("municipalities.population", func(c municipalities.Compared) string { return population(ctx, c) }),
		line("duplicates.place", func(c municipalities.Compared) string {
			return locale.Decimal(ctx, c.Lat, 4) + " / " + locale.Decimal(ctx, c.Lon, 4)
		}),
		line("duplicates.source", func(c municipalities.Compared) string { return c.SourceID }),
		line("duplicates.website", func(c municipalities.Compared) string { return c.Website }),
		line("duplicates.standing", func(c municipalities.Compared) string { return standing(ctx, c) }),
		line("duplicates.contacts", func(c municipalities.Compared) string { return count(c.Contacts) }),
		line("duplicates.people", func(c municipalities.Compared) string { return count(c.People) }),
		line("duplicates.requests", func(c municipalities.Compared) string { return count(c.Requests) }),
		line("duplicates.open", func(c municipalities.Compared) string { return count(c.OpenRequests) }),
	}
}

func population(ctx context.Context, c municipalities.Compared) string {
	if c.Population == nil {
		return ""
	}
	text := locale.Number(ctx, *c.Population)
	if c.PopulationYear != nil {
		text += " (" + strconv.Itoa(*c.PopulationYear) + ")"
	}
	return text
}

func standing(ctx context.Context, c municipalities.Compared) string {
	text := locale.T(ctx, "duplicates.standing."+string(c.Standing))
	if c.Joined != nil {
		text += " · " + locale.Date(ctx, *c.Joined)
	}
	return text
}
