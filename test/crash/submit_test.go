package crash

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/birlik/portal/internal/demo"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/test/portal"
)

// cities is how many send at once, each a draft of its own; so many people act for them.
const cities, people = 200, 20

// approvers gives people an account with the mayor of Şuşa's password and each a tenth of
// the cities to approve for. The answer is how many mandates that made.
const approvers = `
	with source as (select * from users where email = 'mayor@shusha.example'), n as (
		select i, nextval(pg_get_serial_sequence('subjects', 'id')) as id from generate_series(1, $1::int) i
	), s as (
		insert into subjects (id, kind, org_id, public_id) overriding system value
		select n.id, 'user', source.org_id, left(translate(md5('storm' || i), '0189', 'ghij'), 26) from n, source
	), u as (
		insert into users (id, org_id, email, email_key, name, lang, zone, password_hash)
		select n.id, source.org_id, 'storm-' || i || '@city.example', 'storm-' || i || '@city.example', 'Storm ' || i, source.lang, source.zone, source.password_hash from n, source
	), m as (
		insert into mandates (user_id, org_id, role) select n.id, c.org_id, 'member_approver'
		from unnest($2::bigint[]) with ordinality as c (org_id, at) join n on n.i = 1 + c.at % $1 returning 1
	)
	select count(*) from m`

// mayor sends drafts, and remembers what was acknowledged.
type mayor struct {
	mutex sync.Mutex
	sent  []string
}

// send tries once; what was not acknowledged may have been sent or not.
func (m *mayor) send(client *http.Client, at, id string) bool {
	response, err := client.PostForm(at+"/"+id+"/send", url.Values{"seq": {"1"}})
	if err != nil {
		time.Sleep(50 * time.Millisecond)
		return false
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	if response.StatusCode != http.StatusSeeOther || !strings.HasSuffix(response.Header.Get("Location"), "/sent") {
		return false
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.sent = append(m.sent, id)
	return true
}

func (m *mayor) count() int {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return len(m.sent)
}

// TestAKilledPortalKeepsWhatCitiesSent kills the process while two hundred cities send:
// each acknowledged request has its number, its step, its frozen answers, its task and its
// letters; nothing is sent by halves, no number is missing or given twice, and who pressed
// again for want of an answer sent once.
func TestAKilledPortalKeepsWhatCitiesSent(t *testing.T) {
	p := portal.Start(t)
	s := prepareStorm(t, p)
	var address sync.Mutex // the portal comes back on another port
	at := func() string {
		address.Lock()
		defer address.Unlock()
		return p.URL
	}
	var m mayor
	var desks sync.WaitGroup
	for i := range cities {
		desks.Go(func() {
			for try := 0; try < 20 && !m.send(s.clients[(i+1)%people], at()+"/tr/m/"+s.orgs[i]+"/requests", s.ids[i]); try++ {
			}
		})
	}
	for part := range 2 {
		wait(t, time.Minute, strconv.Itoa(part+1)+" thirds are sent", func() bool { return m.count() >= (part+1)*cities/3 })
		address.Lock()
		p.Kill()
		p.Run()
		address.Unlock()
	}
	desks.Wait()
	count(p, `with old as (update river_job set attempted_at = attempted_at - interval '3 minutes' where state = 'running' returning 1) select count(*) from old`)
	t.Logf("%d of %d were acknowledged", m.count(), cities)
	sentWhole(t, p, &m, s.ids)
}

// storm is what the cities have in their hands before it breaks.
type storm struct {
	orgs, ids []string // by city: public identifiers of itself and of its draft
	clients   []*http.Client
}

func prepareStorm(t *testing.T, p *portal.Portal) (s storm) {
	t.Helper()
	var orgs []int64
	p.Query(&orgs, `select array_agg(id order by id) from (select m.id from municipalities m where m.standing = 'active' order by m.id limit $1) x`, cities)
	p.Query(&s.orgs, `select array_agg(public_id order by id) from subjects where id = any($1)`, orgs)
	for range cities {
		s.ids = append(s.ids, subject.NewPublicID())
	}
	if n := count(p, demo.FinishedDrafts, s.ids, orgs); n != cities {
		t.Fatalf("%d drafts", n)
	}
	if n := count(p, approvers, people, orgs); n != cities {
		t.Fatalf("%d mandates", n)
	}
	for i := range people {
		s.clients = append(s.clients, p.Client(fmt.Sprintf("storm-%d@city.example", i+1)))
	}
	return s
}

func sentWhole(t *testing.T, p *portal.Portal, m *mayor, ids []string) {
	t.Helper()
	if len(m.sent) < cities*9/10 {
		t.Errorf("only %d of %d were acknowledged; the test shows little", len(m.sent), cities)
	}
	const whole = `r.state = 'submitted' and r.seq = 2 and r.reference is not null
		and (select count(*) from moves v where v.subject_id = r.id and v.move = 'submit') = 1
		and exists (select from submissions f where f.subject_id = r.id and f.submitted_at is not null)
		and exists (select from tasks k where k.subject_id = r.id and k.state = 'open')
		and exists (select from search_documents d where d.subject_id = r.id)
		and exists (select from audit_entries a where a.subject_id = r.id and a.action = 'request.submit')`
	if n := count(p, `select count(*) from unnest($1::text[]) sent join subjects s on s.public_id = sent join requests r on r.id = s.id where not (`+whole+`)`, m.sent); n > 0 {
		t.Errorf("%d of %d acknowledged requests are not wholly there", n, len(m.sent))
	}
	if n := count(p, `select count(*) from requests r join subjects s on s.id = r.id where s.public_id = any($1) and r.state <> 'draft' and not (`+whole+`)`, ids); n > 0 {
		t.Errorf("%d requests are sent by halves", n)
	}
	if n := count(p, `select max(right(reference, 5)::int) - count(*) from requests where submitted_at is not null and reference like 'REQ-' || extract(year from now() at time zone 'Europe/Istanbul') || '-%'`); n != 0 {
		t.Errorf("%d numbers are missing", n)
	}
	wait(t, 2*time.Minute, "everybody has mail", func() bool {
		return count(p, `select count(*) from unnest($1::text[]) sent join subjects s on s.public_id = sent where not exists (
			select from notify_events e join notifications n on n.event_id = e.id join mail_inbox i on i.message_id = n.message_id
			where e.subject_id = s.id and n.state = 'sent')`, m.sent) == 0 &&
			count(p, `select count(*) from notifications where state = 'waiting'`) == 0
	})
}
