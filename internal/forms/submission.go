package forms

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Submission is what was answered about one record, as it stands.
type Submission struct {
	ID          int64
	Subject     subject.Ref
	Part        string
	Definition  Definition
	Answers     Answers
	Version     int      // grows with each save; the base of the next one
	Seen        []string // keys of the pages that somebody went through
	SavedAt     *time.Time
	SubmittedAt *time.Time
	Filled      []string         // fields that the portal filled in and nobody has gone through
	Aside       map[string]Aside // by field: answers that a newer version had no place for
	Newest      int              // version of the form that is in force

	fieldVersions map[string]int // version at which each answer last changed
}

// Saw reports whether somebody went through a page.
func (s Submission) Saw(page string) bool { return slices.Contains(s.Seen, page) }

// Begin starts an empty submission to the newest version of a form. The record must not
// have an open one. Errors: not found (no such form), conflict.
func Begin(ctx context.Context, tx pgx.Tx, ref subject.Ref, part, form string) error {
	tag, err := tx.Exec(ctx, `
		insert into submissions (subject_id, org_id, part, n, form, form_version)
		select s.id, s.org_id, $2, 1 + (select count(*) from submissions x where x.subject_id = s.id and x.part = $2), f.form, f.version
		from subjects s, (select form, version from form_versions where form = $3 order by version desc limit 1) f
		where s.id = $1`, ref.ID, part, form)
	if err == nil && tag.RowsAffected() == 0 {
		err = pgx.ErrNoRows
	}
	return postgres.Explain(err, "forms.not_found")
}

// Load reads the newest submission of a part. Errors: not found.
func Load(ctx context.Context, q postgres.Querier, ref subject.Ref, part string) (Submission, error) {
	return load(ctx, q, ref, `
		select s.id, s.data, s.field_versions, s.seen, s.version, s.saved_at, s.submitted_at, s.form, s.form_version, f.digest,
			s.filled, s.aside, (select max(v.version) from form_versions v where v.form = s.form)
		from submissions s join form_versions f on f.form = s.form and f.version = s.form_version
		where s.subject_id = $1 and s.part = $2 order by s.n desc limit 1`, part)
}

// lock is Load for the open submission, held until the transaction ends.
// Errors: not found (none is open).
func lock(ctx context.Context, tx pgx.Tx, ref subject.Ref, part string) (Submission, error) {
	return load(ctx, tx, ref, `
		select s.id, s.data, s.field_versions, s.seen, s.version, s.saved_at, s.submitted_at, s.form, s.form_version, f.digest,
			s.filled, s.aside, (select max(v.version) from form_versions v where v.form = s.form)
		from submissions s join form_versions f on f.form = s.form and f.version = s.form_version
		where s.subject_id = $1 and s.part = $2 and s.submitted_at is null for update of s`, part)
}

func load(ctx context.Context, q postgres.Querier, ref subject.Ref, sql, part string) (Submission, error) {
	s := Submission{Subject: ref, Part: part}
	var form, digest string
	var version int
	err := q.QueryRow(ctx, sql, ref.ID, part).Scan(&s.ID, &s.Answers, &s.fieldVersions, &s.Seen, &s.Version, &s.SavedAt, &s.SubmittedAt, &form, &version, &digest,
		&s.Filled, &s.Aside, &s.Newest)
	if err != nil {
		return s, postgres.Explain(err, "forms.not_found")
	}
	if s.Definition, err = definition(ctx, q, form, version, digest); err != nil {
		return s, err
	}
	return s, s.loadRefs(ctx, q)
}

// published keeps the definitions that were read; what carries one digest never changes.
var published sync.Map

func definition(ctx context.Context, q postgres.Querier, form string, version int, digest string) (Definition, error) {
	type key struct {
		form, digest string
		version      int
	}
	k := key{form, digest, version}
	if found, ok := published.Load(k); ok {
		return found.(Definition), nil
	}
	var source []byte
	var d Definition
	err := q.QueryRow(ctx, `select definition from form_versions where form = $1 and version = $2`, form, version).Scan(&source)
	if err != nil {
		return d, postgres.Explain(err, "forms.not_found")
	}
	if err := json.Unmarshal(source, &d); err != nil {
		return d, err
	}
	d.Version = version
	published.Store(k, d)
	return d, nil
}

