package mailin

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
)

// TidyArgs is the job that forgets, once an hour, letters that were dropped long ago.
type TidyArgs struct{}

// Kind implements river.JobArgs.
func (TidyArgs) Kind() string { return "mail_in_tidy" }

// TidyWorker works TidyArgs.
type TidyWorker struct {
	river.WorkerDefaults[TidyArgs]
	Mails *Service
}

// Work implements river.Worker.
func (w *TidyWorker) Work(ctx context.Context, _ *river.Job[TidyArgs]) error {
	return w.Mails.Tidy(ctx)
}

// keepDropped is how long a dropped letter can still be looked at and added.
const keepDropped = 30 * 24 * time.Hour

// Tidy forgets what dropped letters said; that they came stays known, so that they are not
// taken once more.
func (s *Service) Tidy(ctx context.Context) error {
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			update received_mails set sha256 = null, body = '', title = '', from_name = '', files = 0
			where state = 'dropped' and sha256 is not null and handled_at < $1`, s.now().Add(-keepDropped))
		return err
	})
}
