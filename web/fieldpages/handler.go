// Package fieldpages holds the public pages of what the union does: its fields of activity.
package fieldpages

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// Door is something alive in a field: a project, an event, a service.
type Door struct {
	Title string
	Lang  string // of the title, where it is not the page's
	Path  string // without the language
	Note  string
}

// Ties are what other areas know; wire.go fills them, and nil ones know nothing.
type Ties struct {
	Projects func(ctx context.Context, field string) ([]Door, error)
	Events   func(ctx context.Context, field string) ([]Door, error)
}

// Handler answers the pages below /{lang}/fields.
type Handler struct {
	municipalities *municipalities.Service
	Ties           Ties
}

// New makes the handler.
func New(service *municipalities.Service) *Handler { return &Handler{municipalities: service} }

// Public mounts the pages below /{lang}.
func (h *Handler) Public(r chi.Router) {
	r.Method(http.MethodGet, "/fields", page.Handler(h.fields))
	r.Method(http.MethodGet, "/fields/{field}", page.Handler(h.field))
}

func (h *Handler) fields(w http.ResponseWriter, r *http.Request) error {
	all, err := h.municipalities.Activities(r.Context(), page.Actor(r), page.Lang(r))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, fieldsPage(all))
}

// fieldView is one field with what is alive in it.
type fieldView struct {
	municipalities.Activity
	Projects, Events []Door
}

func (h *Handler) field(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	activity, err := h.municipalities.Activity(ctx, page.Actor(r), page.Lang(r), chi.URLParam(r, "field"))
	if err != nil {
		return err
	}
	v := fieldView{Activity: activity}
	if v.Projects, err = doors(ctx, h.Ties.Projects, v.Code); err != nil {
		return err
	}
	if v.Events, err = doors(ctx, h.Ties.Events, v.Code); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, fieldPage(v))
}

func doors(ctx context.Context, of func(context.Context, string) ([]Door, error), code string) ([]Door, error) {
	if of == nil {
		return nil, nil
	}
	return of(ctx, code)
}

// Icon is the picture of a field; one that staff added has the general one.
func Icon(code string) string {
	if icon, ok := icons[code]; ok {
		return icon
	}
	return "flag"
}

var icons = map[string]string{"city": "city", "services": "project", "culture": "culture", "training": "book", "relations": "globe", "closing": "users"}

// Way is a field as a door to its page.
func Way(a municipalities.Activity, base string) ui.Way {
	return ui.Way{Icon: Icon(a.Code), Title: a.Title, Text: a.Summary, Href: base + a.Code}
}
