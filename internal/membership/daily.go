package membership

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
)

// DailyArgs is the job that counts memberships anew on the day of a fact that was recorded
// before, and ends drafts that nobody sends.
type DailyArgs struct{}

// Kind implements river.JobArgs.
func (DailyArgs) Kind() string { return "membership_daily" }

// DailyWorker works DailyArgs; running it twice a day changes nothing.
type DailyWorker struct {
	river.WorkerDefaults[DailyArgs]
	Membership *Service
}

// Work implements river.Worker.
func (w *DailyWorker) Work(ctx context.Context, _ *river.Job[DailyArgs]) error {
	if _, err := w.Membership.Count(ctx); err != nil {
		return err
	}
	if _, err := w.Membership.WarnDrafts(ctx); err != nil {
		return err
	}
	_, err := w.Membership.DropDrafts(ctx)
	return err
}

// Count computes anew every membership whose next fact has come, and says how many.
func (s *Service) Count(ctx context.Context) (int, error) {
	n := 0
	err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select org_id from memberships where next_on <= $1 order by org_id`, s.Today().Format(time.DateOnly))
		due, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		for _, id := range due {
			if err := s.count(ctx, tx, id); err != nil {
				return err
			}
		}
		n = len(due)
		return nil
	})
	return n, err
}
