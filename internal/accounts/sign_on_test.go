package accounts_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/accounts/accountstest"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
)

// signOn goes to the provider and back, saying what the test wants.
func (b bundle) signOn(t *testing.T, i *accountstest.Issuer, said map[string]any) (accounts.Known, error) {
	t.Helper()
	location, token, err := b.StartSignOn(ctx, "/tr/desk/requests")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(location)
	if err != nil {
		t.Fatal(err)
	}
	if q := u.Query(); q.Get("code_challenge_method") != "S256" || q.Get("state") == "" || q.Get("redirect_uri") != "https://portal.example/back" {
		t.Errorf("asked %s", location)
	}
	i.Nonce, i.Said = u.Query().Get("nonce"), said
	known, next, err := b.FinishSignOn(ctx, token, u.Query().Get("state"), "code", accounts.Attempt{From: here})
	if err == nil && next != "/tr/desk/requests" {
		t.Errorf("goes to %q", next)
	}
	return known, err
}

func (b bundle) withIssuer(i *accountstest.Issuer) {
	b.With(accounts.Options{SignOn: accounts.SignOn{Issuer: i.URL, ClientID: "portal", Secret: "secret", Name: "Birlik", Redirect: "https://portal.example/back"}})
}

func TestSignOnFindsAStaffAccountAndMakesNone(t *testing.T) {
	b, i := setup(t), accountstest.NewIssuer(t)
	b.withIssuer(i)
	staff, _ := accountstest.Staff(t, b.db, b.Service, "desk@union.example", identity.DeskOfficer)
	accountstest.Insert(t, b.db, b.Service, "member@city.example")
	ended := b.clock.Now().Add(-time.Hour)
	accountstest.Insert(t, b.db, b.Service, "former@union.example", accounts.GrantInput{Role: identity.Administrator, Ends: &ended})
	off, _ := accountstest.Staff(t, b.db, b.Service, "off@union.example", identity.Administrator)
	accountstest.Staff(t, b.db, b.Service, "admin@union.example", identity.Administrator)
	if err := b.SetActive(ctx, identity.Worker(), off.PublicID, false); err != nil {
		t.Fatal(err)
	}
	before := b.people(t)
	for name, said := range map[string]map[string]any{
		"unknown":      {"email": "new@union.example"},
		"not verified": {"email_verified": false},
		"no word":      {"email_verified": nil},
		"member":       {"email": "member@city.example"},
		"former":       {"email": "former@union.example"},
		"off":          {"email": "off@union.example"},
		"no address":   {"email": ""},
	} {
		if _, err := b.signOn(t, i, said); code(err) != apperr.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if b.people(t) != before {
		t.Error("somebody was made, or given a role")
	}
	known, err := b.signOn(t, i, nil)
	if err != nil || known.UserID != staff.ID || known.Factor || known.Method != accounts.BySignOn {
		t.Fatalf("%+v %v", known, err)
	}
	if i.Asked.Get("code_verifier") == "" {
		t.Error("no proof key")
	}
	// From now on the subject counts: the address may change, and another subject with the
	// same address is somebody else.
	if known, err = b.signOn(t, i, map[string]any{"email": "renamed@union.example", "email_verified": false}); err != nil || known.UserID != staff.ID {
		t.Errorf("the same subject: %+v %v", known, err)
	}
	if _, err = b.signOn(t, i, map[string]any{"sub": "s-2"}); code(err) != apperr.Invalid {
		t.Errorf("another subject with a tied address: %v", err)
	}
	if got := b.letters(t); got != "sign_on_linked→desk@union.example" {
		t.Errorf("letters %s", got)
	}
}

// people counts accounts and roles.
func (b bundle) people(t *testing.T) (n int) {
	t.Helper()
	accountstest.Query(t, b.db, func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select (select count(*) from users) + (select count(*) from staff_roles) + (select count(*) from sign_on_identities)`).Scan(&n)
	})
	return n
}

func TestSignOnRefusesWhatIsNotTheProviders(t *testing.T) {
	b, i := setup(t), accountstest.NewIssuer(t)
	b.withIssuer(i)
	accountstest.Staff(t, b.db, b.Service, "desk@union.example", identity.DeskOfficer)
	for name, said := range map[string]map[string]any{
		"another issuer":   {"iss": "https://elsewhere.example"},
		"another audience": {"aud": "another"},
		"another nonce":    {"nonce": "replayed"},
		"expired":          {"exp": time.Now().Add(-time.Hour).Unix()},
	} {
		if _, err := b.signOn(t, i, said); code(err) != apperr.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	forger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	honest := i.Signer
	i.Signer = forger
	if _, err := b.signOn(t, i, nil); code(err) != apperr.Invalid {
		t.Errorf("another key: %v", err)
	}
	i.Signer = honest
	location, token, err := b.StartSignOn(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(location)
	if _, _, err := b.FinishSignOn(ctx, token, "another state", "code", accounts.Attempt{From: here}); code(err) != apperr.Invalid {
		t.Errorf("another state: %v", err)
	}
	if _, _, err := b.FinishSignOn(ctx, token, u.Query().Get("state"), "code", accounts.Attempt{From: here}); code(err) != apperr.NotFound {
		t.Errorf("the same visit again: %v", err)
	}
	if _, _, err := b.FinishSignOn(ctx, "", "", "code", accounts.Attempt{From: here}); code(err) != apperr.NotFound {
		t.Errorf("no visit began here: %v", err)
	}
}

// The provider's word about a second factor counts once the account is tied to its subject.
func TestSignOnAndTheSecondFactor(t *testing.T) {
	b, i := setup(t), accountstest.NewIssuer(t)
	b.withIssuer(i)
	staff, _ := accountstest.Staff(t, b.db, b.Service, "desk@union.example", identity.DeskOfficer)
	b.enrol(t, staff)
	mfa := map[string]any{"amr": []string{"pwd", "mfa"}}
	if known, err := b.signOn(t, i, mfa); err != nil || !known.Second || known.Factor {
		t.Errorf("the first time: %+v %v", known, err)
	}
	if known, err := b.signOn(t, i, nil); err != nil || !known.Second {
		t.Errorf("without a second factor there: %+v %v", known, err)
	}
	if known, err := b.signOn(t, i, mfa); err != nil || known.Second || !known.Factor {
		t.Errorf("with a second factor there: %+v %v", known, err)
	}
}

func TestAProviderThatIsDownIsTold(t *testing.T) {
	b, i := setup(t), accountstest.NewIssuer(t)
	b.withIssuer(i)
	i.Close()
	if _, _, err := b.StartSignOn(ctx, ""); code(err) != apperr.Unavailable {
		t.Error(err)
	}
	b.With(accounts.Options{})
	if _, _, err := b.StartSignOn(ctx, ""); code(err) != apperr.NotFound {
		t.Errorf("no provider: %v", err)
	}
}
