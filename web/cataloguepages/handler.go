// Package cataloguepages is where staff keep what can be asked of the union: services with
// their versions, offices with their people, public holidays.
package cataloguepages

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/workdays"
	"github.com/birlik/portal/web/page"
)

// Handler answers the pages /{lang}/desk/services… and /{lang}/desk/settings/holidays….
type Handler struct {
	catalogue *services.Catalogue
	holidays  *workdays.Service
	zone      *time.Location // the union's: days are typed in it
	now       func() time.Time
}

// New makes the handler; zone is the union's.
func New(catalogue *services.Catalogue, holidays *workdays.Service, zone *time.Location, now func() time.Time) *Handler {
	return &Handler{catalogue: catalogue, holidays: holidays, zone: zone, now: now}
}

// Desk mounts the pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	get := func(r chi.Router, path string, f page.Handler) { r.Method(http.MethodGet, path, f) }
	post := func(r chi.Router, path string, f page.Handler) { r.Method(http.MethodPost, path, f) }
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.ManageUsers))
		get(r, "/services/offices/new", h.newOffice)
		post(r, "/services/offices", h.addOffice)
		get(r, "/services/offices/{office}", h.office)
		post(r, "/services/offices/{office}", h.saveOffice)
	})
	get(r, "/services", h.list)
	get(r, "/services/offices", h.offices)
	get(r, "/services/{slug}", h.show)
	get(r, "/services/{slug}/versions/{version}", h.version)
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.EditServices))
		post(r, "/services/{slug}/stand", h.stand)
		get(r, "/services/{slug}/copy", h.showCopy)
		post(r, "/services/{slug}/copy", h.copy)
		post(r, "/services/{slug}/adopt", h.adopt)
		post(r, "/services/{slug}/draft", h.begin)
		get(r, "/services/{slug}/draft", h.draft)
		get(r, "/services/{slug}/draft/preview", h.preview)
		get(r, "/services/{slug}/draft/texts", h.texts)
		post(r, "/services/{slug}/draft/texts", h.saveTexts)
		get(r, "/services/{slug}/draft/steps/{state}", h.step)
		post(r, "/services/{slug}/draft/steps/{state}", h.saveStep)
		get(r, "/services/{slug}/draft/moves/{move}", h.move)
		post(r, "/services/{slug}/draft/moves/{move}", h.saveMove)
		post(r, "/services/{slug}/draft/publish", h.publish)
		post(r, "/services/{slug}/draft/drop", h.drop)
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.EditSettings))
		get(r, "/settings/holidays", h.days)
		post(r, "/settings/holidays", h.addDay)
		post(r, "/settings/holidays/remove", h.removeDay)
	})
}

// done says what was just done, by the address.
func done(r *http.Request) string {
	what := r.URL.Query().Get("done")
	if what == "" || !locale.Has(page.Lang(r), "catalogue.done."+what) {
		return ""
	}
	return locale.T(r.Context(), "catalogue.done."+what)
}

// readDay reads a day as people write it.
func (h *Handler) readDay(text string) (time.Time, bool) {
	iso, ok := forms.ParseDate(text)
	if !ok {
		return time.Time{}, false
	}
	t, err := time.ParseInLocation(time.DateOnly, iso, h.zone)
	return t, err == nil
}

func lang(ctx context.Context) locale.Lang { return locale.Of(ctx).Lang }
