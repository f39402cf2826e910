package municipalities

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/subject"
)

// MergeUndoWithin is how long a merge can be taken back.
const MergeUndoWithin = 30 * 24 * time.Hour

// moved is what a merge did, by what it did it to, so that it can be taken back.
type moved struct {
	Names     []string    `json:"names,omitempty"`    // added to the one that stays
	Contacts  []int64     `json:"contacts,omitempty"` // moved
	Heads     []int64     `json:"heads,omitempty"`
	Delegates []int64     `json:"delegates,omitempty"`
	Events    []int64     `json:"events,omitempty"`
	Seats     []int64     `json:"seats,omitempty"`  // in organs
	Heirs     []int64     `json:"heirs,omitempty"`  // former members whose successor it was
	Merged    []int64     `json:"merged,omitempty"` // places that were merged into it before
	Fields    []int64     `json:"fields,omitempty"` // added
	Facts     []int64     `json:"facts,omitempty"`  // copies of membership facts
	Given     []int64     `json:"given,omitempty"`  // mandates for the one that stays
	Ended     []endedTerm `json:"ended,omitempty"`  // mandates of the other one
	Parties   []party     `json:"parties,omitempty"`
	TiesGone  []sisterTie `json:"ties_gone,omitempty"`
	TiesAdded []sisterTie `json:"ties_added,omitempty"`
}

type endedTerm struct {
	ID   int64      `json:"id"`
	Ends *time.Time `json:"ends"` // nil: it had no end
}

type party struct {
	Subject int64  `json:"subject"`
	Role    string `json:"role"`
}

type sisterTie struct {
	A     int64  `json:"a"`
	B     int64  `json:"b"`
	Since *int   `json:"since"`
	Note  string `json:"note"`
}

// Merge makes two entries of one place one: what gone has goes over to kept, or points at it,
// and gone's address leads there. Histories stay where they happened, and are read together.
// Errors: sign_in, forbidden, not found, conflict (edited meanwhile; another country; gone
// has requests or dues that are open).
func (s *Service) Merge(ctx context.Context, actor identity.Actor, kept, gone string, versions [2]int) (publicID string, err error) {
	if err := actor.May(identity.EditMembers); err != nil {
		return "", err
	}
	// Standing is counted, and search rows are written in bulk, by the owner alone.
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		one, two, err := lockPair(ctx, tx, kept, gone)
		if err != nil {
			return err
		}
		if err := s.mayMerge(ctx, tx, one, two, versions); err != nil {
			return err
		}
		m := &merger{tx: tx, by: actor, now: s.now(), kept: one.ID, gone: two.ID}
		if err := m.run(ctx); err != nil {
			return err
		}
		publicID = m.publicID
		return m.settle(ctx, "municipality.merged", map[string]any{"kept": one.Name, "merged": two.Name})
	})
	return publicID, err
}

func (s *Service) mayMerge(ctx context.Context, tx pgx.Tx, kept, gone pairOne, versions [2]int) error {
	if versions != [2]int{kept.Version, gone.Version} {
		return apperr.New(apperr.Conflict, "error.conflict")
	}
	if kept.CountryID != gone.CountryID {
		return apperr.New(apperr.Conflict, "duplicates.other_country")
	}
	var requests, dues int
	err := tx.QueryRow(ctx, `
		select (select count(*) from requests where org_id = $1 and (open or state = 'draft')),
			(select count(*) from dues_assessments where org_id = $1 and open > 0)`, gone.ID).Scan(&requests, &dues)
	switch {
	case err != nil:
		return err
	case requests > 0:
		return apperr.New(apperr.Conflict, "duplicates.open_requests", "Name", gone.Name, "Count", requests)
	case dues > 0: // what is owed is frozen to whom it was assessed
		return apperr.New(apperr.Conflict, "duplicates.open_dues", "Name", gone.Name, "Count", dues)
	}
	return nil
}

