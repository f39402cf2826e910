package accounts

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
)

// TidyArgs is the job that deletes what has ended by itself, once an hour.
type TidyArgs struct{}

// Kind implements river.JobArgs.
func (TidyArgs) Kind() string { return "accounts_tidy" }

// TidyWorker works TidyArgs.
type TidyWorker struct {
	river.WorkerDefaults[TidyArgs]
	Accounts *Service
}

// Work implements river.Worker.
func (w *TidyWorker) Work(ctx context.Context, _ *river.Job[TidyArgs]) error {
	return w.Accounts.Tidy(ctx)
}

// Tidy deletes sessions that have ended, links a month old, throttles that are empty,
// posts that nobody came back for, keys of posts a week old, sign-ins that were broken off,
// and the history of sign-ins after half a year. Nothing depends on it.
func (s *Service) Tidy(ctx context.Context) error {
	now := s.now()
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		batch.Queue(`delete from sessions where expires_at < $1 or seen_at < $2`, now, now.Add(-IdleTimeout))
		batch.Queue(`delete from access_links where expires_at < $1`, now.AddDate(0, -1, 0))
		batch.Queue(`delete from throttles where tat < $1`, now)
		batch.Queue(`delete from kept_posts where expires_at < $1`, now)
		batch.Queue(`delete from post_keys where started_at < $1`, now.AddDate(0, 0, -7))
		batch.Queue(`delete from ceremonies where expires_at < $1`, now)
		batch.Queue(`delete from sign_ins where at < $1`, now.Add(-historyKept))
		return tx.SendBatch(ctx, batch).Close()
	})
}
