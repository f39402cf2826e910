// Package profiles is how a municipality keeps what is said of it up to date: the official
// facts, which it proposes and staff answer, and everything else, which is live at once.
package profiles

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Register is told of what changed, so that the directory and the search say the same.
type Register interface {
	// Renew writes a municipality's search rows anew and makes pages of it stale.
	Renew(ctx context.Context, tx pgx.Tx, municipality int64) error
	// Script is the script that a name is written in, by its ISO 15924 code.
	Script(name string) string
}

// Service is everything that can be done with profiles.
type Service struct {
	db       postgres.DB
	register Register
	zone     *time.Location // the union's
	now      func() time.Time
}

// New makes the service; zone is the union's.
func New(db postgres.DB, register Register, zone *time.Location, now func() time.Time) *Service {
	return &Service{db: db, register: register, zone: zone, now: now}
}

// Today is the day in the union's zone.
func (s *Service) Today() time.Time { return s.now().In(s.zone) }

// own is a change by a municipality of its own profile, told and recorded in one
// transaction. Errors: sign_in, forbidden, not found (the organisation is no municipality).
func (s *Service) own(ctx context.Context, actor identity.Actor, action string, fn func(tx pgx.Tx, ref subject.Ref) (change any, err error)) error {
	if err := actor.May(identity.EditProfile); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		if err := (repository{tx}).isCity(ctx, actor.OrgID); err != nil {
			return err
		}
		ref := cityRef(actor.OrgID)
		change, err := fn(tx, ref)
		if err != nil || change == nil {
			return err
		}
		return s.settle(ctx, tx, actor, action, ref, change)
	})
}

// settle records a change in the municipality's log and makes every page of it stale.
func (s *Service) settle(ctx context.Context, tx pgx.Tx, actor identity.Actor, action string, ref subject.Ref, change any) error {
	if err := audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "municipality." + action, Subject: ref, Payload: change}); err != nil {
		return err
	}
	return s.register.Renew(ctx, tx, ref.ID)
}

func cityRef(id int64) subject.Ref { return subject.Ref{Kind: subject.Municipality, ID: id} }

// NoCity drops the error that says that an organisation is no municipality, for pages of
// every kind of member.
func NoCity(err error) error {
	if apperr.Is(err, apperr.NotFound) {
		return nil
	}
	return err
}

// stale refuses an edit of a version that somebody has replaced meanwhile.
func stale() error { return apperr.New(apperr.Conflict, "profiles.stale") }
