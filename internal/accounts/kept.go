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

// maxKeptPosts bounds what posts without a session may fill.
const maxKeptPosts = 5000

// KeptFor is how long a post waits for its writer to sign in again.
const KeptFor = time.Hour

// KeptPost is what somebody posted after their session had ended.
type KeptPost struct {
	Path string
	Body url.Values
}

// KeepPost stores a post that met no session and returns the token under which whoever
// signs in next on the same browser finds it; only a digest of it is stored.
// Errors: too many (posts of others wait).
func (s *Service) KeepPost(ctx context.Context, p KeptPost) (token string, err error) {
	body, err := json.Marshal(p.Body)
	if err != nil {
		return "", err
	}
	token = newToken()
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			insert into kept_posts (token_hash, path, body, expires_at)
			select $1, $2, $3::jsonb, $4::timestamptz from (select count(*) as n from (select from kept_posts limit $5) x) y where y.n < $5`,
			hashToken(token), p.Path, body, s.now().Add(KeptFor), maxKeptPosts)
		if err == nil && tag.RowsAffected() == 0 {
			return apperr.New(apperr.TooMany, "error.too_many")
		}
		return err
	})
	return token, err
}

// Kept reads a kept post for the person who has just signed in, who becomes its only
// reader. Errors: not found (there is none, it expired, or it is somebody else's).
func (s *Service) Kept(ctx context.Context, userID int64, token string) (KeptPost, error) {
	var p KeptPost
	err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			update kept_posts set user_id = $2 where token_hash = $1 and expires_at > $3 and coalesce(user_id, $2) = $2
			returning path, body`, hashToken(token), userID, s.now()).Scan(&p.Path, &p.Body)
	})
	return p, postgres.Explain(err, "accounts.kept_gone")
}

// DropKept forgets a kept post of the person's own.
func (s *Service) DropKept(ctx context.Context, userID int64, token string) error {
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from kept_posts where token_hash = $1 and user_id = $2`, hashToken(token), userID)
		return err
	})
}
