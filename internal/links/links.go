// Package links holds which records belong together: a request and the project that it is
// about, a letter, a decision. A link is said once and read from both of its ends. Only staff
// read links; what a municipality may know of the other record, that record's page says.
package links

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// most is how many links one record may have.
const most = 100

// Link is what one record is linked to.
type Link struct {
	PublicID  string // of the link
	To        subject.Ref
	ActorName string
	At        time.Time
}

// Join links two records; what is linked already stays as it is. The caller has asked
// permission for both. Errors: invalid (a record and itself), conflict (too many).
func Join(ctx context.Context, tx pgx.Tx, actor identity.Actor, from, to subject.Ref) error {
	if from.ID == to.ID {
		return apperr.New(apperr.Invalid, "links.itself")
	}
	var there bool
	var count int
	err := tx.QueryRow(ctx, `
		select exists (select from subject_links where a_id = least($1::bigint, $2::bigint) and b_id = greatest($1::bigint, $2::bigint)),
			(select count(*) from subject_links where a_id = $1) + (select count(*) from subject_links where b_id = $1)`, from.ID, to.ID).Scan(&there, &count)
	switch {
	case err != nil || there:
		return err
	case count >= most:
		return apperr.New(apperr.Conflict, "links.too_many")
	}
	_, err = tx.Exec(ctx, `
		insert into subject_links (public_id, a_id, b_id, actor_id) values ($1, least($2::bigint, $3::bigint), greatest($2::bigint, $3::bigint), $4)
		on conflict do nothing`, subject.NewPublicID(), from.ID, to.ID, actor.UserID)
	if err != nil {
		return err
	}
	return record(ctx, tx, actor, "link.join", from, to)
}

// Part takes a link of a record away; one that is gone stays gone. The caller has asked permission.
func Part(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, publicID string) error {
	to := subject.Ref{}
	rows, _ := tx.Query(ctx, `
		with gone as (delete from subject_links where public_id = $1 and $2 in (a_id, b_id) returning a_id + b_id - $2 as id)
		select s.kind, s.id from gone join subjects s on s.id = gone.id`, publicID, ref.ID)
	_, err := pgx.ForEachRow(rows, []any{&to.Kind, &to.ID}, func() error { return nil })
	if err != nil || to.Zero() {
		return err
	}
	return record(ctx, tx, actor, "link.part", ref, to)
}

// record writes the act into the log of both records.
func record(ctx context.Context, tx pgx.Tx, actor identity.Actor, action string, a, b subject.Ref) error {
	return audit.RecordMany(ctx, tx, []audit.Entry{
		{Actor: actor, Action: action, Subject: a, Payload: map[string]string{"to": b.String()}},
		{Actor: actor, Action: action, Subject: b, Payload: map[string]string{"to": a.String()}},
	})
}

// Of lists what a record is linked to, in the order in which it was said. The caller has
// asked permission.
func Of(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]Link, error) {
	rows, _ := q.Query(ctx, `
		select l.public_id, s.kind, s.id, u.name, l.at
		from (select * from subject_links where a_id = $1 union all select * from subject_links where b_id = $1) l
		join subjects s on s.id = l.a_id + l.b_id - $1
		join users u on u.id = l.actor_id
		order by l.id limit $2`, ref.ID, most)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (l Link, err error) {
		err = row.Scan(&l.PublicID, &l.To.Kind, &l.To.ID, &l.ActorName, &l.At)
		return l, err
	})
}

// Find is the record of a public id, where it is of one of the kinds. Errors: not found.
func Find(ctx context.Context, q postgres.Querier, publicID string, kinds ...subject.Kind) (ref subject.Ref, err error) {
	err = q.QueryRow(ctx, `select kind, id from subjects where public_id = $1 and kind = any($2)`, publicID, kinds).Scan(&ref.Kind, &ref.ID)
	return ref, postgres.Explain(err, "links.not_found")
}

// PublicIDs are the public ids of records, by their own.
func PublicIDs(ctx context.Context, q postgres.Querier, ids []int64) (map[int64]string, error) {
	out := map[int64]string{}
	rows, _ := q.Query(ctx, `select id, public_id from subjects where id = any($1)`, ids)
	var id int64
	var publicID string
	_, err := pgx.ForEachRow(rows, []any{&id, &publicID}, func() error {
		out[id] = publicID
		return nil
	})
	return out, err
}
