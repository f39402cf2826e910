package page

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-chi/httprate"

	"github.com/birlik/portal/internal/apperr"
)

// What a request may weigh. Uploads have routes and limits of their own.
const (
	maxBody   = 1 << 20 // bytes of a form
	maxFields = 2000    // fields of a form, and parameters of a query
	maxField  = 200_000 // bytes of one field: a long article
)

// Input refuses what no honest browser sends before a handler or the database sees it: a
// form over 1 MiB or 2,000 fields, NUL, bytes that are no UTF-8. It reads an ordinary form;
// files (multipart) and tus uploads are bounded by their own handlers.
// Errors: invalid.
func Input(next http.Handler) http.Handler {
	return Handler(func(w http.ResponseWriter, r *http.Request) error {
		if err := cleanURL(r.URL); err != nil {
			return err
		}
		if isForm(r) {
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			if err := r.ParseForm(); err != nil {
				return explainForm(err)
			}
			if err := cleanValues(r.PostForm); err != nil {
				return err
			}
		}
		next.ServeHTTP(w, r)
		return nil
	})
}

func isForm(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == "application/x-www-form-urlencoded"
}

func explainForm(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return apperr.Wrap(err, apperr.Invalid, "error.too_long")
	}
	return apperr.Wrap(err, apperr.Invalid, "error.text")
}

func cleanURL(u *url.URL) error {
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil || !cleanText(u.Path) {
		return apperr.New(apperr.Invalid, "error.text")
	}
	return cleanValues(values)
}

func cleanValues(values url.Values) error {
	count := 0
	for name, list := range values {
		count += len(list)
		if count > maxFields || !cleanText(name) {
			return apperr.New(apperr.Invalid, "error.text")
		}
		for _, value := range list {
			if len(value) > maxField {
				return apperr.New(apperr.Invalid, "error.too_long")
			}
			if !cleanText(value) {
				return apperr.New(apperr.Invalid, "error.text")
			}
		}
	}
	return nil
}

// cleanText reports whether PostgreSQL can store s: UTF-8 without NUL. Halves of a
// surrogate pair are no UTF-8.
func cleanText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsRune(s, 0)
}

// Timeout bounds how long a page may take; the handler's database calls end with it, and
// the reader is asked to try again. A form with files has minutes; routes that stream do
// without it.
func Timeout(d time.Duration) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			within := d
			if isMultipart(r) {
				within = filesWithin
			}
			ctx, cancel := context.WithTimeout(r.Context(), within)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// Rate lets one network (an IPv4 address, an IPv6 /64) make perMinute requests of the kind
// that the route is; 0 switches it off. It counts in this process only: a brake on floods,
// not a quota. Signing in is throttled in the database.
// Errors: too many.
func Rate(perMinute int) func(http.Handler) http.Handler {
	if perMinute <= 0 {
		return func(next http.Handler) http.Handler { return next }
	}
	return httprate.LimitBy(perMinute, time.Minute,
		func(r *http.Request) (string, error) { return Network(Address(r)), nil },
		httprate.WithLimitHandler(Handler(func(http.ResponseWriter, *http.Request) error {
			return apperr.New(apperr.TooMany, "error.too_many")
		}).ServeHTTP))
}

// RateChanges is Rate for the requests that change something; reading passes.
func RateChanges(perMinute int) func(http.Handler) http.Handler {
	limit := Rate(perMinute)
	return func(next http.Handler) http.Handler {
		limited := limit(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet || r.Method == http.MethodHead {
				next.ServeHTTP(w, r)
				return
			}
			limited.ServeHTTP(w, r)
		})
	}
}
