package demo

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/circulars"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/letters"
	"github.com/birlik/portal/internal/mailings"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/opinions"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/privacy"
	"github.com/birlik/portal/internal/profiles"
	"github.com/birlik/portal/internal/publications"
)

// seedLock keeps two instances that start at once from filling in together.
const seedLock = 7_254_186_004

// Services are what the demonstration is filled in through.
type Services struct {
	DB           postgres.DB
	Accounts     *accounts.Service
	Cases        Cases
	Publications *publications.Service
	Events       *events.Service
	Organs       *organs.Service
	Membership   *membership.Service // nil: no applications
	Documents    *documents.Service
	Profiles     *profiles.Service // nil: none are filled in
	Privacy      *privacy.Service  // nil: no requests to be forgotten
	Mailings     *mailings.Service // nil: nothing is written to members
	Letters      *letters.Service
	Opinions     func(now func() time.Time) *opinions.Service  // nil: no texts of opinions
	Circulars    func(now func() time.Time) *circulars.Service // nil: none are issued
	Now          func() time.Time
}

// Seed fills in what is missing of the demonstration; it is safe to repeat.
func Seed(ctx context.Context, s Services) error {
	for _, fill := range []func(context.Context, pgx.Tx) error{Municipalities, Sisters, addGovernments} {
		if err := locked(ctx, s.DB, fill); err != nil {
			return err
		}
	}
	if err := addAccounts(ctx, s.DB, s.Accounts); err != nil {
		return err
	}
	if err := addOffices(ctx, s.DB, s.Accounts); err != nil {
		return err
	}
	if err := locked(ctx, s.DB, addBureaus); err != nil {
		return err
	}
	for _, fill := range []func(context.Context, pgx.Tx) error{
		func(ctx context.Context, tx pgx.Tx) error { return Requests(ctx, tx, s.Cases) },
		func(ctx context.Context, tx pgx.Tx) error { return Asked(ctx, tx, s.Cases) },
		func(ctx context.Context, _ pgx.Tx) error { return Channels(ctx, s) },
		func(ctx context.Context, _ pgx.Tx) error { return Mails(ctx, s) },
		func(ctx context.Context, tx pgx.Tx) error { return addOpinions(ctx, tx, s.Opinions) },
		func(ctx context.Context, tx pgx.Tx) error { return addForms(ctx, tx, s.Now()) },
		func(ctx context.Context, tx pgx.Tx) error { return Supports(ctx, tx, s) },
		func(ctx context.Context, tx pgx.Tx) error { return addAbsence(ctx, tx, s.Now()) },
	} {
		if err := locked(ctx, s.DB, fill); err != nil {
			return err
		}
	}
	if err := Publications(ctx, s.DB, s.Publications, s.Now); err != nil {
		return err
	}
	for _, fill := range []func(context.Context) error{
		func(ctx context.Context) error { return addEvents(ctx, s.DB, s.Events, s.Now()) },
		func(ctx context.Context) error { return addOrgans(ctx, s.DB, s.Organs, s.Now()) },
		func(ctx context.Context) error {
			return Applications(ctx, s.DB, s.Membership, s.Documents, s.Now())
		},
		func(ctx context.Context) error { return Profiles(ctx, s.DB, s.Profiles, s.Now()) },
	} {
		if err := locked(ctx, s.DB, func(ctx context.Context, _ pgx.Tx) error { return fill(ctx) }); err != nil {
			return err
		}
	}
	if err := locked(ctx, s.DB, func(ctx context.Context, tx pgx.Tx) error { return addOthers(ctx, tx, s.Membership) }); err != nil {
		return err
	}
	if err := Dues(ctx, s.DB, s.Cases.Zone, s.Now()); err != nil {
		return err
	}
	if err := locked(ctx, s.DB, func(ctx context.Context, tx pgx.Tx) error { return addPrivacy(ctx, s, tx) }); err != nil {
		return err
	}
	if err := locked(ctx, s.DB, func(ctx context.Context, tx pgx.Tx) error { return addCirculars(ctx, tx, s) }); err != nil {
		return err
	}
	return locked(ctx, s.DB, func(ctx context.Context, _ pgx.Tx) error { return Mailings(ctx, s.DB, s.Mailings, s.Letters) })
}

// locked runs one part in a transaction of its own, alone.
func locked(ctx context.Context, db postgres.DB, part func(context.Context, pgx.Tx) error) error {
	return db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, seedLock); err != nil {
			return err
		}
		return part(ctx, tx)
	})
}
