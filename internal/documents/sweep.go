package documents

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/blob"
	"github.com/birlik/portal/internal/identity"
)

// SweepArgs is the job that clears away, once an hour, uploads that expired and contents
// that nothing points at.
type SweepArgs struct{}

// Kind implements river.JobArgs.
func (SweepArgs) Kind() string { return "documents_sweep" }

// SweepWorker works SweepArgs.
type SweepWorker struct {
	river.WorkerDefaults[SweepArgs]
	Documents *Service
}

// Work implements river.Worker.
func (w *SweepWorker) Work(ctx context.Context, _ *river.Job[SweepArgs]) error {
	return w.Documents.Sweep(ctx)
}

// Timeout implements river.Worker: a store far away answers slowly.
func (w *SweepWorker) Timeout(*river.Job[SweepArgs]) time.Duration { return 30 * time.Minute }

// sweepBatch is how much is taken in one transaction.
const sweepBatch = 100

// Sweep removes what nobody needs: uploads that expired with their pieces, pieces of no
// upload, contents without a document or an upload for a day. It may be stopped anywhere
// and run again.
func (s *Service) Sweep(ctx context.Context) error {
	return errors.Join(
		s.repeat(ctx, s.sweepUploads),
		s.sweepPieces(ctx),
		s.repeat(ctx, s.sweepBlobs),
	)
}

// repeat runs a batch until one finds less than it could have taken.
func (s *Service) repeat(ctx context.Context, batch func(ctx context.Context, tx pgx.Tx) (int, error)) error {
	for {
		n := 0
		err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) (err error) {
			n, err = batch(ctx, tx)
			return err
		})
		if err != nil || n < sweepBatch {
			return err
		}
	}
}

// sweepUploads removes uploads and their pieces. Used ones stay for a month, so that an
// old page that sends one again is understood.
func (s *Service) sweepUploads(ctx context.Context, tx pgx.Tx) (int, error) {
	rows, _ := tx.Query(ctx, `
		select id from uploads
		where expires_at < now() - case when state = 'used' then interval '30 days' else interval '0' end
		order by expires_at limit $1 for update skip locked`, sweepBatch)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return 0, err
	}
	rows, _ = tx.Query(ctx, `select place from upload_pieces where upload_id = any($1)`, ids)
	places, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return 0, err
	}
	if err := s.removeAll(ctx, places); err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `delete from uploads where id = any($1)`, ids)
	return len(ids), err
}

// strayAfter is the age at which bytes that no row knows are nobody's: whoever stores
// writes the row within the same request.
const strayAfter = 24 * time.Hour

// sweepPieces removes pieces that were stored by a process which ended before it could
// write them down.
func (s *Service) sweepPieces(ctx context.Context) error {
	known := map[string]bool{}
	var last string
	var stray []string
	err := s.store.List(ctx, "pieces/", func(piece blob.Info) error {
		if time.Since(piece.At) < strayAfter {
			return nil
		}
		id := strings.Split(piece.Name, "/")[1]
		if id != last {
			last = id
			places, err := s.places(ctx, id)
			if err != nil {
				return err
			}
			known = map[string]bool{}
			for _, place := range places {
				known[place] = true
			}
		}
		if !known[piece.Name] {
			stray = append(stray, piece.Name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.removeAll(ctx, stray)
}

// sweepBlobs removes contents that nothing points at. The row is held while the bytes go:
// who stores the same content meanwhile waits, and then stores it again.
func (s *Service) sweepBlobs(ctx context.Context, tx pgx.Tx) (int, error) {
	rows, _ := tx.Query(ctx, `
		select sha256 from blobs b
		where touched_at < now() - interval '1 day'
			and not exists (select from document_versions v where v.sha256 = b.sha256)
			and not exists (select from uploads u where u.sha256 = b.sha256)
			and not exists (select from blob_images i where i.sha256 = b.sha256)
			and not exists (select from received_mails m where m.sha256 = b.sha256)
		order by touched_at limit $1 for update skip locked`, sweepBatch)
	digests, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `delete from blobs where sha256 = any($1)`, digests); err != nil {
		return 0, err
	}
	for _, digest := range digests {
		if err := s.store.Remove(ctx, blobName(digest)); err != nil {
			return 0, err
		}
	}
	return len(digests), nil
}
