package forms

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/subject"
)

// In is one page as somebody leaves it, complete or not.
type In struct {
	Page    string
	Base    int                 // the version that the writer started from
	Answers Answers             // by field; fields that are absent are left as they are
	Through bool                // the page was gone through, not just saved on the way
	Upload  map[string][]string // by field: uploads to take
	Drop    map[string][]string // by field: uploads that were taken away again on the page
	Remove  []string            // public identifiers of files to take away
	Gone    map[string][]string // by table: rows that were taken away
	At      time.Time
}

// Conflict is a field that the writer changed after a colleague had.
type Conflict struct {
	Field  Field
	Theirs Value // as it is stored
	Yours  Value // not stored
	By     string
	At     time.Time
}

// Saved is what a save did.
type Saved struct {
	Version   int
	Alone     bool              // nobody had saved since the writer's base: Version may be the next one
	Conflicts []Conflict        // these fields were left as the colleague wrote them
	Refused   map[string]string // field → message key of a file that could not be taken
}

// Save stores a page field by field. A field that somebody else changed since the writer's
// base stays as it is: silently where the writer had not touched it, as a Conflict where
// both did. Everything else is stored, so that nothing anybody typed is lost.
// Errors: not found (no such page, or nothing is open).
func Save(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, part string, in In) (Saved, error) {
	s, err := lock(ctx, tx, ref, part)
	if err != nil {
		return Saved{}, err
	}
	page, ok := s.Definition.page(in.Page)
	if !ok {
		return Saved{}, apperr.New(apperr.NotFound, "forms.not_found")
	}
	w := write{Submission: &s, tx: tx, actor: actor, in: in, out: Saved{Version: s.Version, Alone: s.Version == in.Base}}
	for _, f := range page.Fields {
		if err := w.field(ctx, f); err != nil {
			return w.out, err
		}
	}
	return w.out, w.store(ctx)
}

// page finds a page by its key, wherever the path leads.
func (d Definition) page(key string) (Page, bool) {
	for _, s := range d.Sections {
		for _, p := range s.Pages {
			if p.Key == key {
				return p, true
			}
		}
	}
	return Page{}, false
}

// write is one Save at work.
type write struct {
	*Submission
	tx      pgx.Tx
	actor   identity.Actor
	in      In
	changed bool
	out     Saved
}

func (w *write) field(ctx context.Context, f Field) error {
	if f.Kind == File {
		return w.files(ctx, f)
	}
	value, given := w.in.Answers[f.Key]
	if given && f.Kind == Table {
		return w.rows(ctx, f, value)
	}
	if !given || value.digest() == w.Answers[f.Key].digest() {
		return nil
	}
	if w.fieldVersions[f.Key] > w.in.Base {
		touched, conflict, err := w.clash(ctx, f.Key, value)
		if err != nil || !touched {
			return err
		}
		if conflict != nil {
			conflict.Field, conflict.Theirs, conflict.Yours = f, w.Answers[f.Key], value
			w.out.Conflicts = append(w.out.Conflicts, *conflict)
			return nil
		}
	}
	return w.set(ctx, f, value)
}

// clash looks at a field, or a row of one, that changed after the writer's base. touched: the writer changed
// it too. conflict: and the other one was a colleague. Somebody who writes in two tabs, or
// whose answer from the server was lost, is no colleague.
func (w *write) clash(ctx context.Context, key string, value Value) (touched bool, conflict *Conflict, err error) {
	base := Value{}.digest()
	err = w.tx.QueryRow(ctx, `
		select digest from submission_edits where submission_id = $1 and field = $2 and version <= $3
		order by version desc limit 1`, w.ID, key, w.in.Base).Scan(&base)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return false, nil, err
	}
	if value.digest() == base {
		return false, nil, nil
	}
	var c Conflict
	err = w.tx.QueryRow(ctx, `
		select coalesce(u.name, ''), e.at from submission_edits e left join users u on u.id = e.actor_id
		where e.submission_id = $1 and e.field = $2 and e.version > $3 and e.actor_id is distinct from $4
		order by e.version desc limit 1`, w.ID, key, w.in.Base, writer(w.actor)).Scan(&c.By, &c.At)
	if errors.Is(err, pgx.ErrNoRows) {
		return true, nil, nil
	}
	return true, &c, err
}

// set changes one answer in memory and remembers who did.
func (w *write) set(ctx context.Context, f Field, value Value) error {
	if err := w.record(ctx, f.Key, value); err != nil {
		return err
	}
	w.keep(f.Key, value)
	if f.Kind != Municipality {
		return nil
	}
	var cities []int64
	if value.City != nil {
		cities = append(cities, value.City.ID)
	}
	return w.point(ctx, f.Key, "subject_id", cities)
}

func (w *write) keep(key string, value Value) {
	if value.Empty() {
		delete(w.Answers, key)
	} else {
		w.Answers[key] = value
	}
}

// record remembers who changed an answer, or a row of one, in which version.
func (w *write) record(ctx context.Context, key string, value Value) error {
	w.change()
	w.fieldVersions[key] = w.Version
	_, err := w.tx.Exec(ctx, `
		insert into submission_edits (submission_id, field, version, digest, actor_id, at) values ($1, $2, $3, $4, $5, $6)
		on conflict (submission_id, field, version) do nothing`, w.ID, key, w.Version, value.digest(), writer(w.actor), w.in.At)
	return err
}

