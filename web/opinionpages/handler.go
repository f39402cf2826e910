// Package opinionpages holds what is done with opinions: staff write their text and hide what
// names anybody, who asked reads the paper, and everybody reads the precedents.
package opinionpages

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/opinions"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// Where the pages stand, without the language.
const (
	publicPath = "/opinions"
	deskPath   = "/desk/opinions"
	casesPath  = "/desk/requests"
)

// Handler answers the pages of opinions.
type Handler struct{ opinions *opinions.Service }

// New makes the handler.
func New(service *opinions.Service) *Handler { return &Handler{opinions: service} }

// Public mounts the pages below /{lang}.
func (h *Handler) Public(r chi.Router) {
	r.Method(http.MethodGet, "/opinions", page.Handler(h.list))
	r.Method(http.MethodGet, "/opinions/{slug}", page.Handler(h.show))
}

// Member mounts the pages below /{lang}/m/{org}.
func (h *Handler) Member(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.ReadOwnRequests))
		r.Method(http.MethodGet, "/requests/{request}/opinion.pdf", page.Handler(h.paper))
	})
}

// Desk mounts the staff's pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.ReadRequests))
		r.Method(http.MethodGet, "/opinions", page.Handler(h.register))
		r.Method(http.MethodGet, "/requests/{request}/opinion", page.Handler(h.showText))
		r.Method(http.MethodGet, "/requests/{request}/opinion.pdf", page.Handler(h.paper))
		r.Method(http.MethodGet, "/precedents/{precedent}", page.Handler(h.showValidity))
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.WriteOpinions))
		r.Method(http.MethodPost, "/requests/{request}/opinion", page.Handler(h.write))
		r.Method(http.MethodGet, "/requests/{request}/redaction", page.Handler(h.showRedaction))
		r.Method(http.MethodPost, "/requests/{request}/redaction", page.Handler(h.redact))
		r.Method(http.MethodPost, "/precedents/{precedent}", page.Handler(h.setValidity))
	})
}

// paper answers with the signed opinion as a file.
func (h *Handler) paper(w http.ResponseWriter, r *http.Request) error {
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	p, err := h.opinions.Paper(r.Context(), page.Actor(r), publicID)
	if err != nil {
		return err
	}
	content, err := p.PDF()
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "private, no-store")
	return page.Attachment(w, r, p.FileName(), "application/pdf", content)
}

// below is an address below a case at the desk.
func below(ctx context.Context, publicID, rest string) string {
	return ui.Path(ctx, casesPath+"/"+publicID+rest)
}

// done is what the page says was just done, from the address that a post led back to.
func done(r *http.Request) string {
	what := r.URL.Query().Get("done")
	if what == "" || !locale.Has(page.Lang(r), "opinions.done."+what) {
		return ""
	}
	return locale.T(r.Context(), "opinions.done."+what)
}

func topicName(ctx context.Context, topic string) string {
	if topic == "" {
		return ""
	}
	return locale.T(ctx, "opinions.topic."+topic)
}

func topicOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, topic := range opinions.Topics() {
		out = append(out, ui.Option{Value: topic, Label: topicName(ctx, topic)})
	}
	return out
}

// foreign is the language of a text where it is not the page's.
func foreign(ctx context.Context, lang string) string {
	if lang == string(locale.Of(ctx).Lang) {
		return ""
	}
	return lang
}
