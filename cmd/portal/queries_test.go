package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// statements counts what a page asks of the database.
type statements struct{ n atomic.Int64 }

func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	s.n.Add(1)
	return ctx
}

func (s *statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// watch puts a pool in place of pool whose statements are counted.
func (s *statements) watch(t *testing.T, pool **pgxpool.Pool) {
	t.Helper()
	options := (*pool).Config()
	options.ConnConfig.Tracer = s
	watched, err := pgxpool.NewWithConfig(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	(*pool).Close()
	*pool = watched
}

// TestPublicPagesAskTheDatabaseSeldom holds each public page to a number of statements that
// does not grow with its rows.
func TestPublicPagesAskTheDatabaseSeldom(t *testing.T) {
	t.Setenv("PORTAL_MODE", "demo")
	t.Setenv("PORTAL_DATA_DIR", t.TempDir())
	t.Setenv("PORTAL_PAGE_CACHE_MB", "0")
	cfg, err := config.Load()
	if err != nil {
		t.Fatal(err)
	}
	pools := pgtest.Clone(t)
	count := &statements{}
	count.watch(t, &pools.Visitor)
	count.watch(t, &pools.Owner)
	app, err := newApp(t.Context(), cfg, pools)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, budget := range map[string]int64{
		"/tr/": 12, "/tr/municipalities": 6, "/tr/municipalities?country=TR": 8, "/tr/municipalities?q=susa": 8,
		"/tr/municipalities/map": 6, "/tr/municipalities/map.json": 3, "/tr/municipalities.csv": 2, "/tr/municipalities/ankara": 13,
		"/tr/events": 8, "/tr/events/month": 8, "/tr/events.ics": 4, "/tr/projects": 8, "/tr/projects/map": 8,
		"/tr/bulletins": 6, "/tr/bulletins.atom": 5, "/tr/about": 5, "/tr/fields": 2, "/tr/fields/culture": 20,
		"/tr/services": 2, "/tr/services/business-corporation": 3, "/tr/search?q=forum": 8, "/sitemap.xml": 2, "/sitemap/0.xml": 2,
	} {
		count.n.Store(0)
		w := httptest.NewRecorder()
		app.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		n := count.n.Load()
		t.Logf("%s: %d statements", path, n)
		if w.Code != http.StatusOK || n > budget {
			t.Errorf("%s answered %d after %d statements; %d are its budget", path, w.Code, n, budget)
		}
	}
}
