// Package page is the way in and out of a handler: who asks, what they sent, and how an
// answer or an error is written.
package page

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
)

// Handler answers a request or says why it cannot; one place turns errors into pages.
type Handler func(w http.ResponseWriter, r *http.Request) error

// ServeHTTP implements http.Handler.
func (h Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h(w, r); err != nil {
		Fail(w, r, err)
	}
}

type actorKey struct{}

// WithActor puts who acts into the context; only middleware calls it.
func WithActor(ctx context.Context, a identity.Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// Actor is who acts in this request; a visitor where nobody is signed in.
func Actor(r *http.Request) identity.Actor {
	if a, ok := r.Context().Value(actorKey{}).(identity.Actor); ok {
		return a
	}
	return identity.Anyone()
}

// Lang is the page's language, from the URL.
func Lang(r *http.Request) locale.Lang { return locale.Of(r.Context()).Lang }

// PublicID reads a record's random identifier from the URL.
// Errors: not found (it cannot be one).
func PublicID(r *http.Request, name string) (string, error) {
	id := chi.URLParam(r, name)
	if len(id) != 26 {
		return "", apperr.New(apperr.NotFound, "error.not_found")
	}
	return id, nil
}

// Version reads the row version that an edit form carries. Errors: invalid.
func Version(r *http.Request) (int, error) {
	v, err := strconv.Atoi(r.PostFormValue("version"))
	if err != nil || v < 0 {
		return 0, apperr.New(apperr.Invalid, "error.check_fields")
	}
	return v, nil
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxPooled keeps a huge page's buffer from staying in the pool.
const maxPooled = 64 << 10

// Show renders a component into a buffer first, so that an error leaves no half page and
// the length is known.
func Show(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	defer func() {
		if buf.Cap() <= maxPooled {
			buffers.Put(buf)
		}
	}()
	if err := c.Render(r.Context(), buf); err != nil {
		return fmt.Errorf("render %s: %w", r.URL.Path, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(buf.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(buf.Bytes()) // the reader may have gone; nobody is left to tell
	return nil
}

// Redirect answers 303 to a path of the portal, with the reader's language before it when
// format starts with a slash: Redirect(w, r, "/events/%s", slug).
func Redirect(w http.ResponseWriter, r *http.Request, format string, args ...any) error {
	path := "/" + string(Lang(r)) + fmt.Sprintf(format, args...)
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// Fragment reports whether htmx asks for a part of the page, not the whole.
func Fragment(r *http.Request) bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-Boosted") != "true" &&
		r.Header.Get("HX-History-Restore-Request") != "true"
}
