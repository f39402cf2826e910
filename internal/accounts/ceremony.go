package accounts

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Kinds of ceremonies: what is under way between two requests of one browser.
const (
	secondStep     = "second"  // a sign-in that waits for its second factor
	passkeySignIn  = "passkey" // a challenge to whoever comes with a passkey
	passkeyEnrol   = "enrol"   // a challenge to a new passkey
	passkeyProof   = "prove"   // a challenge to a signed-in person
	signOnUnderWay = "sign_on" // a visit to the identity provider
)

// CeremonyFor is how long a ceremony may take, and mostTries how many answers it takes.
const (
	CeremonyFor = 10 * time.Minute
	mostTries   = 5
)

// begin stores what is under way and returns the token by which this browser goes on.
func (s *Service) begin(ctx context.Context, kind string, userID int64, body any) (token string, err error) {
	content, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	token = newToken()
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into ceremonies (token_hash, kind, user_id, body, expires_at) values ($1, $2, nullif($3::bigint, 0), $4, $5)`,
			hashToken(token), kind, userID, content, s.now().Add(CeremonyFor))
		return err
	})
	return token, postgres.Explain(err, "error.not_found")
}

// peek reads what is under way. Errors: not found ("accounts.step_over").
func (s *Service) peek(ctx context.Context, kind, token string, body any) error {
	return s.read(ctx, `
		select body from ceremonies where token_hash = $1 and kind = $2 and expires_at > $3 and tries < $4`, kind, token, body)
}

// try reads what is under way and counts one answer to it.
// Errors: not found ("accounts.step_over": unknown, too late, or answered too often).
func (s *Service) try(ctx context.Context, kind, token string, body any) error {
	return s.read(ctx, `
		update ceremonies set tries = tries + 1
		where token_hash = $1 and kind = $2 and expires_at > $3 and tries < $4 returning body`, kind, token, body)
}

// take reads what is under way and ends it: of two requests that race one gets it.
// Errors: not found ("accounts.step_over").
func (s *Service) take(ctx context.Context, kind, token string, body any) error {
	return s.read(ctx, `
		delete from ceremonies where token_hash = $1 and kind = $2 and expires_at > $3 and tries <= $4 returning body`, kind, token, body)
}

func (s *Service) read(ctx context.Context, sql, kind, token string, body any) error {
	var content []byte
	err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, sql, hashToken(token), kind, s.now(), mostTries).Scan(&content)
	})
	if err != nil {
		return postgres.Explain(err, "accounts.step_over")
	}
	return json.Unmarshal(content, body)
}

// keepBody stores another body of what is under way.
func (s *Service) keepBody(ctx context.Context, token string, body any) error {
	content, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update ceremonies set body = $2 where token_hash = $1`, hashToken(token), content)
		return err
	})
}
