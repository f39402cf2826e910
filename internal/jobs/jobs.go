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
	return InsertMany(ctx, tx, []river.JobArgs{args})
}

// InsertMany enqueues jobs at once; none is nothing to do.
func InsertMany(ctx context.Context, tx pgx.Tx, list []river.JobArgs) error {
	if len(list) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, len(list))
	for i, args := range list {
		params[i].Args = args
	}
	if _, err := inserter.InsertManyFastTx(ctx, tx, params); err != nil {
		return fmt.Errorf("enqueue %s: %w", list[0].Kind(), err)
	}
	return nil
}
