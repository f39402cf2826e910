package workflow_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

var life = workflow.Machine{Kind: subject.Request, Moves: []workflow.Move{
	{Name: "start", To: "draft", May: identity.EditDraft},
	{Name: "submit", From: []workflow.State{"draft"}, To: "submitted", May: identity.ApproveDraft, Tell: "test.submitted"},
	{Name: "decline", From: []workflow.State{"submitted"}, To: "declined", May: identity.DecideRequests, Needs: []workflow.Need{workflow.Reason}},
}}

type bundle struct {
	db               *pgtest.Tx
	editor, approver identity.Actor
	head             identity.Actor
	ref              subject.Ref
}

func setup(t *testing.T) bundle {
	t.Helper()
	db := pgtest.DB(t)
	org := pgtest.Org(t, db, "Şuşa")
	b := bundle{db: db, editor: pgtest.MemberActor(t, db, org, identity.MemberEditor),
		approver: pgtest.MemberActor(t, db, org, identity.MemberApprover), head: pgtest.StaffActor(t, db, identity.DepartmentHead)}
	b.do(t, b.editor, func(ctx context.Context, tx pgx.Tx) error {
		b.ref.Kind = subject.Request
		return tx.QueryRow(ctx, `insert into subjects (kind, org_id, public_id) values ('request', $1, $2) returning id`,
			org, subject.NewPublicID()).Scan(&b.ref.ID)
	})
	b.do(t, b.editor, func(ctx context.Context, tx pgx.Tx) error {
		_, err := life.Begin(ctx, tx, b.editor, b.ref, "start")
		return err
	})
	return b
}

func (b bundle) do(t *testing.T, actor identity.Actor, fn func(ctx context.Context, tx pgx.Tx) error) {
	t.Helper()
	if err := b.try(actor, fn); err != nil {
		t.Fatal(err)
	}
}

func (b bundle) try(actor identity.Actor, fn func(ctx context.Context, tx pgx.Tx) error) error {
	ctx := context.Background()
	return b.db.InTx(ctx, actor, func(tx pgx.Tx) error { return fn(ctx, tx) })
}

func (b bundle) apply(actor identity.Actor, at workflow.State, seq int, in workflow.In) error {
	return b.try(actor, func(ctx context.Context, tx pgx.Tx) error {
		_, err := life.Apply(ctx, tx, actor, b.ref, at, seq, in)
		return err
	})
}

// TestApply walks a record through its life and keeps every step.
func TestApply(t *testing.T) {
	b := setup(t)
	for _, step := range []struct {
		actor identity.Actor
		at    workflow.State
		in    workflow.In
		want  apperr.Code
	}{
		{b.editor, "draft", workflow.In{Move: "submit", Seq: 1}, apperr.Forbidden},
		{b.approver, "draft", workflow.In{Move: "submit", Seq: 1}, ""},
		{b.approver, "draft", workflow.In{Move: "submit", Seq: 2}, apperr.Conflict},
		{b.head, "submitted", workflow.In{Move: "decline", Seq: 2}, apperr.Invalid},
		{b.head, "submitted", workflow.In{Move: "decline", Seq: 2, Reason: "Bütçe yok"}, ""},
		{b.head, "declined", workflow.In{Move: "fly", Seq: 3}, apperr.Invalid},
	} {
		err := b.apply(step.actor, step.at, step.in.Seq, step.in)
		if code, _ := apperr.CodeOf(err); code != step.want || err != nil && step.want == "" {
			t.Errorf("%s from %s: got %v, want %q", step.in.Move, step.at, err, step.want)
		}
	}
	err := b.db.Read(context.Background(), b.editor, func(q postgres.Querier) error {
		steps, err := workflow.History(context.Background(), q, b.ref)
		if len(steps) != 3 || steps[2].To != "declined" || steps[2].Reason != "Bütçe yok" {
			t.Errorf("history: %+v", steps)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestNoTwoMovesFromOneState: the database refuses what a stale lock would allow.
func TestNoTwoMovesFromOneState(t *testing.T) {
	b := setup(t)
	if err := b.apply(b.approver, "draft", 1, workflow.In{Move: "submit", Seq: 1}); err != nil {
		t.Fatal(err)
	}
	err := b.apply(b.approver, "draft", 1, workflow.In{Move: "submit", Seq: 1})
	if !apperr.Is(err, apperr.Conflict) {
		t.Errorf("a second move from one state: %v", err)
	}
	err = b.try(identity.Worker(), func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into moves (subject_id, seq, from_state, to_state, move, org_id) values ($1, 4, 'submitted', 'declined', 'x', 1)`, b.ref.ID)
		return err
	})
	if err == nil {
		t.Error("a gap in the moves was stored")
	}
}

// TestStates lists each state once, and a reader sees only the moves of their role.
func TestStates(t *testing.T) {
	if got := life.States(); len(got) != 3 {
		t.Errorf("states: %v", got)
	}
	editor := identity.Actor{Side: identity.Member, UserID: 1, Roles: []identity.Role{identity.MemberEditor}}
	if moves := life.Available(editor, "draft"); len(moves) != 0 {
		t.Errorf("an editor may %v", moves)
	}
}
