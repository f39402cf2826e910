package documents

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
)

// spool is a whole file while it is looked at. It has no name on the disk any more, so
// that a process that is killed leaves nothing behind.
type spool struct {
	*os.File
	size int64
	sum  hash.Hash
}

func (s *Service) newSpool() (*spool, error) {
	file, err := os.CreateTemp(s.options.Spool, "upload-*")
	if err != nil {
		return nil, fmt.Errorf("a folder for files that are looked at: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		_ = file.Close()
		return nil, err
	}
	return &spool{File: file, sum: sha256.New()}, nil
}

// Write implements io.Writer.
func (f *spool) Write(p []byte) (int, error) {
	n, err := f.File.Write(p)
	f.size += int64(n)
	f.sum.Write(p[:n])
	return n, err
}

// ReadFrom hides that of os.File, which would pass by the digest.
func (f *spool) ReadFrom(r io.Reader) (int64, error) {
	return io.Copy(struct{ io.Writer }{f}, r)
}

func (f *spool) digest() string { return hex.EncodeToString(f.sum.Sum(nil)) }

// verdict is what looking at a file found.
type verdict struct {
	problem    string // message key of why it is not taken
	mime, name string
	scanned    bool
	placed     bool // the place where it was taken was in it
	pictures   []made
}

// settle looks at a whole upload, stores it and makes it ready; or refuses it. remark is
// the message key of what its owner should know.
func (s *Service) settle(ctx context.Context, u Upload, file *spool) (remark string, err error) {
	leave, err := turn(ctx, s.looking)
	if err != nil {
		return "", err
	}
	defer leave()
	v, err := s.look(ctx, file, u.Name)
	if err != nil {
		return "", err
	}
	if v.problem != "" {
		if err := s.refuse(ctx, u.ID, v.problem); err != nil {
			return "", err
		}
		return "", apperr.New(apperr.Invalid, v.problem)
	}
	if v.placed {
		remark = "files.place_removed"
	}
	return remark, s.ready(ctx, u.ID, file, v)
}

func (s *Service) look(ctx context.Context, file *spool, name string) (v verdict, err error) {
	v.mime, v.name, v.problem, err = sniff(file, file.size, name)
	if err != nil || v.problem != "" {
		return v, err
	}
	if v.mime == "application/pdf" {
		if v.problem, err = paperProblem(file, file.size); err != nil || v.problem != "" {
			return v, err
		}
	}
	if v.placed, err = forgetPlace(file, v.mime); err != nil {
		return v, err
	}
	if s.options.Clamd != "" {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return v, err
		}
		if v.scanned, err = ask(ctx, s.options.Clamd, file); err != nil {
			return v, apperr.Wrap(err, apperr.Unavailable, "files.scan_unavailable")
		}
		if !v.scanned {
			v.problem = "files.infected"
			return v, nil
		}
	}
	if _, picture := decoders[v.mime]; picture {
		err = s.draw(ctx, file, &v)
	}
	return v, err
}

// draw makes the pictures of a picture, one at a time in this process: a decoded one is
// large.
func (s *Service) draw(ctx context.Context, file *spool, v *verdict) (err error) {
	if v.problem, err = measure(file, v.mime); err != nil || v.problem != "" {
		return err
	}
	leave, err := turn(ctx, s.drawing)
	if err != nil {
		return err
	}
	defer leave()
	v.pictures, v.problem, err = develop(file, v.mime)
	return err
}

// refuse forgets the bytes of an upload and keeps why.
func (s *Service) refuse(ctx context.Context, id, problem string) error {
	places, err := s.places(ctx, id)
	if err != nil {
		return err
	}
	if err := s.removeAll(ctx, places); err != nil {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		batch.Queue(`delete from upload_pieces where upload_id = $1`, id)
		batch.Queue(`update uploads set state = 'refused', problem = $2 where id = $1 and state = 'open'`, id, problem)
		return tx.SendBatch(ctx, batch).Close()
	})
}

// ready stores the bytes under their digest, then says so, then lets the pieces go.
func (s *Service) ready(ctx context.Context, id string, file *spool, v verdict) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := s.keep(ctx, file.digest(), file.File, file.size); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	for _, p := range v.pictures {
		sum := sha256.Sum256(p.Data)
		digest := hex.EncodeToString(sum[:])
		if err := s.keep(ctx, digest, bytes.NewReader(p.Data), int64(len(p.Data))); err != nil {
			return err
		}
		batch.Queue(`
			insert into blob_images (original, purpose, sha256, mime, width, height) values ($1, $2, $3, $4, $5, $6)
			on conflict (original, purpose) do nothing`, file.digest(), p.Purpose, digest, p.MIME, p.Width, p.Height)
	}
	batch.Queue(`
		update uploads set state = 'ready', sha256 = $2, mime = $3, name = $4, scanned = $5, received = size
		where id = $1 and state = 'open'`, id, file.digest(), v.mime, v.name, v.scanned)
	batch.Queue(`delete from upload_pieces where upload_id = $1`, id)
	places, err := s.places(ctx, id)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error { return tx.SendBatch(ctx, batch).Close() })
	if err != nil {
		return err
	}
	return s.removeAll(ctx, places)
}

// blobName is where a content lies in the store.
func blobName(digest string) string { return "content/" + digest[:2] + "/" + digest }

// keep stores bytes under their digest, once. Its row is touched first, so that the sweep
// leaves alone what is being stored.
func (s *Service) keep(ctx context.Context, digest string, r io.Reader, size int64) error {
	err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into blobs (sha256, size) values ($1, $2)
			on conflict (sha256) do update set touched_at = now()`, digest, size)
		return err
	})
	if err != nil {
		return err
	}
	if info, err := s.store.Stat(ctx, blobName(digest)); err == nil && info.Size == size {
		return nil
	}
	if err := s.store.Put(ctx, blobName(digest), r, size); err != nil {
		return apperr.Wrap(err, apperr.Unavailable, "error.unavailable")
	}
	return nil
}
