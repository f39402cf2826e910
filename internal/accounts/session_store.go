package accounts

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// seenEvery is how exactly the last use of a session is known: a request writes only when
// the last note of it is older.
const seenEvery = time.Minute

// SessionStore keeps sessions in PostgreSQL for scs (HashTokenInStore on, its IdleTimeout
// off). It knows whose a session is: a found one fills the Visit of its context with the
// person and everything in force, in the same query.
type SessionStore struct {
	db     postgres.DB
	now    func() time.Time
	exempt func(email string) bool
}

// SessionStore is the store of this service's sessions.
func (s *Service) SessionStore() *SessionStore {
	return &SessionStore{db: s.db, now: s.now, exempt: s.exempt}
}

// Visit is one request's session, once the store has found it.
type Visit struct {
	Person  *Person // nil: nobody is signed in
	Handle  string  // names the session in the person's list
	Expires time.Time
	Method  Method    // how the person signed in
	Proved  time.Time // when they last proved who they are
	Factor  bool      // a second factor was among the proofs
	Lacks   Lack      // what the person must do first
}

// Lack is what keeps a session from everything but the page that mends it.
type Lack string

// What a session can lack.
const (
	NoLack    Lack = ""
	NoFactor  Lack = "factor" // staff, and no second factor is set up
	NoProofBy Lack = "proof"  // a second factor is set up, and this session has not shown it
)

// lackOf says what the session of a person lacks.
func (f storedSession) lackOf(exempt func(email string) bool) Lack {
	switch {
	case f.ticket.Factor:
		return NoLack
	case f.hasFactor:
		return NoProofBy
	case len(f.person.Roles) > 0 && !exempt(f.person.Email):
		return NoFactor
	}
	return NoLack
}

type visitKey struct{}

// WithVisit makes room in the context for the session that the store may find.
func WithVisit(ctx context.Context) (context.Context, *Visit) {
	v := new(Visit)
	return context.WithValue(ctx, visitKey{}, v), v
}

// ticket is what the session itself holds; it never changes after signing in.
type ticket struct {
	User     int64     `json:"user"`
	Agent    string    `json:"agent"`
	Address  string    `json:"address"`
	Method   Method    `json:"method"`
	Factor   bool      `json:"factor"`
	Deadline time.Time `json:"deadline"`
}

// Names of the session's values.
const (
	sessionUser    = "user"
	sessionAgent   = "agent"
	sessionAddress = "address"
	sessionMethod  = "method"
	sessionFactor  = "factor"
)

// TicketValues are what a session is begun with: whose it is, and from where.
func TicketValues(known Known, agent string, from netip.Addr) map[string]any {
	address := ""
	if from.IsValid() {
		address = from.String()
	}
	return map[string]any{sessionUser: known.UserID, sessionAgent: cutRunes(agent, 400), sessionAddress: address,
		sessionMethod: string(cmp.Or(known.Method, ByPassword)), sessionFactor: known.Factor}
}

// TicketCodec writes a session's values for the store; it implements scs.Codec.
type TicketCodec struct{}

// Encode implements scs.Codec.
func (TicketCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	t := ticket{Deadline: deadline}
	t.User, _ = values[sessionUser].(int64)
	t.Agent, _ = values[sessionAgent].(string)
	t.Address, _ = values[sessionAddress].(string)
	t.Factor, _ = values[sessionFactor].(bool)
	method, _ := values[sessionMethod].(string)
	t.Method = Method(method)
	return json.Marshal(t)
}

// Decode implements scs.Codec.
func (TicketCodec) Decode(b []byte) (time.Time, map[string]any, error) {
	var t ticket
	err := json.Unmarshal(b, &t)
	return t.Deadline, map[string]any{sessionUser: t.User, sessionAgent: t.Agent, sessionAddress: t.Address,
		sessionMethod: string(t.Method), sessionFactor: t.Factor}, err
}

// CommitCtx stores a session that begins. Nothing changes one later, so that a request
// still under way cannot bring back a session that was ended meanwhile.
func (s *SessionStore) CommitCtx(ctx context.Context, tokenHash string, b []byte, expiry time.Time) error {
	var t ticket
	if err := json.Unmarshal(b, &t); err != nil {
		return err
	}
	if t.User == 0 {
		return errors.New("accounts: a session of nobody is never kept")
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		now := s.now()
		_, err := tx.Exec(ctx, `
			insert into sessions (handle, token_hash, user_id, agent, address, created_at, seen_at, proved_at, expires_at, method, factor)
			values ($1, $2, $3, $4, nullif($5, '')::inet, $6, $6, $6, $7, $8, $9)
			on conflict (token_hash) do nothing`,
			subject.NewPublicID(), tokenHash, t.User, t.Agent, t.Address, now, expiry, cmp.Or(t.Method, ByPassword), t.Factor)
		return err
	})
}

// DeleteCtx ends a session; one that is not there is ended already.
func (s *SessionStore) DeleteCtx(ctx context.Context, tokenHash string) error {
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from sessions where token_hash = $1`, tokenHash)
		return err
	})
}

// FindCtx finds a session in force of an active person, and notes at most once a minute
// that it was used.
func (s *SessionStore) FindCtx(ctx context.Context, tokenHash string) (b []byte, found bool, err error) {
	now := s.now()
	var stored storedSession
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		stored, err = findSession(ctx, q, tokenHash, now)
		if err != nil || now.Sub(stored.seenAt) < seenEvery {
			return err
		}
		_, err = q.Exec(ctx, `update sessions set seen_at = $2 where id = $1 and seen_at < $2`, stored.id, now)
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, postgres.Explain(err, "error.not_found")
	}
	if v, ok := ctx.Value(visitKey{}).(*Visit); ok {
		v.Person, v.Handle, v.Expires = &stored.person, stored.handle, stored.ticket.Deadline
		v.Method, v.Proved, v.Factor, v.Lacks = stored.ticket.Method, stored.proved, stored.ticket.Factor, stored.lackOf(s.exempt)
	}
	b, err = json.Marshal(stored.ticket)
	return b, true, err
}

// Find, Commit and Delete complete scs.Store; scs calls the methods with a context.
func (s *SessionStore) Find(tokenHash string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), tokenHash)
}

// Commit implements scs.Store.
func (s *SessionStore) Commit(tokenHash string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), tokenHash, b, expiry)
}

// Delete implements scs.Store.
func (s *SessionStore) Delete(tokenHash string) error {
	return s.DeleteCtx(context.Background(), tokenHash)
}
