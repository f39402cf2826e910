package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// pgTool finds one of PostgreSQL's client programs: PG_BIN, Debian's folders with the
// newest version first (an older pg_dump refuses a newer server), then the PATH.
func pgTool(name string) (string, error) {
	folders := []string{os.Getenv("PG_BIN")}
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

// runTool runs a client program on a database. The password travels in the environment,
// because anybody can read a command line.
func runTool(ctx context.Context, database, name string, args ...string) error {
	path, err := pgTool(name)
	if err != nil {
		return err
	}
	address, err := url.Parse(database)
	if err != nil {
		return errors.New("DATABASE_URL must be an address (postgres://…) for this command")
	}
	password, _ := address.User.Password()
	address.User = url.User(address.User.Username())
	cmd := exec.CommandContext(ctx, path, append([]string{"--dbname=" + address.String()}, args...)...)
	cmd.Env = append(os.Environ(), "PGPASSWORD="+password)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, strings.TrimSpace(string(out)))
	}
	return nil
}
