package bench

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// fillRequests adds $1 requests from number $2 on, one an hour back from now: the newest
// tenth is open, the rest declined or withdrawn, and the services take turns. Each open one
// has its officer's task.
const fillRequests = `
	with n as (
		select i, nextval(pg_get_serial_sequence('subjects', 'id')) as id, i >= $3::int - $3::int / 10 as fresh
		from generate_series($2::int, $2::int + $1::int - 1) i
	), w as (
		select n.*, case when fresh then (array['submitted', 'registered', 'in_review', 'in_review', 'information_requested'])[1 + i % 5]
				when i % 7 = 0 then 'withdrawn' else 'declined' end as state,
			now() - interval '1 hour' * ($3::int - i) as sent, m.id as city, m.country_id
		from n join lateral (
			select m.id, m.country_id from municipalities m where m.id >= (i::bigint * 7919) % 9000 order by m.id limit 1
		) m on true
	), v as (
		select p.code, p.live, l.definition ->> 'office' as office, row_number() over (order by p.position) - 1 as n, count(*) over () as of
		from services p join service_versions l on l.service = p.code and l.version = p.live
	), s as (
		insert into subjects (id, kind, org_id, public_id) overriding system value
		select id, 'request', city, left(translate(md5('request' || i), '0189', 'ghij'), 26) from w
	), m as (
		insert into moves (subject_id, seq, to_state, move, org_id) select id, 1, state, 'submit', city from w
	), d as (
		insert into decision_items (decision_id, subject_id, outcome, reason) select $5::bigint, id, 'decline', 'Bu yılın bütçesi doldu.' from w where state = 'declined'
	), r as (
		insert into requests (id, org_id, service, service_version, office, state, seq, lang, reference, title, kind, sector, place, beneficiaries, cost, cost_currency,
			country_id, officer_id, created_by, created_at, submitted_at, closed_at, due_at, decision_id, decided, changed_at)
		select id, city, v.code, v.live, v.office, state, 1, 'tr', 'REQ-1990-' || i, ($4::text[])[1 + i % array_length($4, 1)] || ' ' || i,
			(array['infrastructure', 'superstructure', 'service'])[1 + i % 3], ($6::text[])[1 + i % array_length($6, 1)], 'Merkez',
			100 + i % 90000, 1000 * (1 + i % 9000), 'TRY', country_id,
			case when i % 4 > 0 then $7::bigint end, $7, sent, sent, case when not fresh then sent + interval '40 days' end,
			case when fresh then sent + interval '30 days' else 'infinity' end,
			case when state = 'declined' then $5::bigint end, case when state = 'declined' then 'decline' end,
			sent + case when fresh then interval '0' else interval '40 days' end
		from w join v on v.n = w.i % v.of
	), t as (
		insert into tasks (subject_id, key, user_id, due_at) select id, 'work', $7, sent + interval '30 days' from w where fresh and i % 4 > 0
	)
	select w.id, w.i, w.city, o.name from w join organisations o on o.id = w.city order by w.i`

var wishes = []string{"Köprünün onarımı", "Mahalle parkı", "İçme suyu hattı", "Çocuk kütüphanesi", "Pazar yeri", "Güneş enerjisi", "Bisiklet yolu", "Kadın emeği merkezi"}

func (f *filler) requests(ctx context.Context) error {
	have, err := f.count(ctx, "requests")
	if err != nil {
		return err
	}
	for number := have; number < f.cases; number += batch {
		f.say(fmt.Sprintf("requests: %d of %d", number, f.cases))
		count := min(batch, f.cases-number)
		if err := f.inTx(ctx, func(tx pgx.Tx) error { return f.addRequests(ctx, tx, number, count) }); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) addRequests(ctx context.Context, tx pgx.Tx, from, count int) error {
	var officer, decision int64
	if err := tx.QueryRow(ctx, `select id from users where email = 'desk@union.example'`).Scan(&officer); err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, `select decision_id from decision_items where outcome = 'decline' order by 1 limit 1`).Scan(&decision); err != nil {
		return err
	}
	var entries []search.Entry
	var id, org int64
	var i int
	var name string
	rows, _ := tx.Query(ctx, fillRequests, count, from, f.cases, wishes, decision, requests.Sectors(), officer)
	_, err := pgx.ForEachRow(rows, []any{&id, &i, &org, &name}, func() error {
		entries = append(entries, requestEntry(id, org, i, name))
		return nil
	})
	if err != nil {
		return err
	}
	return search.Load(ctx, tx, entries)
}

func requestEntry(id, org int64, i int, name string) search.Entry {
	entry := search.Entry{Ref: subject.Ref{Kind: subject.Request, ID: id}}
	for _, lang := range locale.Langs() {
		doc := search.Document{Lang: lang, Scope: search.Staff, OrgID: org, Title: fmt.Sprintf("%s %d", wishes[i%len(wishes)], i), Names: []string{name},
			Body: name + ". Merkez", Reference: fmt.Sprint("REQ-1990-", i), Path: fmt.Sprintf("/%s/desk/requests/bench%d", lang, i)}
		own := doc
		own.Scope, own.Names = search.Org(org), nil
		entry.Documents = append(entry.Documents, doc, own)
	}
	return entry
}
