package requests_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/workdays"
	"github.com/birlik/portal/internal/workflow"
)

// shipped is a bundle with every shipped service and holiday in force.
func shipped(t *testing.T) bundle {
	t.Helper()
	b := with(t, pgtest.DB(t))
	must(t, b.db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		for _, d := range requests.Forms() {
			if _, err := forms.Publish(t.Context(), tx, d); err != nil {
				return err
			}
		}
		if err := services.New(b.db, requests.Rules(), time.Now).Ship(t.Context(), tx, requests.Shipped()); err != nil {
			return err
		}
		return workdays.Ship(t.Context(), tx)
	}))
	return b
}

// of starts and sends a request for a service, and leads it into review.
func (b bundle) reviewed(t *testing.T, service string) string {
	t.Helper()
	id, err := b.Start(t.Context(), b.editor, service, "az")
	must(t, err)
	must(t, b.Ask(t.Context(), b.editor, id, 1))
	_, err = b.Send(t.Context(), b.mayor, id, 2)
	must(t, err)
	must(t, b.Register(t.Context(), b.desk, id, 3))
	must(t, b.Advance(t.Context(), b.desk, id, "review", 4, ""))
	return id
}

func (b bundle) step(t *testing.T, actor identity.Actor, id, move string, want workflow.State) {
	t.Helper()
	must(t, b.Advance(t.Context(), actor, id, move, b.open(t, actor, id).Seq, "Bir cümle"))
	if r := b.open(t, actor, id); r.State != want {
		t.Fatalf("%s led to %s, want %s", move, r.State, want)
	}
}

// TestGuidance has no board: what is found is delivered, the city rates it, and it is closed.
func TestGuidance(t *testing.T) {
	b, ctx := shipped(t), t.Context()
	id := b.reviewed(t, "urban-guidance")
	refused(t, "a board that the service does not know", b.Advance(ctx, b.desk, id, "to_board", 5, ""), apperr.Invalid)
	refused(t, "delivering without a word", b.Advance(ctx, b.desk, id, "deliver", 5, ""), apperr.Invalid)
	b.step(t, b.desk, id, "deliver", requests.Delivered)
	refused(t, "no stars", b.Rate(ctx, b.editor, id, 6, 0, ""), apperr.Invalid)
	refused(t, "another city rates", b.Rate(ctx, b.stranger, id, 6, 5, ""), apperr.NotFound)
	must(t, b.Rate(ctx, b.editor, id, 6, 4, "Sağ olun"))
	c, err := b.Case(ctx, b.desk, "tr", id)
	must(t, err)
	if c.State != requests.Closed || c.Open() || c.ClosedAt == nil || c.Feedback == nil || c.Feedback.Stars != 4 || len(c.Moves) != 0 {
		t.Errorf("rated: %s, feedback %+v, moves %v", c.State, c.Feedback, c.Moves)
	}
	refused(t, "rating twice", b.Rate(ctx, b.editor, id, 7, 1, ""), apperr.Conflict)
}

// TestApprovedGoesOn leads an approved project to its delivery; the project is made once.
func TestApprovedGoesOn(t *testing.T) {
	b, ctx := shipped(t), t.Context()
	id := b.reviewed(t, "project-support")
	must(t, b.Advance(ctx, b.desk, id, "to_board", 5, ""))
	must(t, b.Decide(ctx, b.board, id, ruling(decisions.Approve)))
	if r := b.open(t, b.desk, id); r.State != requests.Approved || !r.Open() || r.DueAt == nil || r.Pinned != 2 {
		t.Errorf("approved: %s, open %v, due %v, version %d", r.State, r.Open(), r.DueAt, r.Pinned)
	}
	b.step(t, b.desk, id, "begin_delivery", requests.InDelivery)
	b.step(t, b.desk, id, "deliver", requests.Delivered)
	b.step(t, b.desk, id, "close", requests.Closed)
	if len(b.grown.from) != 1 {
		t.Errorf("%d projects", len(b.grown.from))
	}
}

