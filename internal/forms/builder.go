package forms

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Builder is what staff do with the questions of forms.
type Builder struct {
	db    postgres.DB
	needs map[string]Needs // by form
	now   func() time.Time
}

// NewBuilder makes the builder; needs says what the portal reads of its own forms.
func NewBuilder(db postgres.DB, needs map[string]Needs, now func() time.Time) *Builder {
	return &Builder{db: db, needs: needs, now: now}
}

// Listed is one form in the list.
type Listed struct {
	Key         string
	Title       Words
	Version     int // in force; 0: never published
	PublishedAt *time.Time
	ChangedAt   *time.Time // of its draft; nil: there is none
	ChangedBy   string
}

// List reads every form. Errors: forbidden.
func (b *Builder) List(ctx context.Context, actor identity.Actor) (list []Listed, err error) {
	if err := actor.May(identity.EditForms); err != nil {
		return nil, err
	}
	err = b.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select coalesce(v.form, d.form), coalesce(v.definition, d.definition) -> 'title', coalesce(v.version, 0), v.published_at, d.changed_at, coalesce(u.name, '')
			from (select distinct on (form) form, version, definition, published_at from form_versions order by form, version desc) v
			full join form_drafts d on d.form = v.form left join users u on u.id = d.changed_by
			order by greatest(v.published_at, d.changed_at) desc, 1 limit 500`)
		list, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (l Listed, err error) {
			return l, r.Scan(&l.Key, &l.Title, &l.Version, &l.PublishedAt, &l.ChangedAt, &l.ChangedBy)
		})
		return err
	})
	return list, err
}

// Version is one published version.
type Version struct {
	Definition  Definition
	PublishedAt time.Time
	By          string // empty: it came with the portal
	Note        string
}

// Draft is the next version of a form, as it stands.
type Draft struct {
	Definition Definition
	Base       int // the published version that it began with
	Version    int // of the draft: grows with each change
	ChangedAt  time.Time
	ChangedBy  string
}

// Folder is a form with its versions, newest first, and its draft.
type Folder struct {
	Key      string
	Versions []Version
	Draft    *Draft
}

// Latest is the version in force; false where none was published.
func (f Folder) Latest() (Version, bool) {
	if len(f.Versions) == 0 {
		return Version{}, false
	}
	return f.Versions[0], true
}

// At is a version by its number.
func (f Folder) At(n int) (Version, bool) {
	for _, v := range f.Versions {
		if v.Definition.Version == n {
			return v, true
		}
	}
	return Version{}, false
}

// Open reads a form. Errors: forbidden, not found.
func (b *Builder) Open(ctx context.Context, actor identity.Actor, key string) (file Folder, err error) {
	if err := actor.May(identity.EditForms); err != nil {
		return file, err
	}
	err = b.db.Read(ctx, actor, func(q postgres.Querier) error {
		file, err = open(ctx, q, key)
		return err
	})
	return file, err
}

func open(ctx context.Context, q postgres.Querier, key string) (Folder, error) {
	file := Folder{Key: key}
	rows, _ := q.Query(ctx, `
		select v.version, v.definition, v.published_at, coalesce(u.name, ''), v.note from form_versions v left join users u on u.id = v.published_by
		where v.form = $1 order by v.version desc limit 200`, key)
	var err error
	file.Versions, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (v Version, err error) {
		var n int
		err = r.Scan(&n, &v.Definition, &v.PublishedAt, &v.By, &v.Note)
		v.Definition.Version = n
		return v, err
	})
	if err != nil {
		return file, err
	}
	draft, err := draftOf(ctx, q, key, "")
	if err == nil {
		file.Draft = &draft
	}
	if apperr.Is(err, apperr.NotFound) && len(file.Versions) > 0 {
		err = nil
	}
	return file, err
}

// draftOf reads a draft. Errors: not found.
func draftOf(ctx context.Context, q postgres.Querier, key, lock string) (Draft, error) {
	var d Draft
	err := q.QueryRow(ctx, `
		select d.definition, d.base, d.version, d.changed_at, coalesce(u.name, '') from form_drafts d left join users u on u.id = d.changed_by
		where d.form = $1`+lock, key).Scan(&d.Definition, &d.Base, &d.Version, &d.ChangedAt, &d.ChangedBy)
	d.Definition.Version = d.Base + 1
	return d, postgres.Explain(err, "forms.no_draft")
}

// Begin starts the draft of a form's next version; where there is one, it stays.
// Errors: forbidden, not found.
func (b *Builder) Begin(ctx context.Context, actor identity.Actor, key string) error {
	return b.change(ctx, actor, identity.EditForms, func(tx pgx.Tx) error {
		latest, err := newest(ctx, tx, key)
		if err != nil {
			return err
		}
		return b.insert(ctx, tx, actor, latest)
	})
}

// Create starts a form of the desk's own, and gives its key, which is made of its title.
// Errors: forbidden, invalid (no title), conflict (there is such a form).
func (b *Builder) Create(ctx context.Context, actor identity.Actor, title Words) (key string, err error) {
	if title.Empty() {
		return "", apperr.New(apperr.Invalid, "forms.no_title")
	}
	key = NewKey(title, nil)
	err = b.change(ctx, actor, identity.EditForms, func(tx pgx.Tx) error {
		if _, err := open(ctx, tx, key); !apperr.Is(err, apperr.NotFound) {
			if err != nil {
				return err
			}
			return apperr.New(apperr.Conflict, "forms.exists")
		}
		return b.insert(ctx, tx, actor, Definition{Key: key, Title: title, Sections: []Section{{Key: "main", Title: title}}})
	})
	return key, err
}

func (b *Builder) insert(ctx context.Context, tx pgx.Tx, actor identity.Actor, d Definition) error {
	source, err := json.Marshal(d)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `
		insert into form_drafts (form, definition, base, created_by, changed_by, changed_at) values ($1, $2, $3, $4, $4, $5)
		on conflict (form) do nothing`, d.Key, source, d.Version, actor.UserID, b.now())
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	return b.record(ctx, tx, actor, "forms.draft_begun", d.Key, nil)
}

// Edit changes a draft by fn, which has it locked: what it changes is the draft as it stands
// then, whatever the page of the editor showed. Errors: forbidden, not found, and fn's.
func (b *Builder) Edit(ctx context.Context, actor identity.Actor, key string, fn func(d *Definition) error) error {
	return b.change(ctx, actor, identity.EditForms, func(tx pgx.Tx) error {
		draft, err := draftOf(ctx, tx, key, ` for update of d`)
		if err != nil {
			return err
		}
		before := draft.Definition
		before.Version = 0
		d := before.clone()
		if err := fn(&d); err != nil {
			return err
		}
		if same(before, d) {
			return nil
		}
		source, err := json.Marshal(d)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update form_drafts set definition = $2, version = version + 1, changed_by = $3, changed_at = $4 where form = $1`,
			key, source, actor.UserID, b.now())
		return err
	})
}

