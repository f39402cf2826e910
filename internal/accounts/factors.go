package accounts

import (
	"context"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/throttle"
)

// Factors are the second factors of a person, as they see them.
type Factors struct {
	TOTP     bool
	Since    *time.Time // of the authenticator app
	Codes    int        // recovery codes left
	Passkeys []Passkey
	Password bool // there is one
}

// Any reports whether there is a second factor at all.
func (f Factors) Any() bool { return f.TOTP || len(f.Passkeys) > 0 }

// Factors tells what the actor has set up. Errors: sign_in.
func (s *Service) Factors(ctx context.Context, actor identity.Actor) (Factors, error) {
	if !actor.SignedIn() {
		return Factors{}, apperr.New(apperr.SignIn, "error.sign_in")
	}
	return s.factorsOf(ctx, actor.UserID)
}

func (s *Service) factorsOf(ctx context.Context, userID int64) (f Factors, err error) {
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		err := q.QueryRow(ctx, `
			select t.confirmed_at is not null, t.confirmed_at, u.password_hash <> '',
			       (select count(*) from recovery_codes c where c.user_id = u.id and c.used_at is null)
			from users u left join totp_secrets t on t.user_id = u.id
			where u.id = $1`, userID).Scan(&f.TOTP, &f.Since, &f.Password, &f.Codes)
		if err != nil {
			return err
		}
		f.Passkeys, err = listPasskeys(ctx, q, userID)
		return err
	})
	return f, postgres.Explain(err, "accounts.user_not_found")
}

// mayChange lets people who have just proved who they are change how they sign in.
// Errors: sign_in, prove.
func (s *Service) mayChange(actor identity.Actor) error {
	if !actor.SignedIn() {
		return apperr.New(apperr.SignIn, "error.sign_in")
	}
	return s.fresh(actor)
}

// fresh asks for a proof of who acts that is at most Fresh old. The system needs none.
// Errors: prove.
func (s *Service) fresh(actor identity.Actor) error {
	if actor.Side == identity.System || s.now().Sub(actor.Proved) <= Fresh {
		return nil
	}
	return apperr.New(apperr.Prove, "accounts.prove_first")
}

// needFactor makes sure that there is a second factor. Errors: conflict.
func needFactor(ctx context.Context, tx pgx.Tx, userID int64) error {
	var any bool
	if err := tx.QueryRow(ctx, `select has_factor($1)`, userID).Scan(&any); err != nil {
		return err
	}
	if !any {
		return apperr.New(apperr.Conflict, "accounts.no_factor")
	}
	return nil
}

// factorAdded ends the other sessions, which have not shown the new factor, and tells.
func (s *Service) factorAdded(ctx context.Context, tx pgx.Tx, actor identity.Actor, what string) error {
	if err := endSessions(ctx, tx, actor.UserID, actor.SessionID); err != nil {
		return err
	}
	return s.tell(ctx, tx, actor, what)
}

// factorRemoved deletes recovery codes that lead nowhere any more, ends the other sessions,
// and tells.
func (s *Service) factorRemoved(ctx context.Context, tx pgx.Tx, actor identity.Actor, what string) error {
	_, err := tx.Exec(ctx, `delete from recovery_codes where user_id = $1 and not has_factor($1)`, actor.UserID)
	if err != nil {
		return err
	}
	return s.factorAdded(ctx, tx, actor, what)
}

// DropFactors takes every second factor from an account whose person has lost them, and
// ends its sessions. The person sets up another before doing anything as staff.
// Errors: sign_in, prove, forbidden, not found, conflict (there is none).
func (s *Service) DropFactors(ctx context.Context, actor identity.Actor, publicID string) error {
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, a Account) error {
		if !a.Factor {
			return apperr.New(apperr.Conflict, "accounts.no_factor")
		}
		if _, err := tx.Exec(ctx, `select drop_factors($1)`, a.ID); err != nil {
			return err
		}
		if err := endSessionsAsStaff(ctx, tx, a.ID); err != nil {
			return err
		}
		if err := s.letter(ctx, tx, a.ID, "factors_dropped", a.Email); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "factors_dropped", a.ID, nil)
	})
}

// DropFactorsOf is DropFactors from the command line, by address. Only the system may.
// Errors: forbidden, not found, conflict (there is none).
func (s *Service) DropFactorsOf(ctx context.Context, actor identity.Actor, email string) error {
	if actor.Side != identity.System {
		return apperr.New(apperr.Forbidden, "error.forbidden")
	}
	var publicID string
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		return q.QueryRow(ctx, `
			select s.public_id from users u join subjects s on s.id = u.id where u.email_key = $1`, EmailKey(email)).Scan(&publicID)
	})
	if err != nil {
		return postgres.Explain(err, "accounts.user_not_found")
	}
	return s.DropFactors(ctx, actor, publicID)
}

// allowCode counts a guess at a second factor: by network, and, because whoever guesses
// knows the first factor already, by account too.
// Errors: too many.
func (s *Service) allowCode(ctx context.Context, userID int64, from netip.Addr) error {
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		ok, err := byNetwork.Pass(ctx, tx, s.now(), throttle.Network(from))
		if ok && err == nil {
			ok, err = byCode.Pass(ctx, tx, s.now(), userRef(userID).String())
		}
		if err == nil && !ok {
			return apperr.New(apperr.TooMany, "accounts.too_many_codes")
		}
		return err
	})
}
