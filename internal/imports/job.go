package imports

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Args is the job that checks, stores or takes back one import.
type Args struct {
	ImportID int64 `json:"import_id"`
	Act      Stage `json:"act"`               // Checking, Storing or Undoing
	UserID   int64 `json:"user_id,omitempty"` // who asked, where it is not who brought the table
}

// Kind implements river.JobArgs.
func (Args) Kind() string { return "imports_run" }

// InsertOpts implements river.JobArgsWithInsertOpts: a person waits, so it gives up soon.
func (Args) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: attempts} }

const attempts = 3

// Worker works Args.
type Worker struct {
	river.WorkerDefaults[Args]
	Imports *Service
}

// Timeout implements river.Worker.
func (w *Worker) Timeout(*river.Job[Args]) time.Duration { return 15 * time.Minute }

// Work implements river.Worker.
func (w *Worker) Work(ctx context.Context, job *river.Job[Args]) error {
	err := w.Imports.Run(ctx, job.Args)
	if err != nil && job.Attempt >= job.MaxAttempts {
		w.Imports.giveUp(context.WithoutCancel(ctx), job.Args)
	}
	return err
}

// Run does a job's work; an import that has moved on meanwhile is left alone.
func (s *Service) Run(ctx context.Context, a Args) error {
	i, by, err := s.load(ctx, a)
	if err != nil || i.Stage != a.Act {
		return err
	}
	kind, err := s.Kind(identity.Worker(), i.Kind)
	if err != nil {
		return err
	}
	ctx = context.WithValue(ctx, quietKey{}, true)
	switch a.Act {
	case Checking:
		return s.check(ctx, kind, i, by, "")
	case Storing:
		return s.store(ctx, kind, i, by)
	case Undoing:
		return s.undo(ctx, kind, i, by)
	}
	return nil
}

// load reads the import and who the job acts for.
func (s *Service) load(ctx context.Context, a Args) (i Import, by identity.Actor, err error) {
	by = identity.Worker()
	err = s.db.Read(ctx, by, func(q postgres.Querier) error {
		if i, err = (repository{q}).one(ctx, ` where i.id = $1`, a.ImportID); err != nil {
			return err
		}
		if by.UserID = i.ActorID; a.UserID != 0 {
			by.UserID = a.UserID
		}
		return nil
	})
	return i, by, err
}

// giveUp brings an import back to where a person can act, when its job failed for good.
func (s *Service) giveUp(ctx context.Context, a Args) {
	back := map[Stage]Stage{Checking: Unmatched, Storing: Ready, Undoing: Stored}[a.Act]
	_ = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error { // the job's own error is logged by the queue
		return repository{tx}.move(ctx, a.ImportID, back, "imports.failed", s.now(), a.Act)
	})
}

// TidyArgs is the job that throws away, once a day, rows that nothing needs any more.
type TidyArgs struct{}

// Kind implements river.JobArgs.
func (TidyArgs) Kind() string { return "imports_tidy" }

// TidyWorker works TidyArgs.
type TidyWorker struct {
	river.WorkerDefaults[TidyArgs]
	Imports *Service
}

// Work implements river.Worker.
func (w *TidyWorker) Work(ctx context.Context, _ *river.Job[TidyArgs]) error {
	return w.Imports.Tidy(ctx)
}

// Tidy deletes the rows of imports that can no longer be taken back, and whole imports that
// nobody stored within 30 days.
func (s *Service) Tidy(ctx context.Context) error {
	before := s.now().Add(-UndoWithin)
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		batch.Queue(`delete from import_rows r using imports i where i.id = r.import_id and coalesce(i.undone_at, i.stored_at) < $1`, before)
		batch.Queue(`delete from imports where state in ('unmatched', 'ready') and created_at < $1`, before)
		return tx.SendBatch(ctx, batch).Close()
	})
}
