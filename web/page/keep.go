package page

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
)

// KeepPost keeps a post whose session had ended, so that it comes back after signing in;
// wire.go sets it. It returns a token for this browser.
var KeepPost func(r *http.Request, body url.Values) (token string, err error)

// KeptCookie holds the token until its writer has signed in again.
const KeptCookie = "kept"

// maxKept is the most that is kept of one post, in bytes.
const maxKept = 200_000

// keep stores what a person typed into a form of the portal's signed-in pages when their
// session has ended meanwhile, and reports whether it did. Drafts that a script saves stay
// in the browser; files and secrets are kept by nobody.
func keep(w http.ResponseWriter, r *http.Request) bool {
	if KeepPost == nil || r.Method != http.MethodPost || !isForm(r) || r.Header.Get("X-Draft") != "" || Fragment(r) || !keepable(r) {
		return false
	}
	token, err := KeepPost(r, r.PostForm)
	if err != nil {
		slog.ErrorContext(r.Context(), "post not kept", "path", LoggedPath(r), "error", err)
		return false
	}
	http.SetCookie(w, &http.Cookie{Name: KeptCookie, Value: token, Path: "/", MaxAge: 3600, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(r.Header.Get("Origin"), "https:")})
	return true
}

// keepable reports whether a form holds anything, nothing secret, and not too much.
func keepable(r *http.Request) bool {
	size := 0
	for name, values := range r.PostForm {
		if strings.Contains(name, "password") || name == "current" {
			return false
		}
		for _, value := range values {
			size += len(name) + len(value)
		}
	}
	return size > 0 && size <= maxKept && len(r.URL.RequestURI()) <= 500
}
