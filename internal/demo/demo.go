package demo

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// seedLock keeps two instances that start at once from filling in together.
const seedLock = 7_254_186_004

// Services are what the demonstration is filled in through.
type Services struct {
	DB       postgres.DB
	Accounts *accounts.Service
}

// Seed fills in what is missing of the demonstration; it is safe to repeat.
func Seed(ctx context.Context, s Services) error {
	err := s.DB.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, seedLock); err != nil {
			return err
		}
		return Municipalities(ctx, tx)
	})
	if err != nil {
		return err
	}
	return addAccounts(ctx, s.DB, s.Accounts)
}
