package translations

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// DueArgs is the job that publishes what was scheduled, once a minute.
type DueArgs struct{}

// Kind implements river.JobArgs.
func (DueArgs) Kind() string { return "texts_due" }

// Show publishes a language of a record in the caller's transaction (PublishDue), and puts
// the record into lists, search and pages.
type Show = func(ctx context.Context, tx pgx.Tx, due Waiting) error

// DueWorker works DueArgs. Show is what each kind of record does when a language's hour has come.
type DueWorker struct {
	river.WorkerDefaults[DueArgs]
	DB   postgres.DB
	Now  func() time.Time
	Show map[subject.Kind]Show
}

// Work implements river.Worker. One record that fails holds up no other.
func (w *DueWorker) Work(ctx context.Context, _ *river.Job[DueArgs]) error {
	kinds := make([]subject.Kind, 0, len(w.Show))
	for kind := range w.Show {
		kinds = append(kinds, kind)
	}
	var waiting []Waiting
	err := w.DB.Read(ctx, identity.Worker(), func(q postgres.Querier) (err error) {
		waiting, err = Due(ctx, q, w.Now(), kinds...)
		return err
	})
	for _, due := range waiting {
		failed := w.DB.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error { return w.Show[due.Ref.Kind](ctx, tx, due) })
		if failed != nil {
			err = errors.Join(err, fmt.Errorf("publish %s in %s: %w", due.Ref, due.Lang, failed))
		}
	}
	return err
}
