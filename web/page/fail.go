package page

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/locale"
)

// Status is the HTTP status of a failure.
func Status(err error) int {
	switch code, _ := apperr.CodeOf(err); code {
	case apperr.Invalid:
		return http.StatusUnprocessableEntity
	case apperr.NotFound:
		return http.StatusNotFound
	case apperr.Forbidden:
		return http.StatusForbidden
	case apperr.Conflict:
		return http.StatusConflict
	case apperr.TooMany:
		return http.StatusTooManyRequests
	case apperr.Unavailable:
		return http.StatusServiceUnavailable
	case apperr.SignIn, apperr.Prove:
		return http.StatusUnauthorized
	}
	return http.StatusInternalServerError
}

// ErrorPage draws a failure: wire.go sets it, so that this package needs no layout.
var ErrorPage func(status int, message, requestID string) templ.Component

// Fail turns an error into an answer: it logs ours once with the request's id, and never
// shows a driver's words.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	status := Status(err)
	id := middleware.GetReqID(r.Context())
	if status >= http.StatusInternalServerError {
		slog.ErrorContext(r.Context(), "request failed", "request_id", id, "method", r.Method, "path", LoggedPath(r), "error", err)
	}
	if status == http.StatusForbidden {
		slog.InfoContext(r.Context(), "request refused", "request_id", id, "method", r.Method, "path", LoggedPath(r), "user", Actor(r).UserID)
	}
	if apperr.Is(err, apperr.Prove) {
		prove(w, r)
		return
	}
	if status == http.StatusUnauthorized {
		signIn(w, r)
		return
	}
	if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "30")
	}
	w.Header().Set("Cache-Control", "no-store")
	message := Message(r, err)
	if ErrorPage == nil {
		http.Error(w, message, status)
		return
	}
	if err := Show(w, r, status, ErrorPage(status, message, id)); err != nil {
		slog.ErrorContext(r.Context(), "error page failed", "request_id", id, "error", err)
		http.Error(w, message, status)
	}
}

// Message is what a failure says to the reader, in their language.
func Message(r *http.Request, err error) string {
	var e *apperr.Error
	if errors.As(err, &e) {
		return locale.T(r.Context(), e.Key, e.Args...)
	}
	return locale.T(r.Context(), "error.internal")
}

type proverKey struct{}

// WithProver says how a signed-in person is asked once more who they are; only middleware
// calls it.
func WithProver(ctx context.Context, ask http.HandlerFunc) context.Context {
	return context.WithValue(ctx, proverKey{}, ask)
}

func prove(w http.ResponseWriter, r *http.Request) {
	if ask, ok := r.Context().Value(proverKey{}).(http.HandlerFunc); ok {
		ask(w, r)
		return
	}
	signIn(w, r)
}

func signIn(w http.ResponseWriter, r *http.Request) {
	target := "/" + string(Lang(r)) + "/sign-in"
	if r.Method == http.MethodGet {
		target += "?next=" + url.QueryEscape(r.URL.RequestURI())
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
}
