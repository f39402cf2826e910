package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib" // goose speaks database/sql
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/birlik/portal/migrations"
)

// migrationLock is the key of the advisory lock under which one process migrates.
const migrationLock = 7_254_186_003

// Migrate brings the schema up to this binary's: the numbered files first, then the job
// queue's own tables. Several instances may call it at once; one works, the others wait
// until ctx ends. It is safe to repeat.
func Migrate(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) // releases the lock
	if err := waitForLock(ctx, conn); err != nil {
		return fmt.Errorf("wait for another instance that migrates: %w", err)
	}
	if err := migrateFiles(ctx, url); err != nil {
		return fmt.Errorf("migrate the schema: %w", err)
	}
	if err := migrateJobs(ctx, url); err != nil {
		return fmt.Errorf("migrate the job queue: %w", err)
	}
	return nil
}

// Migrated reports whether the schema is the one that this binary knows, or newer: during
// an upgrade an older binary keeps working on the newer schema.
func Migrated(ctx context.Context, q Querier) (bool, error) {
	newest, err := newestFile()
	if err != nil {
		return false, err
	}
	var have int64
	err = q.QueryRow(ctx, `select coalesce(max(version_id), 0) from goose_db_version where is_applied`).Scan(&have)
	return have >= newest, err
}

func newestFile() (int64, error) {
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil || len(names) == 0 {
		return 0, fmt.Errorf("no migrations in the binary: %w", err)
	}
	return goose.NumericComponent(names[len(names)-1])
}

// waitForLock polls: a session that waits inside pg_advisory_lock holds a snapshot, and
// an index that is built concurrently would wait for it in turn.
func waitForLock(ctx context.Context, conn *pgx.Conn) error {
	for {
		var got bool
		err := conn.QueryRow(ctx, `select pg_try_advisory_lock($1)`, migrationLock).Scan(&got)
		if err != nil || got {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func migrateFiles(ctx context.Context, url string) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations.Files, goose.WithAllowOutofOrder(true))
	if err != nil {
		return err
	}
	results, err := provider.Up(ctx)
	for _, result := range results {
		slog.InfoContext(ctx, "migrated", "file", result.Source.Path, "took", result.Duration)
	}
	return err
}

// migrateJobs runs River's migrations and lets the serving roles insert jobs, nothing else.
func migrateJobs(ctx context.Context, url string) error {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	_, err = pool.Exec(ctx, grantJobs)
	return err
}

const grantJobs = `do $$
declare name_ text;
begin
    for name_ in select name from database_roles where kind <> 'visitor' loop
        execute format('grant insert on river_job to %I', name_);
        execute format('grant usage on sequence river_job_id_seq to %I', name_);
    end loop;
end $$`
