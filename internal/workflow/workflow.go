// Package workflow moves records from state to state. States are a closed set in code; a
// move says who may make it, what it needs, and whom it tells.
package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// State is where a record stands.
type State string

// Need is something a move asks for. Its key also explains a disabled button.
type Need string

// The needs.
const (
	Reason   Need = "workflow.need_reason"   // a word of explanation
	Decision Need = "workflow.need_decision" // a recorded decision of an organ

	// What the record's own service looks into, and says in In.Met.
	Document   Need = "workflow.need_document"   // the papers of the step are attached
	Checklist  Need = "workflow.need_checklist"  // every item of the step is ticked
	Feedback   Need = "workflow.need_feedback"   // the word of who asked
	Signatures Need = "workflow.need_signatures" // of two persons
)

// Needs lists every need.
func Needs() []Need { return []Need{Reason, Decision, Document, Checklist, Feedback, Signatures} }

// Move is one way from some states to another.
type Move struct {
	Name  string
	From  []State // empty: the beginning
	To    State
	May   identity.Permission
	Needs []Need
	Tell  string // event for notify; empty tells nobody

	Office string // only its people; empty: whoever has the permission
}

// Machine is the life of one kind of record.
type Machine struct {
	Kind  subject.Kind
	Moves []Move
}

// In is one wish to move.
type In struct {
	Move     string
	Seq      int // the seq that the reader saw; a later one is a conflict
	Reason   string
	Decision int64 // id of the decision that the move rests on
	Met      []Need
	Tell     map[string]any
}

// States lists every state, in the order of the moves.
func (m Machine) States() []State {
	var out []State
	for _, move := range m.Moves {
		for _, s := range append(slices.Clone(move.From), move.To) {
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// Find is the move of a name. Errors: invalid (no such move).
func (m Machine) Find(name string) (Move, error) {
	for _, move := range m.Moves {
		if move.Name == name {
			return move, nil
		}
	}
	return Move{}, apperr.New(apperr.Invalid, "workflow.unknown")
}

// Available lists the moves that lead on from a state and that the actor may make.
func (m Machine) Available(actor identity.Actor, at State) []Move {
	var out []Move
	for _, move := range m.Moves {
		if slices.Contains(move.From, at) && move.may(actor) == nil {
			out = append(out, move)
		}
	}
	return out
}

// Check is the pure rule: may this actor make this move from here, with this?
// Errors: sign_in, forbidden, conflict (not from this state, or the record moved on),
// invalid (something is missing).
func (m Machine) Check(actor identity.Actor, at State, seq int, in In) (Move, error) {
	move, err := m.Find(in.Move)
	if err != nil {
		return move, err
	}
	if err := move.may(actor); err != nil {
		return move, err
	}
	if in.Seq != seq || !slices.Contains(move.From, at) {
		return move, apperr.New(apperr.Conflict, "workflow.moved_on")
	}
	if slices.Contains(move.Needs, Reason) && in.Reason == "" {
		return move, apperr.Fields(map[string]string{"reason": string(Reason)})
	}
	if slices.Contains(move.Needs, Decision) && in.Decision == 0 {
		return move, apperr.Fields(map[string]string{"number": string(Decision)})
	}
	for _, need := range move.Needs {
		if need != Reason && need != Decision && !slices.Contains(in.Met, need) {
			return move, apperr.New(apperr.Invalid, string(need))
		}
	}
	return move, nil
}

// may is the right to a move: the permission, and the office that it is left to.
// Errors: sign_in, forbidden.
func (m Move) may(actor identity.Actor) error {
	if err := actor.May(m.May); err != nil {
		return err
	}
	if m.Office != "" && !actor.Of(m.Office) {
		return apperr.New(apperr.Forbidden, "workflow.other_office")
	}
	return nil
}

// Begin writes a record's first move. The caller stores the state in its own row.
func (m Machine) Begin(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, name string) (State, error) {
	move, err := m.Find(name)
	if err != nil {
		return "", err
	}
	if err := actor.May(move.May); err != nil {
		return "", err
	}
	return move.To, m.write(ctx, tx, actor, ref, move, 1, "", "")
}

// Apply makes a move: it checks the rule, writes the move and the audit entry, and tells.
// The caller holds the record's lock, and stores the new state and seq in its own row.
func (m Machine) Apply(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, at State, seq int, in In) (State, error) {
	move, err := m.Check(actor, at, seq, in)
	if err != nil {
		return "", err
	}
	if err := m.write(ctx, tx, actor, ref, move, seq+1, at, in.Reason); err != nil {
		return "", err
	}
	if move.Tell == "" {
		return move.To, nil
	}
	return move.To, notify.Enqueue(ctx, tx, notify.Event{Name: move.Tell, Subject: ref, Actor: actor,
		Args: in.Tell, Key: fmt.Sprintf("%s/%d", ref, seq+1)})
}

func (m Machine) write(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, move Move, seq int, from State, reason string) error {
	err := postgres.Engine(ctx, tx, func() error {
		_, err := tx.Exec(ctx, `
			insert into moves (subject_id, seq, from_state, to_state, move, reason, actor_id, mandate_id, org_id)
			values ($1, $2, nullif($3, ''), $4, $5, $6, nullif($7, 0), nullif($8, 0), coalesce(nullif($9, 0), union_id()))`,
			ref.ID, seq, from, move.To, move.Name, reason, actor.UserID, actor.MandateID, actor.OrgID)
		return err
	})
	if err != nil {
		return explain(err)
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: string(m.Kind) + "." + move.Name, Subject: ref,
		Payload: map[string]string{"from": string(from), "to": string(move.To), "reason": reason}})
}

// explain turns the database's refusal of a second move from one state, or of a move from a
// state that the record is not in, into a conflict.
func explain(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pg.Code == "23505" || pg.Code == "23503") {
		return apperr.Wrap(err, apperr.Conflict, "workflow.moved_on")
	}
	return postgres.Explain(err, "error.not_found")
}