// TestOpinion is signed by two people before it is sent.
func TestOpinion(t *testing.T) {
	b, ctx := shipped(t), t.Context()
	id := b.reviewed(t, "opinion")
	refused(t, "signing with an open checklist", b.Advance(ctx, b.desk, id, "to_sign", 5, ""), apperr.Invalid)
	for _, item := range []string{"check_in_review_1", "check_in_review_2", "check_in_review_3"} {
		must(t, b.Tick(ctx, b.desk, id, item, true))
		must(t, b.Tick(ctx, b.desk, id, item, true))
	}
	refused(t, "an item of nowhere", b.Tick(ctx, b.desk, id, "check_x", true), apperr.Invalid)
	refused(t, "a member ticks", b.Tick(ctx, b.mayor, id, "check_in_review_1", true), apperr.Forbidden)
	must(t, b.Tick(ctx, b.desk, id, "check_in_review_1", false))
	refused(t, "signing with a tick taken off", b.Advance(ctx, b.desk, id, "to_sign", 5, ""), apperr.Invalid)
	must(t, b.Tick(ctx, b.head, id, "check_in_review_1", true))
	b.step(t, b.desk, id, "to_sign", requests.ToSign)
	signed, err := b.Sign(ctx, b.desk, id, 6)
	if err != nil || signed {
		t.Errorf("one signature is enough: %v, %v", signed, err)
	}
	_, err = b.Sign(ctx, b.desk, id, 6)
	refused(t, "one person signs twice", err, apperr.Conflict)
	signed, err = b.Sign(ctx, b.head, id, 6)
	if err != nil || !signed || b.open(t, b.head, id).State != requests.Signed {
		t.Errorf("two signatures: %v, %v", signed, err)
	}
	b.step(t, b.desk, id, "send", requests.Sent)
}

