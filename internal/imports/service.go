package imports

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/jobs"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/tables"
)

// Sizes: rows at a time, and up to how many a table is compared while the reader waits.
const (
	chunkRows   = 2000
	atOnceRows  = 1500
	maxRefusals = 200
)

// Service brings tables in, for the kinds that it was given.
type Service struct {
	db    postgres.DB
	now   func() time.Time
	kinds []Kind
}

// New makes the service.
func New(db postgres.DB, now func() time.Time, kinds ...Kind) *Service {
	return &Service{db: db, now: now, kinds: kinds}
}

// Kinds lists what the actor may bring.
func (s *Service) Kinds(actor identity.Actor) []Kind {
	var out []Kind
	for _, k := range s.kinds {
		if actor.Can(k.Needs) {
			out = append(out, k)
		}
	}
	return out
}

// Kind finds a kind that the actor may bring. Errors: sign_in, forbidden, not found.
func (s *Service) Kind(actor identity.Actor, code string) (Kind, error) {
	for _, k := range s.kinds {
		if k.Code == code {
			return k, actor.May(k.Needs)
		}
	}
	return Kind{}, apperr.New(apperr.NotFound, "imports.not_found")
}

// may lets those on who may bring anything. Errors: sign_in, forbidden.
func (s *Service) may(actor identity.Actor) error {
	if len(s.Kinds(actor)) > 0 {
		return nil
	}
	return actor.May(identity.ImportRecords)
}

// Brought is a table as it comes: a file, or what was pasted.
type Brought struct {
	Kind    string
	File    string // its name; empty: pasted
	Content []byte
	Common  map[string]string // what holds for every row without a value of its own
}

// Bring reads a table, matches its columns and compares its rows: at once, or as a job where
// they are many. Nothing of it is stored yet.
// Errors: sign_in, forbidden, not found (no such kind), invalid (no table).
func (s *Service) Bring(ctx context.Context, actor identity.Actor, b Brought) (Import, error) {
	kind, err := s.Kind(actor, b.Kind)
	if err != nil {
		return Import{}, err
	}
	table, err := tables.ReadFor(b.Content, kind.fits(kind.common(b.Common)))
	if err != nil {
		return Import{}, err
	}
	if len(table.Rows) == 0 {
		return Import{}, apperr.New(apperr.Invalid, "tables.empty")
	}
	i := Import{Kind: kind.Code, File: cutName(b.File), Header: table.Header, Columns: kind.Match(table.Header), Common: kind.common(b.Common),
		Notes: table.Notes, Total: len(table.Rows), ActorID: actor.UserID, CreatedAt: s.now()}
	i.Stage = kind.stage(i)
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		r := repository{tx}
		if err := r.insert(ctx, &i); err != nil {
			return err
		}
		for rows := range slices.Chunk(table.Rows, 10*chunkRows) {
			if err := r.insertRows(ctx, i.ID, rows); err != nil {
				return err
			}
		}
		return s.compare(ctx, tx, actor, kind, &i)
	})
	return i, err
}

// cutName keeps what is visible of a file's name: its end, which says more.
func cutName(name string) string {
	runes := []rune(locale.Line(name))
	return string(runes[max(0, len(runes)-200):])
}

// stage is where a matched import stands: it can be compared, or lacks a column.
func (k Kind) stage(i Import) Stage {
	if len(k.missing(i.Columns, i.Common)) > 0 {
		return Unmatched
	}
	return Checking
}

// common keeps the values that may be said for every row.
func (k Kind) common(values map[string]string) map[string]string {
	out := map[string]string{}
	for _, f := range k.Fields {
		if value, ok := Text(values[f.Code], 200); f.ForAll && ok && value != "" {
			out[f.Code] = value
		}
	}
	return out
}

