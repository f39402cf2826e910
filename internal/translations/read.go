package translations

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

const selectStatus = `
	select t.subject_id, t.lang, t.source, t.slug, t.version, t.source_version, coalesce(t.live_version, 0) as live, t.live_at,
		t.publish_at, coalesce(t.due_version, 0) as due, coalesce(s.meaning_version, t.meaning_version) as meaning, x.title
	from translations t
	join texts x on x.subject_id = t.subject_id and x.lang = t.lang and x.version = t.version
	left join translations s on s.subject_id = t.subject_id and s.source and not t.source
	where t.subject_id = any($1)`

// StatusOf lists the languages of records, the source first, for the desk.
func StatusOf(ctx context.Context, q postgres.Querier, ids ...int64) (map[int64][]Status, error) {
	rows, _ := q.Query(ctx, selectStatus+` order by t.source desc, t.lang`, ids)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Status])
	out := make(map[int64][]Status, len(ids))
	for _, s := range all {
		out[s.Subject] = append(out[s.Subject], s)
	}
	return out, err
}

// lock reads a record's languages and holds them until the transaction ends.
func lock(ctx context.Context, tx pgx.Tx, ref subject.Ref) ([]Status, error) {
	rows, _ := tx.Query(ctx, selectStatus+` order by t.lang for update of t`, []int64{ref.ID})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Status])
	return all, postgres.Explain(err, "error.not_found")
}

func pick(all []Status, lang string) Status {
	for _, s := range all {
		if s.Lang == lang {
			return s
		}
	}
	return Status{Lang: lang}
}

func sourceOf(all []Status) Status {
	for _, s := range all {
		if s.Source {
			return s
		}
	}
	return Status{}
}

// saved is a text with who saved it, and when.
type saved struct {
	Text
	By string
	At time.Time
}

func textOf(ctx context.Context, q postgres.Querier, id int64, lang string, version int) (saved, error) {
	var s saved
	err := q.QueryRow(ctx, `
		select x.title, x.summary, x.body, x.image_alt, coalesce(u.name, ''), x.at
		from texts x left join users u on u.id = x.actor_id
		where x.subject_id = $1 and x.lang = $2 and x.version = $3`, id, lang, version).
		Scan(&s.Title, &s.Summary, &s.Body, &s.ImageAlt, &s.By, &s.At)
	return s, postgres.Explain(err, "error.not_found")
}

// WorkOf reads what the editor of one language needs, for the desk. A language that the
// record does not have yet is empty, with the source beside it.
// Errors: not found (no such record of that kind).
func WorkOf(ctx context.Context, q postgres.Querier, kind subject.Kind, publicID, lang string) (Work, error) {
	w := Work{Ref: subject.Ref{Kind: kind}, PublicID: publicID}
	err := q.QueryRow(ctx, `select id from subjects where public_id = $1 and kind = $2`, publicID, kind).Scan(&w.Ref.ID)
	if err != nil {
		return w, postgres.Explain(err, "error.not_found")
	}
	all, err := StatusOf(ctx, q, w.Ref.ID)
	if err != nil {
		return w, err
	}
	w.Statuses = all[w.Ref.ID]
	w.Now, w.Source = pick(w.Statuses, lang), sourceOf(w.Statuses)
	return w, w.fill(ctx, q)
}

func (w *Work) fill(ctx context.Context, q postgres.Querier) error {
	if w.Now.Version > 0 {
		now, err := textOf(ctx, q, w.Ref.ID, w.Now.Lang, w.Now.Version)
		if err != nil {
			return err
		}
		w.Text, w.SavedBy, w.SavedAt = now.Text, now.By, now.At
	}
	if w.Source.Version == 0 || w.Source.Lang == w.Now.Lang {
		return nil
	}
	original, err := textOf(ctx, q, w.Ref.ID, w.Source.Lang, w.Source.Version)
	if err != nil {
		return err
	}
	w.Original, w.OrigSince = original.Text, original.Text
	if w.Now.Outdated() {
		since, err := textOf(ctx, q, w.Ref.ID, w.Source.Lang, w.Now.SourceVersion)
		w.OrigSince = since.Text
		return err
	}
	return nil
}

// TextAt is one version of one language, for the desk. Errors: not found.
func TextAt(ctx context.Context, q postgres.Querier, ref subject.Ref, lang string, version int) (Text, error) {
	s, err := textOf(ctx, q, ref.ID, lang, version)
	return s.Text, err
}

