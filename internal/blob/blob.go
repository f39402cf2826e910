// Package blob keeps bytes under names: in a local folder, or in any store that speaks S3.
package blob

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// Store keeps bytes under names such as "content/ab/ab12…". What Put has acknowledged is
// durable and whole; a failed Put leaves nothing under the name. Absent names are reported
// as fs.ErrNotExist.
type Store interface {
	// Put stores exactly size bytes of r under name, in place of what was there.
	Put(ctx context.Context, name string, r io.Reader, size int64) error
	// Open reads from any place of what is stored; the caller closes it.
	Open(ctx context.Context, name string) (io.ReadSeekCloser, error)
	// Stat tells what is stored under name.
	Stat(ctx context.Context, name string) (Info, error)
	// Remove forgets name; it is no error when nothing is there.
	Remove(ctx context.Context, name string) error
	// List calls fn for every name that begins with prefix ("content/"), in byte order,
	// until fn fails.
	List(ctx context.Context, prefix string, fn func(Info) error) error
}

// Info is what a store knows without reading.
type Info struct {
	Name string
	Size int64
	At   time.Time // when it was stored
}

// Open opens the store of a PORTAL_STORAGE_URL: file:///folder, or
// s3://key:secret@host:port/bucket?region=…&insecure=true (plain http, for a store beside
// the portal). A local folder is made where it is missing; a bucket must be there.
func Open(address string) (Store, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("storage: the address cannot be read") // it may hold a secret
	}
	switch u.Scheme {
	case "file":
		return OpenFolder(filepath.FromSlash(u.Path))
	case "s3":
		return openS3(u)
	}
	return nil, fmt.Errorf("storage: unknown scheme %q", u.Scheme)
}

// shape is what names look like; nothing in them climbs out of the store.
var shape = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_.-]*)+$`)

func checkName(name string) error {
	if len(name) > 200 || !shape.MatchString(name) || strings.Contains(name, "..") {
		return fmt.Errorf("storage: %q is no name", name)
	}
	return nil
}

// exactly reports a reader that gives fewer bytes than promised, or more.
type exactly struct {
	r    io.Reader
	left int64
}

func (e *exactly) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	e.left -= int64(n)
	switch {
	case e.left < 0:
		return n, fmt.Errorf("storage: more bytes than announced")
	case err == io.EOF && e.left > 0:
		return n, io.ErrUnexpectedEOF
	}
	return n, err
}
