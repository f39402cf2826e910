package documents

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Upload is a file on its way in.
type Upload struct {
	ID       string
	Name     string
	Size     int64 // as announced
	Received int64
	State    string // open, ready, refused, used
	Problem  string // message key of why it was refused
	Remark   string // message key of what its owner should know once it is ready; told once
}

// What one person may have lying here without having used it.
const (
	mostWaiting      = 200
	mostWaitingBytes = 2 << 30
)

// pieceSize is what is kept at once of an upload: the memory that one costs. On a slow line
// what arrived within pieceTime is kept, however little: no more is lost with a connection.
const (
	pieceSize = 1 << 20
	pieceTime = 2 * time.Second
)

var pieces = sync.Pool{New: func() any {
	b := make([]byte, pieceSize)
	return &b
}}

// Begin announces a file of the actor's; it expires in three days unless it is used.
// Errors: sign_in, forbidden, invalid (empty, too large, of a kind that is not taken), too
// many (the actor's unused files).
func (s *Service) Begin(ctx context.Context, actor identity.Actor, name string, size int64) (Upload, error) {
	if err := actor.May(identity.UploadFiles); err != nil {
		return Upload{}, err
	}
	u := Upload{ID: subject.NewPublicID(), Name: CleanName(name), Size: size, State: "open"}
	if err := s.welcome(u); err != nil {
		return u, err
	}
	return u, s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		var count, waiting int64
		err := tx.QueryRow(ctx, `
			select count(*), coalesce(sum(size), 0)::bigint from uploads
			where user_id is not distinct from nullif($1, 0) and state in ('open', 'ready') and expires_at > now()`, actor.UserID).Scan(&count, &waiting)
		if err != nil {
			return err
		}
		if actor.SignedIn() && (count >= mostWaiting || waiting+size > mostWaitingBytes) {
			return apperr.New(apperr.TooMany, "files.too_many")
		}
		_, err = tx.Exec(ctx, `
			insert into uploads (id, user_id, org_id, name, size, expires_at)
			values ($1, nullif($2, 0), coalesce(nullif($3, 0), union_id()), $4, $5, now() + interval '3 days')`,
			u.ID, actor.UserID, actor.OrgID, u.Name, size)
		return err
	})
}

// welcome refuses at the door what would be refused in the end.
func (s *Service) welcome(u Upload) error {
	switch {
	case u.Size <= 0:
		return apperr.New(apperr.Invalid, "files.empty")
	case u.Size > s.options.MaxBytes:
		return s.tooLarge()
	}
	if problem := hopeless(u.Name); problem != "" {
		return apperr.New(apperr.Invalid, problem)
	}
	return nil
}

func (s *Service) tooLarge() error {
	return apperr.New(apperr.Invalid, "files.too_large", "MB", s.options.MaxBytes>>20)
}

// Upload tells how far the actor's own upload has come. One whose last byte arrived while
// the portal was stopped is finished now. Errors: not found, invalid (it was refused).
func (s *Service) Upload(ctx context.Context, actor identity.Actor, id string) (Upload, error) {
	u, err := s.upload(ctx, actor, id)
	if err != nil || u.State != "open" || u.Received < u.Size {
		return u, err
	}
	return s.Finish(ctx, actor, id)
}

func (s *Service) upload(ctx context.Context, actor identity.Actor, id string) (Upload, error) {
	u := Upload{ID: id}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		return q.QueryRow(ctx, `
			select name, size, received, state, problem from uploads
			where id = $1 and user_id is not distinct from nullif($2, 0) and org_id = coalesce(nullif($3, 0), union_id())
				and expires_at > now()`, id, actor.UserID, actor.OrgID).Scan(&u.Name, &u.Size, &u.Received, &u.State, &u.Problem)
	})
	if err != nil {
		return u, postgres.Explain(err, "files.upload_gone")
	}
	if u.State == "refused" {
		return u, apperr.New(apperr.Invalid, u.Problem)
	}
	return u, nil
}

// Append stores what r gives as the part of an upload that begins at offset, and returns
// how much was stored: all that arrived, when the connection breaks.
// Errors: not found, conflict (the upload has come further, or less far).
func (s *Service) Append(ctx context.Context, actor identity.Actor, id string, offset int64, r io.Reader) (stored int64, err error) {
	u, err := s.upload(ctx, actor, id)
	if err != nil {
		return 0, err
	}
	if u.State != "open" || u.Received != offset {
		return 0, apperr.New(apperr.Conflict, "files.upload_elsewhere")
	}
	kept := pieces.Get().(*[]byte)
	defer pieces.Put(kept)
	buffer := *kept
	r = io.LimitReader(r, u.Size-offset)
	ctx = context.WithoutCancel(ctx) // a connection that breaks ends its context, and what arrived is kept
	for {
		n, readErr := fill(buffer, r)
		if n > 0 {
			if err := s.piece(ctx, id, offset+stored, buffer[:n]); err != nil {
				return stored, err
			}
			stored += int64(n)
		}
		if readErr == io.EOF {
			return stored, nil
		}
		if readErr != nil {
			return stored, readErr
		}
	}
}

