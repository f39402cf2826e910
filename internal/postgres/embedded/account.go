package embedded

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// account is the operating system's user that the server runs as; nil for our own.
type account struct{ uid, gid int }

// serverAccount picks it: PostgreSQL refuses to run as root, so that root lends it the
// user postgres, else nobody.
func serverAccount() (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUser := strconv.Atoi(found.Uid)
		gid, errGroup := strconv.Atoi(found.Gid)
		if errUser == nil && errGroup == nil {
			return &account{uid: uid, gid: gid}, nil
		}
	}
	return nil, errors.New("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody: start the portal as another user, or set DATABASE_URL")
}

// makeHome makes the folder of data, log and downloads. As root it may have to lie
// elsewhere: the server's user cannot enter /root, for instance.
func makeHome(options Options, account *account) (string, error) {
	home, err := filepath.Abs(options.Dir)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(home, 0o755); err != nil {
		return "", fmt.Errorf("make the folder for PostgreSQL: %w", err)
	}
	if account == nil {
		return home, nil
	}
	if !account.canEnter(filepath.Dir(home)) {
		home = filepath.Join("/var/lib/birlik", fingerprint(home))
		options.Say("PostgreSQL keeps its data in " + home + ", because its user may not enter " + options.Dir + ".")
		if err := os.MkdirAll(home, 0o755); err != nil {
			return "", fmt.Errorf("make the folder for PostgreSQL: %w", err)
		}
	}
	return home, os.Chown(home, account.uid, account.gid)
}

// canEnter reports whether the account may walk down to a folder.
func (a *account) canEnter(dir string) bool {
	for {
		info, err := os.Stat(dir)
		if err != nil || !a.mayCross(info) {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
		dir = filepath.Dir(dir)
	}
}

func (a *account) mayCross(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok:
		return false
	case int(stat.Uid) == a.uid:
		return info.Mode()&0o100 != 0
	case int(stat.Gid) == a.gid:
		return info.Mode()&0o010 != 0
	}
	return info.Mode()&0o001 != 0
}

// maxSocketPath is what the operating systems allow for a Unix socket's name.
const maxSocketPath = 103

// makeSockets makes the folder of the socket: beside the data, or under the temporary
// folder where that name would be too long.
func makeSockets(home string, account *account) (string, error) {
	dir := filepath.Join(home, "run")
	if len(filepath.Join(dir, ".s.PGSQL.5432")) > maxSocketPath {
		dir = filepath.Join(os.TempDir(), "birlik-"+fingerprint(home))
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return "", fmt.Errorf("make the folder of PostgreSQL's socket: %w", err)
	}
	if account != nil {
		return dir, os.Chown(dir, account.uid, account.gid)
	}
	return dir, ownedByUs(dir)
}

// ownedByUs refuses a folder that somebody else put where ours should be.
func ownedByUs(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !info.IsDir() || !ok || int(stat.Uid) != os.Geteuid() {
		return fmt.Errorf("%s belongs to somebody else: remove it, or choose another data folder", dir)
	}
	return nil
}

func fingerprint(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

// waitForOthers waits for a server that is still stopping on the same data, and removes
// the mark that a crashed machine left behind.
func waitForOthers(ctx context.Context, data string) error {
	path := filepath.Join(data, "postmaster.pid")
	for range 100 {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		first, _, _ := strings.Cut(string(text), "\n")
		pid, _ := strconv.Atoi(strings.TrimSpace(first))
		if !isPostgres(pid) {
			return os.Remove(path)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return fmt.Errorf("another portal already runs on %s: stop it, or choose another PORTAL_DATA_DIR", filepath.Dir(data))
}

// isPostgres reports whether a process runs and is a PostgreSQL server. Where /proc does
// not tell, a running process counts as one.
func isPostgres(pid int) bool {
	if pid <= 0 || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	return err != nil || strings.TrimSpace(string(name)) == "postgres"
}
