package embedded

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// reachable is a folder that the server's user can enter, which t.TempDir is not for root.
func reachable(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "birlik-embedded-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func TestServerKeepsDataAndLeavesNoProcess(t *testing.T) {
	ctx, dir := context.Background(), reachable(t)
	first, err := Start(ctx, Options{Dir: dir, Say: func(text string) { t.Log(text) }})
	if err != nil {
		t.Fatal(err)
	}
	query(t, first.URL(), `create table kept as select 'Şuşa' as name`)
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(first.PID(), 0); err != syscall.ESRCH {
		t.Errorf("process %d is still there: %v", first.PID(), err)
	}
	second, err := Start(ctx, Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Stop()
	query(t, second.URL(), `do $$ begin assert (select name from kept) = 'Şuşa'; end $$`)
}

func query(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func TestAKilledServerComesBack(t *testing.T) {
	server, err := Start(t.Context(), Options{Dir: reachable(t), Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	kept := make(chan struct{})
	go func() { server.Keep(ctx); close(kept) }()
	first := server.PID()
	if err := syscall.Kill(first, syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); server.PID() == first || !answers(t, server.URL()); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the server did not come back")
		}
	}
	cancel()
	<-kept
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
}

func answers(t *testing.T, url string) bool {
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		return false
	}
	return conn.Close(t.Context()) == nil
}

func TestLongFolderNamesStillGetASocket(t *testing.T) {
	dir := filepath.Join(reachable(t), strings.Repeat("a-long-name/", 10))
	server, err := Start(context.Background(), Options{Dir: dir, Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(server.sockets)
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
}

func TestAnotherMajorVersionIsExplained(t *testing.T) {
	home := t.TempDir()
	if err := os.MkdirAll(filepath.Join(home, "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "data", "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PG_BIN", "/nowhere")
	if _, err := binaries(context.Background(), home, func(string) {}); err == nil {
		t.Error("a folder without binaries was taken")
	}
	err := fits("/usr/bin", 17, dataMajor(home))
	if err == nil || !strings.Contains(err.Error(), "written by 9") {
		t.Errorf("got %v, want the version that wrote the data", err)
	}
	if err := noBinaries(9); !strings.Contains(err.Error(), "postgresql-9") {
		t.Errorf("got %v, want what to install", err)
	}
}

func TestParseMajor(t *testing.T) {
	for text, want := range map[string]int{
		"postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n": 15,
		"postgres (PostgreSQL) 18beta2":                          18,
		"something else":                                         0,
	} {
		if got := parseMajor(text); got != want {
			t.Errorf("parseMajor(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestAStaleMarkIsRemoved(t *testing.T) {
	data := t.TempDir()
	mark := filepath.Join(data, "postmaster.pid")
	if err := os.WriteFile(mark, []byte("1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := waitForOthers(ctx, data); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("the mark of a process that is no PostgreSQL is still there")
	}
}