// clone is a deep copy, so that an edit changes nothing that others hold.
func (d Definition) clone() Definition {
	source, _ := json.Marshal(d) // plain data: it cannot fail
	var out Definition
	_ = json.Unmarshal(source, &out)
	return out
}

// Discard throws a draft away. seen is its version that the actor looked at.
// Errors: forbidden, not found, conflict (a colleague changed it since).
func (b *Builder) Discard(ctx context.Context, actor identity.Actor, key string, seen int) error {
	return b.change(ctx, actor, identity.EditForms, func(tx pgx.Tx) error {
		draft, err := draftOf(ctx, tx, key, ` for update of d`)
		if err != nil {
			return err
		}
		if draft.Version != seen {
			return apperr.New(apperr.Conflict, "forms.draft_changed")
		}
		if _, err := tx.Exec(ctx, `delete from form_drafts where form = $1`, key); err != nil {
			return err
		}
		return b.record(ctx, tx, actor, "forms.draft_discarded", key, draft.Definition)
	})
}

// Flaws is what keeps a draft from being published, what the portal and earlier versions ask
// of it included.
func (b *Builder) Flaws(file Folder) []Flaw {
	if file.Draft == nil {
		return nil
	}
	d := file.Draft.Definition
	flaws := d.Flaws()
	for key, kind := range b.needs[file.Key] {
		if f, ok := d.Field(key); !ok || f.Kind != kind {
			flaws = append(flaws, Flaw{Page: d.pageOf(key), Field: key, Key: "forms.flaw_needed"})
		}
	}
	for _, f := range d.Fields() {
		if kind, known := file.kindOf(f.Key); known && kind != f.Kind {
			flaws = append(flaws, Flaw{Page: d.pageOf(f.Key), Field: f.Key, Key: "forms.flaw_kind_changed"})
		}
	}
	return flaws
}

