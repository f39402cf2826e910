// Package backup keeps the whole portal, database and files, in one archive with one
// manifest, and brings it back. It is proved by restoring: see its tests.
package backup

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/blob"
)

// Site is a portal's data: what is kept, or where it is brought back to.
type Site struct {
	Database string // address, of the owner
	Store    blob.Store
	Tools    string // folder with pg_dump and pg_restore; empty: looked for
}

// Write keeps the site in a new archive at path, which appears there when it is whole.
// The rows and the list of files are those of one moment, while the portal goes on
// working. Errors: a file exists at path; a client program is missing; files that rows
// name are not in the store (the archive is written nevertheless, and names them).
func Write(ctx context.Context, site Site, path string) (Manifest, error) {
	if _, err := os.Stat(path); err == nil {
		return Manifest{}, fmt.Errorf("%s exists already; choose another name", path)
	}
	part := path + ".part"
	file, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return Manifest{}, err
	}
	defer os.Remove(part)
	w := &writer{tar: tar.NewWriter(file), manifest: Manifest{Format: format, MadeAt: time.Now().UTC().Truncate(time.Second)}}
	if err := errors.Join(fill(ctx, w, site, part), file.Sync(), file.Close()); err != nil {
		return w.manifest, err
	}
	if err := os.Rename(part, path); err != nil {
		return w.manifest, err
	}
	if n := len(w.manifest.Missing); n > 0 {
		return w.manifest, fmt.Errorf("%s holds everything else, but %d files that the database names are not in the store: %v", path, n, w.manifest.Missing)
	}
	return w.manifest, nil
}

// fill takes the dump and the list of files from one snapshot.
func fill(ctx context.Context, w *writer, site Site, part string) error {
	conn, err := pgx.Connect(ctx, site.Database)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer conn.Close(ctx)
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, conn, options, func(tx pgx.Tx) error {
		if err := w.manifest.describe(ctx, tx); err != nil {
			return err
		}
		if err := addDump(ctx, w, site, tx, part+".dump"); err != nil {
			return err
		}
		return addFiles(ctx, w, site.Store, tx)
	})
	if err != nil {
		return err
	}
	return w.finish()
}

// describe notes the server, the roles and the rows of every table.
func (m *Manifest) describe(ctx context.Context, tx pgx.Tx) error {
	err := tx.QueryRow(ctx, `select current_setting('server_version'),
		(select coalesce(max(version_id), 0) from goose_db_version where is_applied),
		(select json_object_agg(kind, name) from database_roles)`).Scan(&m.ServerVersion, &m.Migration, &m.Roles)
	if err != nil {
		return fmt.Errorf("read the database (was it migrated?): %w", err)
	}
	m.Tables, err = countRows(ctx, tx)
	return err
}

// countRows counts every table of the portal's schema.
func countRows(ctx context.Context, tx pgx.Tx) (map[string]int64, error) {
	rows, _ := tx.Query(ctx, `select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace order by relname`)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	counts := map[string]int64{}
	for _, name := range names {
		var n int64
		if err := tx.QueryRow(ctx, `select count(*) from public.`+pgx.Identifier{name}.Sanitize()).Scan(&n); err != nil {
			return nil, fmt.Errorf("count %s: %w", name, err)
		}
		counts[name] = n
	}
	return counts, nil
}

// addDump runs pg_dump on the snapshot of tx. Its size must be known before it is stored,
// so that it takes a temporary file beside the archive.
func addDump(ctx context.Context, w *writer, site Site, tx pgx.Tx, temporary string) error {
	var snapshot string
	if err := tx.QueryRow(ctx, `select pg_export_snapshot()`).Scan(&snapshot); err != nil {
		return err
	}
	defer os.Remove(temporary)
	err := site.runTool(ctx, "pg_dump", nil, "--format=custom", "--no-owner",
		"--snapshot="+snapshot, "--file="+temporary)
	if err != nil {
		return err
	}
	return addLocal(w, dumpName, temporary)
}

func addLocal(w *writer, name, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	return w.add(name, file, info.Size())
}

// addFiles stores every file that the snapshot's rows name.
func addFiles(ctx context.Context, w *writer, store blob.Store, tx pgx.Tx) error {
	rows, _ := tx.Query(ctx, `
		select 'content/' || left(sha256, 2) || '/' || sha256, true from blobs
		union all select place, false from upload_pieces order by 1`)
	var name string
	var settled bool // a piece of an upload may become a content, and go, while we copy
	var missing []string
	files := map[string]bool{}
	_, err := pgx.ForEachRow(rows, []any{&name, &settled}, func() error {
		files[name] = settled
		return nil
	})
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		err := addFile(ctx, w, store, name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err != nil && files[name] {
			missing = append(missing, name)
		}
	}
	w.manifest.Missing = missing
	return nil
}

func addFile(ctx context.Context, w *writer, store blob.Store, name string) error {
	info, err := store.Stat(ctx, name)
	if err != nil {
		return err
	}
	file, err := store.Open(ctx, name)
	if err != nil {
		return err
	}
	defer file.Close()
	return w.add(filesPrefix+name, io.LimitReader(file, info.Size), info.Size)
}

// Name is the file that a backup into a folder gets: one for each second.
func Name(folder string, at time.Time) string {
	return filepath.Join(folder, "birlik-"+at.UTC().Format("20060102T150405Z")+".tar")
}
