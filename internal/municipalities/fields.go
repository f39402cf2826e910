package municipalities

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Field is a field of activity: one of the mandate, or a subject that members name.
type Field struct {
	ID         int64
	Code       string // in URLs; never changes
	OfInterest bool   // members may name it as theirs
	Listed     bool   // shown to the public and offered in forms
	Version    int
	Titles     Titled
	Summaries  Titled
	Clauses    int // of the statute that it holds
	Members    int // active members that named it
}

// Ref points at the field.
func (f Field) Ref() subject.Ref { return subject.Ref{Kind: subject.Field, ID: f.ID} }

// Mandate reports a field of the statute: it has clauses and a public page.
func (f Field) Mandate() bool { return f.Clauses > 0 }

const fieldSelect = `
	select f.id, f.code, f.of_interest, f.listed, f.version,
		(select jsonb_object_agg(x.lang, x.title) from field_texts x where x.field_id = f.id),
		(select jsonb_object_agg(x.lang, x.summary) from field_texts x where x.field_id = f.id),
		(select count(*) from clauses c where c.field_id = f.id and c.listed),
		(select count(*) from municipality_fields mf join municipalities m on m.id = mf.municipality_id
			where mf.field_id = f.id and m.standing = 'active')
	from fields f`

func fields(ctx context.Context, q postgres.Querier, rest string, args ...any) ([]Field, error) {
	rows, _ := q.Query(ctx, fieldSelect+rest, args...)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Field])
}

// Fields lists all fields in their order, those switched off too.
// Errors: sign_in, forbidden.
func (s *Service) Fields(ctx context.Context, actor identity.Actor) ([]Field, error) {
	if err := actor.May(identity.EditSettings); err != nil {
		return nil, err
	}
	var out []Field
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		out, err = fields(ctx, q, ` order by f.position, f.id`)
		return err
	})
	return out, err
}

// Field finds one by its code. Errors: sign_in, forbidden, not found.
func (s *Service) Field(ctx context.Context, actor identity.Actor, code string) (Field, error) {
	var out Field
	if err := actor.May(identity.EditSettings); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		out, err = field(ctx, q, code, "")
		return err
	})
	return out, err
}

func field(ctx context.Context, q postgres.Querier, code, lock string) (Field, error) {
	rows, _ := q.Query(ctx, fieldSelect+` where f.code = $1 `+lock, code)
	out, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Field])
	return out, postgres.Explain(err, "settings.field_not_found")
}

// fieldCode is a title as a code: it begins with a letter.
func fieldCode(title string) string {
	code := fold.Slug(title)
	return strings.Trim(code[:min(len(code), maxCode)], "0123456789-")
}

// maxCode is the length of a field's code that is made of its title.
const maxCode = 30

// AddField puts a field at the end of the list and gives its code, which comes from the
// English title.
// Errors: sign_in, forbidden, invalid (by field; a title whose code is taken too).
func (s *Service) AddField(ctx context.Context, actor identity.Actor, f Field) (code string, err error) {
	f.Code = fieldCode(f.Titles[locale.EN])
	err = s.edit(ctx, actor, func(tx pgx.Tx) error {
		if err := f.check(); err != nil {
			return err
		}
		var err error
		if f.ID, err = newSubject(ctx, tx, subject.Field); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			insert into fields (id, org_id, code, position, of_interest, listed)
			values ($1, union_id(), $2, (select coalesce(max(position), 0) + 1 from fields), $3, $4)`,
			f.ID, f.Code, f.OfInterest, f.Listed)
		if err := taken(err, "title_en"); err != nil {
			return err
		}
		if err := saveTexts(ctx, tx, f); err != nil {
			return err
		}
		return settle(ctx, tx, actor, "field.add", f.Ref(), f.plain())
	})
	return f.Code, err
}

// SaveField stores an edit of the field with f.Code; f.Version is what the editor saw.
// Errors: sign_in, forbidden, not found, invalid (by field), conflict (edited meanwhile).
func (s *Service) SaveField(ctx context.Context, actor identity.Actor, f Field) error {
	return s.edit(ctx, actor, func(tx pgx.Tx) error {
		if err := f.check(); err != nil {
			return err
		}
		old, err := field(ctx, tx, f.Code, "for update of f")
		if err != nil {
			return err
		}
		if err := stale(old.Version, f.Version); err != nil {
			return err
		}
		f.ID = old.ID
		_, err = tx.Exec(ctx, `update fields set of_interest = $2, listed = $3, version = version + 1 where id = $1`, f.ID, f.OfInterest, f.Listed)
		if err != nil {
			return err
		}
		if err := saveTexts(ctx, tx, f); err != nil {
			return err
		}
		return settle(ctx, tx, actor, "field.edit", f.Ref(), map[string]any{"before": old.plain(), "after": f.plain()})
	})
}

// MoveField puts a field one place up, or down, in the order that everybody sees. At the
// end of the list nothing moves.
// Errors: sign_in, forbidden, not found.
func (s *Service) MoveField(ctx context.Context, actor identity.Actor, code string, up bool) error {
	return s.edit(ctx, actor, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select id, code from fields order by position, id for update`)
		type place struct {
			ID   int64
			Code string
		}
		places, err := pgx.CollectRows(rows, pgx.RowToStructByPos[place])
		if err != nil {
			return err
		}
		at, ids := -1, make([]int64, len(places))
		for i, p := range places {
			ids[i] = p.ID
			if p.Code == code {
				at = i
			}
		}
		to := at + 1
		if up {
			to = at - 1
		}
		switch {
		case at < 0:
			return apperr.New(apperr.NotFound, "settings.field_not_found")
		case to < 0 || to >= len(ids):
			return nil
		}
		ids[at], ids[to] = ids[to], ids[at]
		_, err = tx.Exec(ctx, `update fields f set position = x.n from unnest($1::bigint[]) with ordinality x (id, n)
			where f.id = x.id and f.position <> x.n`, ids)
		if err != nil {
			return err
		}
		return settle(ctx, tx, actor, "field.move", subject.Ref{Kind: subject.Field, ID: places[at].ID}, map[string]int{"from": at + 1, "to": to + 1})
	})
}

func saveTexts(ctx context.Context, tx pgx.Tx, f Field) error {
	batch := &pgx.Batch{}
	for _, lang := range locale.Langs() {
		batch.Queue(`insert into field_texts (field_id, lang, title, summary) values ($1, $2, $3, $4)
			on conflict (field_id, lang) do update set title = excluded.title, summary = excluded.summary`,
			f.ID, string(lang), f.Titles[lang], f.Summaries[lang])
	}
	return tx.SendBatch(ctx, batch).Close()
}

func (f Field) plain() map[string]any {
	return map[string]any{"code": f.Code, "of_interest": f.OfInterest, "listed": f.Listed, "titles": f.Titles, "summaries": f.Summaries}
}

const maxSummary = 600

func (f Field) check() error {
	faults := map[string]string{}
	titleFaults(faults, "title", f.Titles)
	for _, lang := range locale.Langs() {
		if len([]rune(f.Summaries[lang])) > maxSummary {
			faults["summary_"+string(lang)] = "settings.summary_long"
		}
	}
	if f.Code == "" && faults["title_en"] == "" {
		faults["title_en"] = "settings.title_letters"
	}
	return apperr.Fields(faults)
}
