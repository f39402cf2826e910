// Package matrix holds every route to who may open it: the tables (one an area) have a row for
// each route of the binary's own list and a column for each role. A route without a row fails.
package matrix

import (
	"embed"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"sort"
	"strings"
	"testing"

	"github.com/birlik/portal/test/portal"
)

//go:embed *.tsv
var tables embed.FS

// people are the columns, in order, and the account that stands for each.
var people = []struct{ column, email string }{
	{"visitor", ""}, {"editor", "editor@shusha.example"}, {"stranger", "editor@canakkale.example"},
	{"approver", "mayor@shusha.example"}, {"desk", "desk@union.example"}, {"head", "head@union.example"},
	{"finance", "finance@union.example"}, {"board", "board@union.example"}, {"admin", "admin@union.example"},
	{"auditor", "auditor@union.example"},
}

// What a cell may say.
const (
	open  = "open"  // answered: the page, a redirect, or what is wrong with the form
	in    = "in"    // sent to the sign-in page
	no    = "no"    // 403: an area that is not theirs
	none  = "none"  // 404: nothing tells whether it exists
	other = "other" // anything else is a fault
)

type row struct {
	method, pattern string
	cells           []string
}

func rows(t *testing.T) map[string]row {
	t.Helper()
	out := map[string]row{}
	names, err := tables.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := tables.ReadFile(name.Name())
		if err != nil {
			t.Fatal(err)
		}
		readRows(t, name.Name(), string(text), out)
	}
	return out
}

// readRows reads one area's table; its first line names the columns.
func readRows(t *testing.T, name, text string, into map[string]row) {
	t.Helper()
	for i, line := range strings.Split(strings.TrimSpace(text), "\n")[1:] {
		cells := strings.Split(line, "\t")
		if len(cells) != 2+len(people) {
			t.Fatalf("%s:%d has %d cells, needs %d: %s", name, i+2, len(cells), 2+len(people), line)
		}
		key := cells[0] + " " + cells[1]
		if _, twice := into[key]; twice {
			t.Errorf("%s:%d: %s stands twice", name, i+2, key)
		}
		into[key] = row{cells[0], cells[1], cells[2:]}
	}
}

// TestEveryRouteHasARow compares the table with the router's own list.
func TestEveryRouteHasARow(t *testing.T) {
	expected := rows(t)
	seen := map[string]bool{}
	for _, route := range portal.Routes(t) {
		key := route[0] + " " + route[1]
		seen[key] = true
		if _, ok := expected[key]; !ok {
			t.Errorf("no row for %s (%s)", key, route[2])
		}
	}
	for key := range expected {
		if !seen[key] {
			t.Errorf("a row for %s, which is no route", key)
		}
	}
	if len(seen) < 40 {
		t.Fatalf("only %d routes: the list is not whole", len(seen))
	}
}

type tester struct {
	p       *portal.Portal
	clients map[string]*http.Client // by column
	posts   int
}

// TestRoles asks every route as every role. MATRIX_PRINT=1 prints what was answered, for a
// person to read and judge before it becomes a row.
func TestRoles(t *testing.T) {
	p := portal.Start(t, "PORTAL_TRUSTED_PROXIES=127.0.0.1/32")
	x := &tester{p: p, clients: map[string]*http.Client{}}
	for _, person := range people {
		x.clients[person.column] = p.Client(person.email)
	}
	print := os.Getenv("MATRIX_PRINT") != ""
	all := rows(t)
	for _, route := range sorted(portal.Routes(t)) {
		got := x.ask(t, route[0], route[1])
		if print {
			t.Log(route[0] + "\t" + route[1] + "\t" + strings.Join(got, "\t"))
			continue
		}
		want := all[route[0]+" "+route[1]].cells
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s %s as %s: %s, want %s", route[0], route[1], people[i].column, got[i], want[i])
			}
		}
	}
}

// sorted puts reading before writing, so that nothing is gone before it was looked at.
func sorted(routes [][3]string) [][3]string {
	sort.SliceStable(routes, func(i, j int) bool { return routes[i][0] == "GET" && routes[j][0] != "GET" })
	return routes
}

// ask sends one question as each person, and says what each was told.
func (x *tester) ask(t *testing.T, method, pattern string) []string {
	t.Helper()
	path := x.p.Fill(pattern)
	var out []string
	for _, person := range people {
		out = append(out, x.verdict(t, x.clients[person.column], method, path))
		if method != http.MethodGet && person.email != "" && ends(path) {
			x.calm()
			x.clients[person.column] = x.p.Client(person.email)
		}
	}
	return out
}

// calm forgets how often people signed in: this test does so more often than anybody may.
func (x *tester) calm() {
	var forgotten int
	x.p.Query(&forgotten, `with d as (delete from throttles returning 1) select count(*) from d`)
}

// ends reports whether a post may end the session that it comes with.
func ends(path string) bool {
	return strings.Contains(path, "sign-out") || strings.Contains(path, "sessions") || strings.Contains(path, "sign-in") ||
		strings.Contains(path, "invitation") || strings.Contains(path, "reset")
}

func (x *tester) verdict(t *testing.T, client *http.Client, method, path string) string {
	t.Helper()
	request, err := http.NewRequest(method, x.p.URL+path, strings.NewReader(url.Values{}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if method != http.MethodGet {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		// Of one network only a few posts without a session are kept a minute.
		x.posts++
		request.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.%d.%d", x.posts/250, 1+x.posts%250))
	}
	if strings.Contains(path, "/uploads") {
		speakTus(request)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	location := response.Header.Get("Location")
	switch status := response.StatusCode; {
	case status == http.StatusSeeOther && strings.Contains(location, "/sign-in"):
		return in
	case status == http.StatusUnauthorized: // scripts are told, not sent elsewhere
		return in
	case status == http.StatusForbidden:
		return no
	case status == http.StatusNotFound:
		return none
	case status < 400, status == http.StatusUnprocessableEntity, status == http.StatusConflict, status == http.StatusTooManyRequests:
		return open
	default:
		t.Logf("%s %s: %s", method, path, response.Status)
		return other
	}
}

// speakTus dresses a question about uploads as the protocol wants it.
func speakTus(request *http.Request) {
	request.Header.Set("Content-Type", "application/offset+octet-stream")
	request.Header.Set("Tus-Resumable", "1.0.0")
	request.Header.Set("Upload-Offset", "0")
	if request.Method == http.MethodPost {
		request.Body, request.ContentLength = http.NoBody, 0
		request.Header.Set("Upload-Length", "1000")
	}
}
