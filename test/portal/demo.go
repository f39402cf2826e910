package portal

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/birlik/portal/internal/postgres/pgtest"
)

// filled is a database with the demonstration in it, and a folder with its files: copies of
// what the binary made once, so that not every test waits until it is made.
func filled(t testing.TB) (database, dir string) {
	t.Helper()
	binary := Binary(t)
	name := "demo_" + digest(t, binary)
	made := filepath.Join(os.TempDir(), "birlik-"+name)
	database = pgtest.FilledURL(t, name, func(address string) error { return fill(binary, address, made) })
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(made)); err != nil {
		t.Fatalf("the demonstration's files: %v", err)
	}
	return database, dir
}

// fill makes the demonstration; its folder is there under its name only when it is whole.
func fill(binary, address, made string) error {
	if err := os.RemoveAll(made); err != nil {
		return err
	}
	dir := made + ".new"
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	command := exec.Command(binary, "seed", "--demo")
	command.Env = append(os.Environ(), "PORTAL_MODE=demo", "PORTAL_DATA_DIR="+dir, "DATABASE_URL="+address)
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("seed: %w\n%s", err, out)
	}
	return os.Rename(dir, made)
}

// digest is the beginning of a file's digest: another binary makes another demonstration.
func digest(t testing.TB, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:5])
}
