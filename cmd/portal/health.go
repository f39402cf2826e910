package main

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/birlik/portal/internal/postgres"
)

// front is what stands before the portal's own routes: request ids, numbers, health.
type front struct {
	pools    *postgres.Pools
	metrics  *metrics
	stopping atomic.Bool
	callers  callers
}

// router puts the application behind the front.
func (f *front) router(application http.Handler) chi.Router {
	r := chi.NewRouter()
	r.Use(middleware.RequestID, f.metrics.measure, f.drain)
	r.Get("/healthz", healthy)
	r.Get("/readyz", f.ready)
	r.Mount("/", application)
	return r
}

// drain asks clients to open new connections elsewhere while the portal stops; a request
// that arrives on the old one is still answered.
func (f *front) drain(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f.stopping.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// healthy says that the process answers at all.
func healthy(w http.ResponseWriter, _ *http.Request) {
	say(w, http.StatusOK, "ok\n")
}

// ready says whether this instance should get requests: not while it stops, and not
// without its database.
func (f *front) ready(w http.ResponseWriter, r *http.Request) {
	if f.stopping.Load() {
		say(w, http.StatusServiceUnavailable, "stopping\n")
		return
	}
	if err := f.pools.Ready(r.Context()); err != nil {
		w.Header().Set("Retry-After", "5")
		say(w, http.StatusServiceUnavailable, "the database does not answer\n")
		return
	}
	say(w, http.StatusOK, "ok\n")
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // the asker may have gone
}

// newServer bounds what a slow or hostile client can hold.
func newServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       5 * time.Minute, // an upload over a telephone
		WriteTimeout:      5 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
}
