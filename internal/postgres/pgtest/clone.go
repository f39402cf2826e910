package pgtest

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
)

// clones counts the databases that this process has made.
var clones atomic.Int64

// Clone gives the test a database of its own with its pools, for what a rolled-back
// transaction cannot show: sessions, locks between connections, deferred constraints,
// jobs, clocks. The database is left behind and goes with the server.
func Clone(t testing.TB) *postgres.Pools {
	t.Helper()
	pools, err := postgres.Open(context.Background(), postgres.Options{URL: CloneURL(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pools.Close)
	return pools
}

// CloneURL is Clone for a test that starts a whole portal: the address of a migrated
// database of its own.
func CloneURL(t testing.TB) string {
	t.Helper()
	c, err := shared()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	address, err := c.clone(context.Background(), c.template)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return address
}

// FilledURL is CloneURL with data in it: fill runs once for each name on this server, and
// every call gets a copy of what it left behind.
func FilledURL(t testing.TB, name string, fill func(url string) error) string {
	t.Helper()
	c, err := shared()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	ctx := context.Background()
	template := c.template + "_" + name
	err = c.once(ctx, template, "create database "+template+"_new template "+c.template+" strategy file_copy", fill)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	address, err := c.clone(ctx, template)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return address
}

// clone copies the template. The copy carries this process's number in its name, so that
// a later process knows whom it belonged to.
func (c *cluster) clone(ctx context.Context, template string) (string, error) {
	conn, err := pgx.Connect(ctx, c.url)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	name := fmt.Sprintf("clone_%d_%d", os.Getpid(), clones.Add(1))
	if clones.Load() == 1 {
		if err := dropOrphans(ctx, conn); err != nil {
			return "", err
		}
	}
	_, err = conn.Exec(ctx, "create database "+name+" template "+template+" strategy file_copy")
	return c.database(name), err
}

// manyOrphans is when the databases of processes that are gone are worth dropping.
const manyOrphans = 40

func dropOrphans(ctx context.Context, conn *pgx.Conn) error {
	rows, _ := conn.Query(ctx, `select datname from pg_database where datname like 'clone\_%'`)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(names) < manyOrphans {
		return err
	}
	for _, name := range names {
		pid, _ := strconv.Atoi(strings.Split(name, "_")[1])
		if _, err := os.Stat(fmt.Sprintf("/proc/%d", pid)); err == nil {
			continue
		}
		if _, err := conn.Exec(ctx, "drop database if exists "+name+" with (force)"); err != nil {
			return err
		}
	}
	return nil
}
