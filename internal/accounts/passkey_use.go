package accounts

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/netip"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/throttle"
)

// challenge is what was asked of a passkey, and of whose; 0 is whoever comes.
type challenge struct {
	UserID  int64
	Session webauthn.SessionData
	Next    string
}

// holder is a person as WebAuthn wants to see them; it implements webauthn.User. The
// passkey knows them by their public identifier, which tells nothing.
type holder struct {
	id          int64
	lang        string
	active      bool
	publicID    string
	email, name string
	credentials []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return []byte(h.publicID) }
func (h holder) WebAuthnName() string                       { return h.email }
func (h holder) WebAuthnDisplayName() string                { return h.name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.credentials }

// TakesPasskeys reports whether there can be passkeys: they belong to the host of the
// configured address, which has to be a name and no number.
func (s *Service) TakesPasskeys() bool {
	base, err := url.Parse(s.options.BaseURL)
	if err != nil || base.Hostname() == "" {
		return false
	}
	_, err = netip.ParseAddr(base.Hostname())
	return err != nil
}

// authn makes the relying party. Errors: not found (there can be no passkeys).
func (s *Service) authn() (*webauthn.WebAuthn, error) {
	base, err := url.Parse(s.options.BaseURL)
	if err != nil || !s.TakesPasskeys() {
		return nil, apperr.New(apperr.NotFound, "accounts.passkeys_off")
	}
	return webauthn.New(&webauthn.Config{RPID: base.Hostname(), RPDisplayName: s.options.Name, RPOrigins: []string{base.Scheme + "://" + base.Host},
		Timeouts: webauthn.TimeoutsConfig{Login: within, Registration: within}})
}

var within = webauthn.TimeoutConfig{Enforce: true, Timeout: CeremonyFor, TimeoutUVD: CeremonyFor}

func (s *Service) authnFor(ctx context.Context, userID int64) (*webauthn.WebAuthn, holder, error) {
	authn, err := s.authn()
	if err != nil {
		return nil, holder{}, err
	}
	h, err := s.holder(ctx, `
		select u.id, u.lang, u.active, s.public_id, u.email, u.name from users u join subjects s on s.id = u.id where u.id = $1`, userID)
	return authn, h, err
}

func (s *Service) holder(ctx context.Context, sql string, key any) (h holder, err error) {
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		if err := q.QueryRow(ctx, sql, key).Scan(&h.id, &h.lang, &h.active, &h.publicID, &h.email, &h.name); err != nil {
			return err
		}
		rows, _ := q.Query(ctx, `select credential from passkeys where user_id = $1 order by id`, h.id)
		var content []byte
		_, err := pgx.ForEachRow(rows, []any{&content}, func() error {
			var c webauthn.Credential
			if err := json.Unmarshal(content, &c); err != nil {
				return err
			}
			h.credentials = append(h.credentials, c)
			return nil
		})
		return err
	})
	return h, postgres.Explain(err, "accounts.user_not_found")
}

// StartPasskeySignIn begins to sign in whoever comes with a passkey, which has to verify
// its holder by itself. next is where they want to go.
func (s *Service) StartPasskeySignIn(ctx context.Context, next string) (options []byte, token string, err error) {
	authn, err := s.authn()
	if err != nil {
		return nil, "", err
	}
	assertion, session, err := authn.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", err
	}
	if token, err = s.begin(ctx, passkeySignIn, 0, challenge{Session: *session, Next: next}); err != nil {
		return nil, "", err
	}
	options, err = json.Marshal(assertion.Response)
	return options, token, err
}

// FinishPasskeySignIn signs in the person whose passkey answered: it is something they have
// that has verified them, so that no second factor is to come.
// Errors: not found ("accounts.step_over"), invalid ("accounts.passkey_failed"), too many.
func (s *Service) FinishPasskeySignIn(ctx context.Context, token string, response []byte, a Attempt) (Known, string, error) {
	var c challenge
	if err := s.allowPasskey(ctx, a.From); err != nil {
		return Known{}, "", err
	}
	if err := s.take(ctx, passkeySignIn, token, &c); err != nil {
		return Known{}, "", err
	}
	authn, err := s.authn()
	if err != nil {
		return Known{}, "", err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return Known{}, "", apperr.Wrap(err, apperr.Invalid, "accounts.passkey_failed")
	}
	var who holder
	find := func(_, handle []byte) (webauthn.User, error) {
		who, err = s.holder(ctx, `
			select u.id, u.lang, u.active, s.public_id, u.email, u.name from users u join subjects s on s.id = u.id where s.public_id = $1`, string(handle))
		return who, err
	}
	_, used, err := authn.ValidatePasskeyLogin(find, c.Session, parsed)
	if err != nil || !who.active || used.Authenticator.CloneWarning {
		slog.InfoContext(ctx, "passkey refused", "address", a.From.String(), "error", err)
		return Known{}, "", apperr.Wrap(err, apperr.Invalid, "accounts.passkey_failed")
	}
	known := Known{UserID: who.id, Lang: who.lang, Method: ByPasskey, Factor: true}
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if err := s.notePasskey(ctx, tx, used); err != nil {
			return err
		}
		return s.noteIn(ctx, tx, known, a, false)
	})
	return known, c.Next, err
}

