package pgtest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Tx is a postgres.DB in one transaction that is rolled back when the test ends. Its own
// Exec, Query and QueryRow work as the owner. Each InTx and Read is a savepoint with the
// database role and the organisation of the actor, policies included. It is one
// connection: not for goroutines side by side, and now() stands still.
type Tx struct {
	pgx.Tx
}

var _ postgres.DB = (*Tx)(nil)

// working is this process's database for rolled-back tests, and the connections to it.
var working = sync.OnceValues(func() (*pgxpool.Pool, error) {
	c, err := shared()
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	address, err := c.clone(ctx, c.template)
	if err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.MaxConns = 16
	return pgxpool.NewWithConfig(ctx, config)
})

// DB begins a test's transaction on the migrated database.
func DB(t testing.TB) *Tx {
	t.Helper()
	pool, err := working()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	ctx := context.Background()
	conn, err := pool.Acquire(ctx)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		_ = tx.Rollback(ctx)
		conn.Release()
	})
	return &Tx{tx}
}

// InTx implements postgres.DB with a savepoint.
func (db *Tx) InTx(ctx context.Context, actor identity.Actor, fn func(tx pgx.Tx) error) error {
	inner, err := db.Begin(ctx)
	if err != nil {
		return err
	}
	// A savepoint that is rolled back takes the role and the organisation back with it.
	defer func() { _ = inner.Rollback(context.WithoutCancel(ctx)) }()
	before, err := enter(ctx, inner, actor)
	if err != nil {
		return err
	}
	if err := fn(inner); err != nil {
		return err
	}
	if err := before.restore(ctx, inner); err != nil {
		return err
	}
	return inner.Commit(ctx)
}

// Read implements postgres.DB.
func (db *Tx) Read(ctx context.Context, actor identity.Actor, fn func(q postgres.Querier) error) error {
	return db.InTx(ctx, actor, func(tx pgx.Tx) error { return fn(tx) })
}

// wall is a database role and an organisation, as PostgreSQL keeps them.
type wall struct{ role, org, user, offices string }

// enter switches to the actor's side and returns the side that was left.
func enter(ctx context.Context, tx pgx.Tx, actor identity.Actor) (wall, error) {
	var before, after wall
	err := tx.QueryRow(ctx, `select current_setting('role'), coalesce(current_setting('portal.org_id', true), ''),
		coalesce(current_setting('portal.user_id', true), ''), coalesce(current_setting('portal.offices', true), '')`).
		Scan(&before.role, &before.org, &before.user, &before.offices)
	if err != nil {
		return before, err
	}
	after.role = "none" // the owner
	if actor.Side != identity.System {
		if err := tx.QueryRow(ctx, `select name from database_roles where kind = $1`, side(actor)).Scan(&after.role); err != nil {
			return before, fmt.Errorf("database role of %q: %w", actor.Side, err)
		}
	}
	if actor.Side == identity.Member {
		after.org = fmt.Sprint(actor.OrgID)
	}
	if actor.Side == identity.Staff {
		after.user, after.offices = postgres.StaffSettings(actor)
	}
	return before, after.restore(ctx, tx)
}

// side names the zero Actor's side as the pools do: a visitor.
func side(actor identity.Actor) string {
	if actor.Side == "" {
		return string(identity.Visitor)
	}
	return string(actor.Side)
}

func (w wall) restore(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `select set_config('role', $1, true), set_config('portal.org_id', $2, true),
		set_config('portal.user_id', $3, true), set_config('portal.offices', $4, true)`, w.role, w.org, w.user, w.offices)
	return err
}
