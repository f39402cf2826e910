package notify_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// digests is a sender of gathered letters that can fail, and remembers.
type digests struct {
	mutex sync.Mutex
	fail  int
	sent  []notify.Digest
}

func (d *digests) send(_ context.Context, letter notify.Digest) error {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.sent = append(d.sent, letter)
	if d.fail > 0 {
		d.fail--
		return fmt.Errorf("killed")
	}
	return nil
}

// gather works everything that waits, a digest's letters too.
func (b *bundle) gather(t *testing.T, out *digests) {
	t.Helper()
	workers := river.NewWorkers()
	notify.Register(workers, notify.NewEngine(b.pools.Owner, "portal.example", b.box.send, b.rule).WithDigest(out.send))
	client, err := river.NewClient(riverpgxv5.New(b.pools.Owner), &river.Config{Workers: workers,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}}, FetchCooldown: 20 * time.Millisecond,
		FetchPollInterval: 50 * time.Millisecond, RetryPolicy: soon{}, TestOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Insert(context.Background(), notify.GatherArgs{}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Insert(context.Background(), notify.GatherArgs{}, nil); err != nil { // two at once
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

// happened gives the test's event a name of the topic.
func (b *bundle) happened(t *testing.T, keys ...string) {
	t.Helper()
	for _, key := range keys {
		b.enqueue(t, key)
	}
	if _, err := b.pools.Owner.Exec(context.Background(), `update notify_events set name = 'requests.happened' where name = 'test.happened'`); err != nil {
		t.Fatal(err)
	}
	b.rule.On = "requests.happened"
}

func (b *bundle) choose(t *testing.T, who identity.Actor, pace notify.Pace) {
	t.Helper()
	if err := (notify.Choices{DB: b.pools}).Save(context.Background(), who, map[string]notify.Pace{"requests": pace}); err != nil {
		t.Fatal(err)
	}
}

// due lets the time of everything held come.
func (b *bundle) due(t *testing.T) {
	t.Helper()
	if _, err := b.pools.Owner.Exec(context.Background(), `update notifications set held_until = now() - interval '1 minute' where state = 'held'`); err != nil {
		t.Fatal(err)
	}
}

// TestDigest: who wants to be told once a day gets one letter of everything, the others are
// told at once; killed after sending, the same letter leaves again under the same Message-ID.
func TestDigest(t *testing.T) {
	b, out := setup(t), &digests{fail: 1}
	patient := b.people[0]
	b.choose(t, patient, notify.Daily)
	b.happened(t, "1", "2", "3")
	b.gather(t, out)
	if len(out.sent) != 0 || len(b.box.sent) != 3*(len(b.people)-1) {
		t.Fatalf("%d digests and %d letters before its time", len(out.sent), len(b.box.sent))
	}
	if n := b.count(t, `select count(*) from notifications where state = 'held' and held_until > now()`); n != 3 {
		t.Fatalf("%d are held", n)
	}
	b.due(t)
	b.gather(t, out)
	if len(out.sent) != 2 || len(out.sent[1].Notes) != 3 || out.sent[0].MessageID != out.sent[1].MessageID || out.sent[1].To.UserID != patient.UserID {
		t.Fatalf("sent %+v", out.sent)
	}
	b.gather(t, out)
	if len(out.sent) != 2 || b.count(t, `select count(*) from notifications where state = 'held'`) != 0 {
		t.Error("told again")
	}
}

func TestUrgentLettersDoNotWait(t *testing.T) {
	b, out := setup(t), &digests{}
	b.rule.Urgent = true
	b.choose(t, b.people[0], notify.Weekly)
	b.happened(t, "1")
	b.gather(t, out)
	if len(b.box.sent) != len(b.people) {
		t.Errorf("%d letters", len(b.box.sent))
	}
}

// What was withdrawn while it waited is not told, and a digest of nothing is not sent.
func TestADigestAsksAgainWhetherItHolds(t *testing.T) {
	b, out := setup(t), &digests{}
	b.choose(t, b.people[0], notify.Weekly)
	b.happened(t, "1")
	b.gather(t, out)
	b.due(t)
	b.rule.Still = func(context.Context, postgres.Querier, subject.Ref, notify.Recipient) (bool, error) {
		return false, nil
	}
	b.gather(t, out)
	if len(out.sent) != 0 || b.count(t, `select count(*) from notifications where state = 'dropped'`) != 1 {
		t.Errorf("sent %+v", out.sent)
	}
}

func TestChoices(t *testing.T) {
	b := setup(t)
	choices, ctx := notify.Choices{DB: b.pools}, context.Background()
	who := b.people[0]
	if got, err := choices.Of(ctx, who); err != nil || got["requests"] != notify.Now || len(got) != len(notify.Topics()) {
		t.Errorf("%v %v", got, err)
	}
	for _, bad := range []map[string]notify.Pace{{"requests": "hourly"}, {"elsewhere": notify.Daily}, {"requests": ""}} {
		if err := choices.Save(ctx, who, bad); !apperr.Is(err, apperr.Invalid) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	if _, err := choices.Of(ctx, identity.Anyone()); !apperr.Is(err, apperr.SignIn) {
		t.Error(err)
	}
	// What is held leaves soon once the person wants to be told at once.
	out := &digests{}
	b.choose(t, who, notify.Weekly)
	b.happened(t, "1")
	b.gather(t, out)
	b.choose(t, who, notify.Now)
	b.gather(t, out)
	if len(out.sent) != 1 || !strings.HasSuffix(out.sent[0].MessageID, "@portal.example") {
		t.Errorf("%+v", out.sent)
	}
	if got, err := choices.Of(ctx, b.people[1]); err != nil || got["requests"] != notify.Now {
		t.Errorf("another's choice: %v %v", got, err)
	}
}
