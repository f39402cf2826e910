package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"github.com/birlik/portal/internal/subject"
)

// unfinished is where bytes are written before they get their name.
const unfinished = "unfinished"

// abandoned is the age at which an unfinished file belongs to nobody who still writes.
const abandoned = 24 * time.Hour

// Folder is a Store in a local folder that several processes may share.
type Folder struct{ root *os.Root }

var _ Store = (*Folder)(nil)

// OpenFolder opens a folder, makes it where it is missing, and clears away what a process
// that was killed had begun to write.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	f := &Folder{root}
	return f, f.clear()
}

// Close lets the folder go.
func (f *Folder) Close() error { return f.root.Close() }

func (f *Folder) clear() error {
	entries, err := fs.ReadDir(f.root.FS(), unfinished)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || time.Since(info.ModTime()) < abandoned {
			continue // gone meanwhile, or still being written
		}
		if err := f.root.Remove(path.Join(unfinished, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("storage: %w", err)
		}
	}
	return err
}

// Put implements Store: the bytes and the name are on the disk before it returns.
func (f *Folder) Put(ctx context.Context, name string, r io.Reader, size int64) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := f.root.MkdirAll(unfinished, 0o700); err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	draft := path.Join(unfinished, subject.NewPublicID())
	if err := f.write(draft, &exactly{&cancellable{ctx, r}, size}); err != nil {
		_ = f.root.Remove(draft) // what cannot be removed now, clear finds
		return err
	}
	if err := f.name(draft, name); err != nil {
		_ = f.root.Remove(draft)
		return err
	}
	return nil
}

func (f *Folder) write(draft string, r io.Reader) error {
	file, err := f.root.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	if _, err := io.Copy(file, r); err != nil {
		_ = file.Close()
		return err
	}
	if err := file.Sync(); err != nil {
		_ = file.Close()
		return fmt.Errorf("storage: %w", err)
	}
	return file.Close()
}

// name gives a whole draft its name, and makes sure of every folder on the way.
func (f *Folder) name(draft, name string) error {
	if err := f.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	if err := f.root.Rename(draft, name); err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	for dir := path.Dir(name); ; dir = path.Dir(dir) {
		if err := f.sync(dir); err != nil || dir == "." {
			return err
		}
	}
}

func (f *Folder) sync(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	defer d.Close()
	return d.Sync()
}

// Open implements Store.
func (f *Folder) Open(_ context.Context, name string) (io.ReadSeekCloser, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	return f.root.Open(name)
}

// Stat implements Store.
func (f *Folder) Stat(_ context.Context, name string) (Info, error) {
	if err := checkName(name); err != nil {
		return Info{}, err
	}
	info, err := f.root.Stat(name)
	if err != nil {
		return Info{}, err
	}
	return Info{Name: name, Size: info.Size(), At: info.ModTime()}, nil
}

// Remove implements Store.
func (f *Folder) Remove(_ context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	_ = f.root.Remove(path.Dir(name)) // the folder, when it was the last: else it refuses
	return nil
}

// List implements Store.
func (f *Folder) List(ctx context.Context, prefix string, fn func(Info) error) error {
	dir := strings.TrimSuffix(prefix, "/")
	err := fs.WalkDir(f.root.FS(), dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // removed while we walk, or never stored
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case d.IsDir():
			return nil
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return fn(Info{Name: name, Size: info.Size(), At: info.ModTime()})
	})
	return err
}

// cancellable stops reading when nobody waits for the result.
type cancellable struct {
	ctx context.Context
	r   io.Reader
}

func (c *cancellable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
