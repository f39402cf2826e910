package accounts

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// bucket lets burst attempts through at once and one more every interval.
type bucket struct {
	name     string
	burst    int
	interval time.Duration
}

// The buckets. None but the last counts by account alone: whoever guesses at an address from
// elsewhere fills their own bucket, and never the owner's.
var (
	byNetwork = bucket{"sign-in", 60, 5 * time.Second}     // an office behind one address
	byAccount = bucket{"sign-in-as", 8, 45 * time.Second}  // one address trying one account
	byReset   = bucket{"reset", 10, time.Minute}           // links asked for from one address
	byInbox   = bucket{"reset-inbox", 3, 20 * time.Minute} // mail to one inbox
	byLink    = bucket{"link-inbox", 5, 5 * time.Minute}   // links to sign in by, to one inbox
	byCode    = bucket{"code", 10, time.Minute}            // second factors of one account: its first one is known
)

// key of what the bucket counts; a digest, so that the table names nobody.
func (b bucket) key(of ...string) string {
	key := b.name
	for _, part := range of {
		key += "\x00" + part
	}
	return b.name + ":" + hashToken(key)
}

// pass counts an attempt and reports whether it may go on. One statement: attempts that
// race are counted one by one, and one that is refused counts nothing.
func (b bucket) pass(ctx context.Context, q postgres.Querier, now time.Time, of ...string) (bool, error) {
	var tat time.Time
	err := q.QueryRow(ctx, `
		insert into throttles as t (key, tat) values ($1, $2::timestamptz + $3::interval)
		on conflict (key) do update set tat = greatest(t.tat, $2::timestamptz) + $3::interval
		where greatest(t.tat, $2::timestamptz) - $2::timestamptz <= $4::interval
		returning tat`, b.key(of...), now, b.interval, time.Duration(b.burst-1)*b.interval).Scan(&tat)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// forget empties the bucket: whoever knew the password was not guessing.
func (b bucket) forget(ctx context.Context, q postgres.Querier, of ...string) error {
	_, err := q.Exec(ctx, `delete from throttles where key = $1`, b.key(of...))
	return err
}

// allowSignIn counts an attempt by network and by network and account.
// Errors: too many.
func (s *Service) allowSignIn(ctx context.Context, from netip.Addr, emailKey string) error {
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		for _, check := range []func() (bool, error){
			func() (bool, error) { return byNetwork.pass(ctx, tx, s.now(), network(from)) },
			func() (bool, error) { return byAccount.pass(ctx, tx, s.now(), network(from), emailKey) },
		} {
			ok, err := check()
			if err != nil {
				return err
			}
			if !ok {
				return apperr.New(apperr.TooMany, "accounts.too_many")
			}
		}
		return nil
	})
}

// network is whom an attempt is counted by: an IPv4 address, or an IPv6 /64.
func network(a netip.Addr) string {
	if a.Is6() {
		if prefix, err := a.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return a.String()
}
