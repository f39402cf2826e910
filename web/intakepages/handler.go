// Package intakepages is where the union's staff register what came outside the portal: on
// paper, by telephone, by mail.
package intakepages

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// intakePath is where a request is registered, casesPath the list of cases.
const (
	intakePath = "/desk/intake"
	casesPath  = "/desk/requests"
)

// Handler answers the pages below /{lang}/desk/intake.
type Handler struct {
	requests  *requests.Service
	documents *documents.Service
	zone      *time.Location // the union's, whose days count
	answers   *formpages.Form
}

// New makes the handler; zone is the union's.
func New(service *requests.Service, files *documents.Service, zone *time.Location) *Handler {
	return &Handler{requests: service, documents: files, zone: zone, answers: newAnswers(service, files)}
}

// Find tells the form how municipalities are found by name.
func (h *Handler) Find(cities formpages.Cities) { h.answers.Cities = cities }

// Desk mounts the pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.HandleRequests))
		get := func(path string, f page.Handler) { r.Method(http.MethodGet, path, f) }
		post := func(path string, f page.Handler) { r.Method(http.MethodPost, path, f) }
		get("/intake", h.choose)
		get("/intake/{city}", h.showForm)
		post("/intake/{city}", h.register)
		r.Route("/requests/{request}/answers", h.answers.Routes)
		post("/requests/{request}/answers-closed", h.closeAnswers)
	})
}

// chooseView is where staff say which city asks.
type chooseView struct {
	Text  string
	Found []requests.Asker
}

func (h *Handler) choose(w http.ResponseWriter, r *http.Request) error {
	v := chooseView{Text: page.Tidy(r.URL.Query().Get("find"))}
	if v.Text != "" {
		var err error
		if v.Found, err = h.requests.FindAskers(r.Context(), page.Actor(r), page.Lang(r), v.Text); err != nil {
			return err
		}
	}
	return page.Show(w, r, http.StatusOK, choosePage(v))
}

func serviceOptions(ctx context.Context, list []services.Service) []ui.Option {
	var out []ui.Option
	for _, s := range list {
		out = append(out, ui.Option{Value: s.Code, Label: s.Title.In(locale.Of(ctx).Lang)})
	}
	return out
}

func channelChoices(ctx context.Context) []ui.Choice {
	var out []ui.Choice
	for _, c := range requests.Channels() {
		out = append(out, ui.Choice{Value: string(c), Label: locale.T(ctx, "requests.channel."+string(c))})
	}
	return out
}

// filesHint says what may be attached.
func filesHint(ctx context.Context, v formView) string {
	return locale.T(ctx, "intake.original_hint", "Count", maxFiles, "Size", locale.Size(ctx, v.Max))
}
