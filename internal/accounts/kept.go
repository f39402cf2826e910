package accounts

import (
	"context"
	"encoding/json"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// KeptPost is a form that was posted when its writer's session had ended.
type KeptPost struct {
	Path   string     `json:"-"`      // where it was posted
	Page   string     `json:"page"`   // where it was written
	Fields url.Values `json:"fields"` // without passwords
	Files  []string   `json:"files"`  // names of files that came with it and have to be chosen again
}

// KeptFor is how long a post is kept.
const KeptFor = 24 * time.Hour

// What is kept at most: bytes of one post, and posts of people who have not come back.
const (
	mostKept    = 512 << 10
	mostWaiting = 5000
)

// KeepPost keeps a post for whoever signs in with the token that it returns.
// Errors: invalid (too large to keep), too many.
func (s *Service) KeepPost(ctx context.Context, p KeptPost) (token string, err error) {
	body, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	if len(body) > mostKept || len(p.Path) > 500 {
		return "", apperr.New(apperr.Invalid, "error.too_long")
	}
	token = newToken()
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			insert into kept_posts (token_hash, path, body, expires_at)
			select $1, $2, $3, $4
			where (select count(*) from (select from kept_posts where user_id is null limit $5) k) < $5`,
			hashToken(token), p.Path, body, s.now().Add(KeptFor), mostWaiting)
		if err == nil && tag.RowsAffected() == 0 {
			return apperr.New(apperr.TooMany, "error.too_many")
		}
		return err
	})
	return token, err
}

// ClaimPost gives a kept post to the first who signs in with its token; nobody else reads
// it from then on. Errors: not found.
func (s *Service) ClaimPost(ctx context.Context, token string, userID int64) (KeptPost, error) {
	return s.keptPost(ctx, `
		update kept_posts set user_id = $2
		where token_hash = $1 and (user_id is null or user_id = $2) and expires_at > $3 returning path, body`, token, userID)
}

// KeptPost reads what was kept for a person. Errors: not found.
func (s *Service) KeptPost(ctx context.Context, token string, userID int64) (KeptPost, error) {
	return s.keptPost(ctx, `
		select path, body from kept_posts where token_hash = $1 and user_id = $2 and expires_at > $3`, token, userID)
}

func (s *Service) keptPost(ctx context.Context, sql, token string, userID int64) (p KeptPost, err error) {
	var body []byte
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, sql, hashToken(token), userID, s.now()).Scan(&p.Path, &body)
	})
	if err != nil {
		return p, postgres.Explain(err, "error.not_found")
	}
	return p, json.Unmarshal(body, &p)
}

// DropPost forgets a kept post; it is no error when it is gone.
func (s *Service) DropPost(ctx context.Context, token string, userID int64) error {
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from kept_posts where token_hash = $1 and user_id = $2`, hashToken(token), userID)
		return err
	})
}
