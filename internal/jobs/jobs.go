// Package jobs enqueues work in the transaction that causes it.
package jobs

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// inserter only inserts: serving roles may not read the queue.
var inserter = newInserter()

func newInserter() *river.Client[pgx.Tx] {
	client, err := river.NewClient(riverpgxv5.New(nil), &river.Config{})
	if err != nil {
		panic(err) // the configuration is a constant
	}
	return client
}

// Insert enqueues a job; it runs after tx commits, or never.
func Insert(ctx context.Context, tx pgx.Tx, args river.JobArgs) error {
	_, err := inserter.InsertManyFastTx(ctx, tx, []river.InsertManyParams{{Args: args}})
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", args.Kind(), err)
	}
	return nil
}
