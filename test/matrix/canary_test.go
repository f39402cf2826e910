package matrix

import (
	"archive/zip"
	"bytes"
	"html"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birlik/portal/test/portal"
)

// canary stands in everything that the union's people say among themselves.
const canary = "kanarya-7316"

// shusha finds what its editor may see, sent to the union.
const shusha = `from requests r join subjects s on s.id = r.id join municipalities m on m.id = r.org_id
	where m.source_id = 'gn:147105' and r.submitted_at is not null`

// TestWhatStaffSayStaysWithStaff plants a word in the notes, duties and opinions between
// offices of a city's requests, and reads every page, file and feed that the city or a visitor
// can reach, and every mail that it gets.
func TestWhatStaffSayStaysWithStaff(t *testing.T) {
	p := portal.Start(t)
	x := crawler{p, t}
	ids := x.plant()
	x.plantCirculars()
	desk := p.Client("desk@union.example")
	if _, body := p.Get(desk, "/tr/desk/requests/"+ids[0]); !strings.Contains(body, canary) {
		t.Fatal("the desk does not read what it wrote: nothing is tested")
	}
	x.mailed(ids[0])
	editor, org := p.Client("editor@shusha.example"), p.Fill("/{lang}/m/{org}")
	seen := x.read(editor, append(x.start(), org))
	for _, id := range ids {
		if !slices.Contains(seen, org+"/requests/"+id) {
			t.Errorf("the city's own request %s was not read", id)
		}
	}
	x.read(p.Client(""), []string{"/tr"})
	x.shut(editor, seen, org)
}

type crawler struct {
	p *portal.Portal
	t *testing.T
}

// plant writes the word, as the desk does and where only the database reaches.
func (x crawler) plant() (ids []string) {
	x.t.Helper()
	x.p.Query(&ids, `select array_agg(s.public_id order by r.open desc, r.id) `+shusha)
	desk := x.p.Client("desk@union.example")
	for _, id := range ids {
		x.wrote(desk, "/tr/desk/requests/"+id+"/say", url.Values{"kind": {"internal"}, "body": {canary}})
	}
	x.noteFile(desk, "/tr/desk/requests/"+ids[0]+"/say")
	x.letter(ids[0])
	x.wrote(desk, "/tr/desk/requests/"+ids[0]+"/tasks", url.Values{"words": {canary}, "owner": {"office:legal"}})
	var n int
	x.p.Query(&n, `with u as (
			insert into co_opinions (public_id, request_id, office, question, asked_by, due_at, answer, answered_by, answered_at)
			select rpad('kanarya' || translate(r.id::text, '0189', 'abcd'), 26, 'a'), r.id, 'legal', $1, u.id, now(), $1, u.id, now() from (select r.id `+shusha+`) r, users u where u.email = 'head@union.example' returning 1)
		select count(*) from u`, canary)
	if n != len(ids) || n == 0 {
		x.t.Fatalf("%d of %d requests have an opinion", n, len(ids))
	}
	return ids
}

func (x crawler) wrote(client *http.Client, path string, form url.Values) {
	x.t.Helper()
	if status, _, body := x.p.Post(client, path, form); status != http.StatusSeeOther {
		x.t.Fatalf("%s: %d\n%.2000s", path, status, body)
	}
}

// mailed waits for a mail that the city gets about the request, and looks at all that came.
func (x crawler) mailed(id string) {
	x.t.Helper()
	x.wrote(x.p.Client("desk@union.example"), "/tr/desk/requests/"+id+"/say", url.Values{"kind": {"outward"}, "body": {"muştu-1907"}})
	const mails = `select count(*) from mail_inbox where to_address like '%@shusha.example' and text_body || html_body || subject like '%' || $1 || '%'`
	var n int
	for until := time.Now().Add(time.Minute); n == 0 && time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		x.p.Query(&n, mails, "muştu-1907")
	}
	if n == 0 {
		x.t.Error("the city got no mail: nothing is tested")
	}
	if x.p.Query(&n, mails, canary); n > 0 {
		x.t.Errorf("%d mails to the city say what staff said among themselves", n)
	}
}

// start are the pages and files of the member's side, from the router's own list.
func (x crawler) start() (out []string) {
	for _, route := range portal.Routes(x.t) {
		if route[0] == http.MethodGet && strings.HasPrefix(route[1], "/{lang}/m/{org}") {
			out = append(out, x.p.Fill(route[1]))
		}
	}
	return out
}

// most bounds how many pages are read.
const most = 700

var link = regexp.MustCompile(`(?:href|action|src)="(/[^"#]*)`)

// read opens pages and what they lead to, and returns those that were answered.
func (x crawler) read(client *http.Client, line []string) (seen []string) {
	x.t.Helper()
	known := map[string]bool{}
	for _, path := range line {
		known[path] = true
	}
	for len(line) > 0 && len(seen) < most {
		path := line[0]
		line = line[1:]
		status, text := x.open(client, path)
		if status != http.StatusOK {
			continue
		}
		seen = append(seen, path)
		if strings.Contains(text, canary) {
			x.t.Errorf("%s says what staff said among themselves", path)
		}
		for _, found := range link.FindAllStringSubmatch(text, -1) {
			next := html.UnescapeString(found[1])
			if !known[next] && wanted(next) {
				known[next], line = true, append(line, next)
			}
		}
	}
	return seen
}

// wanted are addresses of the language that is read; leaving is none.
func wanted(path string) bool {
	return strings.HasPrefix(path, "/tr") && !strings.Contains(path, "sign-out") && !strings.Contains(path, "?after=") && !strings.Contains(path, "?m=")
}

// open reads one address as text, whatever kind of file it is.
func (x crawler) open(client *http.Client, path string) (int, string) {
	x.t.Helper()
	response, err := client.Get(x.p.URL + path)
	if err != nil {
		x.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		x.t.Fatal(err)
	}
	switch {
	case bytes.HasPrefix(body, []byte("%PDF")):
		return response.StatusCode, x.words(body)
	case bytes.HasPrefix(body, []byte("PK")):
		return response.StatusCode, unpacked(body)
	}
	return response.StatusCode, string(body)
}

func (x crawler) words(paper []byte) string {
	x.t.Helper()
	command := exec.Command("pdftotext", "-q", "-", "-")
	command.Stdin = bytes.NewReader(paper)
	out, _ := command.Output() // a picture's file says nothing
	return string(out)
}

func unpacked(body []byte) string {
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return ""
	}
	var out strings.Builder
	for _, file := range archive.File {
		if r, err := file.Open(); err == nil {
			_, _ = io.Copy(&out, r) // what cannot be read says nothing
			_ = r.Close()
		}
	}
	return out.String()
}

// shut ends the editor's mandate: none of the pages that were read answers any more.
func (x crawler) shut(client *http.Client, seen []string, org string) {
	x.t.Helper()
	var n int
	x.p.Query(&n, `with m as (update mandates set ends_at = now() where user_id = (select id from users where email = 'editor@shusha.example') returning 1)
		select count(*) from m`)
	for _, path := range seen {
		if !strings.HasPrefix(path, org) {
			continue
		}
		if status, _ := x.open(client, path); status == http.StatusOK {
			x.t.Errorf("somebody whose mandate is over opens %s", path)
		}
	}
	if n == 0 {
		x.t.Error("no mandate ended: nothing is tested")
	}
}
