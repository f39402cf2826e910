package page

import (
	"net/http"
	"net/url"

	"github.com/birlik/portal/internal/apperr"
)

// closed lists the browser's powers that no page of the portal uses; a form may ask where
// its reader stands, and signing in may ask for a passkey.
const closed = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), geolocation=(self), gyroscope=(), " +
	"magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(self), usb=(), xr-spatial-tracking=()"

// strictTransport is how long a browser remembers to come by HTTPS only: two years, in seconds.
const strictTransport = "max-age=63072000; includeSubDomains"

// Secure sets the headers that every answer carries. production adds HSTS, which a demo on
// plain http://localhost must not set.
func Secure(production bool) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Content-Security-Policy", publicPolicy)
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("Referrer-Policy", "same-origin")
			h.Set("Permissions-Policy", closed)
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
			if production {
				h.Set("Strict-Transport-Security", strictTransport)
			}
			next.ServeHTTP(w, r)
		})
	}
}

// SameOrigin refuses a changing request that another site made the browser send.
// Errors: forbidden.
func SameOrigin() func(http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	deny := Handler(func(http.ResponseWriter, *http.Request) error {
		return apperr.New(apperr.Forbidden, "page.cross_origin")
	})
	guard.SetDenyHandler(deny)
	return func(next http.Handler) http.Handler {
		guarded := guard.Handler(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if foreign(r) {
				deny.ServeHTTP(w, r)
				return
			}
			guarded.ServeHTTP(w, r)
		})
	}
}

// foreign reports a changing request of a browser so old that it says by Referer alone from
// where it comes, and that is another site.
func foreign(r *http.Request) bool {
	from := r.Header.Get("Referer")
	if from == "" || r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != "" {
		return false
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return false
	}
	u, err := url.Parse(from)
	return err != nil || u.Host != r.Host
}

// Private keeps a signed-in page out of every cache, the browser's too: after signing out,
// going back must not show it.
func Private(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
