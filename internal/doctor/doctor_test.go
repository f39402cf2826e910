package doctor

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// patient is a healthy one on a database of its own.
func patient(t *testing.T) Patient {
	t.Helper()
	dir := t.TempDir()
	return Patient{Database: pgtest.CloneURL(t), Now: time.Now, Config: config.Config{Mode: config.Demo, DataDir: dir,
		BaseURL: "http://127.0.0.1:1", StorageURL: "file://" + filepath.Join(dir, "files")}}
}

func (p Patient) exec(t *testing.T, sql string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context()) // cleanups run after its end
	conn, err := pgx.Connect(ctx, p.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// says fails unless a finding of the level holds every word.
func says(t *testing.T, list []Finding, level Level, words ...string) {
	t.Helper()
	for _, f := range list {
		all := f.Level == level
		for _, word := range words {
			all = all && strings.Contains(f.Text, word)
		}
		if all {
			return
		}
	}
	var b strings.Builder
	Print(&b, list)
	t.Errorf("nothing of level %d says %q:\n%s", level, words, b.String())
}

func TestAHealthyPortal(t *testing.T) {
	list := Examine(t.Context(), patient(t))
	var b strings.Builder
	if wrong := Print(&b, list); wrong > 0 {
		t.Errorf("%d things are wrong:\n%s", wrong, b.String())
	}
	for _, words := range []string{"four database roles", "pg_trgm", "names sort", "clock", "stored, read and removed", "inbox"} {
		says(t, list, Fine, words)
	}
}

func TestNoServerAndNoEntry(t *testing.T) {
	healthy := patient(t)
	for name, c := range map[string]struct{ change, word string }{
		"nobody there":   {"postgres://portal:s3cret@127.0.0.1:1/portal", "No PostgreSQL answers"},
		"no such name":   {"postgres://portal:s3cret@nowhere.invalid/portal", "Nobody knows the name"},
		"no such folder": {"postgres://portal@/portal?host=/nowhere", "No PostgreSQL answers"},
		"no database":    {strings.Replace(healthy.Database, "/clone", "/gone", 1), "create database"},
	} {
		t.Run(name, func(t *testing.T) {
			p := healthy
			p.Database = c.change
			list := Examine(t.Context(), p)
			says(t, list, Wrong, c.word)
			for _, f := range list {
				if strings.Contains(f.Text, "s3cret") {
					t.Errorf("the password is told: %s", f.Text)
				}
			}
		})
	}
}

// TestAWeakOwnerLearnsWhatAnAdministratorRuns runs what doctor says, and asks again.
func TestAWeakOwnerLearnsWhatAnAdministratorRuns(t *testing.T) {
	p := patient(t)
	name := fmt.Sprintf("weak_%d", os.Getpid())
	p.exec(t, "create database "+name+" template template0")
	p.exec(t, "create role "+name+" login")
	server, administrator := p, p
	administrator.Database = withPath(t, p.Database, name, "")
	t.Cleanup(func() {
		server.exec(t, "drop database "+name+" with (force)")
		for _, role := range []string{"", "_visitor", "_member", "_staff", "_engine"} {
			server.exec(t, "drop role if exists "+name+role)
		}
	})
	p.Database = withPath(t, p.Database, name, name)
	list := Examine(t.Context(), p)
	says(t, list, Wrong, "owner to")
	says(t, list, Wrong, "create role", name+"_visitor", "grant")
	says(t, list, Wrong, "create extension pg_trgm")
	for _, f := range list {
		if _, statements, ok := strings.Cut(f.Text, "An administrator runs"); ok {
			_, statements, _ = strings.Cut(statements, ": ")
			administrator.exec(t, statements)
		}
	}
	var b strings.Builder
	if wrong := Print(&b, Examine(t.Context(), p)); wrong > 0 {
		t.Errorf("what doctor said does not heal:\n%s", b.String())
	}
}

// withPath is the address of another database of the server, for another user.
func withPath(t *testing.T, address, database, user string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + database
	if user != "" {
		u.User = url.User(user)
	}
	return u.String()
}

func TestAnEmptyDatabaseAndAnOldOne(t *testing.T) {
	p := patient(t)
	p.exec(t, "update goose_db_version set is_applied = false where version_id = (select max(version_id) from goose_db_version)")
	says(t, Examine(t.Context(), p), Warning, "earlier version", "portal migrate")
}

func TestAClockThatGoesWrong(t *testing.T) {
	p := patient(t)
	p.Now = func() time.Time { return time.Now().Add(-time.Hour) }
	says(t, Examine(t.Context(), p), Wrong, "1h0m0s apart", "NTP")
}

func TestAMissingFileIsWrong(t *testing.T) {
	p := patient(t)
	sum := sha256.Sum256([]byte("gone"))
	p.exec(t, "insert into blobs (sha256, size) values ('"+hex.EncodeToString(sum[:])+"', 4)")
	says(t, Examine(t.Context(), p), Wrong, "1 files", "backup")
}

func TestAStoreThatCannotBeWritten(t *testing.T) {
	p := patient(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p.Config.StorageURL, p.Config.DataDir = "file://"+file, file
	list := Examine(t.Context(), p)
	says(t, list, Wrong, "PORTAL_STORAGE_URL")
	says(t, list, Wrong, "PORTAL_DATA_DIR")
}

func TestMailIsTriedButNotSent(t *testing.T) {
	p := patient(t)
	said := make(chan string, 20)
	p.Config.SMTPURL = "smtp://" + postbox(t, said)
	list := Examine(t.Context(), p)
	says(t, list, Fine, "mail server answers")
	says(t, list, Warning, "not encrypted")
	for len(said) > 0 {
		if line := <-said; strings.HasPrefix(line, "MAIL") {
			t.Errorf("a letter was sent: %s", line)
		}
	}
	p.Config.SMTPURL = "smtp://127.0.0.1:1"
	says(t, Examine(t.Context(), p), Wrong, "mail server cannot be used")
}

// postbox is a mail server that agrees to everything.
func postbox(t *testing.T, said chan<- string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go agree(conn, said)
		}
	}()
	return listener.Addr().String()
}

func agree(conn net.Conn, said chan<- string) {
	defer conn.Close()
	fmt.Fprint(conn, "220 postbox\r\n")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		said <- lines.Text()
		if strings.HasPrefix(lines.Text(), "QUIT") {
			fmt.Fprint(conn, "221 bye\r\n")
			return
		}
		fmt.Fprint(conn, "250 yes\r\n")
	}
}

func TestTheWebNeedsEncryptionInProduction(t *testing.T) {
	p := patient(t)
	p.Config.Mode = config.Production
	says(t, Examine(t.Context(), p), Wrong, "not encrypted")
	p.Config.BaseURL = "https://nowhere.invalid"
	list := Examine(t.Context(), p)
	says(t, list, Wrong, "Nobody knows the name nowhere.invalid")
	says(t, list, Warning, "PORTAL_TRUSTED_PROXIES")
}
