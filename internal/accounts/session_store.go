package accounts

import (
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
	db  postgres.DB
	now func() time.Time
}

// SessionStore is the store of this service's sessions.
func (s *Service) SessionStore() *SessionStore { return &SessionStore{db: s.db, now: s.now} }

// Visit is one request's session, once the store has found it.
type Visit struct {
	Person  *Person // nil: nobody is signed in
	Handle  string  // names the session in the person's list
	Expires time.Time
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
	Deadline time.Time `json:"deadline"`
}

// Names of the session's values.
const (
	sessionUser    = "user"
	sessionAgent   = "agent"
	sessionAddress = "address"
)

// TicketValues are what a session is begun with: whose it is, and from where.
func TicketValues(userID int64, agent string, from netip.Addr) map[string]any {
	address := ""
	if from.IsValid() {
		address = from.String()
	}
	return map[string]any{sessionUser: userID, sessionAgent: cutRunes(agent, 400), sessionAddress: address}
}

// TicketCodec writes a session's values for the store; it implements scs.Codec.
type TicketCodec struct{}

// Encode implements scs.Codec.
func (TicketCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	t := ticket{Deadline: deadline}
	t.User, _ = values[sessionUser].(int64)
	t.Agent, _ = values[sessionAgent].(string)
	t.Address, _ = values[sessionAddress].(string)
	return json.Marshal(t)
}

// Decode implements scs.Codec.
func (TicketCodec) Decode(b []byte) (time.Time, map[string]any, error) {
	var t ticket
	err := json.Unmarshal(b, &t)
	return t.Deadline, map[string]any{sessionUser: t.User, sessionAgent: t.Agent, sessionAddress: t.Address}, err
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
			insert into sessions (handle, token_hash, user_id, agent, address, created_at, seen_at, expires_at)
			values ($1, $2, $3, $4, nullif($5, '')::inet, $6, $6, $7)
			on conflict (token_hash) do nothing`,
			subject.NewPublicID(), tokenHash, t.User, t.Agent, t.Address, now, expiry)
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
