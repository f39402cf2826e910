package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// testFront stands before a handler, on a database of its own.
func testFront(t *testing.T) *front {
	pools := pgtest.Clone(t)
	return &front{pools: pools, metrics: newMetrics(pools)}
}

// received counts the requests that reached slow.
var received atomic.Int64

// slow answers after a moment, as a page that waits for its database.
func slow(w http.ResponseWriter, r *http.Request) {
	received.Add(1)
	_, _ = io.Copy(io.Discard, r.Body)
	time.Sleep(5 * time.Millisecond)
	_, _ = io.WriteString(w, "answered")
}

// TestStoppingLosesNoRequest sends posts, which no client repeats by itself, over kept
// connections while the server is told to stop: each one that reached the portal is
// answered, and none is read and then dropped.
func TestStoppingLosesNoRequest(t *testing.T) {
	f, ctx, stop := testFront(t), t.Context(), context.CancelFunc(nil)
	ctx, stop = context.WithCancel(ctx)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	pages := chi.NewRouter()
	pages.Post("/", slow)
	done := make(chan error, 1)
	go func() {
		done <- f.run(ctx, config.Config{Mode: config.Demo, MetricsAddr: "off", ShutdownGrace: 10 * time.Second}, listener, &app{Handler: pages})
	}()
	var answered atomic.Int64
	var clients sync.WaitGroup
	for range 16 {
		clients.Go(func() { postUntilRefused(t, "http://"+listener.Addr().String(), &answered) })
	}
	time.Sleep(300 * time.Millisecond)
	stop()
	clients.Wait()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got := received.Swap(0); got != answered.Load() {
		t.Errorf("%d requests reached the portal, %d were answered", got, answered.Load())
	}
	if answered.Load() < 100 {
		t.Errorf("only %d requests were answered; the test shows nothing", answered.Load())
	}
}

func postUntilRefused(t *testing.T, url string, answered *atomic.Int64) {
	client := &http.Client{Transport: &http.Transport{}}
	for {
		request, err := http.NewRequest(http.MethodPost, url, io.NopCloser(strings.NewReader("a form")))
		if err != nil {
			t.Error(err)
			return
		}
		response, err := client.Do(request)
		if errors.Is(err, io.EOF) {
			t.Errorf("a request was taken and dropped: %v", err)
			return
		}
		if err != nil {
			return // refused, or cut off in the system's queue before the portal saw it
		}
		text, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || string(text) != "answered" {
			t.Errorf("half an answer: %q, %v", text, err)
			return
		}
		answered.Add(1)
	}
}

// lazy is a listener that notices late that it was closed.
type lazy struct{ net.Listener }

func (l lazy) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		time.Sleep(300 * time.Millisecond)
	}
	return conn, err
}

// TestStoppingWithNobodyThereIsNoFault: whoever closes the listener first, the end is clean.
func TestStoppingWithNobodyThereIsNoFault(t *testing.T) {
	f := testFront(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := newServer(http.NotFoundHandler())
	go func() { _ = server.Serve(lazy{listener}) }()
	time.Sleep(50 * time.Millisecond)
	if err := f.stop(config.Config{Mode: config.Demo, ShutdownGrace: time.Second}, server, lazy{listener}); err != nil {
		t.Error(err)
	}
}

func TestHealthSaysWhatIsTheMatter(t *testing.T) {
	f := testFront(t)
	pages := chi.NewRouter()
	router := f.router(pages)
	expect(t, router, "/healthz", http.StatusOK)
	expect(t, router, "/readyz", http.StatusOK)
	expect(t, router, "/nowhere", http.StatusNotFound)
	f.pools.Close()
	expect(t, router, "/healthz", http.StatusOK)
	expect(t, router, "/readyz", http.StatusServiceUnavailable)
	f.stopping.Store(true)
	expect(t, router, "/readyz", http.StatusServiceUnavailable)
}

func expect(t *testing.T, handler http.Handler, path string, status int) {
	t.Helper()
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
	if recorder.Code != status {
		t.Errorf("GET %s: %d, want %d", path, recorder.Code, status)
	}
}

func TestMetricsNameRoutesNotAddresses(t *testing.T) {
	f := testFront(t)
	pages := chi.NewRouter()
	pages.Route("/{lang}", func(r chi.Router) {
		r.Get("/events/{slug}", func(http.ResponseWriter, *http.Request) {})
	})
	expect(t, f.router(pages), "/tr/events/a-b-c", http.StatusOK)
	recorder := httptest.NewRecorder()
	f.metrics.handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	text := recorder.Body.String()
	for _, want := range []string{`route="/{lang}/events/{slug}"`, "portal_database_connections", "go_goroutines"} {
		if !strings.Contains(text, want) {
			t.Errorf("the numbers do not name %s", want)
		}
	}
	if strings.Contains(text, "a-b-c") {
		t.Error("the numbers name a single page's address")
	}
}
