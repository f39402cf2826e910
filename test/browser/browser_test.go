package browser

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestFaultsAreSeen shows that the browser reports what it is there to report.
func TestFaultsAreSeen(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!doctype html><html><title>x</title><img src="/a.png"><p style="width:3000px">wide</p>
<img src="http://127.0.0.1:1/away.png"><script>throw 1</script></html>`))
	}))
	t.Cleanup(server.Close)
	tab := Start(t).Tab(t, server.URL, Phone())
	tab.Go("/")
	faults := strings.Join(tab.Faults(), "\n")
	for _, want := range []string{"external request", "Content Security Policy"} {
		if !strings.Contains(faults, want) {
			t.Errorf("%q is not among the faults:\n%s", want, faults)
		}
	}
	var ids []string
	for _, v := range tab.Axe() {
		ids = append(ids, v.ID)
	}
	for _, want := range []string{"html-has-lang", "image-alt"} {
		if !strings.Contains(strings.Join(ids, " "), want) {
			t.Errorf("axe did not find %s in %v", want, ids)
		}
	}
}
