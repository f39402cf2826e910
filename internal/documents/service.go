package documents

import (
	"context"

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
}

// Service takes files in and gives them out.
type Service struct {
	db      postgres.DB
	store   blob.Store
	options Options
	looking chan struct{} // how many files are looked at side by side
	drawing chan struct{} // how many pictures are decoded side by side

	// Rights are the kinds' answers; wire.go fills it.
	Rights map[subject.Kind]Right
}

// New makes a service on a store.
func New(db postgres.DB, store blob.Store, options Options) *Service {
	return &Service{db: db, store: store, options: options, Rights: map[subject.Kind]Right{},
		looking: make(chan struct{}, 8), drawing: make(chan struct{}, 1)}
}

// MaxBytes is the most one file may have.
func (s *Service) MaxBytes() int64 { return s.options.MaxBytes }

// turn waits for a free place in a queue and returns what gives it back.
func turn(ctx context.Context, queue chan struct{}) (leave func(), err error) {
	select {
	case queue <- struct{}{}:
		return func() { <-queue }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
