package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// findTool finds one of PostgreSQL's client programs: the given folder, PG_BIN, Debian's
// folders with the newest version first (an older pg_dump refuses a newer server), the PATH.
func findTool(name, folder string) (string, error) {
	folders := []string{folder, os.Getenv("PG_BIN")}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // a constant, and right
	slices.Reverse(found)
	for _, folder := range append(folders, found...) {
		if folder == "" {
			continue
		}
		path := filepath.Join(folder, name)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%s is not installed: install PostgreSQL's client programs (Debian: apt-get install postgresql-client), or set PG_BIN to their folder", name)
	}
	return path, nil
}

// runTool runs a client program on the database. The password travels in the environment,
// because anybody can read a command line.
func (s Site) runTool(ctx context.Context, name string, in io.Reader, args ...string) error {
	path, err := findTool(name, s.Tools)
	if err != nil {
		return err
	}
	address, err := url.Parse(s.Database)
	if err != nil || address.Scheme == "" {
		return errors.New("DATABASE_URL must be an address (postgres://…) for this command")
	}
	password, _ := address.User.Password()
	address.User = url.User(address.User.Username())
	cmd := exec.CommandContext(ctx, path, append([]string{"--dbname=" + address.String()}, args...)...)
	cmd.Stdin = in
	if password != "" {
		cmd.Env = append(os.Environ(), "PGPASSWORD="+password)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, strings.TrimSpace(string(out)))
	}
	return nil
}
