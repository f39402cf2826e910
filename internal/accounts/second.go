package accounts

import (
	"context"
	"errors"
	"net/netip"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// waiting is a sign-in whose first factor was right: there is no session yet.
type waiting struct {
	Known     Known
	Next      string     // where the person wants to go
	Challenge *challenge `json:",omitempty"` // once a passkey was asked for
}

// StartSecond lets a sign-in wait for its second factor, and returns the token by which
// this browser goes on.
func (s *Service) StartSecond(ctx context.Context, known Known, next string) (token string, err error) {
	return s.begin(ctx, secondStep, known.UserID, waiting{Known: known, Next: next})
}

// Second tells by what a waiting sign-in can be finished.
// Errors: not found ("accounts.step_over").
func (s *Service) Second(ctx context.Context, token string) (Factors, error) {
	var w waiting
	if err := s.peek(ctx, secondStep, token, &w); err != nil {
		return Factors{}, err
	}
	return s.factorsOf(ctx, w.Known.UserID)
}

// FinishSecond finishes a waiting sign-in by a code of the app or a recovery code.
// Errors: not found ("accounts.step_over": too late, or wrong too often), invalid ("code"),
// too many.
func (s *Service) FinishSecond(ctx context.Context, token, code string, a Attempt) (Known, string, error) {
	var w waiting
	if err := s.peek(ctx, secondStep, token, &w); err != nil {
		return Known{}, "", err
	}
	if err := s.allowCode(ctx, w.Known.UserID, a.From); err != nil {
		return Known{}, "", err
	}
	if err := s.try(ctx, secondStep, token, &w); err != nil {
		return Known{}, "", err
	}
	ok, byRecovery, err := s.checkCode(ctx, w.Known.UserID, code)
	if err != nil {
		return Known{}, "", err
	}
	if !ok {
		if err := s.noteSecond(ctx, w.Known, a); err != nil {
			return Known{}, "", err
		}
		return Known{}, "", apperr.Fields(map[string]string{"code": "accounts.wrong_code"})
	}
	return s.finishSecond(ctx, token, a, byRecovery)
}

// finishSecond ends the waiting, and records the signing in.
func (s *Service) finishSecond(ctx context.Context, token string, a Attempt, byRecovery bool) (Known, string, error) {
	var w waiting
	if err := s.take(ctx, secondStep, token, &w); err != nil {
		return Known{}, "", err
	}
	known := w.Known
	known.Factor, known.Second = true, false
	err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if err := stillActive(ctx, tx, known.UserID); err != nil {
			return err
		}
		if err := byCode.Forget(ctx, tx, userRef(known.UserID).String()); err != nil {
			return err
		}
		return s.noteIn(ctx, tx, known, a, byRecovery)
	})
	return known, w.Next, err
}

// stillActive makes sure that nobody switched the account off meanwhile.
func stillActive(ctx context.Context, tx pgx.Tx, userID int64) error {
	var active bool
	err := tx.QueryRow(ctx, `select active from users where id = $1`, userID).Scan(&active)
	if err == nil && !active {
		return apperr.New(apperr.NotFound, "accounts.step_over")
	}
	return err
}

// checkCode uses up a code of the app, or else a recovery code.
func (s *Service) checkCode(ctx context.Context, userID int64, code string) (ok, byRecovery bool, err error) {
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		ok, err = s.useTOTP(ctx, tx, userID, code, true)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	if ok || err != nil {
		return ok, false, postgres.Explain(err, "error.not_found")
	}
	ok, err = s.useCode(ctx, userID, code)
	return ok, ok, err
}

// Proof is what somebody types to prove once more who they are: a password or a code.
type Proof struct {
	Password, Code string
	From           netip.Addr
	HasFactor      bool // the session has shown a second factor already
}

// Prove checks a proof of a signed-in person, after which a session begun anew is fresh. A
// password is none in a session that has yet to show the account's second factor.
// Errors: sign_in, invalid (by field), too many.
func (s *Service) Prove(ctx context.Context, actor identity.Actor, p Proof) (byFactor bool, err error) {
	if !actor.SignedIn() {
		return false, apperr.New(apperr.SignIn, "error.sign_in")
	}
	if p.Code != "" {
		return true, s.proveByCode(ctx, actor, p)
	}
	factors, err := s.factorsOf(ctx, actor.UserID)
	if err != nil {
		return false, err
	}
	if factors.Any() && !p.HasFactor {
		return false, apperr.Fields(map[string]string{"code": "error.required"})
	}
	return false, s.checkOwnPassword(ctx, actor, p.Password, "password", p.From)
}

func (s *Service) proveByCode(ctx context.Context, actor identity.Actor, p Proof) error {
	if err := s.allowCode(ctx, actor.UserID, p.From); err != nil {
		return err
	}
	ok, _, err := s.checkCode(ctx, actor.UserID, p.Code)
	if err == nil && !ok {
		return apperr.Fields(map[string]string{"code": "accounts.wrong_code"})
	}
	return err
}

// checkOwnPassword counts a try and compares. Errors: invalid (field), too many.
func (s *Service) checkOwnPassword(ctx context.Context, actor identity.Actor, password, field string, from netip.Addr) error {
	key := EmailKey(actor.Email)
	if err := s.allowSignIn(ctx, from, key); err != nil {
		return err
	}
	_, hash, err := s.credentials(ctx, key)
	if err != nil {
		return err
	}
	match, err := checkPassword(ctx, password, hash)
	if err == nil && !match {
		return apperr.Fields(map[string]string{field: "accounts.wrong_current"})
	}
	return err
}
