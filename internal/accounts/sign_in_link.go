package accounts

import (
	"context"
	"net/netip"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/jobs"
	"github.com/birlik/portal/internal/throttle"
)

// RequestSignIn asks for a link to sign in by. The answer and the work are the same for a
// known and an unknown address. Errors: invalid (no address), too many (from this network).
func (s *Service) RequestSignIn(ctx context.Context, email string, from netip.Addr) error {
	return s.requestLink(ctx, SignInLink, email, from)
}

// requestLink counts the request and leaves the rest to a job, which finds out whose the
// address is.
func (s *Service) requestLink(ctx context.Context, purpose Purpose, email string, from netip.Addr) error {
	if !ValidEmail(email) {
		return apperr.Fields(map[string]string{"email": "accounts.email_format"})
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		ok, err := byReset.Pass(ctx, tx, s.now(), throttle.Network(from))
		if err != nil {
			return err
		}
		if !ok {
			return apperr.New(apperr.TooMany, "accounts.too_many")
		}
		return jobs.Insert(ctx, tx, ResetArgs{EmailKey: EmailKey(email), Purpose: purpose})
	})
}

// SignInByLink uses a link up and signs its person in; opening it (OpenLink) does not.
// Where the account has a second factor it is still to come.
// Errors: not found ("accounts.link_dead").
func (s *Service) SignInByLink(ctx context.Context, token string, a Attempt) (known Known, err error) {
	known.Method = ByLink
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if err := s.useToken(ctx, tx, SignInLink, token); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `
			select u.id, u.lang, has_factor(u.id)
			from access_tokens t join access_links l on l.id = t.link_id join users u on u.id = l.user_id
			where t.token_hash = $1 and u.active`, hashToken(token)).Scan(&known.UserID, &known.Lang, &known.Second)
		if err != nil {
			return apperr.Wrap(err, apperr.NotFound, "accounts.link_dead")
		}
		if known.Second {
			return nil
		}
		return s.noteIn(ctx, tx, known, a, false)
	})
	return known, err
}

// useToken uses a link up: of two posts that race, the second finds it used.
// Errors: not found ("accounts.link_dead").
func (s *Service) useToken(ctx context.Context, tx pgx.Tx, purpose Purpose, token string) error {
	tag, err := tx.Exec(ctx, `
		update access_links l set used_at = $3
		from access_tokens t
		where t.token_hash = $1 and t.link_id = l.id and l.purpose = $2 and l.used_at is null and l.expires_at > $3`,
		hashToken(token), purpose, s.now())
	if err == nil && tag.RowsAffected() == 0 {
		return apperr.New(apperr.NotFound, "accounts.link_dead")
	}
	return err
}
