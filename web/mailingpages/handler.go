// Package mailingpages is where staff write to many members at once, and where a reader takes
// an address off the news.
package mailingpages

import (
	"context"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mailings"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
	"github.com/birlik/portal/web/writing"
)

const deskPath = "/desk/mailings"

// Handler answers the pages below /{lang}/desk/mailings and /{lang}/unsubscribe.
type Handler struct {
	mailings *mailings.Service
	// Test sends letters of a draft to somebody's own address.
	test func(ctx context.Context, p mailings.Post) error
	// Country is a country's name in the reader's language.
	country func(ctx context.Context, actor identity.Actor, code string) string
}

// New makes the handler; test sends one letter at once, country names one.
func New(service *mailings.Service, test func(ctx context.Context, p mailings.Post) error,
	country func(ctx context.Context, actor identity.Actor, code string) string) *Handler {
	return &Handler{mailings: service, test: test, country: country}
}

// Public mounts what a letter's link leads to.
func (h *Handler) Public(r chi.Router) {
	r.Method(http.MethodGet, "/unsubscribe/{token}", page.Handler(h.askLeave))
	r.Method(http.MethodPost, "/unsubscribe/{token}", page.Handler(h.leave))
	r.Method(http.MethodPost, "/unsubscribe/{token}/back", page.Handler(h.comeBack))
}

// Desk mounts the staff's pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.ReadMembers))
		get := func(path string, f page.Handler) { r.Method(http.MethodGet, path, f) }
		get("/mailings", h.list)
		get("/mailings/{mailing}", h.show)
		get("/mailings/{mailing}/preview", h.preview)
		get("/mailings/{mailing}/recipients", h.recipients)
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.WriteMembers))
		get := func(path string, f page.Handler) { r.Method(http.MethodGet, path, f) }
		post := func(path string, f page.Handler) { r.Method(http.MethodPost, path, f) }
		get("/mailings/new", h.showNew)
		get("/mailings/{mailing}/recipients.csv", h.recipientsFile(export.CSV))
		get("/mailings/{mailing}/recipients.xlsx", h.recipientsFile(export.XLSX))
		post("/mailings", h.create)
		get("/mailings/{mailing}/edit", h.showEdit)
		post("/mailings/{mailing}/edit", h.edit)
		get("/mailings/{mailing}/send", h.askSend)
		post("/mailings/{mailing}/send", h.send)
		post("/mailings/{mailing}/test", h.sendTest)
		post("/mailings/{mailing}/pause", h.step("paused", h.mailings.Pause))
		post("/mailings/{mailing}/resume", h.step("resumed", h.mailings.Resume))
		post("/mailings/{mailing}/cancel", h.step("cancelled", h.mailings.Cancel))
		post("/mailings/{mailing}/retry", h.retry)
		writing.Desk{Texts: h.mailings.Texts(), Base: deskPath, Publish: identity.WriteMembers, Letter: true, Places: places()}.Routes(r, "/mailings")
	})
}

func mailingPath(ctx context.Context, m mailings.Mailing, below string) string {
	return ui.Path(ctx, deskPath+"/"+m.PublicID+below)
}

// readFilter reads the filter of the members' list from its query.
func readFilter(q url.Values) mailings.Filter {
	get := func(name string) string { return page.Tidy(q.Get(name)) }
	return mailings.Filter{Text: get("q"), Kind: get("kind"), Standing: get("standing"), Country: get("country"), Size: get("size"), Late: get("late") != ""}
}

// query is a filter as the members' list reads it.
func query(f mailings.Filter) string {
	q := url.Values{}
	for name, value := range map[string]string{"q": f.Text, "kind": f.Kind, "standing": f.Standing, "country": f.Country, "size": f.Size} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Late {
		q.Set("late", "1")
	}
	return q.Encode()
}

// done is what the page says was just done, from the address that a post led back to.
func done(r *http.Request) string {
	what := r.URL.Query().Get("done")
	if what == "" || !locale.Has(page.Lang(r), "mailings.done."+what) {
		return ""
	}
	return locale.T(r.Context(), "mailings.done."+what)
}