// TestCoOpinion asks another office, whose people answer, and which the city never sees.
func TestCoOpinion(t *testing.T) {
	b, ctx := shipped(t), t.Context()
	finance := pgtest.StaffActor(t, b.db, identity.Finance)
	must(t, b.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into staff_offices (user_id, office) values ($1, 'finance')`, finance.UserID)
		return err
	}))
	finance.Offices = []string{"finance"}
	id := b.reviewed(t, "project-support")
	due := b.open(t, b.desk, id).DueAt
	var all *apperr.Error
	if err := b.Consult(ctx, b.desk, id, 5, "", "", time.Time{}); !errors.As(err, &all) || len(all.Fields) != 3 {
		t.Errorf("all that is wrong at once: %v", err)
	}
	refused(t, "a mayor asks", b.Consult(ctx, b.mayor, id, 5, "", "", time.Time{}), apperr.Forbidden)
	refused(t, "asking nobody", b.Consult(ctx, b.desk, id, 5, "space", "?", noon.AddDate(0, 0, 3)), apperr.Invalid)
	must(t, b.Consult(ctx, b.desk, id, 5, "finance", "kanarya-birim-sorusu", noon.AddDate(0, 0, 3)))
	other := pgtest.StaffActor(t, b.db, identity.DeskOfficer)
	refused(t, "another office answers", b.Advise(ctx, other, id, 6, "x"), apperr.Forbidden)
	refused(t, "the city answers", b.Advise(ctx, b.mayor, id, 6, "x"), apperr.Forbidden)
	must(t, b.Advise(ctx, finance, id, 6, "Taşınabilir"))
	r := b.open(t, b.desk, id)
	if r.State != requests.InReview || r.Advisor != "" || !r.DueAt.Equal(*due) {
		t.Errorf("after the answer: %s, %q, due %v, want %v", r.State, r.Advisor, r.DueAt, due)
	}
	city, err := b.Case(ctx, b.editor, "tr", id)
	must(t, err)
	staff, err := b.Case(ctx, b.desk, "tr", id)
	must(t, err)
	if len(city.Advice) != 0 || len(staff.Advice) != 1 || staff.Advice[0].Answer != "Taşınabilir" {
		t.Errorf("the city reads %v, staff %v", city.Advice, staff.Advice)
	}
	must(t, b.db.Read(ctx, b.editor, func(q postgres.Querier) error {
		var n int
		if err := q.QueryRow(ctx, `select count(*) from offices where exists (select from requests r where r.advisor = offices.code)`).Scan(&n); err != nil || n != 0 {
			t.Errorf("the city finds an advisor: %d, %v", n, err)
		}
		return nil
	}))
}

// TestTheClockStops: while the city is asked the review's days stand still, and what was
// left of them goes on afterwards; dates skip weekends and holidays.
func TestTheClockStops(t *testing.T) {
	b, ctx := shipped(t), t.Context()
	*b.now = time.Date(2026, time.May, 18, 9, 0, 0, 0, time.UTC) // the 19th is a holiday in Türkiye
	id := b.reviewed(t, "urban-guidance")                        // five working days
	day := func() string { return b.open(t, b.desk, id).DueAt.Format(time.DateOnly) }
	if day() != "2026-05-26" {
		t.Errorf("the review is due on %s", day())
	}
	*b.now = time.Date(2026, time.May, 21, 9, 0, 0, 0, time.UTC) // two have passed, three are left
	must(t, b.Inquire(ctx, b.desk, id, 5, "?", noon.AddDate(0, 0, 7)))
	if r := b.open(t, b.desk, id); r.LeftDays == nil || *r.LeftDays != 3 {
		t.Errorf("left: %v", r.LeftDays)
	}
	*b.now = time.Date(2026, time.June, 10, 9, 0, 0, 0, time.UTC)
	must(t, b.Answer(ctx, b.editor, id, 6, "Ekte", nil))
	if r := b.open(t, b.desk, id); day() != "2026-06-15" || r.LeftDays != nil {
		t.Errorf("after the answer it is due on %s", day())
	}
}

// TestAlarms tell of a date before it, on it and after it, once each; a delivered case that
// nobody rates closes itself.
func TestAlarms(t *testing.T) {
	b, ctx := shipped(t), t.Context()
	id := b.reviewed(t, "urban-guidance")
	due := *b.open(t, b.desk, id).DueAt
	alarms := func() (n int) {
		must(t, b.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
			return tx.QueryRow(ctx, `select count(*) from notify_events where name in ('requests.due_soon', 'requests.due_today', 'requests.overdue')`).Scan(&n)
		}))
		return n
	}
	for _, x := range []struct {
		at   time.Time
		want int
	}{{due.AddDate(0, 0, -4), 0}, {due.AddDate(0, 0, -1), 1}, {due.Add(-time.Hour), 2}, {due.Add(time.Hour), 3}, {due.AddDate(0, 0, 9), 3}} {
		*b.now = x.at
		for range 2 {
			if _, err := b.Remember(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if got := alarms(); got != x.want {
			t.Errorf("at %s: %d alarms, want %d", x.at.Format(time.DateOnly), got, x.want)
		}
	}
	b.step(t, b.desk, id, "deliver", requests.Delivered)
	*b.now = b.open(t, b.desk, id).DueAt.Add(time.Minute)
	_, err := b.Remember(ctx)
	must(t, err)
	if r := b.open(t, b.desk, id); r.State != requests.Closed {
		t.Errorf("nobody rated it, and it is %s", r.State)
	}
}

// TestPinned: what began under a version ends by it, whatever is published meanwhile.
func TestPinned(t *testing.T) {
	b, ctx := shipped(t), t.Context()
	old := b.reviewed(t, "urban-guidance")
	catalogue := services.New(b.db, requests.Rules(), time.Now)
	must(t, catalogue.Begin(ctx, b.head, "urban-guidance"))
	must(t, catalogue.Save(ctx, b.head, "urban-guidance", 1, func(d *services.Definition) error {
		for i, m := range d.Moves {
			if m.Name == "deliver" {
				d.Moves[i].Needs = nil
			}
		}
		return nil
	}))
	must(t, catalogue.Publish(ctx, b.head, "urban-guidance", 2, ""))
	fresh := b.reviewed(t, "urban-guidance")
	refused(t, "an old case by the new rules", b.Advance(ctx, b.desk, old, "deliver", 5, ""), apperr.Invalid)
	must(t, b.Advance(ctx, b.desk, fresh, "deliver", 5, ""))
}

// TestWhoMayAsk keeps a service from organisations that it is not for.
func TestWhoMayAsk(t *testing.T) {
	b, ctx := shipped(t), t.Context()
	must(t, b.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into memberships (org_id, kind, standing, joined_on, standing_on) values ($1, 'honorary', 'active', '2020-01-01', '2020-01-01')`, b.stranger.OrgID)
		return err
	}))
	_, err := b.Start(ctx, b.stranger, "project-support", "az")
	refused(t, "an honorary member asks for a project", err, apperr.Forbidden)
	list, err := b.Askable(ctx, b.stranger)
	must(t, err)
	own, err := b.Askable(ctx, b.editor)
	must(t, err)
	if len(own) != 10 || len(list) != 4 {
		t.Errorf("a city may ask for %d services, an honorary member for %d", len(own), len(list))
	}
	_, err = b.Start(ctx, b.editor, "dragons", "az")
	refused(t, "a service that is none", err, apperr.NotFound)
}