// StartSecondPasskey asks for a passkey as the second factor of a waiting sign-in.
// Errors: not found ("accounts.step_over"; no passkeys).
func (s *Service) StartSecondPasskey(ctx context.Context, token string) (options []byte, err error) {
	var w waiting
	if err := s.peek(ctx, secondStep, token, &w); err != nil {
		return nil, err
	}
	options, c, err := s.ask(ctx, w.Known.UserID)
	if err != nil {
		return nil, err
	}
	w.Challenge = &c
	return options, s.keepBody(ctx, token, w)
}

// FinishSecondPasskey finishes a waiting sign-in by a passkey.
// Errors: not found ("accounts.step_over"), invalid ("accounts.passkey_failed"), too many.
func (s *Service) FinishSecondPasskey(ctx context.Context, token string, response []byte, a Attempt) (Known, string, error) {
	var w waiting
	if err := s.allowPasskey(ctx, a.From); err != nil {
		return Known{}, "", err
	}
	if err := s.try(ctx, secondStep, token, &w); err != nil {
		return Known{}, "", err
	}
	if w.Challenge == nil {
		return Known{}, "", apperr.New(apperr.NotFound, "accounts.step_over")
	}
	if err := s.answer(ctx, *w.Challenge, response); err != nil {
		return Known{}, "", err
	}
	return s.finishSecond(ctx, token, a, false)
}

// StartPasskeyProof asks a signed-in person for one of their passkeys, as a proof.
// Errors: sign_in, not found (no passkeys).
func (s *Service) StartPasskeyProof(ctx context.Context, actor identity.Actor) (options []byte, token string, err error) {
	if !actor.SignedIn() {
		return nil, "", apperr.New(apperr.SignIn, "error.sign_in")
	}
	options, c, err := s.ask(ctx, actor.UserID)
	if err != nil {
		return nil, "", err
	}
	token, err = s.begin(ctx, passkeyProof, actor.UserID, c)
	return options, token, err
}

// FinishPasskeyProof checks the answer; a session begun anew is then fresh.
// Errors: sign_in, not found ("accounts.step_over"), invalid, too many.
func (s *Service) FinishPasskeyProof(ctx context.Context, actor identity.Actor, token string, response []byte, from netip.Addr) error {
	if !actor.SignedIn() {
		return apperr.New(apperr.SignIn, "error.sign_in")
	}
	if err := s.allowPasskey(ctx, from); err != nil {
		return err
	}
	var c challenge
	if err := s.take(ctx, passkeyProof, token, &c); err != nil {
		return err
	}
	if c.UserID != actor.UserID {
		return apperr.New(apperr.NotFound, "accounts.step_over")
	}
	return s.answer(ctx, c, response)
}

// ask makes a challenge to one person's passkeys. Errors: not found (there are none).
func (s *Service) ask(ctx context.Context, userID int64) ([]byte, challenge, error) {
	authn, who, err := s.authnFor(ctx, userID)
	if err != nil {
		return nil, challenge{}, err
	}
	if len(who.credentials) == 0 {
		return nil, challenge{}, apperr.New(apperr.NotFound, "accounts.passkey_gone")
	}
	assertion, session, err := authn.BeginLogin(who, webauthn.WithUserVerification(protocol.VerificationPreferred))
	if err != nil {
		return nil, challenge{}, err
	}
	options, err := json.Marshal(assertion.Response)
	return options, challenge{UserID: userID, Session: *session}, err
}

// answer checks what a passkey of the challenged person says. Errors: invalid.
func (s *Service) answer(ctx context.Context, c challenge, response []byte) error {
	authn, who, err := s.authnFor(ctx, c.UserID)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return apperr.Wrap(err, apperr.Invalid, "accounts.passkey_failed")
	}
	used, err := authn.ValidateLogin(who, c.Session, parsed)
	if err != nil || used.Authenticator.CloneWarning {
		return apperr.Wrap(err, apperr.Invalid, "accounts.passkey_failed")
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error { return s.notePasskey(ctx, tx, used) })
}

// notePasskey stores what a passkey counts, and when it was used.
func (s *Service) notePasskey(ctx context.Context, tx pgx.Tx, used *webauthn.Credential) error {
	content, err := json.Marshal(used)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update passkeys set credential = $2, used_at = $3 where credential_id = $1`, used.ID, content, s.now())
	return err
}

// allowPasskey counts an answer by network. Errors: too many.
func (s *Service) allowPasskey(ctx context.Context, from netip.Addr) error {
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		ok, err := byNetwork.Pass(ctx, tx, s.now(), throttle.Network(from))
		if err == nil && !ok {
			return apperr.New(apperr.TooMany, "accounts.too_many")
		}
		return err
	})
}
