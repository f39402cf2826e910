package requests_test

import (
	"strings"
	"testing"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/tasks"
)

// TestTheTrip walks a request from a draft to an approved project.
func TestTheTrip(t *testing.T) {
	b, ctx := setup(t), t.Context()
	id := b.draft(t)
	if r := b.open(t, b.editor, id); r.State != requests.Draft || r.Summary.Title == "" || r.Reference != "" {
		t.Errorf("a new draft: %+v", r)
	}
	must(t, b.Ask(ctx, b.editor, id, 1))
	must(t, b.Return(ctx, b.mayor, id, 2, "Maliyet tablosunu ekleyin"))
	must(t, b.Ask(ctx, b.editor, id, 3))
	reference, err := b.Send(ctx, b.mayor, id, 4)
	must(t, err)
	if reference != "REQ-2026-00001" {
		t.Errorf("the first reference of the year is %q", reference)
	}
	must(t, b.Register(ctx, b.desk, id, 5))
	must(t, b.Inquire(ctx, b.desk, id, 6, "Tapu belgesini gönderir misiniz?", noon.AddDate(0, 0, 10)))
	if c, err := b.Case(ctx, b.editor, "tr", id); err != nil || c.Question() == nil || !c.Waits(b.editor) {
		t.Errorf("the question waits for the city: %v %+v", err, c)
	}
	must(t, b.Answer(ctx, b.editor, id, 7, "Ekte", nil))
	must(t, b.Advance(ctx, b.desk, id, "to_board", 8, ""))
	ruled := ruling(decisions.Approve)
	ruled.Seq = 9
	must(t, b.Decide(ctx, b.board, id, ruled))
	c, err := b.Case(ctx, b.editor, "tr", id)
	must(t, err)
	if c.State != requests.Approved || len(c.Decisions) != 1 || c.ClosedAt == nil || len(c.Steps) != 10 || len(b.grown.from) != 1 {
		t.Errorf("approved: %s, decisions %v, steps %d, projects %d", c.State, c.Decisions, len(c.Steps), len(b.grown.from))
	}
	if c.CountryName != "Azerbaycan" {
		t.Errorf("the country is %q", c.CountryName)
	}
}

// TestSendingTwice gives one request and one reference.
func TestSendingTwice(t *testing.T) {
	b, ctx := setup(t), t.Context()
	id := b.draft(t)
	must(t, b.Ask(ctx, b.editor, id, 1))
	must(t, b.Ask(ctx, b.editor, id, 1))
	first, err := b.Send(ctx, b.mayor, id, 2)
	must(t, err)
	second, err := b.Send(ctx, b.mayor, id, 2)
	must(t, err)
	if first != second {
		t.Errorf("two references: %s, %s", first, second)
	}
	_, err = b.Send(ctx, b.mayor, id, 1)
	refused(t, "sending what was sent", err, apperr.Conflict)
}

// TestWhoMay refuses what a role may not do.
func TestWhoMay(t *testing.T) {
	b, ctx := setup(t), t.Context()
	id := b.draft(t)
	_, err := b.Send(ctx, b.editor, id, 1)
	refused(t, "an editor sends", err, apperr.Forbidden)
	_, err = b.Open(ctx, b.desk, id)
	refused(t, "staff read a draft", err, apperr.NotFound)
	_, err = b.Open(ctx, b.stranger, id)
	refused(t, "another city reads", err, apperr.NotFound)
	refused(t, "another city withdraws", b.Withdraw(ctx, b.stranger, id, 1, ""), apperr.NotFound)
	_, err = b.Open(ctx, identity.Anyone(), id)
	refused(t, "nobody reads", err, apperr.SignIn)
	sent := b.sent(t)
	refused(t, "an auditor registers", b.Register(ctx, b.audit, sent, 3), apperr.Forbidden)
	refused(t, "a mayor registers", b.Register(ctx, b.mayor, sent, 3), apperr.Forbidden)
	refused(t, "the desk decides", b.Decide(ctx, b.desk, sent, ruling(decisions.Approve)), apperr.Forbidden)
	if _, err := b.Case(ctx, b.audit, "tr", sent); err != nil {
		t.Errorf("an auditor reads: %v", err)
	}
}

// TestIncomplete keeps a form with gaps from the mayor and from the union.
func TestIncomplete(t *testing.T) {
	b, ctx := setup(t), t.Context()
	id := b.draft(t)
	b.paper.missing = true
	refused(t, "asking with gaps", b.Ask(ctx, b.editor, id, 1), apperr.Invalid)
	_, err := b.Send(ctx, b.mayor, id, 1)
	refused(t, "sending with gaps", err, apperr.Invalid)
	if r := b.open(t, b.editor, id); r.State != requests.Draft || r.Reference != "" {
		t.Errorf("it is %s %q", r.State, r.Reference)
	}
}

