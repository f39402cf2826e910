package accounts

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/throttle"
)

// SeatInput is whom a municipality lets act for it, and as what.
type SeatInput struct {
	Email  string        `json:"email"`
	Name   string        `json:"name"`
	Lang   string        `json:"lang"`
	Role   identity.Role `json:"role"`
	Areas  []string      `json:"areas,omitempty"` // empty: every area
	Starts time.Time     `json:"starts"`          // zero: now
	Ends   *time.Time    `json:"ends,omitempty"`  // nil: until it is ended
}

func (i SeatInput) check(now time.Time) error {
	fields := map[string]string{}
	if !ValidEmail(i.Email) {
		fields["email"] = "accounts.email_format"
	}
	if key := nameFault(i.Name); key != "" {
		fields["name"] = key
	}
	if !locale.Known(i.Lang) {
		fields["lang"] = "accounts.choose_language"
	}
	if !slices.Contains(identity.MemberRoles(), i.Role) {
		fields["role"] = "accounts.choose_role"
	}
	for _, area := range i.Areas {
		if !slices.Contains(identity.Areas(), area) {
			fields["areas"] = "accounts.choose_area"
		}
	}
	if i.Role == identity.Consultant && (i.Ends == nil || len(i.Areas) == 0) {
		fields["ends"] = "accounts.consultant_bounds" // somebody from outside works on something until some day
	}
	starts := i.Starts
	if starts.IsZero() {
		starts = now
	}
	if i.Ends != nil && !i.Ends.After(starts) {
		fields["ends"] = "accounts.ends_before_start"
	}
	return apperr.Fields(fields)
}

// Seat gives somebody a role in an organisation, in the caller's transaction, which runs as
// the portal's own; the caller has asked permission. Who has no account gets an invitation,
// who has one a letter that says what they may do now.
// Errors: invalid (by field), conflict (held already; the account is switched off).
func (s *Service) Seat(ctx context.Context, tx pgx.Tx, actor identity.Actor, orgID int64, i SeatInput) error {
	if err := i.check(s.now()); err != nil {
		return err
	}
	var userID int64
	var hash string
	active := true
	err := tx.QueryRow(ctx, `select id, password_hash, active from users where email_key = $1`, EmailKey(i.Email)).Scan(&userID, &hash, &active)
	if err == nil && !active {
		err = reopen(ctx, tx, userID, hash)
	}
	if errors.Is(err, pgx.ErrNoRows) {
		userID, _, err = insertUser(ctx, tx, newUser{email: i.Email, name: i.Name, lang: i.Lang, zone: zoneOf(ctx, tx, orgID)})
	}
	if err != nil {
		return err
	}
	if err := s.insertSeat(ctx, tx, actor, userID, orgID, i); err != nil {
		return err
	}
	if err := s.record(ctx, tx, actor, "role_given", userID, i); err != nil {
		return err
	}
	if hash != "" {
		return s.tellSeat(ctx, tx, actor, userID, orgID, i.Role)
	}
	return s.openLink(ctx, tx, Invitation, userID, actor.UserID)
}

// reopen lets an account that was never used take an invitation again. One that was used and
// switched off stays so: that was an administrator's act. Errors: conflict.
func reopen(ctx context.Context, tx pgx.Tx, userID int64, hash string) error {
	if hash != "" {
		return apperr.New(apperr.Conflict, "accounts.account_off")
	}
	_, err := tx.Exec(ctx, `update users set active = true, version = version + 1 where id = $1`, userID)
	return err
}

// zoneOf is the zone of an organisation, for the account of its people; empty where it has none.
func zoneOf(ctx context.Context, tx pgx.Tx, orgID int64) (zone string) {
	_ = tx.QueryRow(ctx, `select coalesce((select zone from municipalities where id = $1), '')`, orgID).Scan(&zone) // the default does as well
	return zone
}

