package accountpages

import (
	"log/slog"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5/middleware"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// mend sends a session that lacks something to the page that mends it, and reports whether
// it did. A session waiting to set up a second factor may pass where setup is true.
func mend(w http.ResponseWriter, r *http.Request, setup bool) bool {
	switch lack := visitOf(r.Context()).Lacks; {
	case lack == accounts.NoProofBy:
		askProof(w, r)
	case lack == accounts.NoFactor && !setup:
		sendTo(w, r, ui.Path(r.Context(), "/account/security"))
	default:
		return false
	}
	return true
}

// Mended lets only sessions on that lack nothing.
func Mended(next http.Handler) http.Handler { return mended(next, false) }

// mendedOrSetup lets sessions on that lack nothing but a second factor to set up.
func mendedOrSetup(next http.Handler) http.Handler { return mended(next, true) }

func mended(next http.Handler, setup bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !mend(w, r, setup) {
			next.ServeHTTP(w, r)
		}
	})
}

// askProof sends a signed-in person to prove once more who they are, and back.
func askProof(w http.ResponseWriter, r *http.Request) {
	back := r.URL.RequestURI()
	if r.Method != http.MethodGet {
		back = writtenOn(r)
	}
	sendTo(w, r, provePath(r, back))
}

func provePath(r *http.Request, back string) string {
	return ui.Path(r.Context(), "/account/prove?"+url.Values{"next": {back}}.Encode())
}

// sendTo redirects, a script too.
func sendTo(w http.ResponseWriter, r *http.Request, target string) {
	if page.Fragment(r) {
		w.Header().Set("HX-Redirect", target)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
}

// keepAndAskProof keeps a form whose act needs a fresh proof, so that it comes back filled
// in after it.
func (h *Handler) keepAndAskProof(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || byScript(r) || r.PostForm == nil {
		askProof(w, r)
		return
	}
	post := accounts.KeptPost{Path: r.URL.Path, Page: writtenOn(r), Fields: keptFields(r.PostForm)}
	token, err := h.accounts.KeepPost(r.Context(), post)
	if err != nil {
		slog.WarnContext(r.Context(), "post not kept", "request_id", middleware.GetReqID(r.Context()), "error", err)
	} else {
		http.SetCookie(w, h.keptCookie(token, int(accounts.KeptFor.Seconds())))
	}
	sendTo(w, r, provePath(r, post.Page))
}

func keptFields(posted url.Values) url.Values {
	fields := url.Values{}
	for name, values := range posted {
		if !secretField.MatchString(name) {
			fields[name] = values
		}
	}
	return fields
}

// step names a cookie that goes with what is under way.
type step string

// The steps.
const (
	stepSecond  step = "second"
	stepPasskey step = "passkey"
	stepSignOn  step = "sign-on"
)

func (h *Handler) stepCookie(s step, token string, seconds int) *http.Cookie {
	name := "step-" + string(s)
	if h.sessions.secure {
		name = "__Host-" + name
	}
	return &http.Cookie{Name: name, Value: token, Path: "/", MaxAge: seconds, HttpOnly: true, Secure: h.sessions.secure,
		SameSite: http.SameSiteLaxMode}
}

// remember keeps a token with the browser while a step is under way.
func (h *Handler) remember(w http.ResponseWriter, s step, token string) {
	http.SetCookie(w, h.stepCookie(s, token, int(accounts.CeremonyFor.Seconds())))
}

func (h *Handler) forget(w http.ResponseWriter, s step) { http.SetCookie(w, h.stepCookie(s, "", -1)) }

func (h *Handler) stepToken(r *http.Request, s step) string {
	cookie, err := r.Cookie(h.stepCookie(s, "", 0).Name)
	if err != nil {
		return ""
	}
	return cookie.Value
}
