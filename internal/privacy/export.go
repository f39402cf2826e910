package privacy

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/jobs"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// ExportFor is how long an archive can be fetched.
const ExportFor = 7 * 24 * time.Hour

// ExportState is how far an archive is.
type ExportState string

// The states of an archive.
const (
	Making  ExportState = "making"
	Ready   ExportState = "ready"
	Failed  ExportState = "failed"
	Expired ExportState = "expired"
)

// ExportStates lists them.
func ExportStates() []ExportState { return []ExportState{Making, Ready, Failed, Expired} }

// Export is one archive of a person's data.
type Export struct {
	ID          int64
	PublicID    string
	UserID      int64
	State       ExportState
	Total, Done int // lists and files
	Size        int64
	AskedAt     time.Time
	ReadyAt     *time.Time
	ExpiresAt   *time.Time
}

const exports = `select id, public_id, user_id, state, total, done, size, asked_at, ready_at, expires_at from data_exports`

func (e Export) place() string { return "exports/" + e.PublicID + ".zip" }

// AskExport begins an archive of the actor's data; while one is being made it is that one.
// An earlier archive ends: there is one file at a time.
// Errors: sign_in, prove.
func (s *Service) AskExport(ctx context.Context, actor identity.Actor) (publicID string, err error) {
	if err := s.proved(actor); err != nil {
		return "", err
	}
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from users where id = $1 for update`, actor.UserID); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `select public_id from data_exports where user_id = $1 and state = 'making'`, actor.UserID).Scan(&publicID)
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		return s.beginExport(ctx, tx, actor, &publicID)
	})
	return publicID, err
}

func (s *Service) beginExport(ctx context.Context, tx pgx.Tx, actor identity.Actor, publicID *string) error {
	_, err := tx.Exec(ctx, `update data_exports set expires_at = $2 where user_id = $1 and state = 'ready' and expires_at > $2`, actor.UserID, s.now())
	if err != nil {
		return err
	}
	*publicID = subject.NewPublicID()
	var id int64
	err = tx.QueryRow(ctx, `insert into data_exports (public_id, user_id, asked_at) values ($1, $2, $3) returning id`,
		*publicID, actor.UserID, s.now()).Scan(&id)
	if err != nil {
		return err
	}
	if err := s.record(ctx, tx, actor, personRef(actor.UserID), "export_asked", nil); err != nil {
		return err
	}
	return jobs.Insert(ctx, tx, ExportArgs{ExportID: id})
}

// Export is one of the actor's own archives. Errors: sign_in, not found.
func (s *Service) Export(ctx context.Context, actor identity.Actor, publicID string) (e Export, err error) {
	if err := own(actor); err != nil {
		return e, err
	}
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, exports+` where public_id = $1 and user_id = $2`, publicID, actor.UserID)
		e, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Export])
		return err
	})
	return e, postgres.Explain(err, "error.not_found")
}

// LastExport is the actor's newest archive, and false where there is none. Errors: sign_in.
func (s *Service) LastExport(ctx context.Context, actor identity.Actor) (e Export, ok bool, err error) {
	if err := own(actor); err != nil {
		return e, false, err
	}
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, exports+` where user_id = $1 order by id desc limit 1`, actor.UserID)
		e, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Export])
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return e, false, nil
	}
	return e, err == nil, err
}

// Fetchable reports whether the archive can be fetched at now.
func (e Export) Fetchable(now time.Time) bool {
	return e.State == Ready && e.ExpiresAt != nil && now.Before(*e.ExpiresAt)
}

// Fetch opens one of the actor's own archives, after a fresh proof of who fetches.
// Errors: sign_in, prove, not found (not theirs, not ready, run out).
func (s *Service) Fetch(ctx context.Context, actor identity.Actor, publicID string) (Export, io.ReadSeekCloser, error) {
	e, err := s.Export(ctx, actor, publicID)
	if err != nil {
		return e, nil, err
	}
	if !e.Fetchable(s.now()) {
		return e, nil, apperr.New(apperr.NotFound, "privacy.export_gone")
	}
	if err := s.proved(actor); err != nil {
		return e, nil, err
	}
	file, err := s.options.Store.Open(ctx, e.place())
	if errors.Is(err, fs.ErrNotExist) {
		return e, nil, apperr.New(apperr.NotFound, "privacy.export_gone")
	}
	if err != nil {
		return e, nil, apperr.Wrap(err, apperr.Unavailable, "error.unavailable")
	}
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `update data_exports set fetched_at = $2 where id = $1`, e.ID, s.now()); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, personRef(actor.UserID), "export_fetched", nil)
	})
	if err != nil {
		_ = file.Close()
		return e, nil, err
	}
	return e, file, nil
}
