package static

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// Budgets in bytes that travel, from the design's measurements.
const (
	styleBudget  = 12 << 10
	scriptBudget = 15 << 10
	fontBudget   = 75 << 10 // a language
)

func TestBudgets(t *testing.T) {
	if n := Size("app.css"); n > styleBudget {
		t.Errorf("styles take %d bytes of %d", n, styleBudget)
	}
	own := 0
	for _, name := range []string{"theme.js", "base.js", "table.js", "draft.js", "upload.js", "combobox.js", "map.js", "count.js"} {
		own += Size(name)
	}
	if own > scriptBudget {
		t.Errorf("own scripts take %d bytes of %d", own, scriptBudget)
	}
	for lang, names := range map[string][]string{
		"tr": {"inter-latin.woff2", "inter-turkic.woff2", "serif-latin.woff2", "serif-turkic.woff2"},
		"ru": {"inter-latin.woff2", "inter-cyr.woff2", "serif-latin.woff2", "serif-cyr.woff2"},
	} {
		sum := 0
		for _, name := range names {
			sum += Size(name)
		}
		if sum > fontBudget {
			t.Errorf("fonts of %s take %d bytes of %d", lang, sum, fontBudget)
		}
	}
}

// TestStylesStayHome finds addresses that would leave the portal or not be answered.
func TestStylesStayHome(t *testing.T) {
	address := regexp.MustCompile(`url\("?([^")]+)"?\)`)
	for _, name := range Names() {
		if !strings.HasSuffix(name, ".css") {
			continue
		}
		for _, m := range address.FindAllStringSubmatch(string(assets[manifest[name]].raw), -1) {
			if _, ok := assets[m[1]]; !ok {
				t.Errorf("%s names %q, which is not served", name, m[1])
			}
		}
	}
}

func TestHandlerNegotiates(t *testing.T) {
	plain := get(t, URL("app.css"), "")
	packed := get(t, URL("app.css"), "gzip, br;q=1.0")
	if got := packed.Header.Get("Content-Encoding"); got != "br" {
		t.Fatalf("encoding %q", got)
	}
	body, err := io.ReadAll(brotli.NewReader(packed.Body))
	if err != nil {
		t.Fatal(err)
	}
	want, _ := io.ReadAll(plain.Body) // a recorder's body cannot fail
	if !bytes.Equal(body, want) {
		t.Error("the packed styles differ from the plain ones")
	}
	if refused := get(t, URL("app.css"), "br;q=0"); refused.Header.Get("Content-Encoding") != "" {
		t.Error("a refused coding was sent")
	}
	if missing := get(t, Prefix+"app.css", ""); missing.StatusCode != http.StatusNotFound {
		t.Errorf("an unhashed name answers %d", missing.StatusCode)
	}
}

func get(t *testing.T, path, accept string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", accept)
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}
