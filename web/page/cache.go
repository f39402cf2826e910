package page

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"golang.org/x/sync/singleflight"

	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/static"
	"github.com/birlik/portal/web/ui"
)

// What a cache in front of the portal may do. Browsers ask every time, and are answered
// "not modified" from the store; so what was published is seen at once. Serving stale while
// asking is offered to shared caches only (RFC 9213): a browser that did so would show an
// officer the page as it was before their own edit.
const (
	cacheControl = "public, max-age=0, s-maxage=30"
	cdnControl   = "max-age=30, stale-while-revalidate=300"
)

// renderWithin bounds the making of a page that several readers may wait for.
const renderWithin = 20 * time.Second

// Cache keeps the pages of readers without a name, as long as what they are made of stands.
type Cache struct {
	store   *freshness.Store
	home    *time.Location
	now     func() time.Time
	flights singleflight.Group
}

// NewCache makes a cache on a store; home is the zone of readers who chose none.
func NewCache(store *freshness.Store, home *time.Location, now func() time.Time) *Cache {
	return &Cache{store: store, home: home, now: now}
}

// Rule says what a kept page is made of and what it depends on beside its path.
type Rule struct {
	Tags   []freshness.Tag
	Params []string      // of the query; every other is taken off before the page is made
	Zone   bool          // the page shows times in the reader's zone
	Fresh  time.Duration // how long it holds though nothing was touched; a minute where zero
}

// Keep answers GET requests from the store, and fills it. The page is made once, however
// many wait for it, without anything of the reader but language and (Rule.Zone) zone. A nil
// Cache keeps nothing.
func (c *Cache) Keep(rule Rule) func(http.Handler) http.Handler {
	if rule.Fresh == 0 {
		rule.Fresh = time.Minute
	}
	return func(next http.Handler) http.Handler {
		if c == nil {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			// Files stream, and are not kept.
			if r.Method != http.MethodGet && r.Method != http.MethodHead || Fragment(r) || path.Ext(r.URL.Path) != "" {
				next.ServeHTTP(w, r)
				return
			}
			c.serve(w, c.bare(r, rule), rule, next)
		})
	}
}

// bare is the request as the page may see it: known parameters in order, no cookie, the
// home zone where the page does not depend on the reader's.
func (c *Cache) bare(r *http.Request, rule Rule) *http.Request {
	query := url.Values{}
	for name, values := range r.URL.Query() {
		if values = slices.DeleteFunc(values, func(v string) bool { return v == "" }); len(values) > 0 && slices.Contains(rule.Params, name) {
			query[name] = values
		}
	}
	reader := locale.Of(r.Context())
	if !rule.Zone {
		reader.Zone = c.home
	}
	shell := ui.ShellOf(r.Context())
	shell.Path, _, _ = strings.Cut(shell.Path, "?")
	if len(query) > 0 {
		shell.Path += "?" + query.Encode()
	}
	out := r.Clone(ui.WithShell(locale.With(r.Context(), reader), shell))
	out.URL.RawQuery = query.Encode()
	out.Header.Del("Cookie")
	return out
}

func (c *Cache) serve(w http.ResponseWriter, r *http.Request, rule Rule, next http.Handler) {
	key := r.URL.Path + "?" + r.URL.RawQuery
	if rule.Zone {
		key += "#" + locale.Of(r.Context()).Zone.String()
		w.Header().Add("Vary", "Cookie") // the zone travels in one
	}
	generation := c.store.Generation(rule.Tags...)
	if entry, ok := c.store.Find(key, generation); ok && c.now().Sub(entry.At) < rule.Fresh {
		sendEntry(w, r, entry)
		return
	}
	// Who comes after a change begins a flight of its own: the one under way may be older.
	flight := fmt.Sprintf("%s#%v", key, generation)
	made, _, _ := c.flights.Do(flight, func() (any, error) {
		made := c.make(r, next)
		if made.keep() {
			made.entry = entryOf(made.body.Bytes(), made.header.Get("Content-Type"), c.now())
			c.store.Keep(key, made.entry, generation, rule.Tags...)
		}
		return made, nil
	})
	made.(*response).send(w, r)
}

// make runs the handler for everybody who waits: a reader who leaves does not end it.
func (c *Cache) make(r *http.Request, next http.Handler) *response {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), renderWithin)
	defer cancel()
	get := r.Clone(ctx)
	get.Method = http.MethodGet
	out := &response{header: http.Header{}, status: http.StatusOK}
	next.ServeHTTP(out, get)
	return out
}

// response is an answer that is held back until it is whole.
type response struct {
	header http.Header
	status int
	body   bytes.Buffer
	entry  freshness.Entry // set where it is a page that may be kept
}

func (a *response) Header() http.Header         { return a.header }
func (a *response) Write(b []byte) (int, error) { return a.body.Write(b) }
func (a *response) WriteHeader(status int)      { a.status = status }

// keep reports a whole page that is the same for everybody.
func (a *response) keep() bool {
	return a.status == http.StatusOK && a.header.Get("Set-Cookie") == "" &&
		!strings.Contains(a.header.Get("Cache-Control"), "no-store")
}

func (a *response) send(w http.ResponseWriter, r *http.Request) {
	if a.entry.ETag != "" {
		sendEntry(w, r, a.entry)
		return
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(a.body.Bytes()) // the reader may have gone; nobody is left to tell
	}
}

// entryOf compresses a page both ways, once for all who will read it.
func entryOf(body []byte, contentType string, now time.Time) freshness.Entry {
	sum := sha256.Sum256(body)
	e := freshness.Entry{Body: body, Type: contentType, ETag: `W/"` + hex.EncodeToString(sum[:12]) + `"`, At: now}
	if len(body) < smallest {
		return e
	}
	var zipped, brotlied bytes.Buffer
	zip, _ := gzip.NewWriterLevel(&zipped, gzip.DefaultCompression) // the level is a constant
	_, _ = zip.Write(body)                                          // a buffer never fails
	_ = zip.Close()
	br := brotli.NewWriterLevel(&brotlied, 5)
	_, _ = br.Write(body)
	_ = br.Close()
	e.Gzip, e.Brotli = zipped.Bytes(), brotlied.Bytes()
	return e
}

// sendEntry writes a kept page in the smallest form that the reader takes, or "not modified".
func sendEntry(w http.ResponseWriter, r *http.Request, e freshness.Entry) {
	h := w.Header()
	h.Set("Cache-Control", cacheControl)
	h.Set("CDN-Cache-Control", cdnControl)
	h.Set("ETag", e.ETag)
	h.Add("Vary", "Accept-Encoding")
	if slices.Contains(strings.Split(strings.ReplaceAll(r.Header.Get("If-None-Match"), " ", ""), ","), e.ETag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := e.Body
	switch accept := r.Header.Get("Accept-Encoding"); {
	case e.Brotli != nil && static.Accepts(accept, "br"):
		body = e.Brotli
		h.Set("Content-Encoding", "br")
	case e.Gzip != nil && static.Accepts(accept, "gzip"):
		body = e.Gzip
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Type", e.Type)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader may have gone; nobody is left to tell
	}
}

// Settle makes what a request touched stale on this instance before its answer leaves, so
// that the next page its reader opens shows it.
func (c *Cache) Settle(next http.Handler) http.Handler {
	if c == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, settle := freshness.Collect(r.Context(), c.store)
		defer settle()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