// compare checks the rows of an import that is matched: at once where they are few.
func (s *Service) compare(ctx context.Context, tx pgx.Tx, actor identity.Actor, kind Kind, i *Import) error {
	if i.Stage != Checking {
		return nil
	}
	if i.Total > atOnceRows && actor.Side != identity.System {
		return jobs.Insert(ctx, tx, Args{ImportID: i.ID, Act: Checking})
	}
	counts, err := s.pass(ctx, tx, actor, kind, *i, false)
	if err != nil {
		return err
	}
	i.Counts, i.Stage = counts, Ready
	if err := (repository{tx}).count(ctx, i.ID, counts); err != nil {
		return err
	}
	return repository{tx}.move(ctx, i.ID, Ready, "", s.now(), Checking)
}

// Missing lists the required fields that no column and no common value of an import gives.
func (s *Service) Missing(i Import) []string {
	kind, err := s.Kind(identity.Worker(), i.Kind)
	if err != nil {
		return nil
	}
	return kind.missing(i.Columns, i.Common)
}

// Find reads an import. Errors: sign_in, forbidden, not found.
func (s *Service) Find(ctx context.Context, actor identity.Actor, publicID string) (Import, Kind, error) {
	var i Import
	var kind Kind
	if err := s.may(actor); err != nil {
		return i, kind, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		i, kind, err = s.find(ctx, q, actor, publicID, "")
		return err
	})
	return i, kind, err
}

func (s *Service) find(ctx context.Context, q postgres.Querier, actor identity.Actor, publicID, lock string) (Import, Kind, error) {
	i, err := repository{q}.one(ctx, ` where s.public_id = $1`+lock, publicID)
	if err != nil {
		return i, Kind{}, err
	}
	kind, err := s.Kind(actor, i.Kind)
	return i, kind, err
}

// List is one page of imports, newest first, behind the one with the public id.
// Errors: sign_in, forbidden.
func (s *Service) List(ctx context.Context, actor identity.Actor, after string, limit int) (postgres.Page[Import], error) {
	var out postgres.Page[Import]
	if err := s.may(actor); err != nil {
		return out, err
	}
	var codes []string
	for _, k := range s.Kinds(actor) {
		codes = append(codes, k.Code)
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		out.Rows, err = repository{q}.list(ctx, codes, after, limit+1)
		return err
	})
	if len(out.Rows) > limit {
		out.Rows = out.Rows[:limit]
		out.Next = out.Rows[limit-1].PublicID
	}
	return out, err
}

// Lines are rows of a preview behind a row number: those of the states, or all where none
// is named. The caller has found the import.
func (s *Service) Lines(ctx context.Context, actor identity.Actor, i Import, states []State, after, limit int) ([]Line, error) {
	if len(states) == 0 {
		states = []State{Waiting, Fresh, Changed, Same, Faulty}
	}
	var out []Line
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		codes := make([]string, len(states))
		for n, state := range states {
			codes[n] = string(state)
		}
		out, err = repository{q}.lines(ctx, i.ID, codes, after, limit)
		return err
	})
	return out, err
}

// Refused are the rows that stood in the way when somebody wanted to take the import back.
func (s *Service) Refused(ctx context.Context, actor identity.Actor, i Import, limit int) ([]Line, error) {
	var out []Line
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		out, err = repository{q}.refused(ctx, i.ID, limit)
		return err
	})
	return out, err
}

// change runs an act on one import, whose row it locks first. done are the stages in which
// the act was done already.
func (s *Service) change(ctx context.Context, actor identity.Actor, publicID string, version int, act func(tx pgx.Tx, kind Kind, i Import) error, done ...Stage) error {
	if err := s.may(actor); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		i, kind, err := s.find(ctx, tx, actor, publicID, ` for update of i`)
		if err != nil {
			return err
		}
		if slices.Contains(done, i.Stage) {
			return apperr.New(apperr.Conflict, already)
		}
		if version != i.Version {
			return apperr.New(apperr.Conflict, "imports.moved_on")
		}
		return act(tx, kind, i)
	})
}

// Already reports that an act was done before: a second press of its button. Nothing is
// wrong, and nothing more is to do.
func Already(err error) bool {
	var e *apperr.Error
	return errors.As(err, &e) && e.Key == already
}

const already = "imports.already"

