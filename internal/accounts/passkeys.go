package accounts

import (
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Passkey is one passkey of a person, as they see it.
type Passkey struct {
	Handle string // names it in URLs
	Name   string // what its person calls it
	Made   time.Time
	Used   *time.Time
}

// mostPasskeys bounds the passkeys of one person.
const mostPasskeys = 20

func listPasskeys(ctx context.Context, q postgres.Querier, userID int64) ([]Passkey, error) {
	rows, _ := q.Query(ctx, `
		select handle, name, created_at as made, used_at as used from passkeys where user_id = $1 order by id`, userID)
	return pgx.CollectRows(rows, pgx.RowToStructByName[Passkey])
}

// StartPasskey begins to add a passkey for the actor: options are for the browser, token
// for FinishPasskey. Errors: sign_in, prove, conflict (too many).
func (s *Service) StartPasskey(ctx context.Context, actor identity.Actor) (options []byte, token string, err error) {
	if err := s.mayChange(actor); err != nil {
		return nil, "", err
	}
	authn, holder, err := s.authnFor(ctx, actor.UserID)
	if err != nil {
		return nil, "", err
	}
	if len(holder.credentials) >= mostPasskeys {
		return nil, "", apperr.New(apperr.Conflict, "accounts.passkeys_full")
	}
	var known []protocol.CredentialDescriptor
	for _, c := range holder.credentials {
		known = append(known, c.Descriptor())
	}
	creation, session, err := authn.BeginRegistration(holder, webauthn.WithExclusions(known),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementPreferred, UserVerification: protocol.VerificationPreferred}),
		webauthn.WithConveyancePreference(protocol.PreferNoAttestation))
	if err != nil {
		return nil, "", err
	}
	token, err = s.begin(ctx, passkeyEnrol, actor.UserID, challenge{UserID: actor.UserID, Session: *session})
	if err != nil {
		return nil, "", err
	}
	options, err = json.Marshal(creation.Response)
	return options, token, err
}

// FinishPasskey stores the passkey that the browser made, and ends the actor's other
// sessions. Errors: sign_in, prove, not found ("accounts.step_over"), invalid.
func (s *Service) FinishPasskey(ctx context.Context, actor identity.Actor, token, name string, response []byte) error {
	if err := s.mayChange(actor); err != nil {
		return err
	}
	name, err := passkeyName(name)
	if err != nil {
		return err
	}
	var c challenge
	if err := s.take(ctx, passkeyEnrol, token, &c); err != nil {
		return err
	}
	if c.UserID != actor.UserID {
		return apperr.New(apperr.NotFound, "accounts.step_over")
	}
	authn, holder, err := s.authnFor(ctx, actor.UserID)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return apperr.Wrap(err, apperr.Invalid, "accounts.passkey_failed")
	}
	made, err := authn.CreateCredential(holder, c.Session, parsed)
	if err != nil {
		return apperr.Wrap(err, apperr.Invalid, "accounts.passkey_failed")
	}
	return s.storePasskey(ctx, actor, name, made)
}

func (s *Service) storePasskey(ctx context.Context, actor identity.Actor, name string, made *webauthn.Credential) error {
	content, err := json.Marshal(made)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into passkeys (handle, user_id, credential_id, credential, name, created_at) values ($1, $2, $3, $4, $5, $6)`,
			subject.NewPublicID(), actor.UserID, made.ID, content, name, s.now())
		if err = postgres.Explain(err, "accounts.passkey_failed"); err != nil {
			return err
		}
		return s.factorAdded(ctx, tx, actor, "passkey_added")
	})
}

// RenamePasskey gives one of the actor's passkeys another name.
// Errors: sign_in, invalid ("name"), not found (none of theirs).
func (s *Service) RenamePasskey(ctx context.Context, actor identity.Actor, handle, name string) error {
	if !actor.SignedIn() {
		return apperr.New(apperr.SignIn, "error.sign_in")
	}
	name, err := passkeyName(name)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update passkeys set name = $3 where user_id = $1 and handle = $2`, actor.UserID, handle, name)
		if err == nil && tag.RowsAffected() == 0 {
			return apperr.New(apperr.NotFound, "accounts.passkey_gone")
		}
		return err
	})
}

// RemovePasskey removes one of the actor's passkeys.
// Errors: sign_in, prove, not found (none of theirs).
func (s *Service) RemovePasskey(ctx context.Context, actor identity.Actor, handle string) error {
	if err := s.mayChange(actor); err != nil {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `delete from passkeys where user_id = $1 and handle = $2`, actor.UserID, handle)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return apperr.New(apperr.NotFound, "accounts.passkey_gone")
		}
		return s.factorRemoved(ctx, tx, actor, "passkey_removed")
	})
}

// passkeyName tidies what a person calls a passkey. Errors: invalid ("name").
func passkeyName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if key := nameFault(name); key != "" {
		return "", apperr.Fields(map[string]string{"name": key})
	}
	if utf8.RuneCountInString(name) > 100 {
		return "", apperr.Fields(map[string]string{"name": "error.too_long"})
	}
	return name, nil
}
