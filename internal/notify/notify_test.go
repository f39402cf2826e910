package notify_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/subject"
)

// outbox is a sender that can fail, and remembers.
type outbox struct {
	mutex sync.Mutex
	fail  int // so many sends fail after the letter left: the worst moment
	sent  []notify.Note
	via   func(notify.Note) error // a mail server; nil: everything is taken
}

func (o *outbox) send(_ context.Context, n notify.Note) error {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.sent = append(o.sent, n)
	if o.via != nil {
		return o.via(n)
	}
	if o.fail > 0 {
		o.fail--
		return errors.New("killed")
	}
	return nil
}

type bundle struct {
	pools   *postgres.Pools
	officer identity.Actor
	people  []identity.Actor
	ref     subject.Ref
	box     *outbox
	rule    notify.Rule
}

func setup(t *testing.T) *bundle {
	t.Helper()
	pools := pgtest.Clone(t)
	org := pgtest.Org(t, pools, "Şuşa")
	b := &bundle{pools: pools, officer: pgtest.StaffActor(t, pools, identity.DeskOfficer), ref: subject.Ref{Kind: subject.Organisation, ID: org}, box: &outbox{}}
	for range 3 {
		b.people = append(b.people, pgtest.MemberActor(t, pools, org, identity.MemberEditor))
	}
	b.rule = notify.Rule{On: "test.happened", Keys: "mail.test",
		To: func(context.Context, postgres.Querier, subject.Ref) ([]notify.Recipient, error) {
			var to []notify.Recipient
			for _, p := range append(slices.Clone(b.people), b.officer) {
				to = append(to, notify.Recipient{UserID: p.UserID})
			}
			return to, nil
		},
		Path: func(context.Context, postgres.Querier, subject.Ref, notify.Recipient) (string, error) {
			return "/there", nil
		}}
	return b
}

func (b *bundle) enqueue(t *testing.T, key string) {
	t.Helper()
	err := b.pools.InTx(context.Background(), b.officer, func(tx pgx.Tx) error {
		return notify.Enqueue(context.Background(), tx, notify.Event{Name: "test.happened", Subject: b.ref, Key: key, Actor: b.officer, Args: map[string]any{"Count": 2}})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// work runs the queue until nothing waits.
func (b *bundle) work(t *testing.T) {
	t.Helper()
	workers := river.NewWorkers()
	notify.Register(workers, notify.NewEngine(b.pools.Owner, "portal.example", b.box.send, b.rule))
	client, err := river.NewClient(riverpgxv5.New(b.pools.Owner), &river.Config{Workers: workers,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}}, FetchCooldown: 20 * time.Millisecond, FetchPollInterval: 50 * time.Millisecond,
		RetryPolicy: soon{}, TestOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	defer client.Stop(context.Background())
	for range 200 {
		if b.count(t, `select count(*) from river_job where state not in ('completed', 'discarded', 'cancelled')`) == 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the queue does not empty")
}

type soon struct{}

func (soon) NextRetry(*rivertype.JobRow) time.Time { return time.Now() }

func (b *bundle) count(t *testing.T, sql string) (n int) {
	t.Helper()
	if err := b.pools.Owner.QueryRow(context.Background(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestEveryoneOnce: each recipient is told once, whoever did it is not, and a repeated
// event tells nobody again.
func TestEveryoneOnce(t *testing.T) {
	b := setup(t)
	b.enqueue(t, "1")
	b.enqueue(t, "1")
	b.work(t)
	if len(b.box.sent) != len(b.people) {
		t.Errorf("%d letters for %d people", len(b.box.sent), len(b.people))
	}
	for _, n := range b.box.sent {
		if n.To.UserID == b.officer.UserID {
			t.Error("who did it was told")
		}
		if n.Path != "/tr/there" || n.To.Email == "" {
			t.Errorf("note %+v", n)
		}
	}
	if n := b.count(t, `select count(*) from notifications where state = 'sent'`); n != len(b.people) {
		t.Errorf("%d are marked as sent", n)
	}
}

// TestKilledAfterSending: the letter that had left leaves again under the same Message-ID,
// and nobody is missed.
func TestKilledAfterSending(t *testing.T) {
	b := setup(t)
	b.box.fail = 2
	b.enqueue(t, "1")
	b.work(t)
	ids := map[int64]map[string]bool{}
	for _, n := range b.box.sent {
		if ids[n.To.UserID] == nil {
			ids[n.To.UserID] = map[string]bool{}
		}
		ids[n.To.UserID][n.MessageID] = true
	}
	if len(ids) != len(b.people) || len(b.box.sent) != len(b.people)+2 {
		t.Errorf("%d people in %d letters", len(ids), len(b.box.sent))
	}
	for user, set := range ids {
		if len(set) != 1 {
			t.Errorf("user %d got %d Message-IDs", user, len(set))
		}
	}
}

// TestStillAsked: what is gone when the mail's turn comes is not told.
func TestStillAsked(t *testing.T) {
	b := setup(t)
	b.rule.Still = func(context.Context, postgres.Querier, subject.Ref, notify.Recipient) (bool, error) {
		return false, nil
	}
	b.enqueue(t, "1")
	b.work(t)
	if len(b.box.sent) != 0 || b.count(t, `select count(*) from notifications where state = 'dropped'`) != len(b.people) {
		t.Errorf("%d letters about something that is gone", len(b.box.sent))
	}
}

// TestRolledBackTellsNobody: an event belongs to its transaction.
func TestRolledBackTellsNobody(t *testing.T) {
	b := setup(t)
	failed := errors.New("no")
	err := b.pools.InTx(context.Background(), b.officer, func(tx pgx.Tx) error {
		if err := notify.Enqueue(context.Background(), tx, notify.Event{Name: "test.happened", Subject: b.ref, Key: "x", Actor: b.officer}); err != nil {
			return err
		}
		return failed
	})
	if !errors.Is(err, failed) {
		t.Fatal(err)
	}
	b.work(t)
	if len(b.box.sent) != 0 {
		t.Error("a rolled-back event was told")
	}
}

// TestMailboxesAreToldToo: an address that belongs to no account is told once, in its own
// language.
func TestMailboxesAreToldToo(t *testing.T) {
	b := setup(t)
	b.rule.To = func(context.Context, postgres.Querier, subject.Ref) ([]notify.Recipient, error) {
		return []notify.Recipient{{Name: "Bursa", Email: "office@bursa.example", Lang: "en", Zone: "Europe/Istanbul"},
			{Name: "Osh", Email: "office@osh.example", Lang: "ru", Zone: "Asia/Bishkek"}}, nil
	}
	b.enqueue(t, "1")
	b.enqueue(t, "1")
	b.work(t)
	if len(b.box.sent) != 2 {
		t.Fatalf("%d letters for two mailboxes", len(b.box.sent))
	}
	for _, n := range b.box.sent {
		if want := map[string]string{"office@bursa.example": "/en/there", "office@osh.example": "/ru/there"}[n.To.Email]; n.Path != want {
			t.Errorf("note %+v", n)
		}
	}
}
