package translations

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Save stores a new version of one language; the first language of a record becomes its
// source. Saving what is already there changes nothing. The caller has asked permission.
// Errors: invalid (by field), conflict (somebody saved since Base).
func Save(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, in In) (Status, error) {
	if err := in.Text.Check(); err != nil {
		return Status{}, err
	}
	all, err := lock(ctx, tx, ref)
	if err != nil {
		return Status{}, err
	}
	now, source := pick(all, in.Lang), sourceOf(all)
	if now.Version != in.Base {
		return now, apperr.New(apperr.Conflict, "content.stale")
	}
	if now.Version > 0 && in.Follows <= now.SourceVersion {
		same, err := unchanged(ctx, tx, ref, now, in.Text)
		if err != nil || same {
			return now, err
		}
	}
	next := now.next(in, source)
	if next.Slug, err = freeSlug(ctx, tx, ref, now, in); err != nil {
		return now, err
	}
	if err := store(ctx, tx, actor, ref, next, in); err != nil {
		return now, err
	}
	return next, record(ctx, tx, actor, ref, "save_text", map[string]any{"lang": in.Lang, "version": next.Version, "small": in.Small})
}

// next is the pure rule: what a save makes of a language's status.
func (s Status) next(in In, source Status) Status {
	next := s
	next.Lang, next.Version, next.Title = in.Lang, s.Version+1, in.Text.Title
	if source.Version == 0 || source.Lang == in.Lang {
		next.Source, next.SourceVersion = true, next.Version
		if s.Version == 0 || !in.Small {
			next.Meaning = next.Version
		}
		return next
	}
	next.Meaning = source.Meaning
	switch {
	case in.Follows > 0:
		next.SourceVersion = min(in.Follows, source.Version)
	case s.Version == 0:
		next.SourceVersion = source.Version
	}
	return next
}

func store(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, s Status, in In) error {
	meaning := 1 // only the source's is read
	if s.Source {
		meaning = s.Meaning
	}
	batch := &pgx.Batch{}
	batch.Queue(`
		insert into translations (subject_id, org_id, kind, lang, source, slug, version, source_version, meaning_version)
		select id, org_id, kind, $2, $3, $4, $5, $6, $7 from subjects where id = $1
		on conflict (subject_id, lang) do update set slug = excluded.slug, version = excluded.version,
			source_version = excluded.source_version, meaning_version = excluded.meaning_version`,
		ref.ID, s.Lang, s.Source, s.Slug, s.Version, s.SourceVersion, meaning)
	batch.Queue(`
		insert into texts (subject_id, lang, version, title, summary, body, image_alt, words, small, actor_id)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, 0))`,
		ref.ID, s.Lang, s.Version, in.Text.Title, in.Text.Summary, in.Text.Body, in.Text.ImageAlt, in.Text.Words(), in.Small, actor.UserID)
	return postgres.Explain(tx.SendBatch(ctx, batch).Close(), "error.not_found")
}

// unchanged reports that the text is the newest one already.
func unchanged(ctx context.Context, tx pgx.Tx, ref subject.Ref, now Status, text Text) (bool, error) {
	stored, err := textOf(ctx, tx, ref.ID, now.Lang, now.Version)
	return stored.Text == text, err
}

// maxSlugs bounds how many records of one kind may begin with the same words.
const maxSlugs = 10_000

// freeSlug is the address of a language: from its title until it was first published, and
// the same for ever after, so that no link dies. No two records of a kind share one, in
// whatever language.
func freeSlug(ctx context.Context, tx pgx.Tx, ref subject.Ref, now Status, in In) (string, error) {
	if now.LiveAt != nil || (in.Slug != "" && in.Slug == now.Slug) {
		return now.Slug, nil
	}
	wish := in.Slug
	if wish == "" {
		wish = fold.Slug(in.Text.Title)
	}
	if wish == "" {
		wish = string(ref.Kind)
	}
	rows, _ := tx.Query(ctx, `select slug from translations where kind = $1 and subject_id <> $2 and (slug = $3 or slug like $3 || '-%')`,
		ref.Kind, ref.ID, wish)
	taken, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return "", err
	}
	used := make(map[string]bool, len(taken))
	for _, slug := range taken {
		used[slug] = true
	}
	for n := 1; n < maxSlugs; n++ {
		if slug := numbered(wish, n); !used[slug] {
			return slug, nil
		}
	}
	return "", apperr.New(apperr.Conflict, "content.slug")
}

