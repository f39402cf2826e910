package demo

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/circulars"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/subject"
)

// sentOut are the circulars that were issued: how many days ago, and how many days they leave
// to be read; 0: no day.
var sentOut = []struct{ days, due int }{{75, 30}, {24, 20}, {6, 30}}

// addCirculars issues three circulars, each read by some, and has one wait for its approval.
func addCirculars(ctx context.Context, tx pgx.Tx, s Services) error {
	var there bool
	if err := tx.QueryRow(ctx, `select exists (select from circulars)`).Scan(&there); err != nil || there || s.Circulars == nil {
		return err
	}
	desk, head := identity.Actor{Side: identity.Staff, Roles: []identity.Role{identity.DeskOfficer}}, identity.Actor{Side: identity.Staff}
	if err := tx.QueryRow(ctx, `select (select id from users where email = $1), (select id from users where email = $2)`, deskMail, headMail).Scan(&desk.UserID, &head.UserID); err != nil {
		return err
	}
	audience, err := demoAudience(ctx, tx)
	if err != nil {
		return err
	}
	var opinion string // that everybody reads
	if err := tx.QueryRow(ctx, `select coalesce((select reference from precedents where state = 'in_force' order by id limit 1), '')`).Scan(&opinion); err != nil {
		return err
	}
	now := s.Now()
	for i, sent := range sentOut {
		at := now.AddDate(0, 0, -sent.days)
		in := circularTexts[i]
		if i == 1 && opinion != "" {
			in.Refs += "\n" + opinion
		}
		in.Due = time.Date(at.Year(), at.Month(), at.Day()+sent.due, 0, 0, 0, 0, time.UTC)
		c, err := s.Circulars(func() time.Time { return at }).Enter(ctx, tx, desk, head, in, audience)
		if err != nil {
			return err
		}
		if err := readBySome(ctx, tx, c, i, at); err != nil {
			return err
		}
	}
	return addDraftCircular(ctx, tx, desk, circularTexts[len(sentOut)], audience)
}

// demoAudience are organisations with people who act for them, and the largest members.
func demoAudience(ctx context.Context, tx pgx.Tx) (circulars.Audience, error) {
	rows, _ := tx.Query(ctx, `
		select s.public_id from subjects s join (
			select org_id from mandates where ends_at > now() and role in ('member_approver', 'member_editor')
			union (select m.id from municipalities m join memberships ms on ms.org_id = m.id and ms.standing = 'active' order by m.population desc nulls last, m.id limit 20)
		) x on x.org_id = s.id order by s.id`)
	named, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return circulars.Audience{Named: named}, err
}

// readBySome lets those who have people open and confirm a circular: of the newest, few so far.
func readBySome(ctx context.Context, tx pgx.Tx, c circulars.Circular, i int, at time.Time) error {
	rows, _ := tx.Query(ctx, `
		select x.id, x.org_id, min(d.user_id) from circular_copies x
		join mandates d on d.org_id = x.org_id and d.ends_at > now() and d.role in ('member_approver', 'member_editor')
		join subjects s on s.id = x.org_id
		where x.circular_id = $1 group by x.id, x.org_id order by x.org_id`, c.ID)
	type reader struct{ copy, org, user int64 }
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r reader, err error) {
		err = row.Scan(&r.copy, &r.org, &r.user)
		return r, err
	})
	if err != nil {
		return err
	}
	var shusha int64
	if err := tx.QueryRow(ctx, `select coalesce((select id from municipalities where source_id = 'gn:147105'), 0)`).Scan(&shusha); err != nil {
		return err
	}
	for n, r := range list {
		opened := at.Add(time.Duration(5+7*n) * time.Hour)
		left := (n + i) % 4 // 0: nobody looked, 1: opened and no more
		if left == 0 || r.org == shusha && i > 0 || opened.After(time.Now()) {
			continue
		}
		if err := demoReceipt(ctx, tx, r.copy, r.org, r.user, opened, left != 1, c.Answers); err != nil {
			return err
		}
	}
	return nil
}

// demoAnswers are what cities answered about the waste levy.
var demoAnswers = []string{
	"Temizlik İşleri Müdürlüğü sorumludur. Geçen yılın toplamını ay sonunda bildireceğiz.",
	"Отвечает отдел коммунального хозяйства. Сбор за прошлый год: 4,2 млн.",
	"Mali Hizmetler Müdürlüğü dolduracak; ticari atığı henüz ayrı yazmıyoruz.",
}

func demoReceipt(ctx context.Context, tx pgx.Tx, id, org, user int64, at time.Time, confirmed, answered bool) error {
	_, err := tx.Exec(ctx, `insert into circular_receipts (copy_id, org_id, user_id, opened_at, confirmed_at) values ($1, $2, $3, $4::timestamptz, case when $5 then $4::timestamptz + interval '20 minutes' end)`,
		id, org, user, at, confirmed)
	if err != nil {
		return err
	}
	answer := ""
	if confirmed && answered {
		answer = demoAnswers[int(id)%len(demoAnswers)]
	}
	_, err = tx.Exec(ctx, `
		update circular_copies set opened_at = $2::timestamptz, open = not $3::boolean, confirmed_at = case when $3 then $2::timestamptz + interval '20 minutes' end, confirmed_by = case when $3 then $4::bigint end,
			answer = $5::text, answered_by = case when $5 <> '' then $4::bigint end, answered_at = case when $5 <> '' then $2::timestamptz + interval '20 minutes' end
		where id = $1`, id, at, confirmed, user, answer)
	return err
}

// addDraftCircular is one that waits for a second person.
func addDraftCircular(ctx context.Context, tx pgx.Tx, desk identity.Actor, in circulars.Input, a circulars.Audience) error {
	t := in.Texts[0]
	_, err := tx.Exec(ctx, `
		with s as (insert into subjects (kind, org_id, public_id) values ('circular', union_id(), $1) returning id, org_id),
		c as (insert into circulars (id, org_id, kind, state, audience, created_by, edited_by, hands) select id, org_id, $2, 'review', $3, $4, $4, array[$4::bigint] from s returning id),
		d as (insert into tasks (subject_id, key, role) select id, 'circulars.approve', 'department_head' from c)
		insert into circular_texts (circular_id, version, lang, title, body, todo, actor_id) select id, 1, $5, $6, $7, $8, $4 from c`,
		subject.NewPublicID(), in.Kind, a, desk.UserID, t.Lang, t.Title, t.Body, t.Todo)
	return err
}
