// Package personal is how each part of the portal declares what it keeps about people: what
// goes into the copy that they ask for, what goes away when they are forgotten, and what
// somebody else must take over before. wire.go collects the parts for internal/privacy.
package personal

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
)

// Part is one area's declaration. Its statements run as the owner, with the arguments of
// Person: @person, @email, @name, @alias, @now.
type Part struct {
	Area  string // names its folder in the archive
	Lists []List
	Files string // rows of name and sha256: the files that the person brought; empty: none
	// Hold locks what the blocks look at, so that of two people who leave at once one is refused.
	Hold   []string
	Blocks []Block
	Forget []string // what erasing does, in order
	// Keeps are the tables that name people by their id only and stay as they are: they read
	// "former user" once the account does.
	Keeps []string
}

// List is one file of the archive: its columns become the fields of each record. It must
// never return what is about somebody else.
type List struct{ Name, Query string }

// Block is a duty that hinders erasing. Query returns what is to be handed over, in words.
type Block struct {
	Key   string // message key of what to do first
	Query string
}

// Person is whom a statement speaks of.
type Person struct {
	ID          int64
	Email, Name string
	Alias       string // what the person is called afterwards; empty before
	Now         time.Time
}

func (p Person) args() pgx.NamedArgs {
	return pgx.NamedArgs{"person": p.ID, "email": p.Email, "name": p.Name, "alias": p.Alias, "now": p.Now}
}

// Each hands the records of a list on, one at a time: a person's log can be long.
func (l List) Each(ctx context.Context, q postgres.Querier, p Person, fn func(map[string]any) error) error {
	rows, err := q.Query(ctx, l.Query, p.args())
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		record, err := pgx.RowToMap(rows)
		if err != nil {
			return err
		}
		if err := fn(record); err != nil {
			return err
		}
	}
	return rows.Err()
}

// File is one file that a person brought.
type File struct{ Name, SHA256 string }

// FilesOf lists the files that a person brought.
func (part Part) FilesOf(ctx context.Context, q postgres.Querier, p Person) ([]File, error) {
	if part.Files == "" {
		return nil, nil
	}
	rows, _ := q.Query(ctx, part.Files, p.args())
	return pgx.CollectRows(rows, pgx.RowToStructByPos[File])
}

// Found is a block that holds for somebody.
type Found struct {
	Key    string
	Things []string // what is to be handed over
}

// Run does some of a part's statements: Hold, or Forget.
func Run(ctx context.Context, tx pgx.Tx, statements []string, p Person) error {
	for _, sql := range statements {
		if _, err := tx.Exec(ctx, sql, p.args()); err != nil {
			return err
		}
	}
	return nil
}

// Count is how many records a list holds about somebody.
type Count struct {
	Area, List string
	N          int
}

// Counts counts every list of the parts in one round trip.
func Counts(ctx context.Context, q postgres.Querier, parts []Part, p Person) ([]Count, error) {
	var out []Count
	b := &pgx.Batch{}
	for _, part := range parts {
		for _, l := range part.Lists {
			out = append(out, Count{Area: part.Area, List: l.Name})
			b.Queue(`select count(*) from (`+l.Query+`) x`, p.args())
		}
	}
	results := q.SendBatch(ctx, b)
	defer func() { _ = results.Close() }()
	for i := range out {
		if err := results.QueryRow().Scan(&out[i].N); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Hindrances lists what hinders erasing somebody, in one round trip.
func Hindrances(ctx context.Context, q postgres.Querier, parts []Part, p Person) ([]Found, error) {
	var keys []string
	b := &pgx.Batch{}
	for _, part := range parts {
		for _, block := range part.Blocks {
			keys = append(keys, block.Key)
			b.Queue(block.Query, p.args())
		}
	}
	results := q.SendBatch(ctx, b)
	defer func() { _ = results.Close() }()
	var out []Found
	for _, key := range keys {
		rows, _ := results.Query()
		things, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return nil, err
		}
		if len(things) > 0 {
			out = append(out, Found{Key: key, Things: things})
		}
	}
	return out, nil
}
