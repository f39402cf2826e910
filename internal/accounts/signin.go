package accounts

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/throttle"
)

// Attempt is what somebody typed to sign in, and from where.
type Attempt struct {
	Email, Password string
	From            netip.Addr
	Agent           string // as the browser calls itself
}

// Known is who has signed in; the session tells the rest.
type Known struct {
	UserID int64
	Lang   string // the person's own language
	Method Method // how they did
	Factor bool   // a second factor was among the proofs
	Second bool   // a second factor is still to come: there is no session before it
}

// SignIn finds the person whose address and password these are. An unknown address, a
// wrong password, an invitation not yet accepted and an account switched off get the same
// answer after the same work.
// Errors: invalid ("accounts.wrong_sign_in"), too many.
func (s *Service) SignIn(ctx context.Context, a Attempt) (Known, error) {
	key := EmailKey(a.Email)
	if err := s.allowSignIn(ctx, a.From, key); err != nil {
		return Known{}, err
	}
	known, hash, err := s.credentials(ctx, key)
	if err != nil {
		return Known{}, err
	}
	match, err := checkPassword(ctx, a.Password, hash)
	if err != nil {
		return Known{}, err
	}
	if !match {
		slog.InfoContext(ctx, "sign-in refused", "address", a.From.String(), "account", hashToken(key)[:12])
		if err := s.noteRefused(ctx, key, a); err != nil {
			return Known{}, err
		}
		return Known{}, apperr.New(apperr.Invalid, "accounts.wrong_sign_in")
	}
	return known, s.welcome(ctx, known, a, key)
}

// credentials are the person with this address and their hash; zero and "" where there is
// none that may sign in.
func (s *Service) credentials(ctx context.Context, key string) (known Known, hash string, err error) {
	known.Method = ByPassword
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			select id, lang, password_hash, has_factor(id) from users where email_key = $1 and active`, key).Scan(
			&known.UserID, &known.Lang, &hash, &known.Second)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	return known, hash, postgres.Explain(err, "error.not_found")
}

// welcome empties the bucket of whoever knew the password, and records the signing in where
// no second factor is to come.
func (s *Service) welcome(ctx context.Context, known Known, a Attempt, key string) error {
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if err := byAccount.Forget(ctx, tx, throttle.Network(a.From), key); err != nil || known.Second {
			return err
		}
		return s.noteIn(ctx, tx, known, a, false)
	})
}
