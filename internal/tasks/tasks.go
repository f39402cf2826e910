// Package tasks holds what somebody has to do: one duty, one owner, one date.
package tasks

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Owner is whose duty it is: exactly one of a person, a role of the staff, an office of the
// union, an organisation (of its people, those with the role; all when empty).
type Owner struct {
	UserID  int64
	Role    identity.Role
	Office  string
	OrgID   int64
	OrgRole identity.Role
}

// User gives the duty to one person.
func User(id int64) Owner { return Owner{UserID: id} }

// Role gives the duty to everyone who holds a staff role.
func Role(role identity.Role) Owner { return Owner{Role: role} }

// Office gives the duty to the people of an office; where it has none, desk officers see it.
func Office(code string) Owner { return Owner{Office: code} }

// Org gives the duty to an organisation's people of a role.
func Org(id int64, role identity.Role) Owner { return Owner{OrgID: id, OrgRole: role} }

// Duty is what is to be done. Key names it within its record: one open task a key.
type Duty struct {
	Key   string // message key below "tasks."
	Owner Owner
	Due   time.Time // zero: no date
}

// Open opens a task, or moves the open one of that key to its new owner and date.
func Open(ctx context.Context, tx pgx.Tx, ref subject.Ref, d Duty) error {
	err := postgres.Engine(ctx, tx, func() error {
		_, err := tx.Exec(ctx, `
			insert into tasks (subject_id, key, user_id, role, office, org_id, org_role, due_at)
			values ($1, $2, nullif($3, 0), nullif($4, ''), nullif($8, ''), nullif($5, 0), $6, coalesce($7::timestamptz, 'infinity'))
			on conflict (subject_id, key) where state = 'open' do update
			set user_id = excluded.user_id, role = excluded.role, office = excluded.office, org_id = excluded.org_id,
				org_role = excluded.org_role, due_at = excluded.due_at`,
			ref.ID, d.Key, d.Owner.UserID, d.Owner.Role, d.Owner.OrgID, d.Owner.OrgRole, due(d.Due), d.Owner.Office)
		return err
	})
	if err != nil {
		return fmt.Errorf("open task %s: %w", d.Key, err)
	}
	return nil
}

// Handed is a duty of a record.
type Handed struct {
	Ref  subject.Ref
	Duty Duty
}

// OpenMany opens the first duty of many new records at once.
func OpenMany(ctx context.Context, tx pgx.Tx, list []Handed) error {
	batch := &pgx.Batch{}
	for _, h := range list {
		batch.Queue(`
			insert into tasks (subject_id, key, user_id, role, office, org_id, org_role, due_at)
			values ($1, $2, nullif($3::bigint, 0), nullif($4, ''), nullif($5, ''), nullif($6::bigint, 0), $7, coalesce($8::timestamptz, 'infinity'))`,
			h.Ref.ID, h.Duty.Key, h.Duty.Owner.UserID, h.Duty.Owner.Role, h.Duty.Owner.Office, h.Duty.Owner.OrgID, h.Duty.Owner.OrgRole, due(h.Duty.Due))
	}
	return postgres.Engine(ctx, tx, func() error { return tx.SendBatch(ctx, batch).Close() })
}

func due(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Close ends the open task of a key; without one it does nothing.
func Close(ctx context.Context, tx pgx.Tx, ref subject.Ref, key string) error {
	return end(ctx, tx, ref, `update tasks set state = 'done', closed_at = now() where subject_id = $1 and key = $2 and state = 'open'`, ref.ID, key)
}

// DropAll ends every open task of a record: a closed record has none.
func DropAll(ctx context.Context, tx pgx.Tx, ref subject.Ref) error {
	return end(ctx, tx, ref, `update tasks set state = 'dropped', closed_at = now() where subject_id = $1 and state = 'open'`, ref.ID)
}

func end(ctx context.Context, tx pgx.Tx, ref subject.Ref, sql string, args ...any) error {
	err := postgres.Engine(ctx, tx, func() error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("end tasks of %s: %w", ref, err)
	}
	return nil
}

// Task is one open duty, as its owner reads it.
type Task struct {
	ID       int64
	Subject  subject.Ref
	PublicID string
	Key      string
	DueAt    *time.Time // nil: no date
	OpenedAt time.Time
	Words    string // a duty that somebody wrote down; empty: Key says what it is

	// Why it stands in the actor's list; all empty for a member.
	UserID   int64         // whose it is: the actor's, or of somebody whom they stand in for
	UserName string        // of that person
	Role     identity.Role // whoever holds it
	Office   string        // whoever belongs to it
}

// Mine lists the actor's open tasks, the most urgent first: a member's organisation's, or
// a staff member's own, those of colleagues whom they stand in for today, their roles' and
// their offices'.
func Mine(ctx context.Context, q postgres.Querier, actor identity.Actor, limit int) ([]Task, error) {
	if actor.Side == identity.Member {
		return list(ctx, q, mineOfMember, actor.OrgID, actor.Roles, limit)
	}
	return list(ctx, q, mineOfStaff, actor.UserID, actor.Roles, limit)
}

const mineOfMember = `
	select t.id, s.kind, s.id, s.public_id, t.key, nullif(t.due_at, 'infinity'), t.opened_at, t.words, 0, '', '', ''
	from tasks t join subjects s on s.id = t.subject_id
	where t.state = 'open' and t.org_id = $1 and (t.org_role = '' or t.org_role = any($2))
	order by t.due_at, t.id limit $3`

// mineOfStaff holds the duties of offices that have nobody today for desk officers: no duty
// lies where nobody looks. Each owner's most urgent are read from an index and only those
// are sorted: an office that has a hundred thousand costs what one with fifty does.
const mineOfStaff = `
	with people (id) as (select unnest((select stands_for($1))::bigint[])), desks (code) as (
		select o.code from offices o
		where exists (select from staff_offices x where x.office = o.code and x.user_id = $1 and now() >= x.starts_at and now() < x.ends_at)
			or ('desk_officer' = any($2) and not exists (select from staff_offices x join users u on u.id = x.user_id and u.active
				where x.office = o.code and now() >= x.starts_at and now() < x.ends_at))
	), mine as (
		select x.* from people p cross join lateral (
			select * from tasks where state = 'open' and user_id = p.id order by due_at, id limit $3) x
		union all
		select x.* from unnest($2::text[]) p (role) cross join lateral (
			select * from tasks where state = 'open' and role = p.role order by due_at, id limit $3) x
		union all
		select x.* from desks p cross join lateral (
			select * from tasks where state = 'open' and office = p.code order by due_at, id limit $3) x
	)
	select t.id, s.kind, s.id, s.public_id, t.key, nullif(t.due_at, 'infinity'), t.opened_at, t.words,
		coalesce(t.user_id, 0), coalesce(u.name, ''), coalesce(t.role, ''), coalesce(t.office, '')
	from (select * from mine order by due_at, id limit $3) t join subjects s on s.id = t.subject_id left join users u on u.id = t.user_id
	order by t.due_at, t.id`

func list(ctx context.Context, q postgres.Querier, sql string, args ...any) ([]Task, error) {
	rows, _ := q.Query(ctx, sql, args...)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Task, err error) {
		err = row.Scan(&t.ID, &t.Subject.Kind, &t.Subject.ID, &t.PublicID, &t.Key, &t.DueAt, &t.OpenedAt, &t.Words, &t.UserID, &t.UserName, &t.Role, &t.Office)
		return t, err
	})
}
