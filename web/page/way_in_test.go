package page

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/locale"
)

var ok = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("ok")) })

func posted(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/tr/x", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	return r
}

func answer(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestClientAddressTrustsOnlyOurProxies(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct{ peer, forwarded, want string }{
		{"203.0.113.7:4000", "", "203.0.113.7"},
		{"203.0.113.7:4000", "198.51.100.1", "203.0.113.7"}, // forged: no proxy of ours
		{"10.0.0.2:4000", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.2:4000", "127.0.0.1, 198.51.100.1", "198.51.100.1"}, // forged on the left
		{"10.0.0.2:4000", "198.51.100.1, 10.0.0.9", "198.51.100.1"},
		{"10.0.0.2:4000", "10.1.1.1", "10.1.1.1"},
		{"10.0.0.2:4000", "what is this", "10.0.0.2"},
		{"[fd00::1]:4000", "2001:db8::5", "2001:db8::5"},
		{"[::ffff:10.0.0.2]:4000", "198.51.100.1", "198.51.100.1"},
		{"@", "198.51.100.1", "invalid IP"},
	} {
		var got netip.Addr
		h := ClientAddress(trusted)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = Address(r) }))
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		answer(h, r)
		if got.String() != c.want {
			t.Errorf("%s with %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
	if Network(netip.MustParseAddr("2001:db8::1:2:3:4")) != "2001:db8::/64" || Network(netip.MustParseAddr("192.0.2.1")) != "192.0.2.1" {
		t.Error("networks")
	}
}

func TestInputRefusesWhatCannotBeStored(t *testing.T) {
	h := Input(ok)
	for name, r := range map[string]*http.Request{
		"NUL":                 posted("name=a%00b"),
		"no UTF-8":            posted("name=%ff%fe"),
		"half a surrogate":    posted("name=%ED%A0%80"),
		"NUL in a name":       posted("na%00me=x"),
		"broken escape":       posted("name=%zz"),
		"over the size":       posted("name=" + strings.Repeat("x", maxBody)),
		"one field too large": posted("name=" + strings.Repeat("x", maxField+1)),
		"too many fields":     posted(strings.Repeat("a=1&", maxFields+1)),
		"NUL in the query":    httptest.NewRequest(http.MethodGet, "/tr/x?q=%00", nil),
		"no UTF-8 in path":    httptest.NewRequest(http.MethodGet, "/tr/%ff", nil),
	} {
		if got := answer(h, r).Code; got != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, got)
		}
	}
	for name, r := range map[string]*http.Request{
		"ordinary":     posted("name=" + url.QueryEscape("Şuşa, Шуша, شۇشا \u200f")),
		"long name":    posted("name=" + strings.Repeat("ş", 10_000)),
		"an emoji":     posted("name=%F0%9F%8C%8D"),
		"a query":      httptest.NewRequest(http.MethodGet, "/tr/x?q="+url.QueryEscape("Iğdır"), nil),
		"another kind": httptest.NewRequest(http.MethodPost, "/tr/x", strings.NewReader("\x00")),
	} {
		if got := answer(h, r).Code; got != http.StatusOK {
			t.Errorf("%s: %d", name, got)
		}
	}
}

