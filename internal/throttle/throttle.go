// Package throttle counts attempts in the database, so that every instance counts the same
// ones, and says when somebody has to slow down.
package throttle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
)

// Bucket lets Burst attempts through at once and one more every Interval.
type Bucket struct {
	Name     string
	Burst    int
	Interval time.Duration
}

// key of what the bucket counts; a digest, so that the table names nobody.
func (b Bucket) key(of ...string) string {
	key := b.Name
	for _, part := range of {
		key += "\x00" + part
	}
	sum := sha256.Sum256([]byte(key))
	return b.Name + ":" + hex.EncodeToString(sum[:])
}

// Pass counts an attempt and reports whether it may go on. One statement: attempts that
// race are counted one by one, and one that is refused counts nothing. Only the owner writes.
func (b Bucket) Pass(ctx context.Context, q postgres.Querier, now time.Time, of ...string) (bool, error) {
	var tat time.Time
	err := q.QueryRow(ctx, `
		insert into throttles as t (key, tat) values ($1, $2::timestamptz + $3::interval)
		on conflict (key) do update set tat = greatest(t.tat, $2::timestamptz) + $3::interval
		where greatest(t.tat, $2::timestamptz) - $2::timestamptz <= $4::interval
		returning tat`, b.key(of...), now, b.Interval, time.Duration(b.Burst-1)*b.Interval).Scan(&tat)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// Forget empties the bucket: whoever knew the password was not guessing.
func (b Bucket) Forget(ctx context.Context, q postgres.Querier, of ...string) error {
	_, err := q.Exec(ctx, `delete from throttles where key = $1`, b.key(of...))
	return err
}

// Network is whom an attempt is counted by: an IPv4 address, or an IPv6 /64.
func Network(a netip.Addr) string {
	if a.Is6() {
		if prefix, err := a.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return a.String()
}
