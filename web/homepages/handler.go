package homepages

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/web/page"
)

// Handler answers the home page. Compose gathers what it shows; wire.go gives it, because
// the page crosses areas.
type Handler struct {
	Compose func(ctx context.Context) (View, error)
}

// Public mounts the home page below /{lang}.
func (h *Handler) Public(r chi.Router) {
	r.Method(http.MethodGet, "/", page.Handler(h.show))
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	view, err := h.Compose(r.Context())
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, Page(view))
}
