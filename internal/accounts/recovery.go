package accounts

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// howMany recovery codes a person is given.
const howMany = 10

// recoveryCode is "k7qd-m3xa-2fjw-9…": four letters to find it by, twelve (60 bits) that
// are stored as a password is.
type recoveryCode struct{ selector, secret, hash string }

func (c recoveryCode) String() string {
	return strings.Join([]string{c.selector, c.secret[:4], c.secret[4:8], c.secret[8:]}, "-")
}

// newCodes makes recovery codes. Hashing takes a while, so it happens before a transaction.
func newCodes(ctx context.Context) ([]recoveryCode, error) {
	codes := make([]recoveryCode, 0, howMany)
	seen := map[string]bool{}
	for len(codes) < howMany {
		var raw [10]byte
		_, _ = rand.Read(raw[:])
		text := strings.ToLower(base32.StdEncoding.EncodeToString(raw[:]))
		c := recoveryCode{selector: text[:4], secret: text[4:]}
		if seen[c.selector] {
			continue
		}
		seen[c.selector] = true
		var err error
		if c.hash, err = hashPassword(ctx, c.secret); err != nil {
			return nil, err
		}
		codes = append(codes, c)
	}
	return codes, nil
}

func plainCodes(codes []recoveryCode) []string {
	var out []string
	for _, c := range codes {
		out = append(out, c.String())
	}
	return out
}

// RenewCodes gives the actor new recovery codes; older ones are dead.
// Errors: sign_in, prove, conflict (no second factor to recover from).
func (s *Service) RenewCodes(ctx context.Context, actor identity.Actor) ([]string, error) {
	if err := s.mayChange(actor); err != nil {
		return nil, err
	}
	codes, err := newCodes(ctx)
	if err != nil {
		return nil, err
	}
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if err := needFactor(ctx, tx, actor.UserID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from recovery_codes where user_id = $1`, actor.UserID); err != nil {
			return err
		}
		if err := s.storeCodes(ctx, tx, actor.UserID, codes); err != nil {
			return err
		}
		return s.tell(ctx, tx, actor, "codes_made")
	})
	return plainCodes(codes), err
}

// storeFirstCodes stores codes where the person has none, and reports whether it did.
func (s *Service) storeFirstCodes(ctx context.Context, tx pgx.Tx, userID int64, codes []recoveryCode) (bool, error) {
	var there bool
	err := tx.QueryRow(ctx, `select exists (select from recovery_codes where user_id = $1 and used_at is null)`, userID).Scan(&there)
	if err != nil || there {
		return false, err
	}
	if _, err := tx.Exec(ctx, `delete from recovery_codes where user_id = $1`, userID); err != nil {
		return false, err
	}
	return true, s.storeCodes(ctx, tx, userID, codes)
}

func (s *Service) storeCodes(ctx context.Context, tx pgx.Tx, userID int64, codes []recoveryCode) error {
	for _, c := range codes {
		_, err := tx.Exec(ctx, `
			insert into recovery_codes (user_id, selector, code_hash, created_at) values ($1, $2, $3, $4)`,
			userID, c.selector, c.hash, s.now())
		if err != nil {
			return err
		}
	}
	return nil
}

// useCode uses a recovery code up and reports whether it was a right one. The hash is
// checked outside a transaction; of two uses that race one finds it unused.
func (s *Service) useCode(ctx context.Context, userID int64, typed string) (bool, error) {
	text := strings.ToLower(digits(typed))
	if len(text) != 16 {
		return false, nil
	}
	var id int64
	var hash string
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		err := q.QueryRow(ctx, `
			select id, code_hash from recovery_codes where user_id = $1 and selector = $2 and used_at is null`, userID, text[:4]).Scan(&id, &hash)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return false, err
	}
	match, err := checkPassword(ctx, text[4:], hash)
	if err != nil || !match || id == 0 {
		return false, err
	}
	used := false
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update recovery_codes set used_at = $2 where id = $1 and used_at is null`, id, s.now())
		used = err == nil && tag.RowsAffected() == 1
		if !used {
			return err
		}
		return s.tell(ctx, tx, identity.Actor{UserID: userID}, "code_used")
	})
	return used, err
}
