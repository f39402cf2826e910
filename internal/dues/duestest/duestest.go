// Package duestest makes members, rules and assessments for tests.
package duestest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// Today is the day of these tests; the portal's clock is set to it.
var Today = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

// Now is a clock that stands still.
func Now() time.Time { return Today }

// Day is a day as dates are stored.
func Day(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

var members atomic.Int64

// Member makes an active member in Azerbaijan with that population, and returns its id.
func Member(t testing.TB, db postgres.DB, name string, population int64) int64 {
	t.Helper()
	id := pgtest.Org(t, db, name)
	exec(t, db, `
		with s as (insert into subjects (kind, org_id, public_id)
			select 'country', union_id(), 'aaaaaaaaaaaaaaaaaaaaaaaa' || 'az' where not exists (select from countries where code = 'AZ') returning id, org_id)
		insert into countries (id, org_id, code, iso, currency, income_group) select id, org_id, 'AZ', 'AZ', 'AZN', 'upper_middle' from s`)
	exec(t, db, `insert into country_names select c.id, x.lang, x.name from countries c,
		(values ('tr', 'Azerbaycan'), ('en', 'Azerbaijan'), ('ru', 'Азербайджан')) x (lang, name) where c.code = 'AZ' on conflict do nothing`)
	exec(t, db, `update countries set income_group = 'upper_middle' where code = 'AZ'`)
	exec(t, db, `insert into regions (country_id, slug, name) select id, 'az-karabakh', 'Qarabağ' from countries where code = 'AZ' on conflict do nothing`)
	exec(t, db, `
		insert into municipalities (id, org_id, source_id, slug, name, standing, country_id, region_id, lat, lon, zone, figures_at, population, population_year)
		select $1, $1, $2, $2, $3, 'active', c.id, r.id, 39.7, 46.7, 'Asia/Baku', date '2026-01-01', nullif($4::bigint, 0), case when $4 > 0 then 2024 end
		from countries c join regions r on r.country_id = c.id and r.slug = 'az-karabakh' where c.code = 'AZ'`,
		id, fmt.Sprintf("dues-%d", members.Add(1)), name, population)
	exec(t, db, `insert into memberships (org_id, kind, standing, joined_on, standing_on) values ($1, 'full', 'active', '-infinity', '-infinity')`, id)
	return id
}

// Rules stores rules for a year, due on its 30 June, and returns them.
func Rules(t testing.TB, db postgres.DB, s *dues.Service, year, version int, lines string) dues.Rules {
	t.Helper()
	faults, err := s.SaveRules(t.Context(), identity.Worker(), dues.RulesInput{Year: year, Version: version - 1, Currency: "EUR",
		DueOn: Day(year, 6, 30), RatesOn: Day(year, 1, 2), Text: lines})
	if err != nil {
		t.Fatal(err, faults)
	}
	rules, err := s.Rules(t.Context(), identity.Worker(), year)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// Bands are rules that every member of these tests falls under.
const Bands = `{"rule":"band_group","bands":[{"below":50000,"amounts":{"upper_middle":"250"}},{"below":100000,"amounts":{"upper_middle":"400"}},{"amounts":{"upper_middle":"900"}}]}`

// Issued makes a member with an assessment of 2026 (due on 25 December, because it is issued
// today) and returns its public id.
func Issued(t testing.TB, db postgres.DB, s *dues.Service, orgID int64, year int) string {
	t.Helper()
	if _, err := s.IssueNow(t.Context(), identity.Worker(), year); err != nil {
		t.Fatal(err)
	}
	return Assessment(t, db, orgID, year)
}

// Assessment is the public id of a member's assessment for a year.
func Assessment(t testing.TB, db postgres.DB, orgID int64, year int) (publicID string) {
	t.Helper()
	ask(t, db, &publicID, `select s.public_id from dues_assessments a join subjects s on s.id = a.id where a.org_id = $1 and a.year = $2`, orgID, year)
	return publicID
}

// Decision records a decision of the executive board and returns its public id.
func Decision(t testing.TB, db postgres.DB, number string) (publicID string) {
	t.Helper()
	ask(t, db, &publicID, `
		with s as (insert into subjects (kind, org_id, public_id) values ('decision', union_id(), left(translate(md5($1), '0189', 'ghij'), 26)) returning id, org_id, public_id),
		d as (insert into decisions (id, org_id, organ, number, year, decided_on, text) select id, org_id, 'executive_board', $1, 2026, date '2026-11-02', 'Aidat' from s)
		select public_id from s`, number)
	return publicID
}

func ask(t testing.TB, db postgres.DB, into any, sql string, args ...any) {
	t.Helper()
	err := db.InTx(context.Background(), identity.Worker(), func(tx pgx.Tx) error { return tx.QueryRow(context.Background(), sql, args...).Scan(into) })
	if err != nil {
		t.Fatalf("duestest: %v", err)
	}
}

func exec(t testing.TB, db postgres.DB, sql string, args ...any) {
	t.Helper()
	ctx := context.Background()
	err := db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
	if err != nil {
		t.Fatalf("duestest: %v", err)
	}
}
