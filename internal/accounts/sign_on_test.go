package accounts_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/accounts/accountstest"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
)

// issuer is an identity provider that says what a test wants.
type issuer struct {
	*httptest.Server
	key    *rsa.PrivateKey
	signer *rsa.PrivateKey // what it signs with; key where it is honest
	nonce  string          // of the visit under way
	asked  url.Values      // what was asked for the token
	said   map[string]any
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{key: key, signer: key}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize",
			"token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "k", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		i.asked = r.PostForm
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": i.idToken(t)})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) idToken(t *testing.T) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: i.signer, KeyID: "k"}}, nil)
	if err != nil {
		t.Error(err)
		return ""
	}
	all := map[string]any{"iss": i.URL, "aud": "portal", "sub": "s-1", "nonce": i.nonce, "iat": time.Now().Unix(),
		"exp": time.Now().Add(time.Minute).Unix(), "email": "desk@union.example", "email_verified": true}
	for name, value := range i.said {
		all[name] = value
	}
	token, err := jwt.Signed(signer).Claims(all).Serialize()
	if err != nil {
		t.Error(err)
	}
	return token
}

// signOn goes to the provider and back, saying what the test wants.
func (b bundle) signOn(t *testing.T, i *issuer, said map[string]any) (accounts.Known, error) {
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
	i.nonce, i.said = u.Query().Get("nonce"), said
	known, next, err := b.FinishSignOn(ctx, token, u.Query().Get("state"), "code", accounts.Attempt{From: here})
	if err == nil && next != "/tr/desk/requests" {
		t.Errorf("goes to %q", next)
	}
	return known, err
}

func (b bundle) withIssuer(i *issuer) {
	b.With(accounts.Options{SignOn: accounts.SignOn{Issuer: i.URL, ClientID: "portal", Secret: "secret", Name: "Birlik", Redirect: "https://portal.example/back"}})
}

func TestSignOnFindsAStaffAccountAndMakesNone(t *testing.T) {
	b, i := setup(t), newIssuer(t)
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
	if i.asked.Get("code_verifier") == "" {
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
	b, i := setup(t), newIssuer(t)
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
	i.signer = forger
	if _, err := b.signOn(t, i, nil); code(err) != apperr.Invalid {
		t.Errorf("another key: %v", err)
	}
	i.signer = i.key
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
	b, i := setup(t), newIssuer(t)
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
	b, i := setup(t), newIssuer(t)
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
