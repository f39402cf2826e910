// Package profilepages is where a municipality keeps its profile up to date, and where
// staff answer what it proposes.
package profilepages

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/profiles"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// Handler answers the pages below /{lang}/m/{org}/profile and the desk's.
type Handler struct {
	profiles       *profiles.Service
	municipalities *municipalities.Service
	documents      *documents.Service
	now            func() time.Time
}

// New makes the handler.
func New(service *profiles.Service, register *municipalities.Service, files *documents.Service, now func() time.Time) *Handler {
	return &Handler{profiles: service, municipalities: register, documents: files, now: now}
}

// Member mounts the pages below /{lang}/m/{org}.
func (h *Handler) Member(r chi.Router) {
	r.With(page.Only(identity.ReadOwn)).Method(http.MethodGet, "/profile", page.Handler(h.profile))
	r.With(page.Only(identity.ReadOwn)).Method(http.MethodGet, "/profile/proposals/{proposal}", page.Handler(h.proposal))
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.EditProfile))
		for path, f := range map[string]struct{ show, save page.Handler }{
			"/facts":          {h.showFacts, h.propose},
			"/sectors":        {h.showSectors, h.saveSectors},
			"/website":        {h.showWebsite, h.saveWebsite},
			"/maturity":       {h.showMaturity, h.saveMaturity},
			"/names":          {h.showNames, h.addName},
			"/sisters":        {h.showSisters, h.addSister},
			"/coat":           {h.showCoat, h.saveCoat},
			"/confirm":        {h.showConfirm, h.confirm},
			"/texts/{tongue}": {h.showText, h.saveText},
		} {
			r.Method(http.MethodGet, "/profile"+path, f.show)
			r.Method(http.MethodPost, "/profile"+path, f.save)
		}
		r.Method(http.MethodGet, "/profile/suggest", page.Handler(h.suggest))
		r.Method(http.MethodPost, "/profile/names/drop", page.Handler(h.dropName))
		r.Method(http.MethodPost, "/profile/sisters/drop", page.Handler(h.dropSister))
		r.Method(http.MethodPost, "/profile/proposals/{proposal}/withdraw", page.Handler(h.withdraw))
	})
}

// Desk mounts the pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.ReadMembers))
		r.Method(http.MethodGet, "/proposals", page.Handler(h.queue))
		r.Method(http.MethodGet, "/proposals/{proposal}", page.Handler(h.deskProposal))
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.EditMembers))
		r.Method(http.MethodPost, "/proposals/{proposal}", page.Handler(h.answer))
		r.Method(http.MethodGet, "/members/{member}/facts", page.Handler(h.showFacts))
		r.Method(http.MethodPost, "/members/{member}/facts", page.Handler(h.correct))
	})
}

// frame is what every form of the profile has around it.
type frame struct {
	Section  string // the profile's address, without the language
	Version  int    // of the part, as it was read
	Once     string
	Faults   page.Faults
	Conflict *conflict
}

// conflict is what a colleague saved meanwhile beside what the reader wrote.
type conflict struct {
	By, When string
	Changes  []ui.Change
}

func newFrame(r *http.Request) frame {
	return frame{Section: "/m/" + chi.URLParam(r, "org") + "/profile", Once: page.OnceKey()}
}

func newConflict(ctx context.Context, e profiles.Edited, changes []ui.Change) *conflict {
	c := &conflict{By: e.By, Changes: changes}
	if !e.At.IsZero() {
		c.When = clock.Moment(ctx, e.At)
	}
	return c
}

// refused tells what became of a save: nothing to say; the faults to show; whether a
// colleague was quicker. Any other error is the handler's to return.
func refused(r *http.Request, err error) (faults page.Faults, quicker bool, other error) {
	if apperr.Is(err, apperr.Conflict) {
		return nil, true, nil
	}
	faults, ours := page.FaultsOf(r, err)
	if !ours {
		return nil, false, err
	}
	return faults, false, nil
}

// done returns to the profile and says there what happened.
func done(w http.ResponseWriter, r *http.Request, section, what string) error {
	return page.Redirect(w, r, "%s?done=%s", section, what)
}

// said is what the last act did, for the page that follows it.
func said(r *http.Request) string {
	key := "profiles.done." + r.URL.Query().Get("done")
	if r.URL.Query().Get("done") == "" || !locale.Has(page.Lang(r), key) {
		return ""
	}
	return locale.T(r.Context(), key)
}