func numbered(wish string, n int) string {
	if n == 1 {
		return wish
	}
	return fmt.Sprintf("%s-%d", wish, n)
}

// Publish shows a language's newest text to readers. The caller has asked permission.
// Errors: not found (no such language), conflict (version is no longer the newest).
func Publish(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, lang string, version int) error {
	if _, err := newest(ctx, tx, ref, lang, version); err != nil {
		return err
	}
	return publish(ctx, tx, actor, ref, lang, version)
}

// PublishDue shows the version that was scheduled, whatever was written since.
func PublishDue(ctx context.Context, tx pgx.Tx, ref subject.Ref, lang string) error {
	all, err := lock(ctx, tx, ref)
	if err != nil {
		return err
	}
	now := pick(all, lang)
	if now.PublishAt == nil {
		return nil // somebody else was quicker, or it was called off
	}
	return publish(ctx, tx, identity.Worker(), ref, lang, now.Due)
}

func publish(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, lang string, version int) error {
	_, err := tx.Exec(ctx, `
		update translations set live_version = $3, live_at = coalesce(live_at, now()), publish_at = null, due_version = null
		where subject_id = $1 and lang = $2`, ref.ID, lang, version)
	if err != nil {
		return err
	}
	return record(ctx, tx, actor, ref, "publish_text", map[string]any{"lang": lang, "version": version})
}

// Unpublish takes a language down, and calls off what was scheduled for it. The texts stay.
// Errors: not found (no such language).
func Unpublish(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, lang string) error {
	tag, err := tx.Exec(ctx, `
		update translations set live_version = null, publish_at = null, due_version = null
		where subject_id = $1 and lang = $2`, ref.ID, lang)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return apperr.New(apperr.NotFound, "error.not_found")
	}
	return record(ctx, tx, actor, ref, "unpublish_text", map[string]any{"lang": lang})
}

// Schedule lets a language's newest text go live at a time; the zero time calls it off. The
// caller enqueues the job that acts then.
// Errors: not found, conflict (version is no longer the newest), invalid (the time has passed).
func Schedule(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, lang string, version int, at, now time.Time) error {
	if _, err := newest(ctx, tx, ref, lang, version); err != nil {
		return err
	}
	if !at.IsZero() && !at.After(now) {
		return apperr.Fields(map[string]string{"publish_at": "content.past"})
	}
	due, action := &version, "schedule_text"
	when := &at
	if at.IsZero() {
		due, when, action = nil, nil, "unschedule_text"
	}
	_, err := tx.Exec(ctx, `update translations set publish_at = $3, due_version = $4 where subject_id = $1 and lang = $2`,
		ref.ID, lang, when, due)
	if err != nil {
		return err
	}
	return record(ctx, tx, actor, ref, action, map[string]any{"lang": lang, "version": version, "at": when})
}

// newest locks a record's languages and finds the one whose newest version is version.
func newest(ctx context.Context, tx pgx.Tx, ref subject.Ref, lang string, version int) (Status, error) {
	all, err := lock(ctx, tx, ref)
	if err != nil {
		return Status{}, err
	}
	now := pick(all, lang)
	switch {
	case now.Version == 0:
		return now, apperr.New(apperr.NotFound, "error.not_found")
	case now.Version != version:
		return now, apperr.New(apperr.Conflict, "content.stale")
	}
	return now, nil
}

func record(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, action string, payload any) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: string(ref.Kind) + "." + action, Subject: ref, Payload: payload})
}