// merger is one merge, or its undoing.
type merger struct {
	tx         pgx.Tx
	by         identity.Actor
	now        time.Time
	kept, gone int64
	publicID   string
	moved      moved
}

// ids runs a statement about kept ($1) and gone ($2) and keeps the ids that it returns.
func (m *merger) ids(ctx context.Context, into *[]int64, sql string) error {
	rows, _ := m.tx.Query(ctx, sql, m.kept, m.gone)
	found, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	*into = found
	return err
}

func (m *merger) run(ctx context.Context) error {
	d := &m.moved
	for _, step := range []struct {
		into *[]int64
		sql  string
	}{
		{&d.Contacts, `update contacts c set org_id = $1, version = version + 1 where org_id = $2
			and not exists (select from contacts k where k.org_id = $1 and k.office = c.office and k.email = c.email) returning id`},
		{&d.Heads, `update heads h set org_id = $1 where org_id = $2
			and (left_on is not null or not exists (select from heads k where k.org_id = $1 and k.left_on is null)) returning id`},
		{&d.Delegates, `update delegates set org_id = $1, version = version + 1 where org_id = $2 returning id`},
		{&d.Events, `update events set city_id = $1 where city_id = $2 returning id`},
		{&d.Seats, `update organ_members set municipality_id = $1, version = version + 1 where municipality_id = $2 returning id`},
		{&d.Heirs, `update municipalities set successor_id = $1 where successor_id = $2 and id <> $1 returning id`},
		{&d.Merged, `update municipalities set merged_into = $1 where merged_into = $2 returning id`},
		{&d.Fields, `insert into municipality_fields (municipality_id, field_id) select $1, field_id from municipality_fields where municipality_id = $2
			on conflict do nothing returning field_id`},
		{&d.Facts, `insert into membership_facts (org_id, fact, kind, effective_on, notice_on, reason, decision_id, source, actor_id, recorded_at)
			select $1, fact, kind, effective_on, notice_on, reason, decision_id, source, actor_id, recorded_at from membership_facts
			where org_id = $2 and not exists (select from membership_facts k where k.org_id = $1) order by id returning id`},
	} {
		if err := m.ids(ctx, step.into, step.sql); err != nil {
			return err
		}
	}
	for _, step := range []func(context.Context) error{m.moveNames, m.moveMandates, m.moveParties, m.moveTies, m.close} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (m *merger) moveNames(ctx context.Context) (err error) {
	rows, _ := m.tx.Query(ctx, `
		insert into municipality_names (municipality_id, name, lang, script, kind)
		select $1, name, lang, script, case kind when 'official' then 'alternate' else kind end from municipality_names where municipality_id = $2
		on conflict do nothing returning name`, m.kept, m.gone)
	m.moved.Names, err = pgx.CollectRows(rows, pgx.RowTo[string])
	return err
}

// moveMandates gives whoever acts for gone the same for kept, and ends the old mandates:
// what was done under them stays done under them.
func (m *merger) moveMandates(ctx context.Context) (err error) {
	rows, _ := m.tx.Query(ctx, `
		insert into mandates (user_id, org_id, role, starts_at, ends_at, areas, given_by)
		select g.user_id, $1, g.role, greatest(g.starts_at, $3), g.ends_at, g.areas, nullif($4::bigint, 0) from mandates g
		where g.org_id = $2 and g.ends_at > $3
			and not exists (select from mandates k where k.org_id = $1 and k.user_id = g.user_id and k.role = g.role and k.ends_at > $3)
		returning id`, m.kept, m.gone, m.now, m.by.UserID)
	if m.moved.Given, err = pgx.CollectRows(rows, pgx.RowTo[int64]); err != nil {
		return err
	}
	rows, _ = m.tx.Query(ctx, `
		with o as (select id, nullif(ends_at, 'infinity') as ends from mandates where org_id = $1 and ends_at > $2 for update)
		update mandates m set ends_at = greatest(m.starts_at, $2), version = m.version + 1, ended_by = nullif($3::bigint, 0)
		from o where o.id = m.id returning m.id, o.ends`, m.gone, m.now, m.by.UserID)
	m.moved.Ended, err = pgx.CollectRows(rows, pgx.RowToStructByPos[endedTerm])
	return err
}

// moveParties makes kept a party of the projects and other records that gone is a party of.
func (m *merger) moveParties(ctx context.Context) (err error) {
	rows, _ := m.tx.Query(ctx, `
		update subject_parties p set org_id = $1 where org_id = $2 and owner_id <> $2
			and not exists (select from subject_parties k where k.subject_id = p.subject_id and k.org_id = $1 and k.role = p.role)
		returning subject_id, role`, m.kept, m.gone)
	m.moved.Parties, err = pgx.CollectRows(rows, pgx.RowToStructByPos[party])
	return err
}

func (m *merger) moveTies(ctx context.Context) (err error) {
	rows, _ := m.tx.Query(ctx, `delete from sister_cities where a_id = $1 or b_id = $1 returning a_id, b_id, since, note`, m.gone)
	if m.moved.TiesGone, err = pgx.CollectRows(rows, pgx.RowToStructByPos[sisterTie]); err != nil {
		return err
	}
	for _, tie := range m.moved.TiesGone {
		other := tie.A + tie.B - m.gone
		if other == m.kept {
			continue
		}
		tag, err := m.tx.Exec(ctx, `insert into sister_cities (a_id, b_id, since, note) values (least($1::bigint, $2), greatest($1::bigint, $2), $3, $4)
			on conflict do nothing`, m.kept, other, tie.Since, tie.Note)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 1 {
			m.moved.TiesAdded = append(m.moved.TiesAdded, sisterTie{A: min(m.kept, other), B: max(m.kept, other)})
		}
	}
	return nil
}

// close points gone at kept, counts both anew and keeps what was moved.
func (m *merger) close(ctx context.Context) error {
	m.publicID = subject.NewPublicID()
	text, err := json.Marshal(m.moved)
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	batch.Queue(`update municipalities set merged_into = $1, version = version + 1 where id = $2`, m.kept, m.gone)
	batch.Queue(`update municipalities set version = version + 1 where id = $1`, m.kept)
	batch.Queue(`delete from duplicate_candidates where state = 'open' and ($1 in (a_id, b_id))`, m.gone)
	batch.Queue(`insert into duplicate_candidates (a_id, b_id, metres, state, found_at) values (least($1::bigint, $2), greatest($1::bigint, $2), 0, 'merged', $3)
		on conflict (a_id, b_id) do update set state = 'merged'`, m.kept, m.gone, m.now)
	batch.Queue(`insert into merges (public_id, kept_id, gone_id, moved, actor_id, at) values ($1, $2, $3, $4, nullif($5::bigint, 0), $6)`,
		m.publicID, m.kept, m.gone, text, m.by.UserID, m.now)
	return m.tx.SendBatch(ctx, batch).Close()
}

// settle counts the standing of both, indexes them and records what was done.
func (m *merger) settle(ctx context.Context, action string, payload map[string]any) error {
	for _, id := range []int64{m.gone, m.kept} {
		if _, err := m.tx.Exec(ctx, `select count_membership($1, $2::date)`, id, m.now); err != nil {
			return err
		}
	}
	if err := reindex(ctx, m.tx, []int64{m.kept, m.gone}); err != nil {
		return err
	}
	var entries []audit.Entry
	for _, id := range []int64{m.kept, m.gone} {
		entries = append(entries, audit.Entry{Actor: m.by, Action: action, Subject: subject.Ref{Kind: subject.Municipality, ID: id}, Payload: payload})
	}
	if err := audit.RecordMany(ctx, m.tx, entries); err != nil {
		return err
	}
	return freshness.Touch(ctx, m.tx, Tag)
}
