package privacy

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/personal"
	"github.com/birlik/portal/internal/postgres"
)

// ExportArgs is the job that makes one archive.
type ExportArgs struct {
	ExportID int64 `json:"export_id"`
}

// Kind implements river.JobArgs.
func (ExportArgs) Kind() string { return "privacy_export" }

// InsertOpts implements river.JobArgsWithInsertOpts: a person waits, so it gives up soon.
func (ExportArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 3} }

// ExportWorker works ExportArgs.
type ExportWorker struct {
	river.WorkerDefaults[ExportArgs]
	Privacy *Service
}

// Timeout implements river.Worker.
func (w *ExportWorker) Timeout(*river.Job[ExportArgs]) time.Duration { return 15 * time.Minute }

// Work implements river.Worker.
func (w *ExportWorker) Work(ctx context.Context, job *river.Job[ExportArgs]) error {
	err := w.Privacy.MakeExport(ctx, job.Args.ExportID)
	if err != nil && job.Attempt >= job.MaxAttempts {
		w.Privacy.failExport(context.WithoutCancel(ctx), job.Args.ExportID)
	}
	return err
}

// MakeExport writes the archive and tells its person. One that is no longer being made is
// left alone.
func (s *Service) MakeExport(ctx context.Context, id int64) error {
	e, p, err := s.exportOf(ctx, id)
	if err != nil || e.State != Making {
		return err
	}
	file, err := os.CreateTemp(s.options.Spool, "export-*.zip")
	if err != nil {
		return err
	}
	defer func() {
		_ = file.Close()
		_ = os.Remove(file.Name())
	}()
	if err := s.writeArchive(ctx, file, e, p); err != nil {
		return err
	}
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := s.options.Store.Put(ctx, e.place(), file, size); err != nil {
		return err
	}
	return s.finishExport(ctx, e, size)
}

func (s *Service) exportOf(ctx context.Context, id int64) (e Export, p personal.Person, err error) {
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, exports+` where id = $1`, id)
		if e, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Export]); err != nil {
			return err
		}
		p, err = repository{q}.person(ctx, e.UserID)
		p.Now = s.now()
		return err
	})
	return e, p, err
}

func (r repository) person(ctx context.Context, userID int64) (p personal.Person, err error) {
	p.ID = userID
	err = r.db.QueryRow(ctx, `select name, email from users where id = $1`, userID).Scan(&p.Name, &p.Email)
	return p, err
}

// archive is the ZIP while it is written, and how far it is.
type archive struct {
	*zip.Writer
	s     *Service
	e     Export
	total int
	done  int
	used  map[string]bool
}

// writeArchive writes one JSON file a list and every file that the person brought.
func (s *Service) writeArchive(ctx context.Context, w io.Writer, e Export, p personal.Person) error {
	a := &archive{Writer: zip.NewWriter(w), s: s, e: e, used: map[string]bool{}}
	var files []personal.File
	err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		for _, part := range s.options.Parts {
			found, err := part.FilesOf(ctx, tx, p)
			if err != nil {
				return fmt.Errorf("files of %s: %w", part.Area, err)
			}
			files = append(files, found...)
			a.total += len(part.Lists)
		}
		a.total += len(files)
		for _, part := range s.options.Parts {
			for _, list := range part.Lists {
				if err := a.list(ctx, tx, part.Area, list, p); err != nil {
					return fmt.Errorf("%s of %s: %w", list.Name, part.Area, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := a.file(ctx, f); err != nil {
			return err
		}
	}
	return a.Close()
}

// list writes one list as an array, record by record.
func (a *archive) list(ctx context.Context, q postgres.Querier, area string, list personal.List, p personal.Person) error {
	out, err := a.Create(area + "/" + list.Name + ".json")
	if err != nil {
		return err
	}
	separator := "[\n"
	err = list.Each(ctx, q, p, func(record map[string]any) error {
		text, err := json.MarshalIndent(record, "  ", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%s  %s", separator, text)
		separator = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	end := "\n]\n"
	if separator == "[\n" {
		end = "[]\n"
	}
	if _, err := io.WriteString(out, end); err != nil {
		return err
	}
	return a.step(ctx)
}

// file copies one file; bytes that are gone from the store are left out.
func (a *archive) file(ctx context.Context, f personal.File) error {
	in, err := a.s.options.Content(ctx, f.SHA256)
	if errors.Is(err, fs.ErrNotExist) {
		return a.step(ctx)
	}
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := a.CreateHeader(&zip.FileHeader{Name: a.name(f), Method: zip.Store, Modified: a.s.now()})
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return a.step(ctx)
}

// name is the file's own name, with the beginning of its digest where two share one. Names
// were cleaned when the files came; Base makes sure that none climbs out of the folder.
func (a *archive) name(f personal.File) string {
	name := "files/" + path.Base(f.Name)
	if a.used[name] {
		name = "files/" + f.SHA256[:12] + "-" + path.Base(f.Name)
	}
	a.used[name] = true
	return name
}

// step counts, outside the transaction that reads, so that the page sees it.
func (a *archive) step(ctx context.Context) error {
	a.done++
	if a.done%5 != 0 && a.done != a.total {
		return nil
	}
	return a.s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update data_exports set total = $2, done = $3 where id = $1`, a.e.ID, a.total, a.done)
		return err
	})
}

// finishExport makes the archive fetchable. Of a person who was forgotten meanwhile nothing stays.
func (s *Service) finishExport(ctx context.Context, e Export, size int64) error {
	ready := false
	err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		now := s.now()
		tag, err := tx.Exec(ctx, `
			update data_exports set state = 'ready', done = total, size = $2, ready_at = $3, expires_at = $4 where id = $1 and state = 'making'`,
			e.ID, size, now, now.Add(ExportFor))
		if ready = err == nil && tag.RowsAffected() > 0; !ready {
			return err
		}
		return s.letterTo(ctx, tx, e.UserID, "export_ready", "/account/data/exports/"+e.PublicID)
	})
	if err == nil && !ready {
		return s.options.Store.Remove(ctx, e.place())
	}
	return err
}

func (s *Service) failExport(ctx context.Context, id int64) {
	_ = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error { // the job's own error is logged by the queue
		_, err := tx.Exec(ctx, `update data_exports set state = 'failed' where id = $1 and state = 'making'`, id)
		return err
	})
}
