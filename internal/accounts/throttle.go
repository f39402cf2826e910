package accounts

import (
	"context"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/throttle"
)

// The buckets. None but the last counts by account alone: whoever guesses at an address from
// elsewhere fills their own bucket, and never the owner's.
var (
	byNetwork = throttle.Bucket{Name: "sign-in", Burst: 60, Interval: 5 * time.Second}     // an office behind one address
	byAccount = throttle.Bucket{Name: "sign-in-as", Burst: 8, Interval: 45 * time.Second}  // one address trying one account
	byReset   = throttle.Bucket{Name: "reset", Burst: 10, Interval: time.Minute}           // links asked for from one address
	byInbox   = throttle.Bucket{Name: "reset-inbox", Burst: 3, Interval: 20 * time.Minute} // mail to one inbox
	byLink    = throttle.Bucket{Name: "link-inbox", Burst: 5, Interval: 5 * time.Minute}   // links to sign in by, to one inbox
	byCode    = throttle.Bucket{Name: "code", Burst: 10, Interval: time.Minute}            // second factors of one account: its first one is known
)

// allowSignIn counts an attempt by network and by network and account.
// Errors: too many.
func (s *Service) allowSignIn(ctx context.Context, from netip.Addr, emailKey string) error {
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		for _, check := range []func() (bool, error){
			func() (bool, error) { return byNetwork.Pass(ctx, tx, s.now(), throttle.Network(from)) },
			func() (bool, error) { return byAccount.Pass(ctx, tx, s.now(), throttle.Network(from), emailKey) },
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
