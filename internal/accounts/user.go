package accounts

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Account is one user as an administrator sees them.
type Account struct {
	ID       int64
	PublicID string
	Name     string
	Email    string
	Lang     string
	Zone     string
	State    State
	Version  int
	Factor   bool // a second factor is set up
	Created  time.Time
	Roles    []Grant `db:"-"` // of the union, the latest start first
	Mandates []Grant `db:"-"` // of organisations
}

// Grant is a role from a moment to a moment: in the union, or in an organisation.
type Grant struct {
	ID        int64
	Role      identity.Role
	OrgPublic string // empty for a staff role
	OrgName   string
	Starts    time.Time
	Ends      *time.Time // nil: open
}

// InForce reports whether the grant counts at a moment.
func (g Grant) InForce(at time.Time) bool {
	return !g.Starts.After(at) && (g.Ends == nil || g.Ends.After(at))
}

// Ended reports whether the grant is over at a moment.
func (g Grant) Ended(at time.Time) bool { return g.Ends != nil && !g.Ends.After(at) }

// Ref points at the user's record.
func (a Account) Ref() subject.Ref { return userRef(a.ID) }

func userRef(id int64) subject.Ref { return subject.Ref{Kind: subject.User, ID: id} }

// User is one account with everything it was ever given.
// Errors: sign_in, forbidden, not found.
func (s *Service) User(ctx context.Context, actor identity.Actor, publicID string) (Account, error) {
	var out Account
	if err := mayRead(actor); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		out, err = readAccount(ctx, q, publicID)
		if err != nil {
			return err
		}
		if out.Roles, err = staffGrants(ctx, q, out.ID); err != nil {
			return err
		}
		out.Mandates, err = memberGrants(ctx, q, out.ID)
		return err
	})
	return out, postgres.Explain(err, "accounts.user_not_found")
}

func readAccount(ctx context.Context, q postgres.Querier, publicID string) (Account, error) {
	rows, _ := q.Query(ctx, `
		select u.id, s.public_id, u.name, u.email, u.lang, u.zone,
		       case when not u.active then 'off' when u.password_hash = '' then 'invited' else 'active' end as state,
		       u.version, has_factor(u.id) as factor, u.created_at as created
		from subjects s
		join users u on u.id = s.id
		where s.public_id = $1 and s.kind = 'user'`, publicID)
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Account])
}

func staffGrants(ctx context.Context, q postgres.Querier, userID int64) ([]Grant, error) {
	rows, _ := q.Query(ctx, `
		select id, role, '' as org_public, '' as org_name, starts_at as starts, nullif(ends_at, 'infinity'::timestamptz) as ends
		from staff_roles where user_id = $1 order by starts_at desc, id desc`, userID)
	return pgx.CollectRows(rows, pgx.RowToStructByName[Grant])
}

func memberGrants(ctx context.Context, q postgres.Querier, userID int64) ([]Grant, error) {
	rows, _ := q.Query(ctx, `
		select m.id, m.role, s.public_id as org_public, o.name as org_name,
		       m.starts_at as starts, nullif(m.ends_at, 'infinity'::timestamptz) as ends
		from mandates m
		join organisations o on o.id = m.org_id
		join subjects s on s.id = o.id
		where m.user_id = $1 order by m.starts_at desc, m.id desc`, userID)
	return pgx.CollectRows(rows, pgx.RowToStructByName[Grant])
}
