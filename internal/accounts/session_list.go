package accounts

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Session is one signed-in browser, as its person sees it.
type Session struct {
	Handle  string
	Agent   string // as the browser calls itself
	Address string
	Began   time.Time
	Seen    time.Time // to the minute
	Ends    time.Time
	Current bool // the one that asks
}

// Sessions lists where the actor is signed in, the latest use first.
// Errors: sign_in.
func (s *Service) Sessions(ctx context.Context, actor identity.Actor) ([]Session, error) {
	if !actor.SignedIn() {
		return nil, apperr.New(apperr.SignIn, "error.sign_in")
	}
	var out []Session
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		now := s.now()
		rows, _ := q.Query(ctx, `
			select handle, agent, coalesce(host(address), '') as address, created_at as began, seen_at as seen,
			       expires_at as ends, handle = $2 as current
			from sessions
			where user_id = $1 and expires_at > $3 and seen_at > $3::timestamptz - $4::interval
			order by seen_at desc, id desc`, actor.UserID, actor.SessionID, now, IdleTimeout)
		var err error
		out, err = pgx.CollectRows(rows, pgx.RowToStructByName[Session])
		return err
	})
	return out, postgres.Explain(err, "error.not_found")
}

// EndSession ends one of the actor's own sessions.
// Errors: sign_in, prove, not found (none of theirs).
func (s *Service) EndSession(ctx context.Context, actor identity.Actor, handle string) error {
	if err := s.mayChange(actor); err != nil {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `delete from sessions where user_id = $1 and handle = $2`, actor.UserID, handle)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return apperr.New(apperr.NotFound, "accounts.session_not_found")
		}
		return s.record(ctx, tx, actor, "session_ended", actor.UserID, nil)
	})
}

// EndOtherSessions ends the actor's sessions but the one that asks.
// Errors: sign_in, prove.
func (s *Service) EndOtherSessions(ctx context.Context, actor identity.Actor) error {
	if err := s.mayChange(actor); err != nil {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if err := endSessions(ctx, tx, actor.UserID, actor.SessionID); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "other_sessions_ended", actor.UserID, nil)
	})
}

// EndEverySession signs the actor out everywhere, here too.
// Errors: sign_in, prove.
func (s *Service) EndEverySession(ctx context.Context, actor identity.Actor) error {
	if err := s.mayChange(actor); err != nil {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if err := endSessions(ctx, tx, actor.UserID, ""); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "signed_out_everywhere", actor.UserID, nil)
	})
}

// endSessions ends a person's sessions but the one to keep ("" keeps none).
func endSessions(ctx context.Context, tx pgx.Tx, userID int64, keep string) error {
	_, err := tx.Exec(ctx, `delete from sessions where user_id = $1 and handle <> $2`, userID, keep)
	return err
}

// record notes what happened to a person's account.
func (s *Service) record(ctx context.Context, tx pgx.Tx, actor identity.Actor, action string, userID int64, payload any) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "accounts." + action, Subject: userRef(userID), Payload: payload})
}

// recordBy notes what people did to their own account before, or without, a session.
func (s *Service) recordBy(ctx context.Context, tx pgx.Tx, userID int64, action string) error {
	return s.record(ctx, tx, identity.Actor{UserID: userID}, action, userID, nil)
}
