package accounts

import (
	"context"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Method is how somebody signs in.
type Method string

// The methods.
const (
	ByPassword   Method = "password"
	ByLink       Method = "link"
	ByPasskey    Method = "passkey"
	BySignOn     Method = "sign_on" // at the union's identity provider
	ByInvitation Method = "invitation"
)

// SignInEntry is one attempt to sign in, as the person sees it.
type SignInEntry struct {
	At       time.Time
	Method   Method
	Outcome  string // "in", "refused", "second_refused"
	CodeUsed bool   // a recovery code was the second factor
	Agent    string // as the browser called itself
	Network  string // "203.0.113.0/24": no address is kept
}

// historyKept is how long attempts are kept, and historyShown how many a page shows.
const (
	historyKept  = 180 * 24 * time.Hour
	historyShown = 50
)

// History is the actor's latest attempts to sign in, and those of others in their name.
// Errors: sign_in.
func (s *Service) History(ctx context.Context, actor identity.Actor) ([]SignInEntry, error) {
	if !actor.SignedIn() {
		return nil, apperr.New(apperr.SignIn, "error.sign_in")
	}
	var out []SignInEntry
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) (err error) {
		rows, _ := q.Query(ctx, `
			select at, method, outcome, code_used, agent, network from sign_ins
			where user_id = $1 and at > $2 order by id desc limit $3`, actor.UserID, s.now().Add(-historyKept), historyShown)
		out, err = pgx.CollectRows(rows, pgx.RowToStructByName[SignInEntry])
		return err
	})
	return out, postgres.Explain(err, "error.not_found")
}

// noteIn records that somebody has signed in.
func (s *Service) noteIn(ctx context.Context, tx pgx.Tx, known Known, a Attempt, codeUsed bool) error {
	_, err := tx.Exec(ctx, `
		insert into sign_ins (user_id, at, method, outcome, code_used, agent, network) values ($1, $2, $3, 'in', $4, $5, $6)`,
		known.UserID, s.now(), known.Method, codeUsed, cutRunes(a.Agent, 400), coarse(a.From))
	if err != nil {
		return err
	}
	return s.recordBy(ctx, tx, known.UserID, "signed_in")
}

// noteRefused records a wrong password. An address without an account leaves a row, too, so
// that both take the same work.
func (s *Service) noteRefused(ctx context.Context, emailKey string, a Attempt) error {
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into sign_ins (user_id, at, method, outcome, agent, network)
			values ((select id from users where email_key = $1 and active), $2, 'password', 'refused', $3, $4)`,
			emailKey, s.now(), cutRunes(a.Agent, 400), coarse(a.From))
		return err
	})
}

// noteSecond records a wrong second factor: whoever typed it knew the first one.
func (s *Service) noteSecond(ctx context.Context, known Known, a Attempt) error {
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into sign_ins (user_id, at, method, outcome, agent, network) values ($1, $2, $3, 'second_refused', $4, $5)`,
			known.UserID, s.now(), known.Method, cutRunes(a.Agent, 400), coarse(a.From))
		return err
	})
}

// coarse is the network of an address, wide enough to point at nobody's desk: an IPv4 /24
// or an IPv6 /48.
func coarse(a netip.Addr) string {
	bits := 24
	switch {
	case !a.IsValid():
		return ""
	case a.Unmap().Is6():
		bits = 48
	}
	prefix, err := a.Unmap().Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.String()
}
