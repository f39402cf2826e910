package accounts_test

import (
	"bytes"
	"context"
	"encoding/base32"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp/totp"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/accounts/accountstest"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// self is a person acting for themselves in a fresh session.
func (b bundle) self(a accounts.Account) identity.Actor {
	return identity.Actor{Side: identity.Visitor, UserID: a.ID, Name: a.Name, Email: a.Email, Proved: b.clock.Now()}
}

// code is what the app shows now.
func (b bundle) code(t *testing.T, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, b.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// enrol sets an app up and returns its secret and the recovery codes.
func (b bundle) enrol(t *testing.T, a accounts.Account) (secret string, codes []string) {
	t.Helper()
	setup, err := b.StartTOTP(ctx, b.self(a))
	if err != nil {
		t.Fatal(err)
	}
	codes, err = b.ConfirmTOTP(ctx, b.self(a), b.code(t, setup.Secret), here)
	if err != nil || len(codes) != 10 {
		t.Fatalf("%d codes, %v", len(codes), err)
	}
	b.clock.Pass(time.Minute)
	return setup.Secret, codes
}

// second signs in by password and returns the token of the step that is still to come.
func (b bundle) second(t *testing.T, email string) string {
	t.Helper()
	known, err := b.SignIn(ctx, accounts.Attempt{Email: email, Password: accountstest.Password, From: here})
	if err != nil || !known.Second || known.Factor {
		t.Fatalf("%+v, %v", known, err)
	}
	token, err := b.StartSecond(ctx, known, "/tr/desk")
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestTOTPIsAskedForOnceItIsConfirmed(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	setup, err := b.StartTOTP(ctx, b.self(a))
	if err != nil || !strings.HasPrefix(setup.URL, "otpauth://totp/") || !strings.Contains(setup.URL, setup.Secret) {
		t.Fatalf("%+v %v", setup, err)
	}
	again, err := b.StartTOTP(ctx, b.self(a))
	if err != nil || again.Secret != setup.Secret {
		t.Errorf("another secret while the first waits: %v", err)
	}
	if known, err := b.SignIn(ctx, accounts.Attempt{Email: "info@city.example", Password: accountstest.Password, From: here}); err != nil || known.Second {
		t.Errorf("asked before it is confirmed: %+v %v", known, err)
	}
	if _, err := b.ConfirmTOTP(ctx, b.self(a), "000000", here); code(err) != apperr.Invalid {
		t.Errorf("wrong code: %v", err)
	}
	secret, _ := b.enrol(t, a)
	token := b.second(t, "info@city.example")
	if _, _, err := b.FinishSecond(ctx, token, "000000", accounts.Attempt{From: here}); code(err) != apperr.Invalid {
		t.Errorf("wrong code: %v", err)
	}
	known, next, err := b.FinishSecond(ctx, token, b.code(t, secret)[:3]+" "+b.code(t, secret)[3:], accounts.Attempt{From: here})
	if err != nil || known.UserID != a.ID || !known.Factor || next != "/tr/desk" {
		t.Errorf("%+v %q %v", known, next, err)
	}
	if _, _, err := b.FinishSecond(ctx, token, b.code(t, secret), accounts.Attempt{From: here}); code(err) != apperr.NotFound {
		t.Errorf("the step is open after it was finished: %v", err)
	}
	if _, err := b.StartTOTP(ctx, b.self(a)); code(err) != apperr.Conflict {
		t.Errorf("a second app: %v", err)
	}
}

func TestATOTPCodeCountsOnce(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	secret, _ := b.enrol(t, a)
	heard := b.code(t, secret)
	if _, _, err := b.FinishSecond(ctx, b.second(t, "info@city.example"), heard, accounts.Attempt{From: here}); err != nil {
		t.Fatal(err)
	}
	b.clock.Pass(20 * time.Second) // the step before still counts, the code does not
	if _, _, err := b.FinishSecond(ctx, b.second(t, "info@city.example"), heard, accounts.Attempt{From: here}); code(err) != apperr.Invalid {
		t.Errorf("replayed: %v", err)
	}
	b.clock.Pass(time.Minute)
	old := b.code(t, secret)
	b.clock.Pass(2 * time.Minute)
	if _, _, err := b.FinishSecond(ctx, b.second(t, "info@city.example"), old, accounts.Attempt{From: here}); code(err) != apperr.Invalid {
		t.Errorf("two minutes old: %v", err)
	}
}

func TestRacingTOTPCodesCountOnce(t *testing.T) {
	b := with(pgtest.Clone(t))
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	secret, codes := b.enrol(t, a)
	for _, name := range []string{"app", "recovery"} {
		typed := codes[3]
		if name == "app" {
			typed = b.code(t, secret) // of this moment: the clock passes between the two
		}
		var group sync.WaitGroup
		var mu sync.Mutex
		passed := 0
		tokens := []string{b.second(t, "info@city.example"), b.second(t, "info@city.example"), b.second(t, "info@city.example")}
		for _, token := range tokens {
			group.Go(func() {
				if _, _, err := b.FinishSecond(ctx, token, typed, accounts.Attempt{From: here}); err == nil {
					mu.Lock()
					passed++
					mu.Unlock()
				}
			})
		}
		group.Wait()
		if passed != 1 {
			t.Errorf("%s: %d of 3 passed", name, passed)
		}
		b.clock.Pass(2 * time.Minute)
	}
}

func TestSecondFactorIsThrottledByAccount(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	secret, _ := b.enrol(t, a)
	token := b.second(t, "info@city.example")
	for range 5 {
		if _, _, err := b.FinishSecond(ctx, token, "000000", accounts.Attempt{From: here}); code(err) != apperr.Invalid {
			t.Fatal(err)
		}
	}
	if _, _, err := b.FinishSecond(ctx, token, b.code(t, secret), accounts.Attempt{From: here}); code(err) != apperr.NotFound {
		t.Errorf("a sixth try of one sign-in: %v", err)
	}
	token = b.second(t, "info@city.example")
	var refused error
	for range 8 {
		_, _, refused = b.FinishSecond(ctx, token, "000000", accounts.Attempt{From: away})
		if code(refused) == apperr.TooMany {
			break
		}
		if code(refused) == apperr.NotFound {
			token = b.second(t, "info@city.example")
		}
	}
	if code(refused) != apperr.TooMany {
		t.Errorf("guessing from elsewhere goes on: %v", refused)
	}
}

func TestRecoveryCodesOpenOnce(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	_, codes := b.enrol(t, a)
	stranger := accountstest.Insert(t, b.db, b.Service, "other@city.example")
	_, theirs := b.enrol(t, stranger)
	for i, c := range []struct {
		typed string
		right bool
	}{{theirs[0], false}, {codes[0][:18] + "z", false}, {"", false}, {strings.ToUpper(codes[0]), true}, {codes[0], false},
		{strings.ReplaceAll(codes[1], "-", " "), true}} {
		_, _, err := b.FinishSecond(ctx, b.second(t, "info@city.example"), c.typed, accounts.Attempt{From: here})
		if c.right != (err == nil) {
			t.Errorf("%d: %v", i, err)
		}
		b.clock.Pass(5 * time.Minute)
	}
	if f, err := b.Factors(ctx, b.self(a)); err != nil || f.Codes != 8 {
		t.Errorf("%d left, %v", f.Codes, err)
	}
	fresh, err := b.RenewCodes(ctx, b.self(a))
	if err != nil || len(fresh) != 10 {
		t.Fatal(err)
	}
	if _, _, err := b.FinishSecond(ctx, b.second(t, "info@city.example"), codes[5], accounts.Attempt{From: here}); code(err) != apperr.Invalid {
		t.Errorf("a replaced code: %v", err)
	}
	accountstest.Query(t, b.db, func(ctx context.Context, tx pgx.Tx) error {
		var plain int
		err := tx.QueryRow(ctx, `select count(*) from recovery_codes where code_hash not like '$argon2id$%'`).Scan(&plain)
		if plain > 0 {
			t.Errorf("%d codes are stored as they are", plain)
		}
		return err
	})
}

func TestSecretsAreSealed(t *testing.T) {
	b := setup(t)
	key := bytes.Repeat([]byte{7}, 32)
	b.With(accounts.Options{Key: key})
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	secret, _ := b.enrol(t, a)
	if _, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret); err != nil {
		t.Errorf("secret %q: %v", secret, err)
	}
	accountstest.Query(t, b.db, func(ctx context.Context, tx pgx.Tx) error {
		var stored string
		err := tx.QueryRow(ctx, `select secret from totp_secrets where user_id = $1`, a.ID).Scan(&stored)
		if strings.Contains(stored, secret) || !strings.HasPrefix(stored, "v1:") {
			t.Errorf("stored as %q", stored)
		}
		return err
	})
	b.With(accounts.Options{Key: bytes.Repeat([]byte{8}, 32)})
	if _, _, err := b.FinishSecond(ctx, b.second(t, "info@city.example"), b.code(t, secret), accounts.Attempt{From: here}); err == nil {
		t.Error("another key opens it")
	}
	b.With(accounts.Options{Key: key})
	if _, _, err := b.FinishSecond(ctx, b.second(t, "info@city.example"), b.code(t, secret), accounts.Attempt{From: here}); err != nil {
		t.Errorf("the right key: %v", err)
	}
}

// What changes how somebody signs in asks for a proof that is at most ten minutes old.
func TestChangesNeedAFreshProof(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	b.enrol(t, a)
	_, admin := accountstest.Staff(t, b.db, b.Service, "admin@union.example", identity.Administrator)
	stale, staleAdmin := b.self(a), admin
	stale.Proved, staleAdmin.Proved = b.clock.Now().Add(-accounts.Fresh-time.Second), b.clock.Now().Add(-accounts.Fresh-time.Second)
	for name, act := range map[string]func() error{
		"start app":     func() error { _, err := b.StartTOTP(ctx, stale); return err },
		"confirm app":   func() error { _, err := b.ConfirmTOTP(ctx, stale, "123456", here); return err },
		"remove app":    func() error { return b.RemoveTOTP(ctx, stale) },
		"codes":         func() error { _, err := b.RenewCodes(ctx, stale); return err },
		"add passkey":   func() error { _, _, err := b.StartPasskey(ctx, stale); return err },
		"store passkey": func() error { return b.FinishPasskey(ctx, stale, "x", "x", nil) },
		"rm passkey":    func() error { return b.RemovePasskey(ctx, stale, "x") },
		"end others":    func() error { return b.EndOtherSessions(ctx, stale) },
		"role": func() error {
			return b.Give(ctx, staleAdmin, a.PublicID, accounts.GrantInput{Role: identity.Administrator})
		},
		"off":     func() error { return b.SetActive(ctx, staleAdmin, a.PublicID, false) },
		"factors": func() error { return b.DropFactors(ctx, staleAdmin, a.PublicID) },
		"address": func() error {
			return b.SaveUser(ctx, staleAdmin, a.PublicID, accounts.Edit{Name: "X", Email: "x@y.example"})
		},
		"invite":  func() error { _, err := b.Invite(ctx, staleAdmin, accounts.Invitee{}); return err },
		"nothing": func() error { return nil },
	} {
		if got := code(act()); got != apperr.Prove && name != "nothing" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestProofOfWhoOneIs(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	if _, err := b.Prove(ctx, b.self(a), accounts.Proof{Password: accountstest.Password, From: here}); err != nil {
		t.Errorf("password, no second factor: %v", err)
	}
	if _, err := b.Prove(ctx, b.self(a), accounts.Proof{Password: "wrong", From: here}); code(err) != apperr.Invalid {
		t.Errorf("wrong password: %v", err)
	}
	secret, _ := b.enrol(t, a)
	if _, err := b.Prove(ctx, b.self(a), accounts.Proof{Password: accountstest.Password, From: here}); code(err) != apperr.Invalid {
		t.Errorf("a password alone, where the session has shown no second factor: %v", err)
	}
	if _, err := b.Prove(ctx, b.self(a), accounts.Proof{Password: accountstest.Password, From: here, HasFactor: true}); err != nil {
		t.Errorf("a password after the second factor: %v", err)
	}
	if byFactor, err := b.Prove(ctx, b.self(a), accounts.Proof{Code: b.code(t, secret), From: here}); err != nil || !byFactor {
		t.Errorf("a code: %v", err)
	}
}

func TestStaffLackASecondFactorUntilTheySetItUp(t *testing.T) {
	b := setup(t)
	b.With(accounts.Options{Exempt: func(email string) bool { return email == "demo@union.example" }})
	staff, _ := accountstest.Staff(t, b.db, b.Service, "desk@union.example", identity.DeskOfficer)
	demo, _ := accountstest.Staff(t, b.db, b.Service, "demo@union.example", identity.DeskOfficer)
	member := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	for hash, c := range map[string]struct {
		id   int64
		want accounts.Lack
	}{"staff": {staff.ID, accounts.NoFactor}, "demo": {demo.ID, accounts.NoLack}, "member": {member.ID, accounts.NoLack}} {
		if got := b.visit(t, b.begin(t, c.id, hash)).Lacks; got != c.want {
			t.Errorf("%s lacks %q, want %q", hash, got, c.want)
		}
	}
	b.enrol(t, staff)
	b.enrol(t, demo)
	for _, id := range []int64{staff.ID, demo.ID} {
		hash := accounts.EmailKey(string(rune('a' + id%26)))
		if got := b.visit(t, b.begin(t, id, "later"+hash)).Lacks; got != accounts.NoProofBy {
			t.Errorf("a session that has not shown the factor lacks %q", got)
		}
	}
	if b.visit(t, "staff").Person != nil {
		t.Error("a session from before the second factor goes on")
	}
}

func TestLostFactorsAreDropped(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	_, admin := accountstest.Staff(t, b.db, b.Service, "admin@union.example", identity.Administrator)
	if err := b.DropFactors(ctx, admin, a.PublicID); code(err) != apperr.Conflict {
		t.Errorf("none there: %v", err)
	}
	b.enrol(t, a)
	b.begin(t, a.ID, "open")
	if err := b.DropFactors(ctx, admin, a.PublicID); err != nil {
		t.Fatal(err)
	}
	if b.visit(t, "open").Person != nil {
		t.Error("the session goes on")
	}
	if f, err := b.Factors(ctx, b.self(a)); err != nil || f.Any() || f.Codes > 0 {
		t.Errorf("%+v %v", f, err)
	}
	if letters := b.letters(t); !strings.Contains(letters, "factors_dropped→info@city.example") {
		t.Errorf("letters: %s", letters)
	}
}
