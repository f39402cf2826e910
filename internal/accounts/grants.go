package accounts

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// GrantInput is a role to give: of the union, or in the organisation that OrgPublic names.
type GrantInput struct {
	Role      identity.Role `json:"role"`
	OrgPublic string        `json:"organisation,omitempty"`
	Starts    time.Time     `json:"starts"`         // zero: now
	Ends      *time.Time    `json:"ends,omitempty"` // nil: until it is ended
}

// Give gives an account a role from a moment to a moment.
// Errors: sign_in, forbidden, not found, invalid (by field), conflict (held already).
func (s *Service) Give(ctx context.Context, actor identity.Actor, publicID string, g GrantInput) error {
	fields := map[string]string{}
	checkGrant(fields, g.Role, g.OrgPublic, s.startOf(g), g.Ends)
	if err := apperr.Fields(fields); err != nil {
		return err
	}
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, a Account) error {
		return s.give(ctx, tx, actor, a.ID, g)
	})
}

func (s *Service) startOf(g GrantInput) time.Time {
	if g.Starts.IsZero() {
		return s.now()
	}
	return g.Starts
}

func (s *Service) give(ctx context.Context, tx pgx.Tx, actor identity.Actor, userID int64, g GrantInput) error {
	g.Starts = s.startOf(g)
	store := insertStaffRole
	if slices.Contains(identity.MemberRoles(), g.Role) {
		store = insertMandate
	}
	err := postgres.Explain(store(ctx, tx, userID, g), "error.not_found")
	if apperr.Is(err, apperr.Conflict) {
		return apperr.Wrap(err, apperr.Conflict, "accounts.role_held")
	}
	if err != nil {
		return err
	}
	return s.record(ctx, tx, actor, "role_given", userID, g)
}

func insertStaffRole(ctx context.Context, tx pgx.Tx, userID int64, g GrantInput) error {
	_, err := tx.Exec(ctx, `
		insert into staff_roles (user_id, role, starts_at, ends_at)
		values ($1, $2, $3, coalesce($4, 'infinity'::timestamptz))`, userID, g.Role, g.Starts, g.Ends)
	return err
}

// insertMandate gives a role in an active organisation, the union apart: its own people
// hold staff roles.
// Errors: invalid (no such organisation).
func insertMandate(ctx context.Context, tx pgx.Tx, userID int64, g GrantInput) error {
	tag, err := tx.Exec(ctx, `
		insert into mandates (user_id, org_id, role, starts_at, ends_at)
		select $1, o.id, $3, $4, coalesce($5, 'infinity'::timestamptz)
		from subjects s join organisations o on o.id = s.id
		where s.public_id = $2 and o.active and o.kind <> 'union'`, userID, g.OrgPublic, g.Role, g.Starts, g.Ends)
	if err == nil && tag.RowsAffected() == 0 {
		return apperr.Fields(map[string]string{"org": "accounts.choose_org"})
	}
	return err
}

// GrantKey names one grant of an account: nobody holds the same role in the same place
// twice from the same moment.
type GrantKey struct {
	Role      identity.Role
	OrgPublic string // empty for a staff role
	Starts    time.Time
}

// End ends a role or a mandate now; what it gave stops with the holder's next request.
// Errors: sign_in, forbidden, not found (no such grant, or over), conflict (it would leave
// the portal without an administrator).
func (s *Service) End(ctx context.Context, actor identity.Actor, publicID string, key GrantKey) error {
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, a Account) error {
		end := s.endRole
		if key.OrgPublic != "" {
			end = s.endMandate
		}
		if err := end(ctx, tx, a.ID, key); err != nil {
			return postgres.Explain(err, "accounts.role_not_found")
		}
		return s.record(ctx, tx, actor, "role_ended", a.ID, GrantInput{Role: key.Role, OrgPublic: key.OrgPublic, Starts: key.Starts})
	})
}

func (s *Service) endRole(ctx context.Context, tx pgx.Tx, userID int64, key GrantKey) error {
	if key.Role == identity.Administrator {
		if err := s.keepAdministrator(ctx, tx, userID); err != nil {
			return err
		}
	}
	var id int64
	return tx.QueryRow(ctx, `
		update staff_roles set ends_at = greatest(starts_at, $4::timestamptz)
		where user_id = $1 and role = $2 and starts_at = $3 and ends_at > $4
		returning id`, userID, key.Role, key.Starts, s.now()).Scan(&id)
}

func (s *Service) endMandate(ctx context.Context, tx pgx.Tx, userID int64, key GrantKey) error {
	var id int64
	return tx.QueryRow(ctx, `
		update mandates m set ends_at = greatest(m.starts_at, $5::timestamptz), version = m.version + 1
		from subjects s
		where m.user_id = $1 and m.role = $2 and m.starts_at = $3 and s.id = m.org_id and s.public_id = $4 and m.ends_at > $5
		returning m.id`, userID, key.Role, key.Starts, key.OrgPublic, s.now()).Scan(&id)
}

// keepAdministrator makes sure that somebody other than the user stays administrator with
// no end in sight. It locks every such role and account, so that of two administrators who
// end each other one is refused.
// Errors: conflict ("accounts.last_administrator").
func (s *Service) keepAdministrator(ctx context.Context, tx pgx.Tx, userID int64) error {
	rows, _ := tx.Query(ctx, `
		select r.user_id from staff_roles r
		join users u on u.id = r.user_id
		where r.role = 'administrator' and r.starts_at <= $1 and r.ends_at = 'infinity' and u.active and u.password_hash <> ''
		order by r.id
		for update of r, u`, s.now())
	holders, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(holders, func(id int64) bool { return id != userID }) {
		return apperr.New(apperr.Conflict, "accounts.last_administrator")
	}
	return nil
}
