package page

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/locale"
)

// ZoneCookie names the cookie by which a reader without an account chose a time zone.
const ZoneCookie = "zone"

// Negotiated answers "/" with the reader's language: the browser's, Turkish where it names
// none of ours.
func Negotiated(w http.ResponseWriter, r *http.Request) {
	w.Header().Add("Vary", "Accept-Language")
	w.Header().Set("Cache-Control", "no-cache")
	http.Redirect(w, r, "/"+string(locale.Negotiate(r.Header.Get("Accept-Language"))), http.StatusFound)
}

// Language reads the {lang} of the URL and puts the reader into the context: that language,
// the zone of the reader's cookie (home where there is none), and the time.
// Errors: not found (no language of ours), said in the browser's language.
func Language(home *time.Location, now func() time.Time) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return Handler(func(w http.ResponseWriter, r *http.Request) error {
			reader := locale.Reader{Lang: locale.Lang(chi.URLParam(r, "lang")), Zone: zone(r, home), Now: now()}
			known := locale.Known(string(reader.Lang))
			if !known {
				reader.Lang = locale.Negotiate(r.Header.Get("Accept-Language"))
			}
			w.Header().Set("Content-Language", string(reader.Lang))
			r = r.WithContext(locale.With(r.Context(), reader))
			if !known {
				Fail(w, r, apperr.New(apperr.NotFound, "error.not_found"))
				return nil
			}
			next.ServeHTTP(w, r)
			return nil
		})
	}
}

func zone(r *http.Request, home *time.Location) *time.Location {
	cookie, err := r.Cookie(ZoneCookie)
	if err != nil {
		return home
	}
	if z := Zone(cookie.Value); z != nil {
		return z
	}
	return home
}

// Zone is an IANA zone by its name, nil where there is none. "" and "Local", which Go would
// take for UTC and for the server's own zone, are none.
func Zone(name string) *time.Location {
	if name == "" || name == "Local" || len(name) > 64 {
		return nil
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return z
}