// Needed reports whether the portal itself reads a question.
func (b *Builder) Needed(form, field string) bool { _, ok := b.needs[form][field]; return ok }

// kindOf is what a question was in the newest version that asked it.
func (f Folder) kindOf(key string) (Kind, bool) {
	for _, v := range f.Versions {
		if field, ok := v.Definition.Field(key); ok {
			return field.Kind, true
		}
	}
	return "", false
}

// Publish puts a draft in force as the form's next version. seen is the draft's version that
// the actor looked at: what a colleague changed since has to be looked at first.
// Errors: forbidden, not found, conflict, invalid (a flaw, or nothing changed).
func (b *Builder) Publish(ctx context.Context, actor identity.Actor, key string, seen int, note string) (version int, err error) {
	err = b.change(ctx, actor, identity.PublishForms, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('forms.' || $1))`, key); err != nil {
			return err
		}
		if _, err := draftOf(ctx, tx, key, ` for update of d`); err != nil {
			return err
		}
		file, err := open(ctx, tx, key)
		if err != nil {
			return err
		}
		version, err = b.publish(ctx, tx, actor, file, seen, note)
		return err
	})
	return version, err
}

func (b *Builder) publish(ctx context.Context, tx pgx.Tx, actor identity.Actor, file Folder, seen int, note string) (int, error) {
	latest, _ := file.Latest()
	switch {
	case file.Draft.Version != seen:
		return 0, apperr.New(apperr.Conflict, "forms.draft_changed")
	case len(b.Flaws(file)) > 0:
		return 0, apperr.New(apperr.Invalid, "forms.has_flaws")
	}
	d := file.Draft.Definition
	d.Version = 0
	source, digest, err := pack(d)
	if err != nil {
		return 0, err
	}
	n := latest.Definition.Version + 1
	if latest.Definition.Version > 0 {
		was := latest.Definition
		was.Version = 0
		if same(was, d) {
			return 0, apperr.New(apperr.Invalid, "forms.nothing_changed")
		}
	}
	if len(note) > 1000 {
		return 0, apperr.New(apperr.Invalid, "forms.long_note")
	}
	if _, err := tx.Exec(ctx, `
		insert into form_versions (form, version, definition, digest, published_at, origin, published_by, note) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		file.Key, n, source, digest, b.now(), fromDesk, actor.UserID, note); err != nil {
		return 0, postgres.Explain(err, "forms.not_found")
	}
	if _, err := tx.Exec(ctx, `delete from form_drafts where form = $1`, file.Key); err != nil {
		return 0, err
	}
	return n, b.record(ctx, tx, actor, "forms.published", file.Key, map[string]any{"version": n, "note": note})
}

func (b *Builder) change(ctx context.Context, actor identity.Actor, may identity.Permission, fn func(tx pgx.Tx) error) error {
	if err := actor.May(may); err != nil {
		return err
	}
	return b.db.InTx(ctx, actor, fn)
}

// record notes an act on a form, which is the union's: forms are no records of their own.
func (b *Builder) record(ctx context.Context, tx pgx.Tx, actor identity.Actor, action, form string, payload any) error {
	ref := subject.Ref{Kind: subject.Organisation}
	if err := tx.QueryRow(ctx, `select union_id()`).Scan(&ref.ID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: action, Subject: ref, Payload: map[string]any{"form": form, "what": payload}})
}

// NewKey makes a key of words that taken does not hold: "project_budget", "project_budget_2".
func NewKey(words Words, taken func(key string) bool) string {
	base := ""
	for _, lang := range []string{"en", "tr", "ru"} {
		if base = strings.ReplaceAll(fold.Slug(words.In[lang]), "-", "_"); base != "" {
			break
		}
	}
	if len(base) > 40 {
		base = strings.Trim(base[:40], "_")
	}
	if base == "" || base[0] >= '0' && base[0] <= '9' {
		base = "q_" + base
	}
	key := strings.Trim(base, "_")
	for n := 2; taken != nil && taken(key); n++ {
		key = base + "_" + strconv.Itoa(n)
	}
	return key
}

// Taken reports whether a question's key is in use in the draft, or ever was in a published
// version: a key means one question for ever.
func (f Folder) Taken(key string) bool {
	if f.Draft != nil {
		if _, ok := f.Draft.Definition.Field(key); ok {
			return true
		}
	}
	_, known := f.kindOf(key)
	return known
}
