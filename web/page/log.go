package page

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// AccessLog writes one line a request once it is answered, under the request's id. A path
// that carries a secret (…/{token}) is logged as its pattern, and a query never.
func AccessLog(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		watched := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			slog.LogAttrs(r.Context(), slog.LevelInfo, "request",
				slog.String("request_id", middleware.GetReqID(r.Context())),
				slog.String("method", r.Method),
				slog.String("path", LoggedPath(r)),
				slog.Int("status", status(watched)),
				slog.Int("bytes", watched.BytesWritten()),
				slog.Duration("took", time.Since(started)),
				slog.String("address", Address(r).String()))
		}()
		next.ServeHTTP(watched, r)
	})
}

// LoggedPath is the request's path, or the route's pattern where the path holds a token.
func LoggedPath(r *http.Request) string {
	if route := chi.RouteContext(r.Context()); route != nil {
		if pattern := route.RoutePattern(); strings.Contains(pattern, "{token}") {
			return pattern
		}
	}
	return r.URL.Path
}

// status is 200 where the handler wrote none, as net/http sends it.
func status(w middleware.WrapResponseWriter) int {
	if w.Status() == 0 {
		return http.StatusOK
	}
	return w.Status()
}