// Rematch says which field each column holds and what holds for every row, and compares
// anew. Errors: sign_in, forbidden, not found, conflict (somebody was quicker, or it is
// stored), invalid (a field stands twice).
func (s *Service) Rematch(ctx context.Context, actor identity.Actor, publicID string, version int, columns []string, common map[string]string) error {
	return s.change(ctx, actor, publicID, version, func(tx pgx.Tx, kind Kind, i Import) error {
		if i.Stage != Unmatched && i.Stage != Ready {
			return apperr.New(apperr.Conflict, "imports.moved_on")
		}
		if err := kind.checkColumns(i.Header, columns); err != nil {
			return err
		}
		i.Columns, i.Common = columns, kind.common(common)
		i.Stage = kind.stage(i)
		_, err := tx.Exec(ctx, `update imports set columns = $2, defaults = $3, state = $4, failure = '', new_rows = 0, changed_rows = 0, same_rows = 0,
			error_rows = 0, done = 0, version = version + 1 where id = $1`, i.ID, i.Columns, i.Common, i.Stage)
		if err != nil {
			return err
		}
		return s.compare(ctx, tx, actor, kind, &i)
	})
}

func (k Kind) checkColumns(header, columns []string) error {
	seen := map[string]bool{}
	for _, code := range columns {
		if code == "" {
			continue
		}
		if _, known := k.Field(code); !known || len(columns) != len(header) {
			return apperr.New(apperr.Invalid, "error.check_fields")
		}
		if seen[code] {
			return apperr.New(apperr.Invalid, "imports.column_twice")
		}
		seen[code] = true
	}
	return nil
}

// Store has all rows stored by a job. Errors: sign_in, forbidden, not found, conflict
// (somebody was quicker; rows have faults; nothing is new; see Already).
func (s *Service) Store(ctx context.Context, actor identity.Actor, publicID string, version int) error {
	return s.change(ctx, actor, publicID, version, func(tx pgx.Tx, _ Kind, i Import) error {
		if !i.MayStore() {
			return apperr.New(apperr.Conflict, "imports.not_ready")
		}
		if err := (repository{tx}).move(ctx, i.ID, Storing, "", s.now(), Ready); err != nil {
			return err
		}
		return jobs.Insert(ctx, tx, Args{ImportID: i.ID, Act: Storing})
	}, Storing, Stored)
}

// Undo has the import taken back by a job, whole or not at all.
// Errors: sign_in, forbidden, not found, conflict (it is not stored, or 30 days are over; see Already).
func (s *Service) Undo(ctx context.Context, actor identity.Actor, publicID string, version int) error {
	return s.change(ctx, actor, publicID, version, func(tx pgx.Tx, _ Kind, i Import) error {
		if !i.MayUndo(s.now()) {
			return apperr.New(apperr.Conflict, "imports.too_late")
		}
		if err := (repository{tx}).move(ctx, i.ID, Undoing, "", s.now(), Stored); err != nil {
			return err
		}
		return jobs.Insert(ctx, tx, Args{ImportID: i.ID, Act: Undoing, UserID: actor.UserID})
	}, Undoing, Undone)
}

// Drop throws away an import of which nothing is stored.
// Errors: sign_in, forbidden, not found, conflict (it is stored, or a job is at work).
func (s *Service) Drop(ctx context.Context, actor identity.Actor, publicID string, version int) error {
	return s.change(ctx, actor, publicID, version, func(tx pgx.Tx, _ Kind, i Import) error {
		if i.Stage != Unmatched && i.Stage != Ready {
			return apperr.New(apperr.Conflict, "imports.moved_on")
		}
		_, err := tx.Exec(ctx, `delete from imports where id = $1`, i.ID)
		return err
	})
}

func conflict(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return apperr.Wrap(err, apperr.Conflict, "imports.moved_on")
	}
	return err
}

// record keeps what was done in the audit log.
func record(ctx context.Context, tx pgx.Tx, by identity.Actor, action string, i Import, counts Counts) error {
	values := map[string]any{"kind": i.Kind, "new": counts.New, "changed": counts.Changed}
	maps.DeleteFunc(values, func(_ string, v any) bool { return v == 0 })
	return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: action, Subject: i.Ref(), Payload: values})
}
