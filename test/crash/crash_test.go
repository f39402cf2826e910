// Package crash ends what the portal stands on while people work, and looks whether
// anything acknowledged was lost, doubled or left undone.
package crash

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/birlik/portal/internal/postgres/embedded"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/test/portal"
)

// office invites people all the time, from several desks, as an administrator does.
type office struct {
	desks  sync.WaitGroup
	closed chan struct{}
	mutex  sync.Mutex
	done   []string // addresses that were acknowledged
}

// open starts the desks; to is asked for the address of a portal before every try.
func (o *office) open(client *http.Client, desks int, to func() string) {
	o.closed = make(chan struct{})
	for desk := range desks {
		o.desks.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-o.closed:
					return
				default:
					o.invite(client, to(), fmt.Sprintf("crash-%d-%d@city.example", desk, i))
				}
			}
		})
	}
}

// invite tries once: what was not acknowledged may be there or not, but never by halves.
func (o *office) invite(client *http.Client, portal, email string) {
	form := url.Values{"email": {email}, "name": {"Crash Test"}, "lang": {"tr"}, "role": {"auditor"}, "once": {subject.NewPublicID()}}
	response, err := client.PostForm(portal+"/tr/desk/users", form)
	if err != nil {
		time.Sleep(50 * time.Millisecond)
		return
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body) // only the answer's head counts
	if response.StatusCode == http.StatusSeeOther && strings.Contains(response.Header.Get("Location"), "done=invited") {
		o.mutex.Lock()
		o.done = append(o.done, email)
		o.mutex.Unlock()
	}
}

func (o *office) acknowledged() int {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return len(o.done)
}

func (o *office) close() {
	close(o.closed)
	o.desks.Wait()
}

// wait asks until it is so, or fails after a while.
func wait(t *testing.T, most time.Duration, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(most); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if so() {
			return
		}
	}
	t.Fatalf("after %s: not %s", most, what)
}

func count(p *portal.Portal, sql string, args ...any) (n int) {
	p.Query(&n, sql, args...)
	return n
}

// inFlight bounds how many mails may go out twice after a crash: the two that are being
// sent, and those whose jobs the queue had not marked as done yet (it marks in batches).
const inFlight = 10

// settled checks that each acknowledged invitation is there once, that nothing is there
// by halves, and that each gets its mail: once, but for what was in flight at each crash.
func settled(t *testing.T, p *portal.Portal, o *office, crashes int) {
	t.Helper()
	if n := count(p, `select count(*) from unnest($1::text[]) as a(email) where (select count(*) from users u where u.email = a.email) <> 1`, o.done); n > 0 {
		t.Errorf("%d of %d acknowledged invitations are lost or doubled", n, len(o.done))
	}
	if n := count(p, `select count(*) from users u where u.email like 'crash-%' and
		(not exists (select from staff_roles r where r.user_id = u.id) or not exists (select from access_links l where l.user_id = u.id)
		or not exists (select from audit_entries a where a.subject_id = u.id))`); n > 0 {
		t.Errorf("%d people are there by halves", n)
	}
	wait(t, 2*time.Minute, "everybody has mail", func() bool {
		return count(p, `select count(*) from users u where u.email like 'crash-%' and not exists (select from mail_inbox m where m.to_address like '%' || u.email || '%')`) == 0
	})
	if n := count(p, `select count(*) from (select to_address from mail_inbox where to_address like '%crash-%' group by to_address having count(*) > 1) x`); n > crashes*inFlight {
		t.Errorf("%d people were told twice after %d crashes", n, crashes)
	}
}

// TestAKilledPortalKeepsWhatItAcknowledged kills the process at its busiest, several
// times, and starts it again on the same data.
func TestAKilledPortalKeepsWhatItAcknowledged(t *testing.T) {
	p := portal.Start(t)
	admin := p.Client("admin@union.example")
	var address sync.Mutex // the portal comes back on another port
	var o office
	o.open(admin, 8, func() string {
		address.Lock()
		defer address.Unlock()
		return p.URL
	})
	const crashes = 3
	for range crashes {
		enough := o.acknowledged() + 30
		wait(t, time.Minute, "30 invitations more", func() bool { return o.acknowledged() >= enough })
		address.Lock()
		p.Kill()
		p.Run()
		address.Unlock()
	}
	o.close()
	t.Logf("%d invitations were acknowledged", o.acknowledged())
	// The queue takes up what a killed process was working on after two minutes; here they pass at once.
	count(p, `with old as (update river_job set attempted_at = attempted_at - interval '3 minutes' where state = 'running' returning 1) select count(*) from old`)
	settled(t, p, &o, crashes)
}