func (w *write) change() {
	if !w.changed {
		w.changed = true
		w.Version++
		w.out.Version = w.Version
	}
}

// files takes away and adds; no colleague's file is touched by a page that does not name it.
func (w *write) files(ctx context.Context, f Field) error {
	v := w.Answers[f.Key]
	unwanted, err := w.unwanted(ctx, f.Key)
	if err != nil {
		return err
	}
	keep, gone := v.Files[:0:0], []string{}
	for _, file := range v.Files {
		if slices.Contains(unwanted, file.PublicID) {
			gone = append(gone, file.PublicID)
		} else {
			keep = append(keep, file)
		}
	}
	v.Files = keep
	for _, upload := range w.in.Upload[f.Key] {
		if err := w.attach(ctx, f, &v, upload); err != nil {
			return err
		}
	}
	if v.digest() == w.Answers[f.Key].digest() {
		return nil
	}
	if err := w.set(ctx, f, v); err != nil {
		return err
	}
	if err := w.point(ctx, f.Key, "document_id", ids(v.Files)); err != nil {
		return err
	}
	for _, publicID := range gone {
		if err := documents.Remove(ctx, w.tx, w.actor, w.Subject, publicID); err != nil {
			return err
		}
	}
	return nil
}

// attach makes an upload a file of the answer; one that cannot be taken is told, and the
// rest of the page is saved all the same.
func (w *write) attach(ctx context.Context, f Field, v *Value, upload string) error {
	inner, err := w.tx.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = inner.Rollback(ctx) }()
	d, err := documents.Attach(ctx, inner, w.actor, w.Subject, upload, f.Key, documents.Org)
	if err == nil {
		err = f.takes(d, len(v.Files))
	}
	var ours *apperr.Error
	switch {
	case errors.As(err, &ours) && ours.Code == apperr.Invalid:
		if w.out.Refused == nil {
			w.out.Refused = map[string]string{}
		}
		w.out.Refused[f.Key] = ours.Key
		return nil
	case err != nil:
		return err
	}
	if !hasFile(v.Files, d.ID) {
		v.Files = append(v.Files, attached(d))
	}
	return inner.Commit(ctx)
}

// unwanted are the files to take away, those too that a save on the way has made of uploads.
func (w *write) unwanted(ctx context.Context, field string) ([]string, error) {
	out := slices.Clone(w.in.Remove)
	for _, upload := range w.in.Drop[field] {
		made, err := documents.Made(ctx, w.tx, w.Subject, upload)
		if err != nil {
			return nil, err
		}
		out = append(out, made)
	}
	return out, nil
}

// takes refuses what the field has no room for.
func (f Field) takes(d documents.Document, already int) error {
	if already >= f.Files() {
		return apperr.New(apperr.Invalid, "forms.files_full")
	}
	if f.Pictures && len(d.MIME) > 6 && d.MIME[:6] != "image/" {
		return apperr.New(apperr.Invalid, "forms.not_a_picture")
	}
	return nil
}

// point rewrites what an answer points at.
func (w *write) point(ctx context.Context, field, column string, targets []int64) error {
	if _, err := w.tx.Exec(ctx, `delete from submission_refs where submission_id = $1 and field = $2`, w.ID, field); err != nil {
		return err
	}
	_, err := w.tx.Exec(ctx, `
		insert into submission_refs (submission_id, field, position, subject_id, document_id)
		select $1, $2, n, case when $3 = 'subject_id' then id end, case when $3 = 'document_id' then id end
		from unnest($4::bigint[]) with ordinality x (id, n)`, w.ID, field, column, targets)
	return err
}

func (w *write) store(ctx context.Context) error {
	through := w.in.Through && !w.Saw(w.in.Page)
	if through {
		w.Seen = append(w.Seen, w.in.Page)
	}
	if !w.looked() && !through && !w.changed {
		return nil
	}
	data, err := json.Marshal(w.Answers)
	if err != nil {
		return err
	}
	_, err = w.tx.Exec(ctx, `
		update submissions set data = $2, field_versions = $3, seen = $4, version = $5, saved_at = $6, filled = $7 where id = $1`,
		w.ID, data, w.fieldVersions, w.Seen, w.Version, w.in.At, w.Filled)
	return err
}

// looked takes the mark from answers that the portal filled in, once somebody has gone
// through their page; it reports whether there were any.
func (w *write) looked() bool {
	page, _ := w.Definition.page(w.in.Page)
	before := len(w.Filled)
	w.Filled = slices.DeleteFunc(w.Filled, func(key string) bool {
		return w.in.Through && slices.ContainsFunc(page.Fields, func(f Field) bool { return f.Key == key })
	})
	return len(w.Filled) < before
}

func ids(files []Attached) []int64 {
	out := make([]int64, len(files))
	for i, f := range files {
		out[i] = f.ID
	}
	return out
}

func hasFile(files []Attached, id int64) bool { return slices.Contains(ids(files), id) }
