package mailings

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

type repository struct{ db postgres.Querier }

const columns = `
	select m.id, s.public_id, m.kind, m.state, m.version, m.filter, m.offices, m.roles, coalesce(w.name, ''), coalesce(u.name, ''), m.created_at,
		m.started_at, m.finished_at,
		coalesce((select x.title from translations t join texts x on x.subject_id = t.subject_id and x.lang = t.lang and x.version = t.version
			where t.subject_id = m.id and t.source), '')
	from mailings m join subjects s on s.id = m.id left join users w on w.id = m.actor_id left join users u on u.id = m.sent_by `

func scan(row pgx.CollectableRow) (m Mailing, err error) {
	var filter []byte
	err = row.Scan(&m.ID, &m.PublicID, &m.Kind, &m.State, &m.Version, &filter, &m.Offices, &m.Roles, &m.WriterName, &m.SenderName, &m.CreatedAt,
		&m.StartedAt, &m.FinishedAt, &m.Title)
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(filter, &m.Filter)
}

func (r repository) open(ctx context.Context, publicID string) (Mailing, error) {
	return r.one(ctx, columns+`where s.public_id = $1 and s.kind = 'mailing'`, publicID)
}

// lock is open, holding the row until the transaction ends.
func (r repository) lock(ctx context.Context, publicID string) (Mailing, error) {
	return r.one(ctx, columns+`where s.public_id = $1 and s.kind = 'mailing' for update of m`, publicID)
}

func (r repository) one(ctx context.Context, sql string, args ...any) (Mailing, error) {
	rows, _ := r.db.Query(ctx, sql, args...)
	m, err := pgx.CollectExactlyOneRow(rows, scan)
	return m, postgres.Explain(err, "mailings.not_found")
}

func (r repository) insert(ctx context.Context, actor identity.Actor, publicID string, in Input) (id int64, err error) {
	filter, err := json.Marshal(in.Filter)
	if err != nil {
		return 0, err
	}
	err = r.db.QueryRow(ctx, `
		with s as (insert into subjects (kind, org_id, public_id) values ('mailing', union_id(), $1) returning id, org_id),
		m as (insert into mailings (id, org_id, kind, filter, offices, roles, actor_id)
			select id, org_id, $2, $3, $4, $5, nullif($6::bigint, 0) from s)
		select id from s`, publicID, in.Kind, filter, texts(in.Offices), texts(in.Roles), actor.UserID).Scan(&id)
	return id, postgres.Explain(err, "mailings.not_found")
}

func (r repository) edit(ctx context.Context, id int64, in Input) error {
	filter, err := json.Marshal(in.Filter)
	if err != nil {
		return err
	}
	_, err = r.db.Exec(ctx, `update mailings set kind = $2, filter = $3, offices = $4, roles = $5, version = version + 1 where id = $1`,
		id, in.Kind, filter, texts(in.Offices), texts(in.Roles))
	return err
}

// texts is a list that is never null.
func texts(list []string) []string { return append([]string{}, list...) }

// setState moves a mailing on.
func (r repository) setState(ctx context.Context, id int64, to State, now time.Time) error {
	_, err := r.db.Exec(ctx, `
		update mailings set state = $2, version = version + 1, finished_at = case when $2 in ('sent', 'cancelled') then $3::timestamptz end where id = $1`, id, to, now)
	return err
}

// Row is a mailing in a list, with what became of it.
type Row struct {
	Mailing
	Total, Done int
}

func (r repository) list(ctx context.Context, after string, limit int) ([]Row, error) {
	at, id := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), int64(1<<62)
	if after != "" {
		err := r.db.QueryRow(ctx, `select m.created_at, m.id from mailings m join subjects s on s.id = m.id where s.public_id = $1`, after).Scan(&at, &id)
		if err != nil {
			return nil, postgres.Explain(err, "mailings.not_found")
		}
	}
	rows, _ := r.db.Query(ctx, columns+`where (m.created_at, m.id) < ($1, $2) order by m.created_at desc, m.id desc limit $3`, at, id, limit)
	found, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, err
	}
	out, ids := make([]Row, len(found)), make([]int64, len(found))
	for i, m := range found {
		out[i], ids[i] = Row{Mailing: m}, m.ID
	}
	return out, r.totals(ctx, ids, out)
}

// totals counts the recipients of listed mailings, in one query for all.
func (r repository) totals(ctx context.Context, ids []int64, list []Row) error {
	rows, _ := r.db.Query(ctx, `
		select mailing_id, count(*) filter (where state not in ('unsubscribed', 'unasked', 'invalid')), count(*) filter (where state in ('sent', 'refused', 'unsure')) from mailing_recipients
		where mailing_id = any($1) group by mailing_id`, ids)
	var id int64
	var total, done int
	_, err := pgx.ForEachRow(rows, []any{&id, &total, &done}, func() error {
		for i := range list {
			if list[i].ID == id {
				list[i].Total, list[i].Done = total, done
			}
		}
		return nil
	})
	return err
}