func (s *Service) insertSeat(ctx context.Context, tx pgx.Tx, actor identity.Actor, userID, orgID int64, i SeatInput) error {
	starts := i.Starts
	if starts.IsZero() {
		starts = s.now()
	}
	var held bool
	err := tx.QueryRow(ctx, `select exists (select from mandates where user_id = $1 and org_id = $2 and role = $3 and ends_at > $4)`,
		userID, orgID, i.Role, starts).Scan(&held)
	if err == nil && held {
		return apperr.New(apperr.Conflict, "accounts.role_held")
	}
	if err != nil {
		return err
	}
	areas := i.Areas
	if areas == nil {
		areas = []string{}
	}
	_, err = tx.Exec(ctx, `
		insert into mandates (user_id, org_id, role, areas, starts_at, ends_at, given_by)
		values ($1, $2, $3, $4, $5, coalesce($6, 'infinity'::timestamptz), nullif($7, 0))`, userID, orgID, i.Role, areas, starts, i.Ends, actor.UserID)
	return postgres.Explain(err, "error.not_found")
}

// InviteSeat lets an approver give a role in the own municipality.
// Errors: sign_in, forbidden, invalid (by field), conflict (held already).
func (s *Service) InviteSeat(ctx context.Context, actor identity.Actor, i SeatInput) error {
	if err := actor.May(identity.EditPeople); err != nil {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		ok, err := bySeats.Pass(ctx, tx, s.now(), subject.Ref{Kind: subject.Organisation, ID: actor.OrgID}.String())
		if err != nil {
			return err
		}
		if !ok {
			return apperr.New(apperr.TooMany, "accounts.too_many_invitations")
		}
		return s.Seat(ctx, tx, actor, actor.OrgID, i)
	})
}

// bySeats bounds the invitations that one municipality has mailed.
var bySeats = throttle.Bucket{Name: "seats", Burst: 20, Interval: 10 * time.Minute}

// EndSeat ends a mandate of the own municipality now, for a reason; what it gave stops with
// the holder's next request. The last approver stays, and nobody ends the own approval while
// nobody else may send.
// Errors: sign_in, forbidden, not found (no such mandate, or over), conflict (the last approver).
func (s *Service) EndSeat(ctx context.Context, actor identity.Actor, mandateID int64, reason string) error {
	if err := actor.May(identity.EditPeople); err != nil {
		return err
	}
	if len([]rune(reason)) > 400 {
		return apperr.Fields(map[string]string{"reason": "error.too_long"})
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if err := s.keepApprover(ctx, tx, actor.OrgID, mandateID); err != nil {
			return err
		}
		var userID int64
		err := tx.QueryRow(ctx, `
			update mandates set ends_at = greatest(starts_at, $3::timestamptz), ended_by = $4, end_reason = $5, version = version + 1
			where id = $1 and org_id = $2 and ends_at > $3 returning user_id`, mandateID, actor.OrgID, s.now(), actor.UserID, reason).Scan(&userID)
		if err != nil {
			return postgres.Explain(err, "accounts.role_not_found")
		}
		return s.record(ctx, tx, actor, "role_ended", userID, map[string]any{"mandate": mandateID, "reason": reason})
	})
}

// keepApprover makes sure that somebody else who approves in every area stays: who is
// narrowed to some cannot give roles. It locks every such mandate of the organisation, so
// that of two who end each other one is refused; who acts is asked afterwards, of a moment
// at which whoever held the lock has ended what they ended.
// Errors: conflict.
func (s *Service) keepApprover(ctx context.Context, tx pgx.Tx, orgID, mandateID int64) error {
	_, err := tx.Exec(ctx, `
		select id from mandates where org_id = $1 and role = 'member_approver' and areas = '{}' and ends_at > $2 order by id for update`, orgID, s.now())
	if err != nil {
		return err
	}
	rows, _ := tx.Query(ctx, `
		select m.id, m.starts_at <= $2 and m.ends_at > $2 and u.active and (u.password_hash <> '' or m.id = $3) from mandates m join users u on u.id = m.user_id
		where m.org_id = $1 and m.role = 'member_approver' and m.areas = '{}' and m.ends_at > $2 order by m.id`, orgID, s.now(), mandateID)
	var id int64
	var acts, ends, stays bool
	_, err = pgx.ForEachRow(rows, []any{&id, &acts}, func() error {
		ends = ends || id == mandateID
		stays = stays || id != mandateID && acts
		return nil
	})
	if err == nil && ends && !stays {
		return apperr.New(apperr.Conflict, "accounts.last_approver")
	}
	return err
}
