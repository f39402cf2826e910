package mailings_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/mailings"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/translations"
)

// register stands for the members' list: every organisation named in it, in that order.
type register struct{ ids []int64 }

func (r *register) Matching(context.Context, postgres.Querier, identity.Actor, mailings.Filter) ([]int64, error) {
	return r.ids, nil
}

type bundle struct {
	pools *postgres.Pools
	s     *mailings.Service
	desk  identity.Actor
	all   *register
	mu    sync.Mutex
	now   time.Time
	got   map[string][]mailings.Post // by address
}

func setup(t *testing.T, perMinute int) *bundle {
	t.Helper()
	b := &bundle{pools: pgtest.Clone(t), all: &register{}, now: time.Now().Truncate(time.Second), got: map[string][]mailings.Post{}}
	b.s = mailings.New(b.pools, b.all, perMinute, b.clock)
	b.desk = pgtest.StaffActor(t, b.pools, identity.DeskOfficer)
	return b
}

func (b *bundle) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bundle) later(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

// city makes a member with mailboxes of the general office.
func (b *bundle) city(t *testing.T, name, lang string, addresses ...string) int64 {
	t.Helper()
	id := pgtest.Org(t, b.pools, name)
	for i, address := range addresses {
		b.exec(t, `insert into contacts (public_id, org_id, office, email, lang) values (left(translate(md5($1 || $2), '0189', 'ghij'), 26), $3, 'general', $2, $4)`,
			fmt.Sprint(id, i), address, id, lang)
	}
	b.all.ids = append(b.all.ids, id)
	return id
}

func (b *bundle) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := b.pools.Owner.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// draft is a mailing that is written in some languages.
func (b *bundle) draft(t *testing.T, kind mailings.Kind, langs ...string) string {
	t.Helper()
	id, err := b.s.Create(t.Context(), b.desk, mailings.Input{Kind: kind, Offices: []string{"general"}, Roles: []string{"member_approver"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range langs {
		_, err := b.s.Texts().SaveText(t.Context(), b.desk, id, translations.In{Lang: lang, Text: translations.Text{Title: "T " + lang, Body: "{{city}} " + lang}})
		if err != nil {
			t.Fatal(err)
		}
	}
	return id
}

func (b *bundle) sendOff(t *testing.T, id string) mailings.Mailing {
	t.Helper()
	m, err := b.s.Show(t.Context(), b.desk, id)
	if err == nil {
		err = b.s.SendOff(t.Context(), b.desk, id, m.Version)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// post takes a letter, as a mail server would.
func (b *bundle) post(_ context.Context, p mailings.Post) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got[p.To.Email] = append(b.got[p.To.Email], p)
	return nil
}

func (b *bundle) work(t *testing.T, m mailings.Mailing, send mailings.Send) time.Duration {
	t.Helper()
	again, err := b.s.Work(t.Context(), m.ID, send)
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func (b *bundle) states(t *testing.T, m mailings.Mailing) map[mailings.Delivery]int {
	t.Helper()
	counts, err := b.s.Counts(t.Context(), b.desk, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

// TestOnceEach: an address that stands for three offices and two cities gets one letter, in
// its language or the one that is there; whoever joins later gets none.
func TestOnceEach(t *testing.T) {
	b := setup(t, 1000)
	b.city(t, "Şuşa", "tr", "bir@susa.example", "BIR@susa.example", "iki@susa.example")
	b.city(t, "Бишкек", "ru", "bir@susa.example", "ofis@bishkek.example")
	b.city(t, "Nobody", "en")
	m := b.sendOff(t, b.draft(t, mailings.Official, "tr", "en"))
	b.city(t, "Late", "en", "late@city.example")
	b.work(t, m, b.post)
	if len(b.got) != 3 {
		t.Fatalf("letters to %d addresses", len(b.got))
	}
	for address, posts := range b.got {
		if len(posts) != 1 {
			t.Errorf("%s got %d", address, len(posts))
		}
	}
	if p := b.got["ofis@bishkek.example"][0]; p.To.Lang != "en" || p.To.Wanted != "ru" || p.Title != "T en" || p.Token != "" {
		t.Errorf("%+v", p)
	}
	after, _ := b.s.Show(t.Context(), b.desk, m.PublicID)
	if after.State != mailings.Sent || after.FinishedAt == nil {
		t.Errorf("%+v", after)
	}
}

// TestKilledInBetween: a worker is killed after a letter has left and before that was noted,
// again and again. Nobody gets two letters, and who may have got none is named.
func TestKilledInBetween(t *testing.T) {
	b := setup(t, 1000)
	for i := range 12 {
		b.city(t, fmt.Sprint("City ", i), "tr", fmt.Sprintf("a%d@city.example", i))
	}
	m := b.sendOff(t, b.draft(t, mailings.Official, "tr"))
	for range 3 {
		ctx, kill := context.WithCancel(t.Context())
		n := 0
		_, err := b.s.Work(ctx, m.ID, func(_ context.Context, p mailings.Post) error {
			if n++; n == 3 {
				kill()
				_ = b.post(ctx, p)
				return errors.New("killed")
			}
			return b.post(ctx, p)
		})
		if err == nil {
			t.Fatal("the worker was not killed")
		}
		kill()
	}
	b.work(t, m, b.post)
	for address, posts := range b.got {
		if len(posts) != 1 {
			t.Errorf("%s got %d letters", address, len(posts))
		}
	}
	if states := b.states(t, m); len(b.got) != 12 || states[mailings.Delivered] != 9 || states[mailings.Unsure] != 3 {
		t.Errorf("%d addresses, %v", len(b.got), states)
	}
	if err := b.s.Retry(t.Context(), b.desk, m.PublicID, mailings.Unsure); err != nil {
		t.Fatal(err)
	}
	b.work(t, m, b.post)
	keys := map[string]bool{}
	for _, posts := range b.got {
		for _, p := range posts {
			keys[p.Key] = true
		}
	}
	if len(keys) != 12 {
		t.Errorf("%d Message-IDs for 12 letters: a second try is another letter", len(keys))
	}
}

// TestWorkersSideBySide: two workers on one mailing send each letter once, and a lease that a
// killed one left behind holds nobody up for ever.
func TestWorkersSideBySide(t *testing.T) {
	b := setup(t, 1000)
	for i := range 20 {
		b.city(t, fmt.Sprint("City ", i), "tr", fmt.Sprintf("a%d@city.example", i))
	}
	m := b.sendOff(t, b.draft(t, mailings.Official, "tr"))
	b.exec(t, `update mailings set lease_until = $1`, b.clock().Add(time.Minute))
	if b.work(t, m, b.post); len(b.got) != 0 {
		t.Error("another worker's mailing was taken")
	}
	b.later(2 * time.Minute)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() { _, _ = b.s.Work(context.Background(), m.ID, b.post) })
	}
	group.Wait()
	for address, posts := range b.got {
		if len(posts) != 1 {
			t.Errorf("%s got %d", address, len(posts))
		}
	}
	if len(b.got) != 20 {
		t.Errorf("%d letters", len(b.got))
	}
}

// TestThrottle: no more than the minute's letters leave, and the job says when to come again.
func TestThrottle(t *testing.T) {
	b := setup(t, 4)
	for i := range 6 {
		b.city(t, fmt.Sprint("City ", i), "tr", fmt.Sprintf("a%d@city.example", i))
	}
	m := b.sendOff(t, b.draft(t, mailings.Official, "tr"))
	if again := b.work(t, m, b.post); len(b.got) != 4 || again <= 0 || again > time.Minute {
		t.Errorf("%d letters, again after %s", len(b.got), again)
	}
	b.later(61 * time.Second)
	if again := b.work(t, m, b.post); len(b.got) != 6 || again != 0 {
		t.Errorf("%d letters, again after %s", len(b.got), again)
	}
}

// TestPauseAndCancel stop what waits.
func TestPauseAndCancel(t *testing.T) {
	b := setup(t, 2)
	for i := range 4 {
		b.city(t, fmt.Sprint("City ", i), "tr", fmt.Sprintf("a%d@city.example", i))
	}
	m := b.sendOff(t, b.draft(t, mailings.Official, "tr"))
	b.work(t, m, b.post)
	must(t, b.s.Pause(t.Context(), b.desk, m.PublicID))
	b.later(2 * time.Minute)
	if b.work(t, m, b.post); len(b.got) != 2 {
		t.Errorf("%d letters though it was paused", len(b.got))
	}
	must(t, b.s.Resume(t.Context(), b.desk, m.PublicID))
	must(t, b.s.Cancel(t.Context(), b.desk, m.PublicID))
	if b.work(t, m, b.post); len(b.got) != 2 || b.states(t, m)[mailings.Dropped] != 2 {
		t.Errorf("%d letters, %v", len(b.got), b.states(t, m))
	}
	if err := b.s.Resume(t.Context(), b.desk, m.PublicID); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("a cancelled mailing goes on: %v", err)
	}
}

// TestTemporaryFailuresAreTriedAgain a few times, and then count as refused with the reason.
func TestTemporaryFailuresAreTriedAgain(t *testing.T) {
	b := setup(t, 1000)
	b.city(t, "Şuşa", "tr", "a@city.example")
	m := b.sendOff(t, b.draft(t, mailings.Official, "tr"))
	tries := 0
	for range 9 {
		again := b.work(t, m, func(context.Context, mailings.Post) error { tries++; return errors.New("421 come\r\nagain") })
		b.later(again + time.Second)
	}
	lines, _, err := b.s.Lines(t.Context(), b.desk, m.ID, mailings.Refused, "")
	if err != nil || tries != 5 || len(lines) != 1 || lines[0].Reason != "421 come again" {
		t.Errorf("%d tries, %+v %v", tries, lines, err)
	}
}

// TestUnsubscribe: a link that is looked at changes nothing; one press takes the address off
// the news of every mailing, also of one that is on its way, but not off what is official.
func TestUnsubscribe(t *testing.T) {
	b := setup(t, 1)
	b.city(t, "Şuşa", "tr", "Bir@susa.example")
	b.city(t, "Oş", "ru", "iki@os.example")
	m := b.sendOff(t, b.draft(t, mailings.News, "tr", "ru"))
	b.work(t, m, b.post)
	token := b.got["Bir@susa.example"][0].Token
	other := string("ab"[strings.Count(token[:1], "a")]) // a letter that the token does not begin with
	for _, wrong := range []string{"", token[:51], token + "a", other + token[1:], token[:26] + strings.Repeat("a", 26)} {
		if _, err := b.s.Unsubscribe(t.Context(), wrong); !apperr.Is(err, apperr.NotFound) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if s, err := b.s.Subscription(t.Context(), token); err != nil || s.Off || s.Lang != "tr" {
		t.Errorf("%+v %v", s, err)
	}
	for range 2 {
		if s, err := b.s.Unsubscribe(t.Context(), token); err != nil || !s.Off {
			t.Errorf("%+v %v", s, err)
		}
	}
	b.exec(t, `insert into mailing_optouts (email_key, recipient_id) select 'iki@os.example', min(id) from mailing_recipients`)
	b.later(2 * time.Minute)
	b.work(t, m, b.post)
	if len(b.got["iki@os.example"]) != 0 || b.states(t, m)[mailings.Unsubscribed] != 1 {
		t.Errorf("who left in between got it: %v", b.states(t, m))
	}
	if a, err := b.s.Audience(t.Context(), b.desk, b.draft(t, mailings.News, "tr")); err != nil || a.Total != 0 || a.Unsubscribed != 2 {
		t.Errorf("%+v %v", a, err)
	}
	if a, err := b.s.Audience(t.Context(), b.desk, b.draft(t, mailings.Official, "tr")); err != nil || a.Total != 2 {
		t.Errorf("%+v %v", a, err)
	}
	if s, err := b.s.Resubscribe(t.Context(), token); err != nil || s.Off {
		t.Errorf("%+v %v", s, err)
	}
	if a, err := b.s.Audience(t.Context(), b.desk, b.draft(t, mailings.News, "tr")); err != nil || a.Total != 1 {
		t.Errorf("%+v %v", a, err)
	}
}

// TestWhoMay holds the rights, and that a city sees nothing of mailings.
func TestWhoMay(t *testing.T) {
	b := setup(t, 10)
	city := b.city(t, "Şuşa", "tr", "a@city.example")
	m := b.sendOff(t, b.draft(t, mailings.News, "tr"))
	mayor := pgtest.MemberActor(t, b.pools, city, identity.MemberApprover)
	auditor := pgtest.StaffActor(t, b.pools, identity.Auditor)
	if _, err := b.s.Show(t.Context(), mayor, m.PublicID); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("a mayor reads: %v", err)
	}
	if _, err := b.s.Show(t.Context(), auditor, m.PublicID); err != nil {
		t.Error(err)
	}
	if err := b.s.Pause(t.Context(), auditor, m.PublicID); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("an auditor pauses: %v", err)
	}
	for _, table := range []string{"mailings", "mailing_recipients", "mailing_optouts", "mailing_secret"} {
		err := b.pools.InTx(t.Context(), mayor, func(tx pgx.Tx) error {
			var n int
			return tx.QueryRow(t.Context(), `select count(*) from `+table).Scan(&n)
		})
		if err == nil {
			t.Errorf("a member may read %s", table)
		}
	}
	if err := b.s.SendOff(t.Context(), b.desk, m.PublicID, m.Version); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("sent off twice: %v", err)
	}
	if _, err := b.s.Texts().SaveText(t.Context(), b.desk, m.PublicID, translations.In{Lang: "tr", Base: 1, Text: translations.Text{Title: "x", Body: "y"}}); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("the text of a sent mailing changed: %v", err)
	}
}

// TestStatesAreThoseOfTheTable holds the closed sets to their CHECKs.
func TestStatesAreThoseOfTheTable(t *testing.T) {
	db := pgtest.DB(t)
	var states, deliveries []string
	for _, s := range mailings.States() {
		states = append(states, string(s))
	}
	for _, d := range mailings.Deliveries() {
		deliveries = append(deliveries, string(d))
	}
	slices.Sort(states)
	slices.Sort(deliveries)
	if got := pgtest.Checked(t, db, "mailings", "state"); !slices.Equal(got, states) {
		t.Errorf("%v", got)
	}
	if got := pgtest.Checked(t, db, "mailing_recipients", "state"); !slices.Equal(got, deliveries) {
		t.Errorf("%v", got)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
