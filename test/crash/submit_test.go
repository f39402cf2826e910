package crash

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/test/portal"
)

// drafts is how many finished drafts lie before the mayor.
const drafts = 90

// finished copies the demonstration's answered request of Şuşa into drafts that only need
// to be sent.
const finished = `
	with source as (
		select r.*, m.actor_id, m.mandate_id from requests r join moves m on m.subject_id = r.id and m.seq = 1
		join municipalities c on c.id = r.org_id where c.source_id = 'gn:147105' and r.state = 'with_approver' limit 1
	), ids as (
		select nextval(pg_get_serial_sequence('subjects', 'id')) as id, public_id from unnest($1::text[]) public_id
	), s as (
		insert into subjects (id, kind, org_id, public_id) overriding system value select ids.id, 'request', source.org_id, ids.public_id from ids, source
	), m as (
		insert into moves (subject_id, seq, to_state, move, actor_id, mandate_id, org_id) select ids.id, 1, 'draft', 'start', actor_id, mandate_id, org_id from ids, source
	), r as (
		insert into requests (id, org_id, service, state, seq, lang, title, country_id, created_by)
		select ids.id, org_id, service, 'draft', 1, lang, title, country_id, created_by from ids, source
	), f as (
		insert into submissions (subject_id, org_id, part, n, form, form_version, data, field_versions, seen, version, saved_at)
		select ids.id, f.org_id, f.part, f.n, f.form, f.form_version, f.data, f.field_versions, f.seen, f.version, f.saved_at
		from ids, source join submissions f on f.subject_id = source.id
	)
	select count(*) from ids`

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

// TestAKilledPortalKeepsWhatAMayorSent kills the process while requests are being sent:
// each acknowledged one has its number, its step, its frozen answers, its task and its
// letters; nothing is sent by halves, no number is missing or given twice.
func TestAKilledPortalKeepsWhatAMayorSent(t *testing.T) {
	p := portal.Start(t)
	ids := make([]string, drafts)
	for i := range ids {
		ids[i] = subject.NewPublicID()
	}
	if n := count(p, finished, ids); n != drafts {
		t.Fatalf("%d drafts", n)
	}
	client, m := p.Client("mayor@shusha.example"), mayor{}
	path := p.Fill("/{lang}/m/{org}/requests")
	var address sync.Mutex // the portal comes back on another port
	at := func() string {
		address.Lock()
		defer address.Unlock()
		return p.URL + path
	}
	work := make(chan string, drafts)
	for _, id := range ids {
		work <- id
	}
	close(work)
	var desks sync.WaitGroup
	for range 6 {
		desks.Go(func() {
			for id := range work {
				for try := 0; try < 3 && !m.send(client, at(), id); try++ {
				}
			}
		})
	}
	for part := range 2 {
		wait(t, time.Minute, strconv.Itoa(part+1)+" thirds are sent", func() bool { return m.count() >= (part+1)*drafts/3 })
		address.Lock()
		p.Kill()
		p.Run()
		address.Unlock()
	}
	desks.Wait()
	count(p, `with old as (update river_job set attempted_at = attempted_at - interval '3 minutes' where state = 'running' returning 1) select count(*) from old`)
	sentWhole(t, p, &m, ids)
}

func sentWhole(t *testing.T, p *portal.Portal, m *mayor, ids []string) {
	t.Helper()
	if len(m.sent) < drafts*9/10 {
		t.Errorf("only %d of %d were acknowledged; the test shows little", len(m.sent), drafts)
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
