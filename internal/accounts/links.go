package accounts

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/jobs"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Purpose is what a mailed link is for.
type Purpose string

// The purposes.
const (
	Reset      Purpose = "reset"
	Invitation Purpose = "invitation"
	SignInLink Purpose = "sign_in"
)

// lives is how long a link of the purpose works.
var lives = map[Purpose]time.Duration{Reset: time.Hour, Invitation: 7 * 24 * time.Hour, SignInLink: 10 * time.Minute}

// Link is what a link opens, to whoever holds it.
type Link struct {
	Purpose Purpose
	UserID  int64
	Name    string
	Email   string
	Lang    string
	Expires time.Time
}

// RequestReset asks for a link to set a new password. The answer and the work are the same
// for a known and an unknown address: one job, which finds out later.
// Errors: invalid (no address), too many (from this network).
func (s *Service) RequestReset(ctx context.Context, email string, from netip.Addr) error {
	return s.requestLink(ctx, Reset, email, from)
}

// openAsked makes a link for the active person with this address, and has it mailed to the
// stored address. Nobody, or an inbox that had several within the hour, gets nothing.
func (s *Service) openAsked(ctx context.Context, purpose Purpose, emailKey string) error {
	inbox := byInbox
	if purpose == SignInLink {
		inbox = byLink
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		var userID int64
		err := tx.QueryRow(ctx, `select id from users where email_key = $1 and active`, emailKey).Scan(&userID)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if ok, err := inbox.Pass(ctx, tx, s.now(), emailKey); err != nil || !ok {
			return err
		}
		return s.openLink(ctx, tx, purpose, userID, 0)
	})
}

// openLink stores a link, ends older ones of the same purpose, and enqueues its mail.
// by is who sends it, 0 for the person themselves.
func (s *Service) openLink(ctx context.Context, tx pgx.Tx, purpose Purpose, userID, by int64) error {
	now := s.now()
	_, err := tx.Exec(ctx, `
		update access_links set used_at = $3 where user_id = $1 and purpose = $2 and used_at is null`, userID, purpose, now)
	if err != nil {
		return err
	}
	var id int64
	err = tx.QueryRow(ctx, `
		insert into access_links (purpose, user_id, created_by, created_at, expires_at)
		values ($1, $2, nullif($3::bigint, 0), $4, $5) returning id`,
		purpose, userID, by, now, now.Add(lives[purpose])).Scan(&id)
	if err != nil {
		return err
	}
	return jobs.Insert(ctx, tx, LinkArgs{LinkID: id})
}

// OpenLink tells whose link a token is. Looking does not use it up.
// Errors: not found (unknown, used, expired: "accounts.link_dead").
func (s *Service) OpenLink(ctx context.Context, purpose Purpose, token string) (Link, error) {
	link := Link{Purpose: purpose}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		return q.QueryRow(ctx, `
			select u.id, u.name, u.email, u.lang, l.expires_at
			from access_tokens t
			join access_links l on l.id = t.link_id
			join users u on u.id = l.user_id and u.active
			where t.token_hash = $1 and l.purpose = $2 and l.used_at is null and l.expires_at > $3`,
			hashToken(token), purpose, s.now()).Scan(&link.UserID, &link.Name, &link.Email, &link.Lang, &link.Expires)
	})
	return link, postgres.Explain(err, "accounts.link_dead")
}

// ResetPassword sets a new password by a link, which is then used, and ends every session.
// Errors: not found ("accounts.link_dead"), invalid (by field; the link still works).
func (s *Service) ResetPassword(ctx context.Context, token, password string) error {
	link, err := s.OpenLink(ctx, Reset, token)
	if err != nil {
		return err
	}
	if strength := Measure(password, link.Name, link.Email); !strength.OK {
		return apperr.Fields(map[string]string{"password": strength.Advice})
	}
	return s.useLink(ctx, link, token, password, func(tx pgx.Tx) error { return nil })
}

// Acceptance is what an invited person says.
type Acceptance struct {
	Name, Password, Lang string
	Attempt              Attempt // from where; for the history of sign-ins
}

// AcceptInvitation gives the invited person a name and a password; the link is then used.
// Errors: not found ("accounts.link_dead"), invalid (by field; the link still works).
func (s *Service) AcceptInvitation(ctx context.Context, token string, a Acceptance) (Known, error) {
	link, err := s.OpenLink(ctx, Invitation, token)
	if err != nil {
		return Known{}, err
	}
	fields := map[string]string{}
	if key := nameFault(a.Name); key != "" {
		fields["name"] = key
	}
	if !locale.Known(a.Lang) {
		fields["lang"] = "accounts.choose_language"
	}
	if strength := Measure(a.Password, a.Name, link.Email); !strength.OK {
		fields["password"] = strength.Advice
	}
	if err := apperr.Fields(fields); err != nil {
		return Known{}, err
	}
	known := Known{UserID: link.UserID, Lang: a.Lang, Method: ByInvitation}
	err = s.useLink(ctx, link, token, a.Password, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update users set name = $2, name_key = $3, lang = $4 where id = $1`, link.UserID, a.Name, nameKey(a.Name), a.Lang)
		if err != nil {
			return err
		}
		// The page names the privacy notice in force, and links to it.
		_, err = tx.Exec(ctx, `
			insert into privacy_readings (user_id, notice, read_at) select $1, max(number), $2 from privacy_notices
			on conflict (user_id, notice) do nothing`, link.UserID, s.now())
		if err != nil {
			return err
		}
		return s.noteIn(ctx, tx, known, a.Attempt, false)
	})
	return known, err
}

// useLink uses a link up and sets the password, together or not at all: of two posts that
// race, the second finds the link used.
func (s *Service) useLink(ctx context.Context, link Link, token, password string, also func(tx pgx.Tx) error) error {
	hash, err := hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if err := s.useToken(ctx, tx, link.Purpose, token); err != nil {
			return err
		}
		if err := setPassword(ctx, tx, link.UserID, hash, s.now()); err != nil {
			return err
		}
		if err := also(tx); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, link.UserID, ""); err != nil {
			return err
		}
		if err := s.recordBy(ctx, tx, link.UserID, string(link.Purpose)+"_used"); err != nil || link.Purpose != Reset {
			return err
		}
		return s.letterTo(ctx, tx, link.UserID, "password_changed")
	})
}
