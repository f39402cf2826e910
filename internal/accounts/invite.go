package accounts

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Invitee is whom an administrator invites, and as what.
type Invitee struct {
	Email     string        `json:"email"`
	Name      string        `json:"name"`
	Lang      string        `json:"lang"`
	Role      identity.Role `json:"role"`
	OrgPublic string        `json:"organisation,omitempty"` // for a member's role: in which organisation
	Ends      *time.Time    `json:"ends,omitempty"`         // nil: until it is ended
}

func (i Invitee) check(now time.Time) error {
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
	checkGrant(fields, i.Role, i.OrgPublic, now, i.Ends)
	return apperr.Fields(fields)
}

// checkGrant adds what is wrong with a role, its organisation and its dates.
func checkGrant(fields map[string]string, role identity.Role, orgPublic string, starts time.Time, ends *time.Time) {
	if !slices.Contains(identity.Roles(), role) {
		fields["role"] = "accounts.choose_role"
	}
	if slices.Contains(identity.MemberRoles(), role) && orgPublic == "" {
		fields["org"] = "accounts.choose_org"
	}
	if ends != nil && !ends.After(starts) {
		fields["ends"] = "accounts.ends_before_start"
	}
}

// Invite makes an account without a password, gives the role, and has an invitation mailed.
// Errors: sign_in, forbidden, invalid (by field; an address that has an account already).
func (s *Service) Invite(ctx context.Context, actor identity.Actor, i Invitee) (publicID string, err error) {
	if err := actor.May(identity.ManageUsers); err != nil {
		return "", err
	}
	if err := s.fresh(actor); err != nil {
		return "", err
	}
	if err := i.check(s.now()); err != nil {
		return "", err
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		id, public, err := insertUser(ctx, tx, newUser{email: i.Email, name: i.Name, lang: i.Lang})
		if err != nil {
			return err
		}
		publicID = public
		if err := s.record(ctx, tx, actor, "invited", id, i); err != nil {
			return err
		}
		if err := s.give(ctx, tx, actor, id, GrantInput{Role: i.Role, OrgPublic: i.OrgPublic, Ends: i.Ends}); err != nil {
			return err
		}
		return s.openLink(ctx, tx, Invitation, id, actor.UserID)
	})
	return publicID, err
}

// Reinvite has a new link mailed to someone who has not accepted; the older one is dead.
// Errors: sign_in, forbidden, not found, conflict (accepted already, or switched off).
func (s *Service) Reinvite(ctx context.Context, actor identity.Actor, publicID string) error {
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, a Account) error {
		if a.State != Invited {
			return apperr.New(apperr.Conflict, "accounts.accepted_already")
		}
		if err := s.record(ctx, tx, actor, "invited_again", a.ID, nil); err != nil {
			return err
		}
		return s.openLink(ctx, tx, Invitation, a.ID, actor.UserID)
	})
}

// SendReset has a link to set a new password mailed to somebody who asked the union for it.
// Errors: sign_in, forbidden, not found, conflict (no password to replace, or switched off).
func (s *Service) SendReset(ctx context.Context, actor identity.Actor, publicID string) error {
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, a Account) error {
		if a.State != Active {
			return apperr.New(apperr.Conflict, "accounts.not_active")
		}
		if err := s.record(ctx, tx, actor, "reset_sent", a.ID, nil); err != nil {
			return err
		}
		return s.openLink(ctx, tx, Reset, a.ID, actor.UserID)
	})
}

// oneByOne is the lock that administrators' acts take first: two who act on each other would
// otherwise each hold what the other waits for. Such acts are few.
const oneByOne int64 = 0x6163636f756e7473

// change runs an administrator's act on one account, whose row it locks first.
// Errors: sign_in, forbidden, prove, not found, and those of act.
func (s *Service) change(ctx context.Context, actor identity.Actor, publicID string, act func(tx pgx.Tx, a Account) error) error {
	if err := actor.May(identity.ManageUsers); err != nil {
		return err
	}
	if err := s.fresh(actor); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, oneByOne); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			select u.id from users u join subjects s on s.id = u.id where s.public_id = $1 for update of u`, publicID)
		if err != nil {
			return err
		}
		a, err := readAccount(ctx, tx, publicID)
		if err != nil {
			return postgres.Explain(err, "accounts.user_not_found")
		}
		if locale.IsFormer(a.Name) { // an erased account belongs to nobody again
			return apperr.New(apperr.Conflict, "accounts.erased")
		}
		return act(tx, a)
	})
}

type newUser struct {
	email, name, lang, zone string
	hash                    string // empty: no password yet
}

// insertUser stores a person's subject and row in one statement.
// Errors: invalid (the address has an account).
func insertUser(ctx context.Context, tx pgx.Tx, u newUser) (id int64, publicID string, err error) {
	publicID = subject.NewPublicID()
	if u.zone == "" {
		u.zone = "Europe/Istanbul"
	}
	err = tx.QueryRow(ctx, `
		with s as (
			insert into subjects (kind, org_id, public_id) values ('user', union_id(), $1) returning id, org_id
		)
		insert into users (id, org_id, email, email_key, name, name_key, lang, zone, password_hash, password_at)
		select id, org_id, $2, $3, $4, $5, $6, $7, $8, case when $8 = '' then null else now() end from s
		returning id`,
		publicID, u.email, EmailKey(u.email), u.name, nameKey(u.name), u.lang, u.zone, u.hash).Scan(&id)
	if err = postgres.Explain(err, "error.not_found"); apperr.Is(err, apperr.Conflict) {
		return 0, "", apperr.Fields(map[string]string{"email": "accounts.email_taken"})
	}
	return id, publicID, err
}
