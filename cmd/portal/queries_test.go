package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/demo"
	"github.com/birlik/portal/internal/postgres"
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

// counted is the portal with its demonstration, whose statements are counted.
func counted(t *testing.T) (http.Handler, *statements, *postgres.Pools) {
	t.Helper()
	t.Setenv("PORTAL_MODE", "demo")
	t.Setenv("PORTAL_DATA_DIR", t.TempDir())
	t.Setenv("PORTAL_PAGE_CACHE_MB", "0")
	cfg, err := config.Load()
	if err != nil {
		t.Fatal(err)
	}
	pools := pgtest.Clone(t)
	count := &statements{}
	for _, pool := range []**pgxpool.Pool{&pools.Visitor, &pools.Member, &pools.Staff, &pools.Owner} {
		count.watch(t, pool)
	}
	app, err := newApp(t.Context(), cfg, pools)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	return app.Handler, count, pools
}

// hold opens each page and compares the statements with its budget.
func (s *statements) hold(t *testing.T, portal http.Handler, cookies []*http.Cookie, budgets map[string]int64) {
	t.Helper()
	for path, budget := range budgets {
		s.ask(portal, cookies, path) // definitions are read once and kept: the count must not hang on which page is first
		status, n := s.ask(portal, cookies, path)
		t.Logf("%s: %d statements", path, n)
		if status != http.StatusOK || n > budget {
			t.Errorf("%s answered %d after %d statements; %d are its budget", path, status, n, budget)
		}
	}
}

// ask opens a page and counts what it asked.
func (s *statements) ask(portal http.Handler, cookies []*http.Cookie, path string) (status int, n int64) {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	s.n.Store(0)
	w := httptest.NewRecorder()
	portal.ServeHTTP(w, r)
	return w.Code, s.n.Load()
}

// signedIn is what a browser of the account carries.
func signedIn(t *testing.T, portal http.Handler, email string) []*http.Cookie {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/tr/sign-in", strings.NewReader(url.Values{"email": {email}, "password": {demo.Password}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	portal.ServeHTTP(w, r)
	if cookies := w.Result().Cookies(); w.Code == http.StatusSeeOther && len(cookies) > 0 {
		return cookies
	}
	t.Fatalf("%s cannot sign in: %d", email, w.Code)
	return nil
}

// TestCaseworkAsksTheDatabaseSeldom holds the pages that people work with all day to a number
// of statements that does not grow with their rows; statements that open and close
// transactions count too.
func TestCaseworkAsksTheDatabaseSeldom(t *testing.T) {
	portal, count, pools := counted(t)
	var id, org string
	err := pools.Owner.QueryRow(t.Context(), `
		select s.public_id, os.public_id from requests r join subjects s on s.id = r.id join subjects os on os.id = r.org_id
		join organisations o on o.id = r.org_id where o.name = 'Şuşa' and r.submitted_at is not null
		order by (select count(*) from messages m where m.subject_id = r.id) desc, r.id limit 1`).Scan(&id, &org)
	if err != nil {
		t.Fatal(err)
	}
	var circular, read string // by nobody yet: the first look writes it down
	err = pools.Owner.QueryRow(t.Context(), `
		select cs.public_id, s.public_id from circular_copies x join subjects s on s.id = x.id join subjects cs on cs.id = x.circular_id
		join subjects o on o.id = x.org_id where o.public_id = $1 and x.opened_at is null order by x.seq desc limit 1`, org).Scan(&circular, &read)
	if err != nil {
		t.Fatal(err)
	}
	count.hold(t, portal, signedIn(t, portal, "head@union.example"), map[string]int64{
		"/tr/desk": 16, "/tr/desk/requests": 17, "/tr/desk/requests/" + id: 42, "/tr/desk/figures": 8, "/tr/desk/opinions": 6, "/tr/desk/supports": 7, "/tr/desk/absences": 7,
		"/tr/desk/circulars": 11, "/tr/desk/circulars/" + circular: 11, "/tr/desk/circulars/" + circular + "/recipients": 14,
	})
	count.hold(t, portal, signedIn(t, portal, "editor@shusha.example"), map[string]int64{
		"/tr/m/" + org: 24, "/tr/m/" + org + "/requests": 8, "/tr/m/" + org + "/requests/" + id: 34, "/tr/m/" + org + "/supports": 7,
		"/tr/m/" + org + "/circulars": 6, "/tr/m/" + org + "/circulars/" + read: 16,
	})
}

// TestPublicPagesAskTheDatabaseSeldom holds each public page to a number of statements that
// does not grow with its rows.
func TestPublicPagesAskTheDatabaseSeldom(t *testing.T) {
	portal, count, _ := counted(t)
	count.hold(t, portal, nil, map[string]int64{
		"/tr/": 12, "/tr/municipalities": 6, "/tr/municipalities?country=TR": 8, "/tr/municipalities?q=susa": 8,
		"/tr/municipalities/map": 6, "/tr/municipalities/map.json": 3, "/tr/municipalities.csv": 2, "/tr/municipalities/ankara": 13,
		"/tr/events": 8, "/tr/events/month": 8, "/tr/events.ics": 4, "/tr/projects": 8, "/tr/projects/map": 8,
		"/tr/bulletins": 6, "/tr/bulletins.atom": 5, "/tr/about": 5, "/tr/fields": 2, "/tr/fields/culture": 20,
		"/tr/services": 2, "/tr/services/business-corporation": 3, "/tr/search?q=forum": 8, "/sitemap.xml": 2, "/sitemap/0.xml": 2,
	})
}
