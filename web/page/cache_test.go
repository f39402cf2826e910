package page_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/web/page"
)

// cached is a page behind the cache, on a database of its own.
type cached struct {
	*testing.T
	pools   *postgres.Pools
	cache   *page.Cache
	handler http.Handler
	made    atomic.Int64
	during  func() // runs while the page is being made
}

func setupCache(t *testing.T, rule page.Rule) *cached {
	store := freshness.NewStore(1 << 20)
	c := &cached{T: t, pools: pgtest.Clone(t), cache: page.NewCache(store, time.UTC, time.Now)}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		freshness.Listen(ctx, c.pools.Owner, store)
	}()
	t.Cleanup(func() { stop(); <-done })
	c.handler = c.cache.Keep(rule)(http.HandlerFunc(c.page))
	c.waitUntilKept()
	return c
}

// page says how often it was made; it is long enough to be compressed.
func (c *cached) page(w http.ResponseWriter, r *http.Request) {
	n := c.made.Add(1)
	if c.during != nil {
		c.during()
	}
	if r.URL.Path == "/gone" {
		http.Error(w, "gone", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "%d %s %q %2000s", n, r.URL.RawQuery, r.Header.Get("Cookie"), "")
}

// waitUntilKept waits for the listener: two requests that are answered with one page.
func (c *cached) waitUntilKept() {
	c.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if first, again := c.get("/p", nil), c.get("/p", nil); first.Body.String() == again.Body.String() {
			return
		}
	}
	c.Fatal("the cache never kept a page")
}

func (c *cached) get(target string, header http.Header) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for name, values := range header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	return w
}

func (c *cached) touch(tags ...freshness.Tag) {
	c.Helper()
	err := c.pools.InTx(context.Background(), identity.Worker(), func(tx pgx.Tx) error {
		return freshness.Touch(context.Background(), tx, tags...)
	})
	if err != nil {
		c.Fatal(err)
	}
}

// changes reports whether the page is made anew within a second.
func (c *cached) changes(before string) bool {
	for deadline := time.Now().Add(time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if c.get("/p", nil).Body.String() != before {
			return true
		}
	}
	return false
}

func TestATouchIsSeenAndARollbackIsNot(t *testing.T) {
	c := setupCache(t, page.Rule{Tags: []freshness.Tag{"events"}})
	before := c.get("/p", nil).Body.String()
	c.touch("bulletins")
	err := c.pools.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		if err := freshness.Touch(t.Context(), tx, "events"); err != nil {
			t.Error(err)
		}
		return context.Canceled
	})
	if err == nil || c.changes(before) {
		t.Error("the page changed without a touch of its tag")
	}
	c.touch("events")
	if !c.changes(before) {
		t.Error("the page did not change after a touch")
	}
}

// TestAnEditDuringASlowRender is the barrier: a page whose making began before the edit is
// answered to who asked for it, and never kept for who asks after.
func TestAnEditDuringASlowRender(t *testing.T) {
	c := setupCache(t, page.Rule{Tags: []freshness.Tag{"events"}})
	reading, edited := make(chan struct{}), make(chan struct{})
	var begun atomic.Bool // not a sync.Once, for which every later page would wait
	c.during = func() {
		if begun.CompareAndSwap(false, true) {
			close(reading)
			<-edited
		}
	}
	slow := make(chan string)
	go func() { slow <- c.get("/slow", nil).Body.String() }()
	<-reading
	before := c.get("/p", nil).Body.String()
	c.touch("events")
	if !c.changes(before) {
		t.Fatal("the touch was not heard")
	}
	// Who asks now must not wait for the flight that began before the edit.
	fresh := c.get("/slow", nil).Body.String()
	close(edited)
	old := <-slow
	if fresh == old {
		t.Error("the reader after the edit was given the page from before it")
	}
	if again := c.get("/slow", nil).Body.String(); again == old {
		t.Error("the page from before the edit was kept")
	}
}

