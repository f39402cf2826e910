package requests

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
)

// FoldArgs is the job that folds the news of the figures' counters into them.
type FoldArgs struct{}

// Kind implements river.JobArgs.
func (FoldArgs) Kind() string { return "requests_fold" }

// FoldWorker works FoldArgs; the figures say the same before and after it.
type FoldWorker struct {
	river.WorkerDefaults[FoldArgs]
	Requests *Service
}

// Work implements river.Worker.
func (w *FoldWorker) Work(ctx context.Context, _ *river.Job[FoldArgs]) error {
	return w.Requests.Fold(ctx)
}

// Fold folds the news of the counters into them.
func (s *Service) Fold(ctx context.Context) error {
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `select fold_tallies()`)
		return err
	})
}

// KeepZone stores the union's time zone, in whose days the counters count, and counts anew
// where it was another one.
func KeepZone(ctx context.Context, tx pgx.Tx, zone *time.Location) error {
	tag, err := tx.Exec(ctx, `update organisations set zone = $1 where kind = 'union' and zone <> $1`, zone.String())
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	_, err = tx.Exec(ctx, `select tally_all()`)
	return err
}
