package circulars

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

type repository struct{ db postgres.Querier }

// columns are what every side may read of a circular.
const columns = `
	select c.id, s.public_id, c.kind, c.state, c.version, c.text_version, coalesce(c.year, 0), coalesce(c.number, 0), c.due_on, c.answers, c.public, c.refs,
		c.issued_on, c.issued_at, c.sender, coalesce(c.replaces_id, 0), c.replaces_no, coalesce(c.replaced_id, 0), c.replaced_no, c.withdrawn_at, c.withdrawn_why
	from circulars c join subjects s on s.id = c.id `

func scan(row pgx.CollectableRow) (c Circular, err error) {
	var sender []byte
	err = row.Scan(&c.ID, &c.PublicID, &c.Kind, &c.State, &c.Version, &c.TextVersion, &c.Year, &c.Number, &c.Due, &c.Answers, &c.Public, &c.Refs,
		&c.IssuedOn, &c.IssuedAt, &sender, &c.Replaces.ID, &c.Replaces.Reference, &c.Replaced.ID, &c.Replaced.Reference, &c.WithdrawnAt, &c.Why)
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(sender, &c.Sender)
}

// open reads a circular with its texts, and locks it where lock says so. Errors: not found.
func (r repository) open(ctx context.Context, publicID, lock string) (Circular, error) {
	return r.one(ctx, `where s.public_id = $1 and s.kind = 'circular'`+lock, publicID)
}

func (r repository) one(ctx context.Context, where string, args ...any) (Circular, error) {
	rows, _ := r.db.Query(ctx, columns+where, args...)
	c, err := pgx.CollectExactlyOneRow(rows, scan)
	if err != nil {
		return c, postgres.Explain(err, "circulars.not_found")
	}
	c.Texts, err = r.texts(ctx, c)
	return c, err
}

// texts are the newest, in the order of the interface's languages.
func (r repository) texts(ctx context.Context, c Circular) ([]Text, error) {
	rows, _ := r.db.Query(ctx, `
		select lang, title, body, todo from circular_texts where circular_id = $1 and version = $2 order by array_position(array['tr', 'en', 'ru'], lang)`, c.ID, c.TextVersion)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Text])
}

// Title is a circular's title, with the language that it is in.
type Title struct{ Title, Lang string }

// titles are those of many circulars, each in the language that a reader gets.
func (r repository) titles(ctx context.Context, lang string, ids []int64) (map[int64]Title, error) {
	rows, _ := r.db.Query(ctx, `
		select t.circular_id, t.title, t.lang from circular_texts t join circulars c on c.id = t.circular_id and c.text_version = t.version
		where t.circular_id = any($1) order by t.circular_id, array_position(array['tr', 'en', 'ru'], t.lang)`, ids)
	all, langs := map[int64]map[string]string{}, map[int64][]string{}
	var id int64
	var title, in string
	_, err := pgx.ForEachRow(rows, []any{&id, &title, &in}, func() error {
		if all[id] == nil {
			all[id] = map[string]string{}
		}
		all[id][in], langs[id] = title, append(langs[id], in)
		return nil
	})
	out := map[int64]Title{}
	for id, written := range langs {
		nearest := locale.Nearest(lang, written)
		out[id] = Title{all[id][nearest], nearest}
	}
	return out, err
}

// audience is whom a circular goes to; staff alone may read it. Errors: not found.
func (r repository) audience(ctx context.Context, publicID string) (a Audience, err error) {
	var stored []byte
	err = r.db.QueryRow(ctx, `select c.audience from circulars c join subjects s on s.id = c.id where s.public_id = $1`, publicID).Scan(&stored)
	if err != nil {
		return a, postgres.Explain(err, "circulars.not_found")
	}
	return a, json.Unmarshal(stored, &a)
}

// inherit gives a circular the recipients of the one that it puts right.
func (r repository) inherit(ctx context.Context, c Circular) error {
	if c.Replaces.ID == 0 {
		return nil
	}
	_, err := r.db.Exec(ctx, `update circulars c set audience = old.audience from circulars old where c.id = $1 and old.id = $2`, c.ID, c.Replaces.ID)
	return err
}

func (r repository) insert(ctx context.Context, actor identity.Actor, c Circular, in Input, now time.Time) (id int64, err error) {
	err = r.db.QueryRow(ctx, `
		with s as (insert into subjects (kind, org_id, public_id) values ('circular', union_id(), $1) returning id, org_id)
		insert into circulars (id, org_id, kind, due_on, answers, public, refs, replaces_id, replaces_no, created_by, edited_by, hands, created_at)
		select id, org_id, $2, $3, $4, $5, $6, nullif($7::bigint, 0), $8, $9, $9, array[$9::bigint], $10 from s returning id`,
		c.PublicID, in.Kind, day(in.Due), in.Answers, in.Public, in.Refs, c.Replaces.ID, c.Replaces.Reference, actor.UserID, now).Scan(&id)
	if err != nil {
		return 0, err
	}
	return id, r.addTexts(ctx, actor, id, 1, in.Texts, now)
}

func (r repository) edit(ctx context.Context, actor identity.Actor, c Circular, in Input, now time.Time) error {
	if err := r.addTexts(ctx, actor, c.ID, c.TextVersion+1, in.Texts, now); err != nil {
		return err
	}
	_, err := r.db.Exec(ctx, `
		update circulars set kind = @kind, due_on = @due, answers = @answers, public = @public, refs = @refs, text_version = text_version + 1, `+back+` where id = @id`,
		pgx.NamedArgs{"kind": in.Kind, "due": day(in.Due), "answers": in.Answers, "public": in.Public, "refs": in.Refs, "actor": actor.UserID, "id": c.ID})
	return err
}

func (r repository) addTexts(ctx context.Context, actor identity.Actor, id int64, version int, texts []Text, now time.Time) error {
	var langs, titles, bodies, todos []string
	for _, t := range texts {
		langs, titles, bodies, todos = append(langs, t.Lang), append(titles, t.Title), append(bodies, t.Body), append(todos, t.Todo)
	}
	_, err := r.db.Exec(ctx, `
		insert into circular_texts (circular_id, version, lang, title, body, todo, actor_id, at)
		select $1, $2, t.lang, t.title, t.body, t.todo, $3, $4 from unnest($5::text[], $6::text[], $7::text[], $8::text[]) t (lang, title, body, todo)`,
		id, version, actor.UserID, now, langs, titles, bodies, todos)
	return err
}

func (r repository) setState(ctx context.Context, id int64, to State, approver int64) error {
	_, err := r.db.Exec(ctx, `update circulars set state = $2, approved_by = nullif($3::bigint, 0), version = version + 1 where id = $1`, id, to, approver)
	return err
}

// day is a date as it is stored; none is null.
func day(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
