package accounts

import (
	"context"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/jackc/pgx/v5"
	"golang.org/x/oauth2"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// SignOn is the union's identity provider (OpenID Connect); without an Issuer there is none.
type SignOn struct {
	Issuer, ClientID, Secret string
	Name                     string // what the button calls it
	Redirect                 string // where the provider sends people back: an address of the portal
}

// provider asks the identity provider for its addresses and keys when they are first needed,
// so that the portal starts while the provider does not answer.
type provider struct {
	SignOn
	client *http.Client
	mu     sync.Mutex
	found  *oidc.Provider
}

func newProvider(o SignOn) *provider {
	if o.Issuer == "" {
		return nil
	}
	return &provider{SignOn: o, client: &http.Client{Timeout: 10 * time.Second}}
}

// discover is the provider's own description; one whose issuer is another is refused.
func (p *provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	// The provider keeps this context for fetching keys later: it must outlive the request.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.Issuer)
	if err != nil {
		slog.ErrorContext(ctx, "identity provider not found", "issuer", p.Issuer, "error", err)
		return nil, apperr.Wrap(err, apperr.Unavailable, "accounts.sign_on_down")
	}
	p.found = found
	return found, nil
}

func (p *provider) oauth(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: p.ClientID, ClientSecret: p.Secret, Endpoint: found.Endpoint(), RedirectURL: p.Redirect,
		Scopes: []string{oidc.ScopeOpenID, "email"}}
}

// visit is a browser on its way to the identity provider and back.
type visit struct {
	State, Nonce, Verifier, Next string
}

// SignOnName is what the identity provider is called, "" where there is none.
func (s *Service) SignOnName() string {
	if s.signOn == nil {
		return ""
	}
	return s.signOn.Name
}

// StartSignOn begins a sign-on: location is the provider's address, token goes with the
// browser until it is back. Errors: not found (no provider), unavailable.
func (s *Service) StartSignOn(ctx context.Context, next string) (location, token string, err error) {
	if s.signOn == nil {
		return "", "", apperr.New(apperr.NotFound, "error.not_found")
	}
	found, err := s.signOn.discover(ctx)
	if err != nil {
		return "", "", err
	}
	v := visit{State: newToken(), Nonce: newToken(), Verifier: oauth2.GenerateVerifier(), Next: next}
	if token, err = s.begin(ctx, signOnUnderWay, 0, v); err != nil {
		return "", "", err
	}
	return s.signOn.oauth(found).AuthCodeURL(v.State, oidc.Nonce(v.Nonce), oauth2.S256ChallengeOption(v.Verifier)), token, nil
}

// claims are what an ID token says of a person.
type claims struct {
	Email    string   `json:"email"`
	Verified bool     `json:"email_verified"`
	Means    []string `json:"amr"` // how they proved who they are (RFC 8176)
}

// FinishSignOn signs in the member of staff whom the provider names. An account is never
// made: it is found by the provider's subject, or, the first time, by a verified address.
// Errors: not found ("accounts.step_over"; no provider), invalid ("accounts.sign_on_failed",
// "accounts.sign_on_unknown"), unavailable.
func (s *Service) FinishSignOn(ctx context.Context, token, state, code string, a Attempt) (Known, string, error) {
	if s.signOn == nil {
		return Known{}, "", apperr.New(apperr.NotFound, "error.not_found")
	}
	var v visit
	if err := s.take(ctx, signOnUnderWay, token, &v); err != nil {
		return Known{}, "", err
	}
	if subtle.ConstantTimeCompare([]byte(v.State), []byte(state)) != 1 || code == "" {
		return Known{}, "", apperr.New(apperr.Invalid, "accounts.sign_on_failed")
	}
	told, said, err := s.signOn.exchange(ctx, v, code)
	if err != nil {
		return Known{}, "", err
	}
	var known Known
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		known, err = s.staffBehind(ctx, tx, told, said)
		if err != nil || known.Second {
			return err
		}
		return s.noteIn(ctx, tx, known, a, false)
	})
	return known, v.Next, err
}

