package backup

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// Manifest says what an archive holds. It is the last entry, so that a cut archive has none.
type Manifest struct {
	Format        int               `json:"format"`
	MadeAt        time.Time         `json:"made_at"`
	ServerVersion string            `json:"server_version"`
	Migration     int64             `json:"migration"`
	Roles         map[string]string `json:"roles"`  // kind → database role, made before the data
	Tables        map[string]int64  `json:"tables"` // rows of each, when the backup began
	Entries       []Entry           `json:"entries"`
	Missing       []string          `json:"missing,omitempty"` // files that rows name and the store lacked
}

// Entry is one file of the archive.
type Entry struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

const (
	format       = 1
	manifestName = "manifest.json"
	dumpName     = "database.dump"
	filesPrefix  = "files/"
)

// Files counts the stored files among the entries.
func (m Manifest) Files() (n int) {
	for _, e := range m.Entries {
		if strings.HasPrefix(e.Name, filesPrefix) {
			n++
		}
	}
	return n
}

// writer makes an archive and keeps its manifest.
type writer struct {
	tar      *tar.Writer
	manifest Manifest
}

// add stores exactly size bytes of r.
func (w *writer) add(name string, r io.Reader, size int64) error {
	if err := w.header(name, size); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w.tar, sum), r); err != nil {
		return fmt.Errorf("store %s: %w", name, err)
	}
	w.manifest.Entries = append(w.manifest.Entries, Entry{Name: name, Size: size, SHA256: hex.EncodeToString(sum.Sum(nil))})
	return nil
}

func (w *writer) header(name string, size int64) error {
	return w.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: w.manifest.MadeAt, Format: tar.FormatPAX})
}

// finish adds the manifest and closes the archive.
func (w *writer) finish() error {
	text, err := json.MarshalIndent(w.manifest, "", "  ")
	if err != nil {
		return err
	}
	if err := w.header(manifestName, int64(len(text))); err != nil {
		return err
	}
	if _, err := w.tar.Write(text); err != nil {
		return err
	}
	return w.tar.Close()
}

// Verify reads an archive to its end and compares every entry with the manifest.
// Errors name what is missing, changed or too much.
func Verify(path string) (Manifest, error) {
	var m Manifest
	found := map[string]Entry{}
	err := walk(path, func(name string, size int64, r io.Reader) error {
		if name == manifestName {
			return json.NewDecoder(r).Decode(&m)
		}
		sum := sha256.New()
		if _, err := io.Copy(sum, r); err != nil {
			return err
		}
		found[name] = Entry{Name: name, Size: size, SHA256: hex.EncodeToString(sum.Sum(nil))}
		return nil
	})
	if err != nil {
		return m, fmt.Errorf("%s cannot be read as a backup (cut off or damaged): %w", path, err)
	}
	return m, m.compare(path, found)
}

func (m Manifest) compare(path string, found map[string]Entry) error {
	if m.Format != format {
		return fmt.Errorf("%s holds no manifest of a format that this version knows: it was cut off, or is no backup of the portal", path)
	}
	var wrong []error
	for _, e := range m.Entries {
		have, ok := found[e.Name]
		switch {
		case !ok:
			wrong = append(wrong, fmt.Errorf("%s is missing", e.Name))
		case have != e:
			wrong = append(wrong, fmt.Errorf("%s was changed: its checksum differs", e.Name))
		}
		delete(found, e.Name)
	}
	for name := range found {
		wrong = append(wrong, fmt.Errorf("%s is not in the manifest", name))
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%s is damaged:\n%w", path, errors.Join(wrong...))
	}
	return nil
}

// walk calls fn for every entry in the order of the archive.
func walk(path string, fn func(name string, size int64, r io.Reader) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	archive := tar.NewReader(file)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := fn(header.Name, header.Size, archive); err != nil {
			return err
		}
	}
}
