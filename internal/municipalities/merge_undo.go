package municipalities

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Merged is a merge as a list names it.
type Merged struct {
	PublicID   string
	Kept, Gone string // titles
	KeptSlug   string
	By         string
	At         time.Time
	UndoneAt   *time.Time
}

// MayUndo reports whether the merge can still be taken back.
func (m Merged) MayUndo(now time.Time) bool {
	return m.UndoneAt == nil && now.Before(m.At.Add(MergeUndoWithin))
}

// Merges lists the newest merges. Errors: sign_in, forbidden.
func (s *Service) Merges(ctx context.Context, actor identity.Actor, lang locale.Lang, limit int) ([]Merged, error) {
	if err := actor.May(identity.EditMembers); err != nil {
		return nil, err
	}
	var out []Merged
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		rows, _ := q.Query(ctx, `
			select x.public_id, k.title, g.title, m.slug, coalesce(u.name, ''), x.at, x.undone_at
			from merges x join municipalities m on m.id = x.kept_id
			join municipality_titles k on k.municipality_id = x.kept_id and k.lang = $1
			join municipality_titles g on g.municipality_id = x.gone_id and g.lang = $1
			left join users u on u.id = x.actor_id order by x.at desc, x.id desc limit $2`, string(lang), limit)
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Merged])
		return err
	})
	return out, err
}

// UndoMerge makes two places of one again, each with what it had.
// Errors: sign_in, forbidden, not found, conflict (taken back already; 30 days are over;
// something that was moved was changed since).
func (s *Service) UndoMerge(ctx context.Context, actor identity.Actor, publicID string) error {
	if err := actor.May(identity.EditMembers); err != nil {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		m := &merger{tx: tx, by: actor, now: s.now()}
		var text []byte
		var at time.Time
		var undone *time.Time
		err := tx.QueryRow(ctx, `select kept_id, gone_id, moved, at, undone_at from merges where public_id = $1 for update`, publicID).
			Scan(&m.kept, &m.gone, &text, &at, &undone)
		if err != nil {
			return postgres.Explain(err, "duplicates.no_merge")
		}
		if !(Merged{At: at, UndoneAt: undone}).MayUndo(m.now) {
			return apperr.New(apperr.Conflict, "duplicates.too_late")
		}
		if err := json.Unmarshal(text, &m.moved); err != nil {
			return err
		}
		if err := m.putBack(ctx, publicID); err != nil {
			return err
		}
		return m.settle(ctx, "municipality.merge_undone", nil)
	})
}

// putBack moves everything back. A row that is no longer where the merge put it was changed
// since, and nothing is taken back.
func (m *merger) putBack(ctx context.Context, publicID string) error {
	d := m.moved
	for _, step := range []struct {
		ids []int64
		sql string
	}{
		{d.Contacts, `update contacts set org_id = $2, version = version + 1 where org_id = $1 and id = any ($3)`},
		{d.Heads, `update heads set org_id = $2 where org_id = $1 and id = any ($3)`},
		{d.Delegates, `update delegates set org_id = $2, version = version + 1 where org_id = $1 and id = any ($3)`},
		{d.Events, `update events set city_id = $2 where city_id = $1 and id = any ($3)`},
		{d.Seats, `update organ_members set municipality_id = $2, version = version + 1 where municipality_id = $1 and id = any ($3)`},
		{d.Heirs, `update municipalities set successor_id = $2 where successor_id = $1 and id = any ($3)`},
		{d.Merged, `update municipalities set merged_into = $2 where merged_into = $1 and id = any ($3)`},
		{d.Facts, `delete from membership_facts where org_id = $1 and $2::bigint is not null and id = any ($3)`},
	} {
		if len(step.ids) == 0 {
			continue
		}
		tag, err := m.tx.Exec(ctx, step.sql, m.kept, m.gone, step.ids)
		if err != nil {
			return conflicting(err)
		}
		if tag.RowsAffected() != int64(len(step.ids)) {
			return apperr.New(apperr.Conflict, "duplicates.changed_since")
		}
	}
	if err := m.reopen(ctx, publicID); err != nil {
		return conflicting(err)
	}
	return m.leaveStanding(ctx)
}

// conflicting tells that something new stands where a row is to go back to.
func conflicting(err error) error {
	if apperr.Is(postgres.Explain(err, ""), apperr.Conflict) {
		return apperr.Wrap(err, apperr.Conflict, "duplicates.changed_since")
	}
	return err
}

// reopen takes back what was added, and opens again what was ended.
func (m *merger) reopen(ctx context.Context, publicID string) error {
	d, batch := m.moved, &pgx.Batch{}
	batch.Queue(`delete from municipality_names where municipality_id = $1 and name = any ($2)`, m.kept, d.Names)
	batch.Queue(`delete from municipality_fields where municipality_id = $1 and field_id = any ($2)`, m.kept, d.Fields)
	batch.Queue(`update mandates set ends_at = greatest(starts_at, $2), version = version + 1 where id = any ($1) and ends_at > $2`, d.Given, m.now)
	for _, term := range d.Ended {
		batch.Queue(`update mandates set ends_at = coalesce($2, 'infinity'::timestamptz), version = version + 1, ended_by = null where id = $1`, term.ID, term.Ends)
	}
	for _, p := range d.Parties {
		batch.Queue(`update subject_parties set org_id = $2 where subject_id = $3 and org_id = $1 and role = $4`, m.kept, m.gone, p.Subject, p.Role)
	}
	for _, tie := range d.TiesAdded {
		batch.Queue(`delete from sister_cities where a_id = $1 and b_id = $2`, tie.A, tie.B)
	}
	for _, tie := range d.TiesGone {
		batch.Queue(`insert into sister_cities (a_id, b_id, since, note) values ($1, $2, $3, $4) on conflict do nothing`, tie.A, tie.B, tie.Since, tie.Note)
	}
	batch.Queue(`update municipalities set merged_into = null, version = version + 1 where id = $1`, m.gone)
	batch.Queue(`update municipalities set version = version + 1 where id = $1`, m.kept)
	batch.Queue(`update duplicate_candidates set state = 'open' where a_id = least($1::bigint, $2) and b_id = greatest($1::bigint, $2)`, m.kept, m.gone)
	batch.Queue(`update merges set undone_at = $2 where public_id = $1`, publicID, m.now)
	return m.tx.SendBatch(ctx, batch).Close()
}

// leaveStanding takes the membership back that kept had from gone's facts alone.
func (m *merger) leaveStanding(ctx context.Context) error {
	if len(m.moved.Facts) == 0 {
		return nil
	}
	var left int
	if err := m.tx.QueryRow(ctx, `select count(*) from membership_facts where org_id = $1`, m.kept).Scan(&left); err != nil {
		return err
	}
	if left > 0 {
		return apperr.New(apperr.Conflict, "duplicates.changed_since")
	}
	return leave(ctx, m.tx, m.kept)
}

// Entries are the record and those that were merged into it: together they
// hold its history. Errors: sign_in, forbidden.
func (s *Service) Entries(ctx context.Context, actor identity.Actor, id int64) (ids []int64, err error) {
	if err := actor.May(identity.ReadMembers); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `select $1::bigint union all (select id from municipalities where merged_into = $1 order by id limit 20)`, id)
		ids, err = pgx.CollectRows(rows, pgx.RowTo[int64])
		return err
	})
	return ids, err
}