// liveRow is one published language of a record.
type liveRow struct {
	Live
	Source bool
}

// LiveOf reads what readers of lang see of records: one query for a whole list. Records
// without any published language are left out.
func LiveOf(ctx context.Context, q postgres.Querier, lang string, ids ...int64) (map[int64]Live, error) {
	rows, _ := q.Query(ctx, `
		select t.subject_id, t.lang, t.slug, x.title, x.summary, x.image_alt, x.words, t.live_at, x.at,
			coalesce(t.source_version < s.meaning_version and s.live_version >= s.meaning_version, false), t.source
		from translations t
		join texts x on x.subject_id = t.subject_id and x.lang = t.lang and x.version = t.live_version
		left join translations s on s.subject_id = t.subject_id and s.source and not t.source
		where t.subject_id = any($1)
		order by t.subject_id, t.source desc, t.lang`, ids)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r liveRow, err error) {
		err = row.Scan(&r.Subject, &r.Lang, &r.Slug, &r.Title, &r.Summary, &r.ImageAlt, &r.Words, &r.LiveAt, &r.UpdatedAt, &r.Behind, &r.Source)
		return r, err
	})
	return nearest(all, lang), err
}

// nearest picks for each record the reader's language, else the source, else the first.
func nearest(all []liveRow, lang string) map[int64]Live {
	out := make(map[int64]Live)
	for at := 0; at < len(all); {
		end := at
		for end < len(all) && all[end].Subject == all[at].Subject {
			end++
		}
		group := all[at:end]
		best := slices.MinFunc(group, func(a, b liveRow) int {
			return cmp.Compare(distance(a, lang), distance(b, lang))
		}).Live
		for _, one := range group {
			best.Others = append(best.Others, Lang{Lang: one.Lang, Slug: one.Slug, Title: one.Title})
		}
		out[best.Subject] = best
		at = end
	}
	return out
}

func distance(r liveRow, lang string) int {
	switch {
	case r.Lang == lang:
		return 0
	case r.Source:
		return 1
	}
	return 2
}

// Read is a record's page for readers of lang. Errors: not found (nothing is published).
func Read(ctx context.Context, q postgres.Querier, id int64, lang string) (Page, error) {
	all, err := LiveOf(ctx, q, lang, id)
	if err != nil {
		return Page{}, err
	}
	p := Page{Live: all[id]}
	if p.Subject == 0 {
		return p, apperr.New(apperr.NotFound, "error.not_found")
	}
	err = q.QueryRow(ctx, `
		select x.body from translations t join texts x on x.subject_id = t.subject_id and x.lang = t.lang and x.version = t.live_version
		where t.subject_id = $1 and t.lang = $2`, id, p.Lang).Scan(&p.Body)
	return p, postgres.Explain(err, "error.not_found")
}

// Find is the published record of a kind at an address. An address of another language
// leads to the same record, so that changing the language in the URL by hand works.
// Errors: not found.
func Find(ctx context.Context, q postgres.Querier, kind subject.Kind, slug, lang string) (int64, error) {
	var id int64
	err := q.QueryRow(ctx, `
		select subject_id from translations where kind = $1 and slug = $2 and live_version is not null
		order by lang = $3 desc, lang limit 1`, kind, slug, lang).Scan(&id)
	return id, postgres.Explain(err, "error.not_found")
}

// Waiting is one language of a record whose hour has come.
type Waiting struct {
	Ref  subject.Ref
	Lang string
}

// Due lists what is to be published by itself by now, oldest first.
func Due(ctx context.Context, q postgres.Querier, now time.Time, kinds ...subject.Kind) ([]Waiting, error) {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	rows, _ := q.Query(ctx, `
		select kind, subject_id, lang from translations where publish_at <= $1 and kind = any($2) order by publish_at, subject_id`, now, names)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (w Waiting, err error) {
		err = row.Scan(&w.Ref.Kind, &w.Ref.ID, &w.Lang)
		return w, err
	})
}

// HasLive reports whether any language of a record is published.
func HasLive(ctx context.Context, q postgres.Querier, id int64) (bool, error) {
	var live bool
	err := q.QueryRow(ctx, `select exists (select from translations where subject_id = $1 and live_version is not null)`, id).Scan(&live)
	return live, err
}
