package imports

import (
	"time"

	"github.com/birlik/portal/internal/locale"

	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/tables"
)

// Stage is how far an import has come.
type Stage string

// The stages. Checking, Storing and Undoing are a job's.
const (
	Unmatched Stage = "unmatched" // a required column is not found
	Checking  Stage = "checking"
	Ready     Stage = "ready" // compared; may be stored where nothing is faulty
	Storing   Stage = "storing"
	Stored    Stage = "stored"
	Undoing   Stage = "undoing"
	Undone    Stage = "undone"
)

// UndoWithin is how long an import can be taken back, and how long its rows are kept.
const UndoWithin = 30 * 24 * time.Hour

// Import is one table that was brought.
type Import struct {
	ID       int64
	PublicID string
	Kind     string
	Stage    Stage
	File     string // its name; empty: pasted
	Header   []string
	Columns  []string          // the field of each column; empty for one that is left out
	Common   map[string]string // what holds for every row without a value of its own
	Notes    []tables.Note
	Total    int
	Counts
	Done      int // rows that the running job is through with
	Failure   string
	Version   int
	ActorID   int64 // 0: the command line
	ActorName string
	CreatedAt time.Time
	StoredAt  *time.Time
	UndoneAt  *time.Time
}

// Counts says how many rows came to what.
type Counts struct{ New, Changed, Same, Faulty int }

// Ref points at the import.
func (i Import) Ref() subject.Ref { return subject.Ref{Kind: subject.Import, ID: i.ID} }

// Busy reports whether a job is at work.
func (i Import) Busy() bool { return i.Stage == Checking || i.Stage == Storing || i.Stage == Undoing }

// MayStore reports whether all rows can be stored.
func (i Import) MayStore() bool { return i.Stage == Ready && i.Faulty == 0 && i.New+i.Changed > 0 }

// MayUndo reports whether the import can still be taken back.
func (i Import) MayUndo(now time.Time) bool {
	return i.Stage == Stored && i.StoredAt != nil && now.Before(i.StoredAt.Add(UndoWithin))
}

// Line is a row as the preview shows it.
type Line struct {
	Row     int
	State   State
	Title   string
	Faults  []Fault
	Changes []Change
	Cells   []string
}

// count adds what rows came to.
func (c *Counts) count(results []*Result) {
	for _, r := range results {
		switch r.State {
		case Fresh:
			c.New++
		case Changed:
			c.Changed++
		case Same:
			c.Same++
		default:
			c.Faulty++
		}
	}
}

// Text is the fault as a sentence.
func (f Fault) Text(lang locale.Lang) string {
	values := []any{"Value", f.Value, "Row", f.Row}
	return locale.Text(lang, f.Key, values...)
}
