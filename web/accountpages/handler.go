package accountpages

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/web/page"
)

// Handler answers the pages of signing in and of one's own account.
type Handler struct {
	accounts *accounts.Service
	sessions *Sessions

	Letters notify.Choices // how fast people want to be told of what
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
		r.Group(h.otherWaysIn)
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

// otherWaysIn mounts what signs in beside a password, and the second factor.
func (h *Handler) otherWaysIn(r chi.Router) {
	r.Method(http.MethodGet, "/sign-in/second", page.Handler(h.showSecond))
	r.Method(http.MethodPost, "/sign-in/second", page.Handler(h.finishSecond))
	r.Method(http.MethodPost, "/sign-in/second/passkey/begin", h.spokenHandler(h.beginSecondPasskey))
	r.Method(http.MethodPost, "/sign-in/second/passkey/finish", h.spokenHandler(h.finishSecondPasskey))
	r.Method(http.MethodPost, "/sign-in/passkey/begin", h.spokenHandler(h.beginPasskeySignIn))
	r.Method(http.MethodPost, "/sign-in/passkey/finish", h.spokenHandler(h.finishPasskeySignIn))
	r.Method(http.MethodPost, "/sign-in/link", page.Handler(h.askSignInLink))
	r.Method(http.MethodGet, "/sign-in/link/{token}", page.Handler(h.showSignInLink))
	r.Method(http.MethodPost, "/sign-in/link/{token}", page.Handler(h.signInByLink))
	r.Method(http.MethodGet, "/sign-in/sso", page.Handler(h.startSignOn))
	r.Method(http.MethodGet, "/sign-in/sso/back", page.Handler(h.finishSignOn))
}

// own mounts the pages of a signed-in person's account. What proves who this is opens in
// every session, what sets up a second factor before there is one, the rest after it.
func (h *Handler) own(r chi.Router) {
	r.Use(RequireSignIn)
	r.Method(http.MethodPost, "/account/theme", page.Handler(h.setTheme))
	r.Method(http.MethodPost, "/account/stay", page.Handler(h.stay))
	r.Method(http.MethodGet, "/account/prove", page.Handler(h.showProve))
	r.Method(http.MethodPost, "/account/prove", page.Handler(h.prove))
	r.Method(http.MethodPost, "/account/prove/passkey/begin", h.spokenHandler(h.beginProofPasskey))
	r.Method(http.MethodPost, "/account/prove/passkey/finish", h.spokenHandler(h.finishProofPasskey))
	r.Group(h.security)
	r.Group(h.mendedOwn)
}

// security mounts the pages of second factors and passkeys.
func (h *Handler) security(r chi.Router) {
	r.Use(mendedOrSetup)
	r.Method(http.MethodGet, "/account/security", page.Handler(h.showSecurity))
	r.Method(http.MethodGet, "/account/security/totp", page.Handler(h.showTOTP))
	r.Method(http.MethodPost, "/account/security/totp", page.Handler(h.confirmTOTP))
	r.Method(http.MethodPost, "/account/security/totp/remove", page.Handler(h.removeTOTP))
	r.Method(http.MethodPost, "/account/security/codes", page.Handler(h.renewCodes))
	r.Method(http.MethodPost, "/account/passkeys/begin", h.spokenHandler(h.beginPasskey))
	r.Method(http.MethodPost, "/account/passkeys/finish", h.spokenHandler(h.finishPasskey))
	r.Method(http.MethodPost, "/account/passkeys/{passkey}", page.Handler(h.renamePasskey))
	r.Method(http.MethodPost, "/account/passkeys/{passkey}/remove", page.Handler(h.removePasskey))
}

// mendedOwn mounts the pages that open once a session lacks nothing.
func (h *Handler) mendedOwn(r chi.Router) {
	r.Use(Mended)
	r.Method(http.MethodGet, "/kept", page.Handler(h.showKept))
	r.Method(http.MethodPost, "/kept/drop", page.Handler(h.dropKept))
	r.Method(http.MethodGet, "/choose", page.Handler(h.choose))
	r.Method(http.MethodGet, "/account", page.Handler(h.showProfile))
	r.Method(http.MethodPost, "/account", page.Handler(h.saveProfile))
	r.Method(http.MethodGet, "/account/password", page.Handler(h.showPassword))
	r.Method(http.MethodPost, "/account/password", page.Handler(h.changePassword))
	r.Method(http.MethodGet, "/account/sessions", page.Handler(h.showSessions))
	r.Method(http.MethodGet, "/account/letters", page.Handler(h.showLetters))
	r.Method(http.MethodPost, "/account/letters", page.Handler(h.saveLetters))
	r.Method(http.MethodGet, "/account/history", page.Handler(h.showHistory))
	r.Method(http.MethodPost, "/account/sessions/others/end", page.Handler(h.endOtherSessions))
	r.Method(http.MethodPost, "/account/sessions/end", page.Handler(h.endEverySession))
	r.Method(http.MethodPost, "/account/sessions/{session}/end", page.Handler(h.endSession))
}
