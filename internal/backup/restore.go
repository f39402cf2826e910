package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/blob"
)

// ErrNotEmpty refuses to mix a backup with what is there already.
var ErrNotEmpty = errors.New("a backup is restored into an empty place only")

// Restore brings an archive back into an empty database and an empty store. The whole
// archive is checked first. The database comes back in one transaction, after the files,
// so that a restore that failed can be run again as it is.
// Errors: a damaged archive, ErrNotEmpty, missing privileges of the database's owner.
func Restore(ctx context.Context, site Site, path string) (Manifest, error) {
	m, err := Verify(path)
	if err != nil {
		return m, err
	}
	conn, err := pgx.Connect(ctx, site.Database)
	if err != nil {
		return m, fmt.Errorf("connect to the database: %w", err)
	}
	defer conn.Close(ctx)
	if err := errors.Join(emptyDatabase(ctx, conn), emptyStore(ctx, site.Store, m)); err != nil {
		return m, err
	}
	if err := makeRoles(ctx, conn, m.Roles); err != nil {
		return m, err
	}
	if err := putFiles(ctx, site.Store, path); err != nil {
		return m, err
	}
	if err := putDatabase(ctx, site, path); err != nil {
		return m, err
	}
	return m, compareRows(ctx, conn, m)
}

func emptyDatabase(ctx context.Context, conn *pgx.Conn) error {
	var tables int
	err := conn.QueryRow(ctx, `select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relkind in ('r', 'p', 'v', 'm', 'S') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\_%'
		and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')`).Scan(&tables)
	if err != nil {
		return err
	}
	if tables > 0 {
		return fmt.Errorf("%w: the database holds tables; name another in DATABASE_URL, or make an empty one", ErrNotEmpty)
	}
	return nil
}

// emptyStore accepts what a restore that was broken off left behind: files of this archive.
func emptyStore(ctx context.Context, store blob.Store, m Manifest) error {
	ours := map[string]int64{}
	for _, e := range m.Entries {
		if name, ok := strings.CutPrefix(e.Name, filesPrefix); ok {
			ours[name] = e.Size
		}
	}
	return store.List(ctx, "content/", func(stored blob.Info) error {
		if size, ok := ours[stored.Name]; !ok || size != stored.Size {
			return fmt.Errorf("%w: the store holds files; name another in PORTAL_STORAGE_URL, or empty it", ErrNotEmpty)
		}
		return nil
	})
}

// makeRoles makes the database roles that the dump grants to: they belong to the whole
// server, so that no dump of one database holds them.
func makeRoles(ctx context.Context, conn *pgx.Conn, roles map[string]string) error {
	for _, kind := range slices.Sorted(maps.Keys(roles)) {
		name := pgx.Identifier{roles[kind]}.Sanitize()
		var exists bool
		if err := conn.QueryRow(ctx, `select exists (select from pg_roles where rolname = $1)`, roles[kind]).Scan(&exists); err != nil {
			return err
		}
		if !exists {
			if _, err := conn.Exec(ctx, "create role "+name+" nologin"); err != nil {
				return fmt.Errorf("make the role %s (portal doctor says what an administrator must run): %w", roles[kind], err)
			}
		}
		if _, err := conn.Exec(ctx, "grant "+name+" to current_user"); err != nil {
			return fmt.Errorf("take the role %s: %w", roles[kind], err)
		}
	}
	return nil
}

func putFiles(ctx context.Context, store blob.Store, path string) error {
	return walk(path, func(name string, size int64, r io.Reader) error {
		name, ok := strings.CutPrefix(name, filesPrefix)
		if !ok {
			return nil
		}
		return store.Put(ctx, name, r, size)
	})
}

func putDatabase(ctx context.Context, site Site, path string) error {
	return walk(path, func(name string, _ int64, r io.Reader) error {
		if name != dumpName {
			return nil
		}
		return site.runTool(ctx, "pg_restore", r, "--no-owner", "--single-transaction", "--exit-on-error")
	})
}

// compareRows counts again, and gives the planner its statistics.
func compareRows(ctx context.Context, conn *pgx.Conn, m Manifest) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	have, err := countRows(ctx, tx)
	if err := errors.Join(err, tx.Rollback(ctx)); err != nil {
		return err
	}
	if !maps.Equal(have, m.Tables) {
		return fmt.Errorf("the restored tables do not hold the rows that the manifest counts; have %v, want %v", have, m.Tables)
	}
	_, err = conn.Exec(ctx, "analyze")
	return err
}
