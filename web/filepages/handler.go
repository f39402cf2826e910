// Package filepages takes files in by the tus protocol and gives them out.
package filepages

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/web/page"
)

// Handler answers uploads and files.
type Handler struct {
	documents *documents.Service
}

// New makes the handler.
func New(service *documents.Service) *Handler { return &Handler{service} }

// Public mounts what everybody may read.
func (h *Handler) Public(r chi.Router) {
	r.With(unhurried).Method(http.MethodGet, "/files/{document}", page.Handler(h.public))
}

// Signed mounts uploads and files below an organisation's pages or the desk.
func (h *Handler) Signed(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(unhurried)
		r.Method(http.MethodGet, "/files/{document}", page.Handler(h.private))
		r.Method(http.MethodPost, "/uploads", http.HandlerFunc(h.begin))
		r.Method(http.MethodHead, "/uploads/{upload}", http.HandlerFunc(h.state))
		r.Method(http.MethodPatch, "/uploads/{upload}", http.HandlerFunc(h.part))
		r.Method(http.MethodDelete, "/uploads/{upload}", http.HandlerFunc(h.cancel))
	})
}

// unhurried takes the time limit of pages off: a file takes as long as the line needs. The
// connection's own limits are moved while bytes go on flowing.
func unhurried(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
