package accounts

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Edit is what an administrator changes of an account; Version is what they saw.
type Edit struct {
	Name    string
	Email   string
	Version int
}

// SaveUser stores an administrator's edit. A new address ends the sessions: whoever reads
// the old inbox shall not stay signed in.
// Errors: sign_in, forbidden, not found, invalid (by field), conflict (edited meanwhile).
func (s *Service) SaveUser(ctx context.Context, actor identity.Actor, publicID string, e Edit) error {
	fields := map[string]string{}
	if !ValidEmail(e.Email) {
		fields["email"] = "accounts.email_format"
	}
	if key := nameFault(e.Name); key != "" {
		fields["name"] = key
	}
	if err := apperr.Fields(fields); err != nil {
		return err
	}
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, a Account) error {
		if a.Version != e.Version {
			return apperr.New(apperr.Conflict, "error.conflict")
		}
		_, err := tx.Exec(ctx, `
			update users set name = $2, name_key = $3, email = $4, email_key = $5, version = version + 1
			where id = $1`, a.ID, e.Name, nameKey(e.Name), e.Email, EmailKey(e.Email))
		if err = postgres.Explain(err, "accounts.user_not_found"); apperr.Is(err, apperr.Conflict) {
			return apperr.Fields(map[string]string{"email": "accounts.email_taken"})
		}
		if err != nil {
			return err
		}
		if EmailKey(e.Email) != EmailKey(a.Email) {
			if err := s.addressChanged(ctx, tx, a, e.Email); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, actor, "account_edited", a.ID, map[string]any{
			"name": []string{a.Name, e.Name}, "email": []string{a.Email, e.Email}})
	})
}

// addressChanged ends the sessions and tells both inboxes.
func (s *Service) addressChanged(ctx context.Context, tx pgx.Tx, a Account, to string) error {
	if err := endSessionsAsStaff(ctx, tx, a.ID); err != nil {
		return err
	}
	if err := s.letter(ctx, tx, a.ID, "email_changed", a.Email); err != nil {
		return err
	}
	return s.letter(ctx, tx, a.ID, "email_changed", to)
}

// SetActive switches an account off, which ends its sessions, or on again.
// Errors: sign_in, forbidden, not found, conflict (the last administrator, oneself).
func (s *Service) SetActive(ctx context.Context, actor identity.Actor, publicID string, active bool) error {
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, a Account) error {
		if !active {
			if a.ID == actor.UserID {
				return apperr.New(apperr.Conflict, "accounts.not_oneself")
			}
			if err := s.keepAdministrator(ctx, tx, a.ID); err != nil {
				return err
			}
			if err := endSessionsAsStaff(ctx, tx, a.ID); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `update users set active = $2, version = version + 1 where id = $1`, a.ID, active)
		if err != nil {
			return err
		}
		action := "switched_off"
		if active {
			action = "switched_on"
		}
		return s.record(ctx, tx, actor, action, a.ID, nil)
	})
}

// SignOutUser ends every session of an account.
// Errors: sign_in, forbidden, not found.
func (s *Service) SignOutUser(ctx context.Context, actor identity.Actor, publicID string) error {
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, a Account) error {
		if err := endSessionsAsStaff(ctx, tx, a.ID); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "signed_out_by_staff", a.ID, nil)
	})
}

// endSessionsAsStaff ends a person's sessions in a staff transaction, which may not read
// them.
func endSessionsAsStaff(ctx context.Context, tx pgx.Tx, userID int64) error {
	_, err := tx.Exec(ctx, `select end_sessions($1)`, userID)
	return err
}
