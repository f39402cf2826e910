// Package postgres opens the database for each side of the wall, and holds what every
// repository needs: transactions, error translation, keyset pages.
package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/birlik/portal/internal/apperr"
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
	// Read runs fn to read as the actor. Only a member pays for a transaction, because
	// the organisation has to be set; the others read straight from their pool.
	Read(ctx context.Context, actor identity.Actor, fn func(q Querier) error) error
}

// Pools holds one pool a side. Each connection starts with its database role.
type Pools struct {
	Visitor, Member, Staff, Owner *pgxpool.Pool
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

// InTx implements DB.
func (p *Pools) InTx(ctx context.Context, actor identity.Actor, fn func(tx pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, p.of(actor.Side), pgx.TxOptions{BeginQuery: begin(actor)}, fn)
}

// Read implements DB.
func (p *Pools) Read(ctx context.Context, actor identity.Actor, fn func(q Querier) error) error {
	if actor.Side != identity.Member {
		return fn(p.of(actor.Side))
	}
	return p.InTx(ctx, actor, func(tx pgx.Tx) error { return fn(tx) })
}

// begin opens a transaction and sets the member's organisation in the same round trip.
func begin(actor identity.Actor) string {
	if actor.Side != identity.Member {
		return "begin"
	}
	return fmt.Sprintf("begin; set local portal.org_id = '%d'", actor.OrgID)
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

// Explain turns a driver's error into one of ours. notFound is the message key for a row
// that is not there. Errors: not found, conflict (unique, exclusion), invalid (check,
// text that is no text), unavailable (no connection); others pass through to become a 500.
func Explain(err error, notFound string) error {
	var pg *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrNoRows):
		return apperr.Wrap(err, apperr.NotFound, notFound)
	case errors.As(err, &pg):
		return explainCode(err, pg)
	case pgconn.SafeToRetry(err) || isConnectError(err):
		return apperr.Wrap(err, apperr.Unavailable, "error.unavailable")
	}
	return err
}

func explainCode(err error, pg *pgconn.PgError) error {
	switch pg.Code {
	case "23505", "23P01":
		return apperr.Wrap(err, apperr.Conflict, "error.conflict")
	case "22021", "22P05":
		return apperr.Wrap(err, apperr.Invalid, "error.text")
	case "57P01", "57P02", "57P03", "53300":
		return apperr.Wrap(err, apperr.Unavailable, "error.unavailable")
	}
	return err
}

func isConnectError(err error) bool {
	var connect *pgconn.ConnectError
	return errors.As(err, &connect)
}

// Page is one keyset page: the rows, and the cursors that lead on. An empty cursor means
// that there is nothing on that side.
type Page[T any] struct {
	Rows       []T
	Next, Prev string
}