// fill reads until the buffer is full, or something has come and pieceTime is over.
func fill(buffer []byte, r io.Reader) (n int, err error) {
	until := time.Now().Add(pieceTime)
	for n < len(buffer) && err == nil && (n == 0 || time.Now().Before(until)) {
		var got int
		got, err = r.Read(buffer[n:])
		n += got
	}
	return n, err
}

// piece keeps some bytes of an upload: first in the store, then in the list. Of two that
// store the same part one wins, and the other's bytes are removed again.
func (s *Service) piece(ctx context.Context, id string, start int64, data []byte) error {
	place := fmt.Sprintf("pieces/%s/%012d-%s", id, start, subject.NewPublicID())
	if err := s.store.Put(ctx, place, bytes.NewReader(data), int64(len(data))); err != nil {
		return apperr.Wrap(err, apperr.Unavailable, "error.unavailable")
	}
	err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		var received int64
		err := tx.QueryRow(ctx, `
			with u as (
				update uploads set received = received + $3
				where id = $1 and received = $2 and state = 'open' and expires_at > now() returning id, received
			), p as (
				insert into upload_pieces (upload_id, start, size, place) select id, $2, $3, $4 from u
			)
			select received from u`, id, start, len(data), place).Scan(&received)
		if errors.Is(err, pgx.ErrNoRows) {
			return apperr.New(apperr.Conflict, "files.upload_elsewhere")
		}
		return err
	})
	if err != nil {
		// What cannot be removed now, the sweep finds.
		_ = s.store.Remove(context.WithoutCancel(ctx), place)
	}
	return err
}

// Finish looks at a complete upload and makes it ready for Attach, or refuses it; then
// nothing of it stays. Errors: not found, invalid (why it was refused), unavailable.
func (s *Service) Finish(ctx context.Context, actor identity.Actor, id string) (Upload, error) {
	u, err := s.upload(ctx, actor, id)
	if err != nil || u.State != "open" {
		return u, err
	}
	if u.Received < u.Size {
		return u, apperr.New(apperr.Invalid, "files.upload_unfinished")
	}
	places, err := s.places(ctx, id)
	if err != nil {
		return u, err
	}
	spool, err := s.gather(ctx, places)
	if err != nil {
		return u, err
	}
	defer spool.Close()
	remark, err := s.settle(ctx, u, spool)
	if err != nil {
		return u, err
	}
	u, err = s.upload(ctx, actor, id)
	u.Remark = remark
	return u, err
}

// places are where the pieces of an upload lie, in their order.
func (s *Service) places(ctx context.Context, id string) (places []string, err error) {
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `select place from upload_pieces where upload_id = $1 order by start`, id)
		places, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return places, err
}

// gather puts the pieces of an upload together.
func (s *Service) gather(ctx context.Context, places []string) (*spool, error) {
	out, err := s.newSpool()
	if err != nil {
		return nil, err
	}
	for _, place := range places {
		if err := s.copyPiece(ctx, out, place); err != nil {
			_ = out.Close()
			return nil, apperr.Wrap(err, apperr.Unavailable, "error.unavailable")
		}
	}
	return out, nil
}

func (s *Service) copyPiece(ctx context.Context, out io.Writer, place string) error {
	piece, err := s.store.Open(ctx, place)
	if err != nil {
		return err
	}
	defer piece.Close()
	_, err = io.Copy(out, piece)
	return err
}

// Cancel gives an upload up that was not used; it is no error when it is gone already.
func (s *Service) Cancel(ctx context.Context, actor identity.Actor, id string) error {
	places, err := s.places(ctx, id)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			delete from uploads where id = $1 and user_id is not distinct from nullif($2, 0)
				and org_id = coalesce(nullif($3, 0), union_id()) and state <> 'used'`, id, actor.UserID, actor.OrgID)
		if err == nil && tag.RowsAffected() == 0 {
			places = nil // somebody else's, or used
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.removeAll(ctx, places)
}

func (s *Service) removeAll(ctx context.Context, places []string) error {
	for _, place := range places {
		if err := s.store.Remove(ctx, place); err != nil {
			return err
		}
	}
	return nil
}

// Receive takes a whole file at once, for forms without a script, and returns the upload
// for Attach. Errors: as Begin; invalid (not what its name says, infected), unavailable.
func (s *Service) Receive(ctx context.Context, actor identity.Actor, name string, r io.Reader) (upload string, err error) {
	if err := actor.May(identity.UploadFiles); err != nil {
		return "", err
	}
	if problem := hopeless(CleanName(name)); problem != "" {
		return "", apperr.New(apperr.Invalid, problem)
	}
	spool, err := s.newSpool()
	if err != nil {
		return "", err
	}
	defer spool.Close()
	if _, err := io.Copy(spool, io.LimitReader(r, s.options.MaxBytes+1)); err != nil {
		return "", err
	}
	u, err := s.Begin(ctx, actor, name, spool.size)
	if err != nil {
		return "", err
	}
	_, err = s.settle(ctx, u, spool)
	return u.ID, err
}
