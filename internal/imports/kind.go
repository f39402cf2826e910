// Package imports brings tables into the portal: a file is read, its columns are matched,
// its rows are compared with what is stored, and all of them are stored or none; within 30
// days an import can be taken back. Areas declare the kinds of records; what happens to a
// table is the same for every kind.
package imports

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
)

// Kind is a kind of records that tables bring: what it is called, who may bring it, which
// columns it knows, and how its rows are compared and stored.
type Kind struct {
	Code   string // "municipalities"; its words are the messages imports.kind.CODE and imports.lead.CODE
	Needs  identity.Permission
	Fields []Field
	Rows   int // how many are checked and stored at a time; 0: as many as are read at a time
	Open   func(ctx context.Context, w Work) (Session, error)
}

// Work is what a session works with. By is who brought the table; Tx may belong to the
// system, which acts for that person.
type Work struct {
	Tx  pgx.Tx
	By  identity.Actor
	Now time.Time
}

// Field is what a column may hold. Its name is the message imports.field.CODE.
type Field struct {
	Code     string
	Words    []string // what offices call it, in the languages of the region
	Required bool     // a table without it cannot be read
	ForAll   bool     // may be said once for every row
	Kind     export.Kind
	Options  []string // the codes that a choice knows; nil: free
	Example  string   // in the template
	Ignored  bool     // known, and left out
}

// fits reports whether a header names all that rows of the kind need.
func (k Kind) fits(common map[string]string) func(header []string) bool {
	return func(header []string) bool { return len(k.missing(k.Match(header), common)) == 0 }
}

// Session compares and stores the rows of one table, in order, some at a time.
type Session interface {
	// Check says what each row comes to; it changes nothing.
	Check(ctx context.Context, rows []Row) ([]*Result, error)
	// Store stores the results that are new or changed, none of which has a fault, and sets
	// their Target.
	Store(ctx context.Context, results []*Result) error
	// Undo puts back what was there before the rows, and says which it cannot, because they
	// were changed since; then nothing of it is kept.
	Undo(ctx context.Context, done []Done) ([]Refusal, error)
}

// State says what a row came to.
type State string

// The states of rows.
const (
	Waiting State = "waiting"
	Fresh   State = "new"
	Changed State = "changed"
	Same    State = "same"
	Faulty  State = "error"
)

// Result is what a row came to.
type Result struct {
	Row     int
	State   State
	Title   string // what people call the record
	Faults  []Fault
	Changes []Change // of a new row: every value, nothing before
	Target  int64    // the record's id; 0 while it is new
	Draft   any      // the session's own
}

// Fault is what is wrong with a cell, or with the row where Field is empty.
type Fault struct {
	Field string `json:"field,omitempty"`
	Key   string `json:"key"` // of the message
	Value string `json:"value,omitempty"`
	Row   int    `json:"row,omitempty"` // another row that it speaks of
}

// Change is a value before and after.
type Change struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Done is a row that was stored: Fresh, or Changed as Changes say.
type Done struct {
	Row     int
	State   State
	Title   string
	Target  int64
	Changes []Change
}

// Refusal is a row that cannot be taken back, and why, as a message key.
type Refusal struct {
	Row int
	Key string
}

// Fault adds a fault, which makes the row faulty.
func (r *Result) Fault(field, key, value string) {
	r.State = Faulty
	r.Faults = append(r.Faults, Fault{Field: field, Key: key, Value: value})
}

// Change adds a change where the values differ.
func (r *Result) Change(field, before, after string) {
	if before != after {
		r.Changes = append(r.Changes, Change{Field: field, Before: before, After: after})
	}
}

// Settle gives a row its state once it is compared: faulty, new, changed or same.
func (r *Result) Settle() {
	switch {
	case len(r.Faults) > 0:
		r.State = Faulty
	case r.Target == 0:
		r.State = Fresh
	case len(r.Changes) > 0:
		r.State = Changed
	default:
		r.State = Same
	}
}

// Field finds a field by its code.
func (k Kind) Field(code string) (Field, bool) {
	for _, f := range k.Fields {
		if f.Code == code {
			return f, true
		}
	}
	return Field{}, false
}

// Row is one row of a table by the fields of its kind.
type Row struct {
	Number int
	fields map[string]int // code → cell; shared by all rows
	cells  []string
	common map[string]string
}

// Get is the cell of a field, or what was said for every row; empty where neither is.
func (r Row) Get(field string) string {
	if i, ok := r.fields[field]; ok && i < len(r.cells) && r.cells[i] != "" {
		return r.cells[i]
	}
	return r.common[field]
}

// Has reports whether the table has a column for the field.
func (r Row) Has(field string) bool {
	_, ok := r.fields[field]
	return ok
}

// NewRow makes a row for a kind's own tests.
func NewRow(number int, values map[string]string) Row {
	r := Row{Number: number, fields: map[string]int{}}
	for code, value := range values {
		r.fields[code] = len(r.cells)
		r.cells = append(r.cells, value)
	}
	return r
}
