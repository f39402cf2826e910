package matrix

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/birlik/portal/test/portal"
)

// TestAPrivilegedCaseStaysInItsOffice makes an opinion of the legal office privileged, with a
// word in all that it says, and reads the whole desk as somebody of another office: pages,
// lists of files, figures, calendars. The word stands nowhere, and nothing can be done to the
// case, alone or among others.
func TestAPrivilegedCaseStaysInItsOffice(t *testing.T) {
	p := portal.Start(t)
	x := crawler{p, t}
	id := x.confide()
	if _, body := p.Get(p.Client("head@union.example"), "/tr/desk/requests/"+id); !strings.Contains(body, canary) {
		t.Fatal("its own office does not read it: nothing is tested")
	}
	for _, email := range []string{"desk@union.example", "finance@union.example"} {
		client := p.Client(email)
		for _, path := range x.around(id) {
			if status, text := x.open(client, path); strings.Contains(text, canary) || status == http.StatusOK && strings.Contains(path, id) {
				t.Errorf("%s reads it on %s", email, path)
			}
		}
		x.spared(client, id)
	}
}

// confide makes the case, with a note and a message, and an earlier officer who is away.
func (x crawler) confide() (id string) {
	x.t.Helper()
	x.p.Query(&id, `select s.public_id from requests r join subjects s on s.id = r.id
		where r.service = 'opinion' and r.open and r.submitted_at is not null and r.office = 'legal' order by r.id limit 1`)
	x.wrote(x.p.Client("head@union.example"), "/tr/desk/requests/"+id+"/say", url.Values{"kind": {"internal"}, "body": {canary}})
	var n int
	x.p.Query(&n, `with u as (update requests r set privileged = true, title = $1, officer_id = null from subjects s where s.id = r.id and s.public_id = $2 returning 1) select count(*) from u`, canary, id)
	if n != 1 {
		x.t.Fatal("no opinion became privileged")
	}
	return id
}

var ofCase = regexp.MustCompile(`/requests/[a-z0-9]+`)

// around are the pages of the desk, those of the case itself, and cases that are like it.
func (x crawler) around(id string) (out []string) {
	out = []string{"/tr/desk/requests?scope=all", "/tr/desk/requests?q=kanarya", "/tr/desk/search?q=kanarya", "/tr/desk/search/find?q=kanarya", "/tr/desk/requests.csv?scope=all"}
	for _, route := range portal.Routes(x.t) {
		if route[0] == http.MethodGet && strings.HasPrefix(route[1], "/{lang}/desk") {
			path := x.p.Fill(route[1])
			if strings.Contains(route[1], "/requests/{request}") {
				path = ofCase.ReplaceAllString(path, "/requests/"+id)
			}
			out = append(out, path)
		}
	}
	var like []string
	x.p.Query(&like, `select array_agg(s.public_id) from requests r join subjects s on s.id = r.id where r.service = 'opinion' and r.submitted_at is not null and s.public_id <> $1`, id)
	for _, other := range like {
		out = append(out, "/tr/desk/requests/"+other)
	}
	return out
}

// spared tries what can be done to a case, and looks at whether it was.
func (x crawler) spared(client *http.Client, id string) {
	x.t.Helper()
	before, after, version := "", "", ""
	x.p.Query(&version, `select r.version::text from requests r join subjects s on s.id = r.id where s.public_id = $1`, id)
	const state = `select r.version || r.state || r.office || r.urgent || r.due_at || coalesce(r.officer_id, 0) || (select count(*) from messages m where m.subject_id = r.id) || (select count(*) from tasks k where k.subject_id = r.id)
		from requests r join subjects s on s.id = r.id where s.public_id = $1`
	x.p.Query(&before, state, id)
	for _, route := range portal.Routes(x.t) {
		if route[0] != http.MethodPost || !strings.HasPrefix(route[1], "/{lang}/desk/requests") {
			continue
		}
		path := strings.NewReplacer("{lang}", "tr", "{request}", id).Replace(route[1])
		if strings.Contains(path, "{") {
			continue
		}
		for _, act := range []string{"urgent:1", "office:projects", "assign:none", "due:2027-01-04"} {
			form := url.Values{"ids": {id + ":" + version}, "act": {act}, "body": {"x"}, "kind": {"internal"}, "words": {"x"}, "version": {version}, "seq": {"1"}}
			if status, _, body := x.p.Post(client, path, form); status >= http.StatusInternalServerError {
				x.t.Errorf("%s: %d\n%.400s", path, status, body)
			}
		}
	}
	if x.p.Query(&after, state, id); before != after {
		x.t.Errorf("the case was changed: %s, then %s", before, after)
	}
}
