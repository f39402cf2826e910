package accounts

import (
	"context"
	"net/netip"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Profile is what people say of themselves.
type Profile struct {
	Name       string `json:"name"`
	Lang       string `json:"lang"`
	Zone       string `json:"zone"`
	Theme      string `json:"theme"`
	SingleKeys bool   `json:"single_keys"`
}

// Check finds what is wrong with a profile. Errors: invalid, by field.
func (p Profile) Check() error {
	fields := map[string]string{}
	if key := nameFault(p.Name); key != "" {
		fields["name"] = key
	}
	if !locale.Known(p.Lang) {
		fields["lang"] = "accounts.choose_language"
	}
	if !knownZone(p.Zone) {
		fields["zone"] = "accounts.unknown_zone"
	}
	if !knownTheme(p.Theme) {
		fields["theme"] = "accounts.choose_theme"
	}
	return apperr.Fields(fields)
}

// SaveProfile stores what the actor says of themselves.
// Errors: sign_in, invalid (by field).
func (s *Service) SaveProfile(ctx context.Context, actor identity.Actor, p Profile) error {
	if !actor.SignedIn() {
		return apperr.New(apperr.SignIn, "error.sign_in")
	}
	if err := p.Check(); err != nil {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			update users set name = $2, name_key = $3, lang = $4, zone = $5, theme = $6, single_keys = $7, version = version + 1
			where id = $1`, actor.UserID, p.Name, nameKey(p.Name), p.Lang, p.Zone, p.Theme, p.SingleKeys)
		if err != nil {
			return postgres.Explain(err, "accounts.user_not_found")
		}
		return s.record(ctx, tx, actor, "profile_saved", actor.UserID, p)
	})
}

// SetTheme stores which theme the actor's pages are painted in: system, light or dark.
// Errors: sign_in, invalid.
func (s *Service) SetTheme(ctx context.Context, actor identity.Actor, theme string) error {
	if !actor.SignedIn() {
		return apperr.New(apperr.SignIn, "error.sign_in")
	}
	if !knownTheme(theme) {
		return apperr.Fields(map[string]string{"theme": "accounts.choose_theme"})
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update users set theme = $2 where id = $1`, actor.UserID, theme)
		return err
	})
}

// PasswordChange is what somebody types to change their password.
type PasswordChange struct {
	Current, New string
	From         netip.Addr
}

// ChangePassword sets a new password and ends every other session.
// Errors: sign_in, invalid (by field), too many.
func (s *Service) ChangePassword(ctx context.Context, actor identity.Actor, c PasswordChange) error {
	if !actor.SignedIn() {
		return apperr.New(apperr.SignIn, "error.sign_in")
	}
	if err := s.checkOwnPassword(ctx, actor, c.Current, "current", c.From); err != nil {
		return err
	}
	if strength := Measure(c.New, actor.Name, actor.Email); !strength.OK {
		return apperr.Fields(map[string]string{"password": strength.Advice})
	}
	return s.storePassword(ctx, actor, actor.UserID, c.New, actor.SessionID, "password_changed")
}

// storePassword hashes outside the transaction, then stores, ends the sessions but keep,
// ends open links, and records.
func (s *Service) storePassword(ctx context.Context, actor identity.Actor, userID int64, password, keep, action string) error {
	hash, err := hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if err := setPassword(ctx, tx, userID, hash, s.now()); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, userID, keep); err != nil {
			return err
		}
		if err := s.record(ctx, tx, actor, action, userID, nil); err != nil {
			return err
		}
		return s.letterTo(ctx, tx, userID, action)
	})
}

// setPassword stores a hash and makes every link still open useless.
func setPassword(ctx context.Context, tx pgx.Tx, userID int64, hash string, now time.Time) error {
	_, err := tx.Exec(ctx, `update users set password_hash = $2, password_at = $3, version = version + 1 where id = $1`, userID, hash, now)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update access_links set used_at = $2 where user_id = $1 and used_at is null`, userID, now)
	return err
}

// nameFault is the message key of what is wrong with a person's name, "" when nothing is.
// A name has no rule of first and last; only what could disturb a page or a mail header
// is refused: control characters, and marks that turn the direction of what follows.
func nameFault(name string) string {
	switch {
	case strings.TrimSpace(name) == "":
		return "error.required"
	case utf8.RuneCountInString(name) > 200:
		return "error.too_long"
	case strings.ContainsFunc(name, disturbing):
		return "accounts.name_marks"
	case locale.IsFormer(name):
		return "accounts.name_former"
	}
	return ""
}

func disturbing(r rune) bool {
	return unicode.IsControl(r) || '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069' || r == '\ufeff'
}

func knownZone(name string) bool {
	if name == "" || name == "Local" || len(name) > 64 {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}

func knownTheme(theme string) bool {
	return theme == "system" || theme == "light" || theme == "dark"
}
