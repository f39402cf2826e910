// Package settingspages holds the lists that administrators edit: countries and territories,
// and fields of activity.
package settingspages

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/web/page"
)

// Handler answers the pages below /{lang}/desk/settings.
type Handler struct{ municipalities *municipalities.Service }

// New makes the handler.
func New(service *municipalities.Service) *Handler { return &Handler{municipalities: service} }

// Desk mounts the pages below /{lang}/desk. Who may not edit the lists is refused before a
// form is looked at; the service asks again.
func (h *Handler) Desk(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(editors)
		r.Method(http.MethodGet, "/settings/countries", page.Handler(h.countries))
		r.Method(http.MethodGet, "/settings/countries/new", page.Handler(h.newCountry))
		r.Method(http.MethodPost, "/settings/countries", page.Handler(h.addCountry))
		r.Method(http.MethodGet, "/settings/countries/{country}", page.Handler(h.country))
		r.Method(http.MethodPost, "/settings/countries/{country}", page.Handler(h.saveCountry))
		r.Method(http.MethodGet, "/settings/fields", page.Handler(h.fields))
		r.Method(http.MethodGet, "/settings/fields/new", page.Handler(h.newField))
		r.Method(http.MethodPost, "/settings/fields", page.Handler(h.addField))
		r.Method(http.MethodGet, "/settings/fields/{field}", page.Handler(h.field))
		r.Method(http.MethodPost, "/settings/fields/{field}", page.Handler(h.saveField))
		r.Method(http.MethodPost, "/settings/fields/{field}/up", page.Handler(h.move(true)))
		r.Method(http.MethodPost, "/settings/fields/{field}/down", page.Handler(h.move(false)))
	})
}

// editors lets those on who may edit the lists. Errors: sign_in, forbidden.
func editors(next http.Handler) http.Handler {
	return page.Handler(func(w http.ResponseWriter, r *http.Request) error {
		if err := page.Actor(r).May(identity.EditSettings); err != nil {
			return err
		}
		next.ServeHTTP(w, r)
		return nil
	})
}

// done says what was just done, where the address names it.
func done(r *http.Request) string {
	if key := "settings.done." + r.URL.Query().Get("done"); locale.Has(page.Lang(r), key) {
		return locale.T(r.Context(), key)
	}
	return ""
}

// refusal sorts an edit's error: a conflict, faults of fields, or an error for the page.
func refusal(r *http.Request, err error) (status int, conflict bool, faults page.Faults, rest error) {
	if apperr.Is(err, apperr.Conflict) {
		return http.StatusConflict, true, nil, nil
	}
	if faults, ok := page.FaultsOf(r, err); ok {
		return http.StatusUnprocessableEntity, false, faults, nil
	}
	return 0, false, nil, err
}
