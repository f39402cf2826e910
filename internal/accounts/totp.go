package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Codes of an authenticator app (RFC 6238): six digits, new every step. One step before and
// after counts, too, for clocks that differ a little.
const (
	totpStep = 30 // seconds
	totpSkew = 1
)

// totpForm is what every app assumes where nothing else is said.
var totpForm = totp.ValidateOpts{Period: totpStep, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// Setup is what an authenticator app needs to make codes.
type Setup struct {
	Secret string // base32, to type
	URL    string // otpauth://…, for the QR code
}

// StartTOTP makes a secret for the actor's authenticator app, or tells the one that still
// waits for its first code. Nothing asks for codes before ConfirmTOTP.
// Errors: sign_in, prove, conflict (an app is set up already).
func (s *Service) StartTOTP(ctx context.Context, actor identity.Actor) (Setup, error) {
	if err := s.mayChange(actor); err != nil {
		return Setup{}, err
	}
	var secret string
	err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		stored, err := readTOTP(ctx, tx, actor.UserID)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			secret, err = s.newTOTP(ctx, tx, actor.UserID)
			return err
		case err != nil:
			return err
		case stored.confirmed:
			return apperr.New(apperr.Conflict, "accounts.totp_there")
		}
		secret, err = unseal(s.options.Key, actor.UserID, stored.secret)
		return err
	})
	return Setup{Secret: secret, URL: s.otpURL(actor.Email, secret)}, postgres.Explain(err, "error.not_found")
}

func (s *Service) newTOTP(ctx context.Context, tx pgx.Tx, userID int64) (string, error) {
	var raw [20]byte
	_, _ = rand.Read(raw[:])
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw[:])
	stored, err := seal(s.options.Key, userID, secret)
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `insert into totp_secrets (user_id, secret, created_at) values ($1, $2, $3)`, userID, stored, s.now())
	return secret, err
}

// otpURL is what an app reads from the QR code.
func (s *Service) otpURL(email, secret string) string {
	name := s.options.Name
	if name == "" {
		name = "Birlik"
	}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + name + ":" + email}
	u.RawQuery = strings.ReplaceAll(url.Values{"secret": {secret}, "issuer": {name}}.Encode(), "+", "%20")
	return u.String()
}

// ConfirmTOTP switches the app on once it shows a right code, ends the actor's other
// sessions, and returns recovery codes where there were none.
// Errors: sign_in, prove, invalid ("code"), not found (nothing to confirm), too many.
func (s *Service) ConfirmTOTP(ctx context.Context, actor identity.Actor, code string, from netip.Addr) ([]string, error) {
	if err := s.mayChange(actor); err != nil {
		return nil, err
	}
	if err := s.allowCode(ctx, actor.UserID, from); err != nil {
		return nil, err
	}
	codes, err := newCodes(ctx)
	if err != nil {
		return nil, err
	}
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		ok, err := s.useTOTP(ctx, tx, actor.UserID, code, false)
		if err != nil {
			return postgres.Explain(err, "accounts.totp_gone")
		}
		if !ok {
			return apperr.Fields(map[string]string{"code": "accounts.wrong_code"})
		}
		if _, err := tx.Exec(ctx, `update totp_secrets set confirmed_at = $2 where user_id = $1`, actor.UserID, s.now()); err != nil {
			return err
		}
		given, err := s.storeFirstCodes(ctx, tx, actor.UserID, codes)
		if !given {
			codes = nil
		}
		if err != nil {
			return err
		}
		return s.factorAdded(ctx, tx, actor, "totp_added")
	})
	if err != nil {
		return nil, err
	}
	return plainCodes(codes), nil
}

// RemoveTOTP switches the actor's authenticator app off. Errors: sign_in, prove, not found.
func (s *Service) RemoveTOTP(ctx context.Context, actor identity.Actor) error {
	if err := s.mayChange(actor); err != nil {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `delete from totp_secrets where user_id = $1 and confirmed_at is not null`, actor.UserID)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return apperr.New(apperr.NotFound, "accounts.totp_gone")
		}
		return s.factorRemoved(ctx, tx, actor, "totp_removed")
	})
}

type storedTOTP struct {
	secret    string
	confirmed bool
	lastStep  int64
}

// readTOTP reads and locks a person's secret. Errors: pgx.ErrNoRows.
func readTOTP(ctx context.Context, tx pgx.Tx, userID int64) (t storedTOTP, err error) {
	err = tx.QueryRow(ctx, `
		select secret, confirmed_at is not null, last_step from totp_secrets where user_id = $1 for update`, userID).Scan(
		&t.secret, &t.confirmed, &t.lastStep)
	return t, err
}

// useTOTP uses a code up and reports whether it was right. The row is locked, and only a
// later step than the last one counts: a code that somebody overheard is worth nothing.
// Errors: pgx.ErrNoRows (no such secret).
func (s *Service) useTOTP(ctx context.Context, tx pgx.Tx, userID int64, code string, confirmed bool) (bool, error) {
	t, err := readTOTP(ctx, tx, userID)
	if err != nil {
		return false, err
	}
	if t.confirmed != confirmed {
		return false, pgx.ErrNoRows
	}
	secret, err := unseal(s.options.Key, userID, t.secret)
	if err != nil {
		return false, err
	}
	step, ok := matchingStep(secret, code, s.now())
	if !ok || step <= t.lastStep {
		return false, nil
	}
	_, err = tx.Exec(ctx, `update totp_secrets set last_step = $2 where user_id = $1`, userID, step)
	return err == nil, err
}

// matchingStep finds the step whose code this is, among those that count now.
func matchingStep(secret, code string, now time.Time) (int64, bool) {
	code = digits(code)
	at := now.Unix() / totpStep
	for step := at - totpSkew; step <= at+totpSkew; step++ {
		want, err := totp.GenerateCodeCustom(secret, time.Unix(step*totpStep, 0), totpForm)
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return step, true
		}
	}
	return 0, false
}

// digits drops the spaces that people type between groups.
func digits(code string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return r
	}, code)
}
