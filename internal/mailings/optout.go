package mailings

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// A token is a recipient's public identifier and its signature: nobody can make one who has
// not got the letter, and it says nothing of the address. It never runs out, because a
// letter lies in its folder for years.
const idLength, tokenLength = 26, 52

func sign(key []byte, publicID string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("unsubscribe:" + publicID))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:16]))
}

// token is the token of a recipient.
func (r repository) token(ctx context.Context, publicID string) (string, error) {
	var key []byte
	if err := r.db.QueryRow(ctx, `select key from mailing_secret`).Scan(&key); err != nil {
		return "", err
	}
	return publicID + sign(key, publicID), nil
}

// Subscription is what a token stands for.
type Subscription struct {
	Email string
	Lang  string
	Off   bool // wants no news
}

type reader struct {
	id, mailing int64
	user        int64 // 0: a mailbox
	key         string
	Subscription
}

// byToken finds the recipient of a token. Errors: not found (also: a signature that is none).
func (r repository) byToken(ctx context.Context, token string) (out reader, err error) {
	unknown := apperr.New(apperr.NotFound, "mailings.link_unknown")
	if len(token) != tokenLength {
		return out, unknown
	}
	whole, err := r.token(ctx, token[:idLength])
	if err != nil {
		return out, err
	}
	if !hmac.Equal([]byte(whole), []byte(token)) {
		return out, unknown
	}
	err = r.db.QueryRow(ctx, `
		select r.id, r.mailing_id, coalesce(r.user_id, 0), r.email_key, r.email, r.lang, `+noNews+`
		from mailing_recipients r where r.public_id = $1`, token[:idLength]).Scan(&out.id, &out.mailing, &out.user, &out.key, &out.Email, &out.Lang, &out.Off)
	if errors.Is(err, pgx.ErrNoRows) {
		return out, unknown
	}
	return out, err
}

// Subscription reads what a link stands for, and changes nothing. Errors: not found.
func (s *Service) Subscription(ctx context.Context, token string) (out Subscription, err error) {
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		found, err := repository{q}.byToken(ctx, token)
		out = found.Subscription
		return err
	})
	return out, err
}

// Unsubscribe takes the address of a link off the news; twice is once. Errors: not found.
func (s *Service) Unsubscribe(ctx context.Context, token string) (Subscription, error) {
	return s.subscribe(ctx, token, true, "mailing.unsubscribe", `
		insert into mailing_optouts (email_key, recipient_id, at) values ($1, $2, $3) on conflict (email_key) do nothing`)
}

// Resubscribe lets the address of a link have news again. Errors: not found.
func (s *Service) Resubscribe(ctx context.Context, token string) (Subscription, error) {
	return s.subscribe(ctx, token, false, "mailing.resubscribe", `
		delete from mailing_optouts where email_key = $1 and $2::bigint > 0 and $3::timestamptz is not null`)
}

func (s *Service) subscribe(ctx context.Context, token string, off bool, action, sql string) (out Subscription, err error) {
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		found, err := repository{tx}.byToken(ctx, token)
		if err != nil {
			return err
		}
		out = found.Subscription
		out.Off = off
		if found.user != 0 {
			if err := s.Agree(ctx, tx, found.user, !off); err != nil {
				return err
			}
		}
		tag, err := tx.Exec(ctx, sql, found.key, found.id, s.now())
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: identity.Worker(), Action: action, Subject: subject.Ref{Kind: subject.Mailing, ID: found.mailing}})
	})
	return out, err
}
