package imports

import (
	"cmp"
	"context"
	"errors"
	"math"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
)

// errFaulty ends a transaction in which rows turned out faulty: nothing of it is kept.
var errFaulty = errors.New("imports: rows have faults")

// pass goes over all rows once: it compares them, stores them where store says so, and keeps
// what each came to. With store, the first fault stops the storing and, at the end, the
// error is errFaulty.
func (s *Service) pass(ctx context.Context, tx pgx.Tx, by identity.Actor, kind Kind, i Import, store bool) (Counts, error) {
	var counts Counts
	if by.Side == identity.System { // the planner must know how many rows came, or it goes through all of them for each
		if _, err := tx.Exec(ctx, `analyze import_rows`); err != nil {
			return counts, err
		}
	}
	session, err := kind.Open(ctx, Work{Tx: tx, By: by, Now: s.now()})
	if err != nil {
		return counts, err
	}
	r := repository{tx}
	for after, done := 0, 0; ; {
		rows, err := r.chunk(ctx, i, after, cmp.Or(kind.Rows, chunkRows))
		if err != nil || len(rows) == 0 {
			return counts, err
		}
		results, err := session.Check(ctx, rows)
		if err != nil {
			return counts, err
		}
		counts.count(results)
		if store && counts.Faulty > 0 {
			return counts, errFaulty
		}
		if store {
			if err := session.Store(ctx, pending(results)); err != nil {
				return counts, err
			}
		}
		if err := r.saveResults(ctx, i.ID, results); err != nil {
			return counts, err
		}
		after, done = rows[len(rows)-1].Number, done+len(rows)
		s.tell(ctx, i.ID, done, by)
	}
}

// pending are the results that change something.
func pending(results []*Result) []*Result {
	var out []*Result
	for _, r := range results {
		if r.State == Fresh || r.State == Changed {
			out = append(out, r)
		}
	}
	return out
}

type quietKey struct{}

// tell lets readers see how far a job has come, beside the job's own transaction. A count
// that is not told does no harm.
func (s *Service) tell(ctx context.Context, id int64, done int, _ identity.Actor) {
	if ctx.Value(quietKey{}) == nil {
		return
	}
	_ = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error { // see above
		_, err := tx.Exec(ctx, `update imports set done = $2 where id = $1`, id, done)
		return err
	})
}

// check compares the rows of an import and keeps what they came to.
func (s *Service) check(ctx context.Context, kind Kind, i Import, by identity.Actor, failure string) error {
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		counts, err := s.pass(ctx, tx, by, kind, i, false)
		if err != nil {
			return err
		}
		if err := (repository{tx}).count(ctx, i.ID, counts); err != nil {
			return err
		}
		return repository{tx}.move(ctx, i.ID, Ready, failure, s.now(), Checking, Storing)
	})
}

// store stores all rows of an import, or none. Where the register has changed since the
// preview so that rows have faults now, the preview is made anew and says so.
func (s *Service) store(ctx context.Context, kind Kind, i Import, by identity.Actor) error {
	err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		// Two tables of one kind are stored one after the other: what is new is decided once.
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('import ' || $1))`, kind.Code); err != nil {
			return err
		}
		counts, err := s.pass(ctx, tx, by, kind, i, true)
		if err != nil {
			return err
		}
		if err := (repository{tx}).count(ctx, i.ID, counts); err != nil {
			return err
		}
		if err := (repository{tx}).move(ctx, i.ID, Stored, "", s.now(), Storing); err != nil {
			return err
		}
		return record(ctx, tx, by, "import.stored", i, counts)
	})
	if errors.Is(err, errFaulty) {
		return s.check(ctx, kind, i, by, "imports.changed_meanwhile")
	}
	return err
}

// StoreNow stores an import while the caller waits, for the command line.
// Errors: conflict (it is not ready, or the register has changed so that rows have faults).
func (s *Service) StoreNow(ctx context.Context, i Import) error {
	if !i.MayStore() {
		return apperr.New(apperr.Conflict, "imports.not_ready")
	}
	err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		return repository{tx}.move(ctx, i.ID, Storing, "", s.now(), Ready)
	})
	if err != nil {
		return err
	}
	if err := s.Run(ctx, Args{ImportID: i.ID, Act: Storing}); err != nil {
		s.giveUp(context.WithoutCancel(ctx), Args{ImportID: i.ID, Act: Storing})
		return err
	}
	now, _, err := s.load(ctx, Args{ImportID: i.ID})
	if err == nil && now.Stage != Stored {
		return apperr.New(apperr.Conflict, "imports.changed_meanwhile")
	}
	return err
}

// undo takes an import back, or says with each row that was changed since why it cannot.
func (s *Service) undo(ctx context.Context, kind Kind, i Import, by identity.Actor) error {
	var refusals []Refusal
	err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) (err error) {
		if refusals, err = s.undoRows(ctx, tx, kind, i, by); err != nil {
			return err
		}
		if len(refusals) > 0 {
			return errFaulty
		}
		if err := (repository{tx}).move(ctx, i.ID, Undone, "", s.now(), Undoing); err != nil {
			return err
		}
		return record(ctx, tx, by, "import.undone", i, i.Counts)
	})
	if !errors.Is(err, errFaulty) {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if err := (repository{tx}).refuse(ctx, i.ID, refusals); err != nil {
			return err
		}
		return repository{tx}.move(ctx, i.ID, Stored, "imports.undo_refused", s.now(), Undoing)
	})
}

func (s *Service) undoRows(ctx context.Context, tx pgx.Tx, kind Kind, i Import, by identity.Actor) ([]Refusal, error) {
	session, err := kind.Open(ctx, Work{Tx: tx, By: by, Now: s.now()})
	if err != nil {
		return nil, err
	}
	var refusals []Refusal
	for before, done := math.MaxInt32, 0; ; {
		rows, err := repository{tx}.done(ctx, i.ID, before)
		if err != nil || len(rows) == 0 {
			return refusals, err
		}
		refused, err := session.Undo(ctx, rows)
		if err != nil {
			return nil, err
		}
		refusals = append(refusals, refused...)
		before, done = rows[len(rows)-1].Row, done+len(rows)
		s.tell(ctx, i.ID, done, by)
	}
}
