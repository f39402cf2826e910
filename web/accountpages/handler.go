package accountpages

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/web/page"
)

// Handler answers the pages of signing in and of one's own account.
type Handler struct {
	accounts *accounts.Service
	sessions *Sessions
}

// New makes the handler.
func New(service *accounts.Service, sessions *Sessions) *Handler {
	return &Handler{accounts: service, sessions: sessions}
}

// Public mounts the pages below /{lang}. They bring their own session.
func (h *Handler) Public(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(h.sessions.LoadActor)
		r.Method(http.MethodGet, "/sign-in", page.Handler(h.showSignIn))
		r.Method(http.MethodPost, "/sign-in", page.Handler(h.signIn))
		r.Method(http.MethodPost, "/sign-out", page.Handler(h.signOut))
		r.Method(http.MethodGet, "/reset", page.Handler(h.showReset))
		r.Method(http.MethodPost, "/reset", page.Handler(h.askReset))
		r.Method(http.MethodGet, "/reset/{token}", page.Handler(h.showNewPassword))
		r.Method(http.MethodPost, "/reset/{token}", page.Handler(h.setNewPassword))
		r.Method(http.MethodGet, "/invitation/{token}", page.Handler(h.showInvitation))
		r.Method(http.MethodPost, "/invitation/{token}", page.Handler(h.acceptInvitation))
		r.With(page.Rate(60)).Method(http.MethodPost, "/password-strength", page.Handler(h.measurePassword))
		r.Group(h.own)
	})
}

// own mounts the pages of a signed-in person's account.
func (h *Handler) own(r chi.Router) {
	r.Use(RequireSignIn)
	r.Method(http.MethodGet, "/kept", page.Handler(h.showKept))
	r.Method(http.MethodPost, "/kept/drop", page.Handler(h.dropKept))
	r.Method(http.MethodGet, "/choose", page.Handler(h.choose))
	r.Method(http.MethodGet, "/account", page.Handler(h.showProfile))
	r.Method(http.MethodPost, "/account", page.Handler(h.saveProfile))
	r.Method(http.MethodPost, "/account/theme", page.Handler(h.setTheme))
	r.Method(http.MethodPost, "/account/stay", page.Handler(h.stay))
	r.Method(http.MethodGet, "/account/password", page.Handler(h.showPassword))
	r.Method(http.MethodPost, "/account/password", page.Handler(h.changePassword))
	r.Method(http.MethodGet, "/account/sessions", page.Handler(h.showSessions))
	r.Method(http.MethodPost, "/account/sessions/end", page.Handler(h.endEverySession))
	r.Method(http.MethodPost, "/account/sessions/{session}/end", page.Handler(h.endSession))
}