func TestOneRenderForAllWhoWait(t *testing.T) {
	c := setupCache(t, page.Rule{Tags: []freshness.Tag{"events"}})
	before := c.made.Load()
	c.during = func() { time.Sleep(50 * time.Millisecond) }
	var readers sync.WaitGroup
	for range 20 {
		readers.Go(func() { c.get("/crowd", nil) })
	}
	readers.Wait()
	if made := c.made.Load() - before; made != 1 {
		t.Errorf("the page was made %d times", made)
	}
}

func TestKeptPagesKnowNothingOfTheReader(t *testing.T) {
	c := setupCache(t, page.Rule{Tags: []freshness.Tag{"events"}, Params: []string{"kind", "country"}})
	first := c.get("/q?kind=forum&utm=1&country=TR&x=<script>", http.Header{"Cookie": {"theme=dark"}}).Body.String()
	if second := c.get("/q?country=TR&kind=forum&country=", nil).Body.String(); first != second {
		t.Error("the same filters made two pages")
	}
	if want := `country=TR&kind=forum ""`; first[len(first)-2001-len(want):len(first)-2001] != want {
		t.Errorf("the page saw %q", first[:60])
	}
	for range 2 {
		if got := c.get("/gone", nil); got.Code != http.StatusNotFound || got.Header().Get("ETag") != "" {
			t.Errorf("a missing page: %d %q", got.Code, got.Header().Get("ETag"))
		}
	}
}

func TestFormsOfAKeptPage(t *testing.T) {
	c := setupCache(t, page.Rule{Tags: []freshness.Tag{"events"}})
	plain := c.get("/p", nil)
	zipped := c.get("/p", http.Header{"Accept-Encoding": {"gzip"}})
	brotlied := c.get("/p", http.Header{"Accept-Encoding": {"gzip, br"}})
	if zipped.Header().Get("Content-Encoding") != "gzip" || brotlied.Header().Get("Content-Encoding") != "br" {
		t.Errorf("encodings %q, %q", zipped.Header().Get("Content-Encoding"), brotlied.Header().Get("Content-Encoding"))
	}
	reader, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(reader); err != nil || string(body) != plain.Body.String() {
		t.Errorf("the zipped page differs (%v)", err)
	}
	again := c.get("/p", http.Header{"If-None-Match": {`"other", ` + plain.Header().Get("ETag")}})
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("asked with the tag: %d, %d bytes", again.Code, again.Body.Len())
	}
}

// TestALostListenerEmptiesAll cuts the listening connection: until it is back, nothing is
// kept; and what was kept before is gone.
func TestALostListenerEmptiesAll(t *testing.T) {
	c := setupCache(t, page.Rule{Tags: []freshness.Tag{"events"}})
	before := c.get("/p", nil).Body.String()
	_, err := c.pools.Owner.Exec(t.Context(), `
		select pg_terminate_backend(pid) from pg_stat_activity
		where datname = current_database() and query = 'listen portal_fresh'`)
	if err != nil {
		t.Fatal(err)
	}
	if !c.changes(before) {
		t.Fatal("pages outlived the listener")
	}
	c.waitUntilKept() // and it heals by itself
	before = c.get("/p", nil).Body.String()
	c.touch("events")
	if !c.changes(before) {
		t.Error("the new listener hears nothing")
	}
}

// TestSettle shows an edit to the next request of its maker, listener or not.
func TestSettle(t *testing.T) {
	c := setupCache(t, page.Rule{Tags: []freshness.Tag{"events"}})
	edit := c.cache.Settle(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := c.pools.InTx(r.Context(), identity.Worker(), func(tx pgx.Tx) error {
			return freshness.Touch(r.Context(), tx, "events")
		})
		if err != nil {
			t.Error(err)
		}
	}))
	for range 50 {
		before := c.get("/p", nil).Body.String()
		edit.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/edit", nil))
		if c.get("/p", nil).Body.String() == before {
			t.Fatal("the maker of an edit was shown the page from before it")
		}
	}
}
