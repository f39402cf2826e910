package documents

import (
	"context"
	"io"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/blob"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Right answers whether an actor may open a document of a record: nil, or an error that
// says why not. Each kind that has documents registers one in wire.go; without one nobody
// opens them, unless they are public.
type Right func(ctx context.Context, actor identity.Actor, d Document) error

// Options are the settings of a Service.
type Options struct {
	MaxBytes int64  // of one file
	Clamd    string // tcp://host:3310 or unix:///path of a clamd; empty: nothing is scanned, nothing is claimed
	Spool    string // folder for files while they are looked at; empty: the system's
	Now      func() time.Time
}

// Service takes files in and gives them out.
type Service struct {
	db      postgres.DB
	store   blob.Store
	options Options

	// Rights are the kinds' answers; wire.go fills it.
	Rights map[subject.Kind]Right
}

// New makes a service on a store.
func New(db postgres.DB, store blob.Store, options Options) *Service {
	return &Service{db: db, store: store, options: options, Rights: map[subject.Kind]Right{}}
}

// MaxBytes is the most one file may have.
func (s *Service) MaxBytes() int64 { return s.options.MaxBytes }

// Receive takes a whole file at once, for forms without a script, and returns the upload
// for Attach. Errors: invalid (empty, too large, of a kind that is not taken, not what its
// name says, infected), too many (the actor's unused files), unavailable.
func (s *Service) Receive(ctx context.Context, actor identity.Actor, name string, r io.Reader) (upload string, err error) {
	return "", apperr.New(apperr.Unavailable, "error.unavailable")
}