// loadRefs fills in the records and files that answers point at.
func (s *Submission) loadRefs(ctx context.Context, q postgres.Querier) error {
	type row struct {
		field     string
		documents int64
	}
	rows, _ := q.Query(ctx, `
		select field, document_id from submission_refs where submission_id = $1 and document_id is not null order by field, position`, s.ID)
	refs, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (x row, err error) {
		return x, r.Scan(&x.field, &x.documents)
	})
	if err != nil || len(refs) == 0 {
		return err
	}
	files, err := documents.Of(ctx, q, s.Subject)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		v := s.Answers[ref.field]
		if i := slices.IndexFunc(files, func(d documents.Document) bool { return d.ID == ref.documents }); i >= 0 {
			v.Files = append(v.Files, attached(files[i]))
		}
		s.Answers[ref.field] = v
	}
	return nil
}

func attached(d documents.Document) Attached {
	return Attached{ID: d.ID, PublicID: d.PublicID, Name: d.Name, MIME: d.MIME, Size: d.Size}
}

// Texts reads one text answer of the newest submission of many records, for lists; those
// without it are left out.
func Texts(ctx context.Context, q postgres.Querier, ids []int64, part, field string) (map[int64]string, error) {
	rows, _ := q.Query(ctx, `
		select distinct on (subject_id) subject_id, data -> $3 ->> 'text' from submissions
		where subject_id = any($1) and part = $2 order by subject_id, n desc`, ids, part, field)
	out := map[int64]string{}
	var id int64
	var text *string
	_, err := pgx.ForEachRow(rows, []any{&id, &text}, func() error {
		if text != nil && *text != "" {
			out[id] = *text
		}
		return nil
	})
	return out, err
}

// writer is who writes, or nil for the system.
func writer(actor identity.Actor) *int64 {
	if actor.UserID == 0 {
		return nil
	}
	return &actor.UserID
}

// Again opens what was submitted last once more: a new submission that begins with the same
// answers and files, to the same version of the form; the submitted one stays as it is.
// Errors: not found (nothing was submitted), conflict (one is open).
func Again(ctx context.Context, tx pgx.Tx, ref subject.Ref, part string) error {
	var id, was int64
	err := tx.QueryRow(ctx, `
		insert into submissions (subject_id, org_id, part, n, form, form_version, data, field_versions, seen, version, saved_at)
		select subject_id, org_id, part, n + 1, form, form_version, data, field_versions, seen, version, submitted_at from submissions
		where subject_id = $1 and part = $2 order by n desc limit 1
		returning id, (select s.id from submissions s where s.subject_id = $1 and s.part = $2 and s.submitted_at is not null order by n desc limit 1)`,
		ref.ID, part).Scan(&id, &was)
	if err != nil {
		return postgres.Explain(err, "forms.not_found")
	}
	_, err = tx.Exec(ctx, `
		insert into submission_refs (submission_id, field, position, subject_id, document_id)
		select $1, field, position, subject_id, document_id from submission_refs where submission_id = $2`, id, was)
	return err
}

// LoadSubmitted reads the newest submission of a part that was submitted. Errors: not found.
func LoadSubmitted(ctx context.Context, q postgres.Querier, ref subject.Ref, part string) (Submission, error) {
	return load(ctx, q, ref, `
		select s.id, s.data, s.field_versions, s.seen, s.version, s.saved_at, s.submitted_at, s.form, s.form_version, f.digest,
			s.filled, s.aside, (select max(v.version) from form_versions v where v.form = s.form)
		from submissions s join form_versions f on f.form = s.form and f.version = s.form_version
		where s.subject_id = $1 and s.part = $2 and s.submitted_at is not null order by s.n desc limit 1`, part)
}