// exchange trades the code for an ID token and checks signature, issuer, audience, time and
// nonce. Errors: invalid ("accounts.sign_on_failed"), unavailable.
func (p *provider) exchange(ctx context.Context, v visit, code string) (*oidc.IDToken, claims, error) {
	var said claims
	found, err := p.discover(ctx)
	if err != nil {
		return nil, said, err
	}
	failed := func(err error) error {
		slog.WarnContext(ctx, "sign-on refused", "issuer", p.Issuer, "error", err)
		return apperr.Wrap(err, apperr.Invalid, "accounts.sign_on_failed")
	}
	tokens, err := p.oauth(found).Exchange(oidc.ClientContext(ctx, p.client), code, oauth2.VerifierOption(v.Verifier))
	if err != nil {
		return nil, said, failed(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	told, err := found.Verifier(&oidc.Config{ClientID: p.ClientID}).Verify(oidc.ClientContext(ctx, p.client), raw)
	if err != nil {
		return nil, said, failed(err)
	}
	if subtle.ConstantTimeCompare([]byte(told.Nonce), []byte(v.Nonce)) != 1 {
		return nil, said, failed(errors.New("another nonce"))
	}
	if err := told.Claims(&said); err != nil {
		return nil, said, failed(err)
	}
	return told, said, nil
}

// staffBehind finds the account of whom the provider names, and ties it to the subject the
// first time. What the provider says of a second factor counts for a tied account only.
// Errors: invalid ("accounts.sign_on_unknown").
func (s *Service) staffBehind(ctx context.Context, tx pgx.Tx, told *oidc.IDToken, said claims) (Known, error) {
	known := Known{Method: BySignOn}
	err := tx.QueryRow(ctx, `
		select u.id, u.lang, has_factor(u.id) from sign_on_identities i join users u on u.id = i.user_id
		where i.issuer = $1 and i.subject = $2 and u.active
			and exists (select from staff_roles r where r.user_id = u.id and r.starts_at <= $3 and r.ends_at > $3)`,
		told.Issuer, told.Subject, s.now()).Scan(&known.UserID, &known.Lang, &known.Second)
	if err == nil {
		known.Factor = slices.Contains(said.Means, "mfa")
		known.Second = known.Second && !known.Factor
		return known, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return known, err
	}
	if !said.Verified {
		return known, apperr.New(apperr.Invalid, "accounts.sign_on_unknown")
	}
	return s.tie(ctx, tx, told, EmailKey(said.Email))
}

// tie links the provider's subject to the staff account with this address. An account that
// is tied to another subject stays so: addresses are given to new people.
// Errors: invalid ("accounts.sign_on_unknown").
func (s *Service) tie(ctx context.Context, tx pgx.Tx, told *oidc.IDToken, emailKey string) (Known, error) {
	known := Known{Method: BySignOn}
	err := tx.QueryRow(ctx, `
		with u as (
			select id, lang from users u where email_key = $3 and active
				and exists (select from staff_roles r where r.user_id = u.id and r.starts_at <= $4 and r.ends_at > $4)
		), i as (
			insert into sign_on_identities (user_id, issuer, subject, linked_at) select id, $1, $2, $4 from u
			on conflict do nothing returning user_id
		)
		select u.id, u.lang, has_factor(u.id) from u join i on i.user_id = u.id`,
		told.Issuer, told.Subject, emailKey, s.now()).Scan(&known.UserID, &known.Lang, &known.Second)
	if errors.Is(err, pgx.ErrNoRows) {
		return known, apperr.New(apperr.Invalid, "accounts.sign_on_unknown")
	}
	if err != nil {
		return known, postgres.Explain(err, "error.not_found")
	}
	return known, s.tell(ctx, tx, identity.Actor{UserID: known.UserID}, "sign_on_linked")
}
