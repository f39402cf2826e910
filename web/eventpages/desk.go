package eventpages

import "github.com/go-chi/chi/v5"

// Desk mounts the staff's pages below /{lang}/desk.
func (h *Handler) Desk(chi.Router) {}
