package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/blob"
	"github.com/birlik/portal/internal/demo"
	"github.com/birlik/portal/internal/demo/demotest"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/embedded"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// filled is a site with the demonstration in it and one file.
func filled(t *testing.T) (Site, string) {
	t.Helper()
	site := Site{Database: pgtest.CloneURL(t), Store: folder(t)}
	pools, err := postgres.Open(t.Context(), postgres.Options{URL: site.Database})
	if err != nil {
		t.Fatal(err)
	}
	defer pools.Close()
	if err := demo.Seed(t.Context(), demotest.Services(pools)); err != nil {
		t.Fatal(err)
	}
	return site, addContent(t, site, "the feasibility study")
}

func folder(t *testing.T) blob.Store {
	t.Helper()
	store, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// addContent stores a content with its row, and returns its name.
func addContent(t *testing.T, site Site, text string) string {
	t.Helper()
	sum := sha256.Sum256([]byte(text))
	digest := hex.EncodeToString(sum[:])
	name := "content/" + digest[:2] + "/" + digest
	if err := site.Store.Put(t.Context(), name, strings.NewReader(text), int64(len(text))); err != nil {
		t.Fatal(err)
	}
	run(t, site.Database, `insert into blobs (sha256, size) values ($1, $2)`, digest, len(text))
	return name
}

func run(t *testing.T, url, sql string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// emptyCluster is a server that has never seen the portal: no roles, no tables.
func emptyCluster(t *testing.T) *embedded.Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "birlik-restore") // short, for the socket's name
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil { // the server's user must walk in
		t.Fatal(err)
	}
	server, err := embedded.Start(t.Context(), embedded.Options{Dir: dir, Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(server.Stop(), os.RemoveAll(dir)); err != nil {
			t.Error(err)
		}
	})
	return server
}

// TestABackupComesBackWhole takes everything into a server that has never seen the portal,
// and compares every row of every table, what roles may do, and every file.
func TestABackupComesBackWhole(t *testing.T) {
	from, name := filled(t)
	path := filepath.Join(t.TempDir(), "portal.tar")
	m, err := Write(t.Context(), from, path)
	if err != nil {
		t.Fatal(err)
	}
	if m.Files() != 1 || len(m.Tables) < 30 || m.Tables["users"] == 0 {
		t.Fatalf("the backup holds %d files, %d tables, %d users", m.Files(), len(m.Tables), m.Tables["users"])
	}
	to := Site{Database: emptyCluster(t).URL(), Store: folder(t)}
	if _, err := Restore(t.Context(), to, path); err != nil {
		t.Fatal(err)
	}
	want, have := digests(t, from.Database), digests(t, to.Database)
	for table, digest := range want {
		if have[table] != digest {
			t.Errorf("%s came back different", table)
		}
	}
	if len(have) != len(want) {
		t.Errorf("%d things came back, want %d", len(have), len(want))
	}
	if got := content(t, to.Store, name); got != "the feasibility study" {
		t.Errorf("the file came back as %q", got)
	}
	works(t, to.Database)
	if _, err := Restore(t.Context(), to, path); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("a second restore: %v, want a refusal", err)
	}
}

// works opens the restored portal as its roles do: with pools, walls and one more migration.
func works(t *testing.T, url string) {
	t.Helper()
	if err := postgres.Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	pools, err := postgres.Open(t.Context(), postgres.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer pools.Close()
	if err := pools.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	var seen int
	if err := pools.Member.QueryRow(t.Context(), `select count(*) from mandates`).Scan(&seen); err != nil || seen != 0 {
		t.Errorf("a member's connection without an organisation sees %d mandates, %v; the wall did not come back", seen, err)
	}
}

func content(t *testing.T, store blob.Store, name string) string {
	t.Helper()
	file, err := store.Open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(file); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// digests sums up the rows of every table, its privileges and policies, and every sequence.
func digests(t *testing.T, url string) map[string]string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.WithoutCancel(t.Context()))
	counts, err := countRows(t.Context(), tx)
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]string{}
	ask := func(key, sql string) {
		var sum string
		if err := tx.QueryRow(t.Context(), sql).Scan(&sum); err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		sums[key] = sum
	}
	for table := range maps.Keys(counts) {
		ask(table, fmt.Sprintf(`select coalesce(md5(string_agg(md5(x::text), '' order by md5(x::text))), '') from %s x`, pgx.Identifier{table}.Sanitize()))
	}
	ask("the policies", `select md5(string_agg(p::text, '|' order by tablename, policyname)) from pg_policies p`)
	ask("the sequences", `select md5(string_agg(sequencename || coalesce(last_value, 0), '|' order by sequencename)) from pg_sequences`)
	ask("the privileges", `select md5(string_agg(relname || coalesce(privileges, ''), '|' order by relname)) from (
		select relname, (select string_agg(grantee::regrole || privilege_type, ',' order by grantee::regrole::text, privilege_type)
			from aclexplode(relacl) where grantee <> relowner and grantee <> 0) as privileges
		from pg_class where relnamespace = 'public'::regnamespace) c`)
	return sums
}

func TestADamagedArchiveIsRefused(t *testing.T) {
	from, _ := filled(t)
	path := filepath.Join(t.TempDir(), "portal.tar")
	if _, err := Write(t.Context(), from, path); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(whole, []byte("feasibility"), []byte("feasibilitY"), 1)
	for name, archive := range map[string][]byte{"changed": changed, "cut off": whole[:len(whole)/2], "no archive": []byte("a letter")} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(path, archive, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := Verify(path); err == nil {
				t.Error("the archive was taken for whole")
			}
		})
	}
}

func TestAMissingFileIsSaidAndTheRestKept(t *testing.T) {
	from, name := filled(t)
	if err := from.Store.Remove(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "portal.tar")
	_, err := Write(t.Context(), from, path)
	if err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("got %v, want the name of the missing file", err)
	}
	if m, err := Verify(path); err != nil || len(m.Missing) != 1 {
		t.Errorf("the archive: %v, missing %v", err, m.Missing)
	}
}

func TestAFullStoreIsRefused(t *testing.T) {
	from, _ := filled(t)
	path := filepath.Join(t.TempDir(), "portal.tar")
	m, err := Write(t.Context(), from, path)
	if err != nil {
		t.Fatal(err)
	}
	other := folder(t)
	if err := other.Put(t.Context(), "content/aa/other", strings.NewReader("x"), 1); err != nil {
		t.Fatal(err)
	}
	if err := emptyStore(t.Context(), other, m); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("got %v, want a refusal", err)
	}
	if err := emptyStore(t.Context(), from.Store, m); err != nil {
		t.Errorf("files of the archive itself: %v", err)
	}
}
