// Package supportpages is the register of supports: what was granted, what was paid, which
// reports are owed; for staff, and each municipality's own.
package supportpages

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/supports"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

const deskPath = "/desk/supports"

// Handler answers the pages below /{lang}/desk/supports and /{lang}/m/{org}/supports.
type Handler struct{ supports *supports.Service }

// New makes the handler.
func New(service *supports.Service) *Handler { return &Handler{service} }

// Desk mounts the staff's pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.ReadSupports))
		get := func(path string, f page.Handler) { r.Method(http.MethodGet, path, f) }
		get("/supports", h.list)
		get("/supports.csv", h.listFile(export.CSV))
		get("/supports.xlsx", h.listFile(export.XLSX))
		get("/supports/{support}", h.show)
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.EditSupports))
		post := func(path string, f page.Handler) { r.Method(http.MethodPost, path, f) }
		r.Method(http.MethodGet, "/requests/{request}/support", page.Handler(h.showGrant))
		post("/requests/{request}/support", h.grant)
		r.Method(http.MethodGet, "/supports/{support}/edit", page.Handler(h.showEdit))
		post("/supports/{support}/edit", h.edit)
		post("/supports/{support}/instalments", h.plan)
		post("/supports/{support}/instalments/{part}", h.happen("paid", h.supports.Pay))
		post("/supports/{support}/reports", h.owe)
		post("/supports/{support}/reports/{part}", h.happen("received", h.supports.Receive))
	})
}

// Member mounts a municipality's own pages below /{lang}/m/{org}.
func (h *Handler) Member(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.ReadOwnRequests))
		r.Method(http.MethodGet, "/supports", page.Handler(h.own))
		r.Method(http.MethodGet, "/supports/{support}", page.Handler(h.ownSupport))
	})
}

// readDay reads a day as people write it, as days are stored.
func readDay(text string) (time.Time, bool) {
	iso, ok := forms.ParseDate(text)
	if !ok {
		return time.Time{}, false
	}
	t, err := time.Parse(time.DateOnly, iso)
	return t, err == nil
}

// typed is how a day stands in a field, so that it can be typed back.
func typed(ctx context.Context, t time.Time) string {
	if locale.Of(ctx).Lang == locale.EN {
		return t.Format("02/01/2006")
	}
	return t.Format("02.01.2006")
}

// readAmount reads an exact amount; empty where it is none.
func readAmount(r *http.Request, text string) string {
	amount, ok := forms.ParseNumber(text, page.Lang(r), 2)
	if !ok {
		return ""
	}
	return amount
}

// money is an amount as people read it; a dash where there is none.
func money(ctx context.Context, amount, currency string) string {
	if amount == "" || currency == "" {
		return "–"
	}
	return locale.Money(ctx, amount, currency)
}

func kindName(ctx context.Context, k supports.Kind) string {
	return locale.T(ctx, "supports.kind."+string(k))
}

func kindOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, k := range supports.Kinds() {
		out = append(out, ui.Option{Value: string(k), Label: kindName(ctx, k)})
	}
	return out
}

// currencies are those of the union's countries and of its partners, and the one that is chosen.
func currencies(now string) []ui.Option {
	var out []ui.Option
	there := now == ""
	for _, code := range []string{"TRY", "AZN", "KZT", "KGS", "UZS", "TMT", "EUR", "USD", "RUB", "HUF"} {
		there = there || code == now
		out = append(out, ui.Option{Value: code, Label: code})
	}
	if !there {
		out = append(out, ui.Option{Value: now, Label: now})
	}
	return out
}

// done is what was just done, in words.
func done(r *http.Request) string {
	if what := r.URL.Query().Get("done"); what != "" && locale.Has(page.Lang(r), "supports.done."+what) {
		return locale.T(r.Context(), "supports.done."+what)
	}
	return ""
}
