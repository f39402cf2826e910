// Package pgtest gives tests a real PostgreSQL with the migrated schema: a transaction
// that is rolled back (DB), or a database of the test's own (Clone). Test processes that
// run side by side share one server, which stops by itself when they are gone; where
// PORTAL_TEST_DATABASE_URL names a server, that one is used.
package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/embedded"
	"github.com/birlik/portal/migrations"
)

// cluster is the server that this test process uses.
type cluster struct {
	url      string // of its database "postgres"
	template string // name of the migrated database that clones are made from
	users    *os.File
}

// shared starts or finds the server once a process.
var shared = sync.OnceValues(func() (*cluster, error) {
	c := &cluster{url: os.Getenv("PORTAL_TEST_DATABASE_URL")}
	if c.url == "" {
		if err := c.join(); err != nil {
			return nil, err
		}
	}
	return c, c.makeTemplate(context.Background())
})

// join takes its place among the processes that use the server of this machine's user,
// and starts it when it is the first. The place, a shared lock, ends with the process.
func (c *cluster) join() error {
	dir := filepath.Join(scratch(), fmt.Sprintf("birlik-test-%d", os.Getuid()))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	start, err := locked(filepath.Join(dir, "start"), syscall.LOCK_EX)
	if err != nil {
		return err
	}
	defer start.Close()
	if c.users, err = locked(filepath.Join(dir, "users"), syscall.LOCK_SH); err != nil {
		return err
	}
	known, err := os.ReadFile(filepath.Join(dir, "url"))
	if err == nil && answers(string(known)) {
		c.url = string(known)
		return nil
	}
	return c.launch(dir)
}

// scratch is a folder in memory where there is room for it, else the temporary folder.
func scratch() string {
	var room syscall.Statfs_t
	const enough = 3 << 30
	if err := syscall.Statfs("/dev/shm", &room); err == nil && int64(room.Bavail)*int64(room.Bsize) > enough {
		return "/dev/shm"
	}
	return os.TempDir()
}

// locked opens a file and waits for a lock on it; closing the file gives the lock back.
func locked(path string, how int) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), how); err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return file, nil
}

func answers(address string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return false
	}
	return conn.Close(ctx) == nil
}

// launch starts a fresh server, and a watchman who stops it and clears the folder when
// nobody has used it for a while.
func (c *cluster) launch(dir string) error {
	home := filepath.Join(dir, "server")
	if err := os.RemoveAll(home); err != nil {
		return err
	}
	server, err := embedded.Start(context.Background(), embedded.Options{Dir: home, Database: "postgres", Volatile: true, Detached: true})
	if err != nil {
		return err
	}
	c.url = server.URL()
	if err := os.WriteFile(filepath.Join(dir, "url"), []byte(c.url), 0o600); err != nil {
		return err
	}
	watchman := exec.Command("/bin/sh", "-c", watch, "sh", dir, fmt.Sprint(server.PID()), server.Home)
	watchman.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return watchman.Start()
}

// watch asks every half a minute whether any process still holds its place.
const watch = `
while sleep 30; do
	flock --exclusive --nonblock "$1/users" sh -c 'rm -f "$1/url"; kill -QUIT "$2"; sleep 1; rm -rf "$3"' sh "$@" && exit
	kill -0 "$2" || exit
done >/dev/null 2>&1
`

// makeTemplate migrates the template once for each state of the migrations.
func (c *cluster) makeTemplate(ctx context.Context) error {
	sum, err := fingerprint()
	if err != nil {
		return err
	}
	c.template = "birlik_" + sum
	return c.once(ctx, c.template, "create database "+c.template+"_new", func(url string) error {
		return postgres.Migrate(ctx, url)
	})
}

// once makes and fills a database unless it is there. It is filled under another name and
// renamed at the end, so that one that exists is complete.
func (c *cluster) once(ctx context.Context, name, create string, fill func(url string) error) error {
	conn, err := pgx.Connect(ctx, c.url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `select pg_advisory_lock(hashtext($1))`, name); err != nil {
		return err
	}
	var exists bool
	if err := conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&exists); err != nil || exists {
		return err
	}
	for _, sql := range []string{"drop database if exists " + name + "_new with (force)", create} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	if err := fill(c.database(name + "_new")); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "alter database "+name+"_new rename to "+name)
	return err
}

// database is the address of another database on the server.
func (c *cluster) database(name string) string {
	address, err := url.Parse(c.url)
	if err != nil {
		panic(err) // answered a moment ago
	}
	address.Path = "/" + name
	return address.String()
}

// fingerprint changes with every edit of a migration.
func fingerprint() (string, error) {
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		return "", err
	}
	texts := map[string][]byte{}
	for _, name := range names {
		if texts[name], err = migrations.Files.ReadFile(name); err != nil {
			return "", err
		}
	}
	all, _ := json.Marshal(texts) // sorted by name
	sum := sha256.Sum256(all)
	return hex.EncodeToString(sum[:6]), nil
}