// TestRemind reminds once a day.
func TestRemind(t *testing.T) {
	b, ctx := setup(t), t.Context()
	id := b.draft(t)
	refused(t, "reminding of a draft", b.Remind(ctx, b.editor, id), apperr.Conflict)
	must(t, b.Ask(ctx, b.editor, id, 1))
	refused(t, "reminding at once", b.Remind(ctx, b.editor, id), apperr.TooMany)
	*b.now = noon.Add(25 * time.Hour)
	must(t, b.Remind(ctx, b.editor, id))
	refused(t, "reminding twice", b.Remind(ctx, b.editor, id), apperr.TooMany)
	*b.now = noon.Add(50 * time.Hour)
	must(t, b.Remind(ctx, b.editor, id))
}

// TestNotesStayInside keeps what staff write for themselves from the city's page.
func TestNotesStayInside(t *testing.T) {
	b, ctx := setup(t), t.Context()
	id := b.sent(t)
	const canary = "kanarya-gizli-not"
	must(t, b.Say(ctx, b.desk, id, messages.Note, canary))
	must(t, b.Say(ctx, b.desk, id, messages.Out, "Teşekkürler"))
	refused(t, "a member's note", b.Say(ctx, b.editor, id, messages.Note, "x"), apperr.Forbidden)
	staff, err := b.Case(ctx, b.desk, "tr", id)
	must(t, err)
	member, err := b.Case(ctx, b.editor, "tr", id)
	must(t, err)
	if len(staff.Messages) != 2 || len(member.Messages) != 1 || strings.Contains(member.Messages[0].Body, canary) {
		t.Errorf("staff read %d, the city %v", len(staff.Messages), member.Messages)
	}
	if before := b.open(t, b.desk, id).Version; before != staff.Version {
		t.Error("a note changed the row")
	}
}

// TestDecline needs a reason, and cites the decision.
func TestDecline(t *testing.T) {
	b, ctx := setup(t), t.Context()
	id := b.beforeBoard(t)
	bad := ruling(decisions.Decline)
	bad.Reason = ""
	refused(t, "declining without a reason", b.Decide(ctx, b.board, id, bad), apperr.Invalid)
	late := ruling(decisions.Decline)
	late.Seq = 5
	refused(t, "deciding on what was seen before", b.Decide(ctx, b.board, id, late), apperr.Conflict)
	must(t, b.Decide(ctx, b.board, id, ruling(decisions.Decline)))
	c, err := b.Case(ctx, b.editor, "ru", id)
	must(t, err)
	if c.State != requests.Declined || c.Decisions[0].Reason == "" || len(b.grown.from) != 0 || c.DueAt != nil {
		t.Errorf("declined: %+v", c.Request)
	}
	other := b.beforeBoard(t)
	refused(t, "the same number twice", b.Decide(ctx, b.board, other, ruling(decisions.Approve)), apperr.Invalid)
}

// TestDuties gives each step's one duty to whose turn it is.
func TestDuties(t *testing.T) {
	b, ctx := setup(t), t.Context()
	id := b.draft(t)
	mine := func(actor identity.Actor) (keys []string) {
		must(t, b.db.Read(ctx, actor, func(q postgres.Querier) error {
			list, err := tasks.Mine(ctx, q, actor, 10)
			for _, task := range list {
				keys = append(keys, task.Key)
			}
			return err
		}))
		return keys
	}
	want := func(actor identity.Actor, key string) {
		t.Helper()
		if got := strings.Join(mine(actor), " "); got != key {
			t.Errorf("%v has the duties %q, want %q", actor.Roles, got, key)
		}
	}
	want(b.editor, "")
	must(t, b.Ask(ctx, b.editor, id, 1))
	want(b.mayor, requests.DutyApprove)
	_, err := b.Send(ctx, b.mayor, id, 2)
	must(t, err)
	want(b.mayor, "")
	want(b.desk, requests.DutyRegister)
	must(t, b.Register(ctx, b.head, id, 3))
	want(b.desk, "")
	want(b.head, requests.DutyHandle)
	must(t, b.Inquire(ctx, b.head, id, 4, "?", noon.AddDate(0, 0, 3)))
	want(b.editor, requests.DutyAnswer)
	must(t, b.Withdraw(ctx, b.editor, id, 5, "Vazgeçtik"))
	want(b.editor, "")
	want(b.head, "")
}

// TestCorrect refuses an edit of a row that somebody changed meanwhile.
func TestCorrect(t *testing.T) {
	b, ctx := setup(t), t.Context()
	id := b.sent(t)
	edit := requests.EditOf(*b.open(t, b.desk, id))
	edit.Sector, edit.Urgent = "roads", true
	must(t, b.Correct(ctx, b.desk, id, edit))
	refused(t, "a stale edit", b.Correct(ctx, b.head, id, edit), apperr.Conflict)
	if r := b.open(t, b.desk, id); r.Summary.Sector != "roads" || !r.Urgent {
		t.Errorf("corrected: %+v", r.Summary)
	}
	edit.Version++
	edit.Sector = "dragons"
	refused(t, "a sector that is none", b.Correct(ctx, b.desk, id, edit), apperr.Invalid)
}