// TestTheDatabaseGoesAndComesBack stops PostgreSQL under load: pages say so in the
// reader's language, and all is well again by itself when it is back.
func TestTheDatabaseGoesAndComesBack(t *testing.T) {
	dir, server := ownServer(t)
	p := portal.StartOn(t, server.URL(), "PORTAL_PAGE_CACHE_MB=0")
	admin := p.Client("admin@union.example")
	var o office
	o.open(admin, 4, func() string { return p.URL })
	wait(t, time.Minute, "20 invitations", func() bool { return o.acknowledged() >= 20 })
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	saysSorry(t, p, "/tr/municipalities", "Portal şu anda yanıt veremiyor")
	saysSorry(t, p, "/ru/municipalities", "Портал сейчас не отвечает")
	if status, _ := p.Get(admin, "/tr/desk/users"); status != http.StatusServiceUnavailable {
		t.Errorf("a signed-in page answers %d while the database is away", status)
	}
	if status, _ := p.Get(http.DefaultClient, "/healthz"); status != http.StatusOK {
		t.Errorf("/healthz answers %d: the process itself is well", status)
	}
	server, err := embedded.Start(t.Context(), embedded.Options{Dir: dir, Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() }) // the folder goes anyway
	wait(t, 30*time.Second, "pages as before", func() bool {
		status, _ := p.Get(admin, "/tr/desk/users")
		public, _ := p.Get(http.DefaultClient, "/tr/municipalities")
		return status == http.StatusOK && public == http.StatusOK
	})
	enough := o.acknowledged() + 20
	wait(t, time.Minute, "20 invitations more", func() bool { return o.acknowledged() >= enough })
	o.close()
	settled(t, p, &o, 1)
}

// ownServer is a PostgreSQL that the test may stop.
func ownServer(t *testing.T) (string, *embedded.Server) {
	t.Helper()
	dir, err := os.MkdirTemp("", "birlik-crash") // short, for the socket's name
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // the server's user must walk in
		t.Fatal(err)
	}
	server, err := embedded.Start(t.Context(), embedded.Options{Dir: dir, Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	return dir, server
}

func saysSorry(t *testing.T, p *portal.Portal, path, words string) {
	t.Helper()
	response, err := http.Get(p.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" || !strings.Contains(string(body), words) {
		t.Errorf("%s answers %d, Retry-After %q, without %q", path, response.StatusCode, response.Header.Get("Retry-After"), words)
	}
}

// TestTwoInstancesServeTheSamePerson signs in at one and acts at both; every job is
// worked once.
func TestTwoInstancesServeTheSamePerson(t *testing.T) {
	one := portal.Start(t)
	two := portal.StartOn(t, one.Database)
	admin := one.Client("admin@union.example")
	var o office
	var turn sync.Mutex
	next := 0
	o.open(admin, 4, func() string {
		turn.Lock()
		defer turn.Unlock()
		next++
		return []string{one.URL, two.URL}[next%2]
	})
	wait(t, time.Minute, "40 invitations", func() bool { return o.acknowledged() >= 40 })
	o.close()
	settled(t, one, &o, 0)
	if n := count(one, `select count(*) from (select link_id from access_tokens k join access_links l on l.id = k.link_id
		join users u on u.id = l.user_id and u.email like 'crash-%' group by link_id having count(*) > 1) x`); n > 0 {
		t.Errorf("%d invitations were mailed more than once", n)
	}
	if status, body := two.Get(admin, "/tr/desk/users?q=crash-0-0"); status != http.StatusOK || !strings.Contains(body, "crash-0-0@city.example") {
		t.Errorf("the other instance answers %d, or does not know whom the first invited", status)
	}
	if status, _ := two.Get(two.Client(""), "/tr/desk/users"); status == http.StatusOK {
		t.Error("a stranger gets in at the other instance")
	}
}
