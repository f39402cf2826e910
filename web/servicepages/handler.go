// Package servicepages holds the public pages of what can be asked of the union: what each
// service is, who can ask, what is needed, what happens then and how long it took lately.
package servicepages

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/web/page"
)

// Handler answers the pages below /{lang}/services.
type Handler struct {
	services *services.Catalogue
	requests *requests.Service
	fields   *municipalities.Service
	db       postgres.DB
}

// New makes the handler; fields knows the fields of activity, db holds the forms.
func New(catalogue *services.Catalogue, casework *requests.Service, fields *municipalities.Service, db postgres.DB) *Handler {
	return &Handler{services: catalogue, requests: casework, fields: fields, db: db}
}

// Public mounts the pages below /{lang}.
func (h *Handler) Public(r chi.Router) {
	r.Method(http.MethodGet, "/services", page.Handler(h.list))
	r.Method(http.MethodGet, "/services/{slug}", page.Handler(h.show))
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	offered, err := h.services.Offered(ctx)
	if err != nil {
		return err
	}
	fields, err := h.fields.Activities(ctx, identity.Anyone(), page.Lang(r))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, listPage(group(ctx, offered, fields)))
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	service, err := h.services.BySlug(ctx, chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	v := showView{Service: service}
	if v.form, err = h.form(ctx, service.Form); err != nil {
		return err
	}
	if v.lately, err = h.requests.Lately(ctx, service.Code); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, showPage(v))
}

// form reads the questions, which are everybody's to see before they ask.
func (h *Handler) form(ctx context.Context, key string) (d forms.Definition, err error) {
	err = h.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		d, err = forms.Newest(ctx, q, key)
		return err
	})
	return d, err
}
