package crash

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/birlik/portal/test/portal"
)

// TestRunAloneStartsAgainAndLeavesNobody is "make run" on a bare machine: a private
// PostgreSQL in a folder, Ctrl-C, and once more on what was stored.
func TestRunAloneStartsAgainAndLeavesNobody(t *testing.T) {
	dir, err := os.MkdirTemp("", "birlik-run") // short, for the socket's name
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // the server's user must walk in
		t.Fatal(err)
	}
	printed := runAlone(t, dir)
	for _, words := range []string{"http://127.0.0.1:", "/dev/mail", "administrator", "admin@union.example", portal.Password} {
		if !strings.Contains(printed, words) {
			t.Errorf("the terminal does not show %q:\n%s", words, printed)
		}
	}
	marker := filepath.Join(dir, "postgres", "data", "PG_VERSION")
	first, err := os.Stat(marker)
	if err != nil {
		t.Fatal(err)
	}
	if again := runAlone(t, dir); strings.Contains(again, "migrated") {
		t.Errorf("the second run did not go on from what was stored:\n%s", again)
	}
	if second, err := os.Stat(marker); err != nil || !second.ModTime().Equal(first.ModTime()) {
		t.Errorf("the second run made the data anew (%v)", err)
	}
}

// runAlone starts the portal, waits for a page, presses Ctrl-C, and sees everybody off.
func runAlone(t *testing.T, dir string) string {
	t.Helper()
	address := freeAddress(t)
	cmd := exec.Command(portal.Binary(t), "serve")
	cmd.Env = append(without("DATABASE_URL"), "PORTAL_MODE=demo", "PORTAL_ADDR="+address, "PORTAL_BASE_URL=http://"+address,
		"PORTAL_METRICS_ADDR=off", "PORTAL_DATA_DIR="+dir)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // as a terminal does
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	wait(t, 2*time.Minute, "ready", func() bool {
		response, err := http.Get("http://" + address + "/tr/municipalities")
		if err != nil {
			return false
		}
		return response.Body.Close() == nil && response.StatusCode == http.StatusOK
	})
	if len(usersOf(t, dir)) == 0 {
		t.Error("no process works in the data folder; the test would show nothing")
	}
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("after Ctrl-C: %v\n%s", err, out.String())
	}
	if left := usersOf(t, dir); len(left) > 0 {
		t.Errorf("processes were left behind: %v", left)
	}
	if err := syscall.Kill(-cmd.Process.Pid, 0); err != syscall.ESRCH {
		t.Errorf("the group of processes is not empty: %v", err)
	}
	return out.String()
}

// usersOf lists the processes that work in a folder or name it.
func usersOf(t *testing.T, dir string) (list []string) {
	t.Helper()
	found, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	for _, process := range found {
		named, _ := os.ReadFile(process + "/cmdline") // it may have ended
		at, _ := os.Readlink(process + "/cwd")
		if strings.Contains(string(named), dir) || strings.HasPrefix(at, dir) {
			list = append(list, filepath.Base(process)+" "+strings.ReplaceAll(string(named), "\x00", " "))
		}
	}
	return list
}

func without(name string) (list []string) {
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, name+"=") {
			list = append(list, pair)
		}
	}
	return list
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
