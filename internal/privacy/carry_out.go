package privacy

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/personal"
	"github.com/birlik/portal/internal/workflow"
)

// CarryOut forgets the person: all that names them goes in one transaction, mandates and
// roles end, and signing in is over. Decisions, acts and records stay and read "former
// user …". Nobody carries out their own request.
// Errors: sign_in, forbidden, prove, not found, conflict (it moved on, a duty must be handed
// over first, their own).
func (s *Service) CarryOut(ctx context.Context, actor identity.Actor, publicID string, seq int) error {
	if err := s.mayHandle(actor); err != nil {
		return err
	}
	return s.handle(ctx, actor, publicID, func(tx pgx.Tx, e Erasure) error {
		if e.UserID == actor.UserID {
			return apperr.New(apperr.Conflict, "privacy.not_oneself")
		}
		code, err := freeCode(ctx, tx)
		if err != nil {
			return err
		}
		p := personal.Person{ID: e.UserID, Name: e.Name, Email: e.Email, Alias: locale.Former(code), Now: s.now()}
		if err := s.unhindered(ctx, tx, p); err != nil {
			return err
		}
		if err := s.close(ctx, tx, asSystem(actor), e, workflow.In{Move: "carry_out", Seq: seq}, ending{code: code}); err != nil {
			return err
		}
		if err := s.write(ctx, tx, e.UserID, LetterArgs{What: "erasure_done", Path: "/privacy"}); err != nil {
			return err
		}
		return s.forget(ctx, tx, actor, p)
	})
}

// unhindered locks what the duties hang on, and makes sure that none is left.
func (s *Service) unhindered(ctx context.Context, tx pgx.Tx, p personal.Person) error {
	for _, part := range s.options.Parts {
		if err := personal.Run(ctx, tx, part.Hold, p); err != nil {
			return fmt.Errorf("hold %s: %w", part.Area, err)
		}
	}
	found, err := s.hindrances(ctx, tx, p)
	if err == nil && len(found) > 0 {
		return apperr.New(apperr.Conflict, "privacy.hand_over_first")
	}
	return err
}

// forget withdraws every consent, then lets each area do what it declares; accounts, whose
// row the others look at, come last in the wiring.
func (s *Service) forget(ctx context.Context, tx pgx.Tx, actor identity.Actor, p personal.Person) error {
	for _, purpose := range Purposes() {
		if err := s.choose(ctx, tx, identity.Worker(), p.ID, purpose, false); err != nil {
			return err
		}
	}
	for _, part := range s.options.Parts {
		if err := personal.Run(ctx, tx, part.Forget, p); err != nil {
			return fmt.Errorf("forget %s: %w", part.Area, err)
		}
	}
	return s.record(ctx, tx, asSystem(actor), personRef(p.ID), "forgotten", nil)
}

// Personal is what this area itself keeps about people.
func Personal() personal.Part {
	return personal.Part{
		Area: "privacy",
		Lists: []personal.List{
			{Name: "notice_read", Query: `select notice, read_at from privacy_readings where user_id = @person order by notice`},
			{Name: "consents", Query: `select purpose, given, notice, at from consents where user_id = @person order by id`},
			{Name: "copies", Query: `select state, asked_at, ready_at, expires_at, fetched_at from data_exports where user_id = @person order by id`},
			{Name: "erasure_requests", Query: `
				select state, reason, asked_at, due_at, closed_at, ground, answer from erasures where user_id = @person order by id`},
		},
		Forget: []string{
			`update data_exports set state = 'failed' where user_id = @person and state = 'making'`,
			`update data_exports set expires_at = @now where user_id = @person and state = 'ready' and expires_at > @now`, // removed within the hour
			`update erasures set reason = '', answer = case when answer = '' then '' else '…' end where user_id = @person`,
		},
		Keeps: []string{"privacy_notices.actor_id", "privacy_readings.user_id", "consents.user_id", "data_exports.user_id", "erasures.user_id"},
	}
}

// letters of a code: none that is taken for another.
const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// freeCode is a code that no erased person has, "7K2F".
func freeCode(ctx context.Context, tx pgx.Tx) (string, error) {
	for range 20 {
		code := newCode()
		var taken bool
		if err := tx.QueryRow(ctx, `select exists (select from erasures where code = $1)`, code).Scan(&taken); err != nil {
			return "", err
		}
		if !taken {
			return code, nil
		}
	}
	return "", errors.New("no free code for a former user")
}

func newCode() string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	for i, x := range b {
		b[i] = letters[int(x)%len(letters)]
	}
	return string(b[:])
}