func TestDecodeTidiesTextAndLeavesSecrets(t *testing.T) {
	var form struct {
		Name     string `form:"name"`
		Password Secret `form:"password"`
		Count    int    `form:"count"`
		Agree    bool   `form:"agree"`
		Email    string `form:"email"`
	}
	body := url.Values{"name": {"  S\u0327us\u0327a\r\nBaku \u00a0"}, "password": {" p\u0327 "}, "count": {"7"}, "agree": {"true"},
		"email": {"first@x.example", "second@x.example"}, "unknown": {"x"}}
	if err := Decode(posted(body.Encode()), &form); err != nil {
		t.Fatal(err)
	}
	if form.Name != "Şuşa\nBaku" || form.Password != " p\u0327 " || form.Count != 7 || !form.Agree || form.Email != "first@x.example" {
		t.Errorf("%+v", form)
	}
	err := Decode(posted("count=seven"), &form)
	if faults, ok := FaultsOf(posted(""), err); !ok || faults["count"] == "" {
		t.Errorf("a number that is none: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("name=%F0%9F%8C%8D&count=7&list[0]=a")
	f.Add("name[999999999]=a&list[999999999]=x&count=%00")
	f.Fuzz(func(t *testing.T, body string) {
		var form struct {
			Name  string   `form:"name"`
			Count int      `form:"count"`
			List  []string `form:"list"`
		}
		if Decode(posted(body), &form) == nil && strings.ContainsRune(form.Name, 0) {
			t.Errorf("%q lets NUL pass", body)
		}
	})
}

func TestLanguageStandsInTheAddress(t *testing.T) {
	home := time.FixedZone("home", 3*3600)
	var seen locale.Reader
	r := chi.NewRouter()
	r.Get("/", Negotiated)
	r.Route("/{lang}", func(r chi.Router) {
		r.Use(Language(home, time.Now))
		r.Get("/x", func(_ http.ResponseWriter, r *http.Request) { seen = locale.Of(r.Context()) })
	})
	get := func(path, accept, zone string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(http.MethodGet, path, nil)
		req.Header.Set("Accept-Language", accept)
		if zone != "" {
			req.AddCookie(&http.Cookie{Name: ZoneCookie, Value: zone})
		}
		return answer(r, req)
	}
	for accept, want := range map[string]string{"": "/tr", "de": "/tr", "ru-RU,ru;q=0.9": "/ru", "de,en;q=0.5": "/en", ";;;": "/tr"} {
		if got := get("/", accept, ""); got.Code != http.StatusFound || got.Header().Get("Location") != want || got.Header().Get("Vary") != "Accept-Language" {
			t.Errorf("%q: %d %s", accept, got.Code, got.Header())
		}
	}
	if w := get("/ru/x", "tr", "Asia/Baku"); w.Code != http.StatusOK || seen.Lang != locale.RU || seen.Zone.String() != "Asia/Baku" || w.Header().Get("Content-Language") != "ru" {
		t.Errorf("%d %+v", w.Code, seen)
	}
	for _, zone := range []string{"", "Local", "../../etc/passwd", strings.Repeat("A/", 99)} {
		if get("/tr/x", "", zone); seen.Zone != home {
			t.Errorf("zone %q: %v", zone, seen.Zone)
		}
	}
	if w := get("/xx/x", "ru", ""); w.Code != http.StatusNotFound || w.Header().Get("Content-Language") != "ru" {
		t.Errorf("a language of nobody: %d %s", w.Code, w.Header())
	}
}

func TestSecureHeaders(t *testing.T) {
	demo, production := answer(Secure(false)(ok), posted("")).Header(), answer(Secure(true)(ok), posted("")).Header()
	if demo.Get("Strict-Transport-Security") != "" || !strings.HasPrefix(production.Get("Strict-Transport-Security"), "max-age=63072000") {
		t.Error("HSTS belongs to production, and only there")
	}
	csp := production.Get("Content-Security-Policy")
	for _, banned := range []string{"unsafe-inline", "unsafe-eval", "nonce-", "http:", "https:", "data:", "*"} {
		if strings.Contains(csp, banned) {
			t.Errorf("the public policy allows %s", banned)
		}
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"} {
		if got := production.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestSameOriginRefusesOtherSites(t *testing.T) {
	h := SameOrigin()(ok)
	for site, want := range map[string]int{"same-origin": 200, "none": 200, "cross-site": 403, "same-site": 403} {
		r := posted("")
		r.Header.Set("Sec-Fetch-Site", site)
		if got := answer(h, r).Code; got != want {
			t.Errorf("%s: %d", site, got)
		}
	}
	r := posted("")
	r.Header.Set("Origin", "https://evil.example")
	if got := answer(h, r).Code; got != http.StatusForbidden {
		t.Errorf("an older browser from another origin: %d", got)
	}
	for from, want := range map[string]int{"https://evil.example/x": 403, "http://example.com/tr": 200, "": 200} {
		r := posted("")
		r.Header.Set("Referer", from)
		if got := answer(h, r).Code; got != want {
			t.Errorf("the oldest browser from %q: %d", from, got)
		}
	}
}

func TestRateCountsNetworks(t *testing.T) {
	h := ClientAddress(nil)(RateChanges(3)(ok))
	codes := func(method, address string) (last int) {
		for range 5 {
			r := httptest.NewRequest(method, "/tr/x", nil)
			r.RemoteAddr = address
			w := answer(h, r)
			if last = w.Code; last == http.StatusTooManyRequests && w.Header().Get("Retry-After") == "" {
				t.Error("no hint when to come back")
			}
		}
		return last
	}
	if got := codes(http.MethodPost, "192.0.2.1:1"); got != http.StatusTooManyRequests {
		t.Errorf("fifth change: %d", got)
	}
	if got := codes(http.MethodGet, "192.0.2.1:1"); got != http.StatusOK {
		t.Errorf("reading: %d", got)
	}
	if got := answer(Rate(0)(ok), posted("")).Code; got != http.StatusOK {
		t.Errorf("switched off: %d", got)
	}
}

func TestTheLogHoldsNoSecret(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	defer slog.SetDefault(before)
	r := chi.NewRouter()
	r.Use(AccessLog)
	r.Get("/tr/reset/{token}", ok)
	r.Get("/tr/events", ok)
	answer(r, httptest.NewRequest(http.MethodGet, "/tr/reset/s3cret?x=s3cret", nil))
	answer(r, httptest.NewRequest(http.MethodGet, "/tr/events?q=s3cret", nil))
	if text := log.String(); strings.Contains(text, "s3cret") || !strings.Contains(text, "/tr/reset/{token}") || !strings.Contains(text, `"/tr/events"`) {
		t.Error(text)
	}
}

func TestAPanicIsAnErrorPage(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	defer slog.SetDefault(before)
	w := answer(Recover(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("s3cret detail") })), posted(""))
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "s3cret") || !strings.Contains(log.String(), "s3cret detail") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
