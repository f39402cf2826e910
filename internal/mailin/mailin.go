// Package mailin takes in letters that answer a record by e-mail. A letter is stored whole
// before anybody is told that it was taken; then it becomes a message of whoever wrote it,
// or is held for staff to look at, or is dropped with a reason. See docs/mail-in.md.
package mailin

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// State is what became of a letter.
type State string

// The states.
const (
	Taken   State = "new"  // not looked at yet
	Held    State = "held" // staff decide
	Added   State = "added"
	Dropped State = "dropped"
)

// Mail is a letter as it was taken in.
type Mail struct {
	ID          int64
	PublicID    string
	FromAddress string
	FromName    string
	Title       string
	Text        string // what is new in it
	Files       int
	Size        int64 // bytes of the whole
	State       State
	Reason      string // why it is held or was dropped: the end of a message key below "mailin.reason."
	At          time.Time
	HandledBy   string // who decided; empty: the portal itself
	HandledAt   *time.Time
	Whole       bool // all of it is still here
	ByHand      bool // people brought it as a file: no server of ours vouches for what it says

	Record    string // public id of the record that it names, or was added to; empty: none
	RecordRef subject.Ref
	digest    string // of the whole; empty: forgotten
}

// Sender is who wrote the letter, as people read it.
func (m Mail) Sender() string {
	switch {
	case m.FromName == "" || m.FromName == m.FromAddress:
		return m.FromAddress
	case m.FromAddress == "":
		return m.FromName
	}
	return m.FromName + " <" + m.FromAddress + ">"
}

// Words are what a letter becomes a message of.
type Words struct {
	Mail    int64
	Body    string
	Sender  string
	OfCity  bool // the sender acts for the record's city
	Uploads []string
	Claim   func(ctx context.Context, tx pgx.Tx, ref subject.Ref) error
}

// Records are the records that letters answer; wire.go fills it.
type Records struct {
	// Ref finds the record of a public identifier or a number that people type.
	// Errors: forbidden, not found, invalid (several have that number).
	Ref func(ctx context.Context, actor identity.Actor, name string) (Record, error)
	// Person finds who an address belongs to, acting for an organisation.
	// Errors: not found, forbidden (somebody who does not act for it).
	Person func(ctx context.Context, address, org string) (identity.Actor, error)
	// Write makes a letter a message of the actor's. Errors: forbidden, not found, invalid,
	// conflict (the record takes no messages any more), the claim's.
	Write func(ctx context.Context, actor identity.Actor, publicID string, w Words) error
	// Take is Write for staff, who say that the letter belongs there.
	Take func(ctx context.Context, actor identity.Actor, publicID string, w Words) error
	// Return takes the message of a letter that staff added away again; release lets the letter
	// go in the same transaction. Errors: forbidden, not found, conflict (somebody went on from
	// it), release's.
	Return func(ctx context.Context, actor identity.Actor, publicID string, mail int64, release func(context.Context, pgx.Tx) error) error
}

// Options are the settings of a Service.
type Options struct {
	Own     string // the portal's own address; letters from it come back to it
	Vouches string // the mail server whose word about a sender counts; empty: none
	Mailbox string // imap[s]://user:password@host:port/folder; empty: none is read
}

// Service takes letters in.
type Service struct {
	db        postgres.DB
	files     *documents.Service
	records   Records
	addresses *Addresses
	options   Options
	now       func() time.Time
}

// New makes the service; addresses may be nil: then no letter finds its record by itself.
func New(db postgres.DB, files *documents.Service, addresses *Addresses, records Records, options Options, now func() time.Time) *Service {
	return &Service{db: db, files: files, records: records, addresses: addresses, options: options, now: now}
}
