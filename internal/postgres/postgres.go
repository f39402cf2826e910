// Package postgres opens the database for each side of the wall, and holds what every
// repository needs: transactions, error translation, keyset pages.
package postgres

import (
	"context"
	"fmt"
	"regexp"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/birlik/portal/internal/identity"
)

// Querier is what a repository needs: a pool, a connection or a transaction.
type Querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// DB runs work as an actor. Services hold a DB; tests give one that lives in a single
// transaction and is rolled back.
type DB interface {
	// InTx runs fn in a transaction of the actor's database role, with the actor's
	// organisation set; it commits when fn returns nil.
	InTx(ctx context.Context, actor identity.Actor, fn func(tx pgx.Tx) error) error
	// Read runs fn to read as the actor. Members and staff pay for a transaction, because who
	// they are has to be set; the others read straight from their pool.
	Read(ctx context.Context, actor identity.Actor, fn func(q Querier) error) error
}

func (p *Pools) of(side identity.Side) *pgxpool.Pool {
	switch side {
	case identity.Member:
		return p.Member
	case identity.Staff:
		return p.Staff
	case identity.System:
		return p.Owner
	default:
		return p.Visitor
	}
}

// InTx implements DB. Errors of fn pass through; a database that is away, too busy, or
// lost on the way is reported as unavailable.
func (p *Pools) InTx(ctx context.Context, actor identity.Actor, fn func(tx pgx.Tx) error) error {
	conn, err := p.acquire(ctx, actor.Side)
	if err != nil {
		return err
	}
	defer conn.Release()
	return unavailable(pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{BeginQuery: begin(actor)}, fn))
}

// Read implements DB. fn gets one connection, so it must not read in parallel.
func (p *Pools) Read(ctx context.Context, actor identity.Actor, fn func(q Querier) error) error {
	if actor.Side == identity.Member || actor.Side == identity.Staff {
		return p.InTx(ctx, actor, func(tx pgx.Tx) error { return fn(tx) })
	}
	conn, err := p.acquire(ctx, actor.Side)
	if err != nil {
		return err
	}
	defer conn.Release()
	return unavailable(fn(conn))
}

// begin opens a transaction and says who acts, in the same round trip.
func begin(actor identity.Actor) string {
	switch actor.Side {
	case identity.Member:
		return fmt.Sprintf("begin; set local portal.org_id = '%d'", actor.OrgID)
	case identity.Staff:
		user, offices := StaffSettings(actor)
		return fmt.Sprintf("begin; set local portal.user_id = '%s'; set local portal.offices = '%s'", user, offices)
	}
	return "begin"
}

// code is what an office is named by.
var code = regexp.MustCompile(`^[a-z][a-z0-9_-]{1,39}$`)

// StaffSettings are what a staff transaction says of its actor: who it is, and the offices
// whose privileged records may be seen, as ",legal,urban,"; "*" is every office.
func StaffSettings(actor identity.Actor) (user, offices string) {
	user, offices = strconv.FormatInt(actor.UserID, 10), ","
	if actor.Has(identity.DepartmentHead) {
		return user, "*"
	}
	for _, office := range actor.Offices {
		if code.MatchString(office) {
			offices += office + ","
		}
	}
	return user, offices
}

// Engine runs fn as the engines' database role inside the actor's transaction, for rows
// that an engine writes and the actor may not read (staff tasks, notifications).
// Only capabilities call it.
func Engine(ctx context.Context, tx pgx.Tx, fn func() error) error {
	var previous string
	if err := tx.QueryRow(ctx, `select current_user, set_config('role', role_name('engine'), true)`).Scan(&previous, nil); err != nil {
		return err
	}
	if err := fn(); err != nil {
		return err // the transaction is lost, and the role with it
	}
	_, err := tx.Exec(ctx, `select set_config('role', $1, true)`, previous)
	return err
}

// Page is one keyset page: the rows, and the cursors that lead on. An empty cursor means
// that there is nothing on that side.
type Page[T any] struct {
	Rows       []T
	Next, Prev string
}
