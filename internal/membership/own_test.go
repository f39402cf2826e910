package membership_test

import (
	"context"
	"fmt"
	"github.com/birlik/portal/internal/subject"
	"strings"
	"testing"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// TestContactsAreTheCitysOwn: another city neither reads nor drops them, the service and the
// wall of the database say so alike; the public sees offices that are listed, no names.
func TestContactsAreTheCitysOwn(t *testing.T) {
	b, ctx := setup(t), context.Background()
	id, _ := b.member(t)
	mine := pgtest.MemberActor(t, b.pools, id, identity.MemberApprover)
	theirs := pgtest.MemberActor(t, b.pools, pgtest.Org(t, b.pools, "Bursa"), identity.MemberApprover)
	hostile := membership.ContactInput{Office: "general", Name: `<script>alert(1)</script> =cmd|'/C calc'!A0`, Email: "canary@city.example", Lang: "tr"}
	listed := membership.ContactInput{Office: "press", Email: "press@city.example", Lang: "tr", Listed: true}
	for _, c := range []membership.ContactInput{hostile, listed} {
		if err := b.s.AddContact(ctx, mine, c); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]membership.ContactInput{
		"no office":     {Office: "x", Email: "a@b.example", Lang: "tr"},
		"no address":    {Office: "general", Email: "a b@c", Lang: "tr"},
		"a listed name": {Office: "general", Email: "a@b.example", Lang: "tr", Name: "N", Listed: true},
		"a bad phone":   {Office: "general", Email: "a@b.example", Lang: "tr", Phone: "call me"},
	} {
		if err := b.s.AddContact(ctx, mine, c); !apperr.Is(err, apperr.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	own, err := b.s.Own(ctx, mine)
	if err != nil || len(own.Contacts) != 2 || own.Contacts[0].Name != hostile.Name {
		t.Fatalf("%+v, %v", own.Contacts, err)
	}
	if err := b.s.DropContact(ctx, theirs, own.Contacts[0].PublicID); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("another city drops it: %v", err)
	}
	for actor, want := range map[string]struct {
		actor identity.Actor
		sees  int
	}{"another city": {theirs, 0}, "a visitor": {identity.Anyone(), 1}} {
		var n int
		err := b.pools.Read(ctx, want.actor, func(q postgres.Querier) error {
			return q.QueryRow(ctx, `select count(*) from contacts`).Scan(&n)
		})
		if err != nil || n != want.sees {
			t.Errorf("%s finds %d behind the wall, %v", actor, n, err)
		}
	}
	if err := b.s.DropContact(ctx, mine, own.Contacts[0].PublicID); err != nil {
		t.Error(err)
	}
}

// TestMembersAreReadToTheEnd: a list by its cursor names every member once, however alike
// their names, and nobody reads it who may not.
func TestMembersAreReadToTheEnd(t *testing.T) {
	b, ctx := setup(t), context.Background()
	for i := range membership.PageSize + 7 {
		id := pgtest.Org(t, b.pools, fmt.Sprintf("Yeni %d", i%3))
		b.exec(t, `insert into membership_facts (org_id, fact, kind, effective_on, source) values ($1, 'admitted', 'partner', '-infinity', 'register')`, id)
		b.exec(t, `select count_membership($1, '2026-11-25')`, id)
	}
	seen, f := map[string]bool{}, membership.MemberFilter{}
	for {
		rows, next, err := b.s.Members(ctx, b.board, "tr", f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range rows {
			if seen[m.PublicID] {
				t.Errorf("%s twice", m.Name)
			}
			seen[m.PublicID] = true
		}
		if f.After = next; next == "" {
			break
		}
	}
	if len(seen) != membership.PageSize+7 {
		t.Errorf("%d members", len(seen))
	}
	if _, _, err := b.s.Members(ctx, b.board, "tr", membership.MemberFilter{After: "nonsense' or 1=1"}); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("a cursor that is none: %v", err)
	}
	city := pgtest.MemberActor(t, b.pools, pgtest.Org(t, b.pools, "Bursa"), identity.MemberApprover)
	if _, _, err := b.s.Members(ctx, city, "tr", membership.MemberFilter{}); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("a mayor reads the register: %v", err)
	}
}

// TestFiltersOfSizeAndDues leave whom they name, and nobody whose dues are paid, cancelled
// or not due yet.
func TestFiltersOfSizeAndDues(t *testing.T) {
	b, ctx := setup(t), context.Background()
	for i, m := range []struct {
		name       string
		population int64
		due        string // of its assessment; empty: none
		paid       int
		cancelled  bool
	}{
		{"Köy", 19_999, "2020-01-01", 0, false}, {"Kasaba", 20_000, "2020-01-01", 40, false}, {"Şehir", 120_000, "2999-01-01", 0, false},
		{"Büyükşehir", 2_000_000, "2020-01-01", 0, true}, {"Belirsiz", 0, "2020-01-01", 39, false},
	} {
		id := pgtest.Org(t, b.pools, m.name)
		b.exec(t, `insert into membership_facts (org_id, fact, kind, effective_on, source) values ($1, 'admitted', 'full', '-infinity', 'register')`, id)
		b.exec(t, `select count_membership($1, '2026-11-25')`, id)
		b.exec(t, `insert into regions (country_id, slug, name) select id, 'kg-osh', 'Ош' from countries where code = 'KG' on conflict do nothing`)
		b.exec(t, `
			insert into municipalities (id, org_id, source_id, slug, name, standing, country_id, region_id, lat, lon, zone, figures_at, population, population_year)
			select $1, $1, $2, $2, $3, 'active', c.id, r.id, 40, 70, 'UTC', '2026-01-01', nullif($4::bigint, 0), case when $4 > 0 then 2020 end
			from countries c join regions r on r.country_id = c.id where c.code = 'KG'`, id, fmt.Sprintf("size-%d", i), m.name, m.population)
		b.exec(t, `
			with s as (insert into subjects (kind, org_id, public_id) values ('assessment', $1, $2) returning id, org_id)
			insert into dues_assessments (id, org_id, year, reference, source, amount, currency, base_amount, base_currency, inputs, explanation, due_on, paid, cancelled_at, cancel_reason)
			select id, org_id, 2020, $3, 'taken_over', 40, 'EUR', 40, 'EUR', '{}', '[]', $4::date, $5, case when $6 then now() end, case when $6 then 'x' else '' end from s`,
			id, subject.NewPublicID(), fmt.Sprintf("DUE-2020-%05d", i+1), m.due, m.paid, m.cancelled)
	}
	for _, x := range []struct {
		f    membership.MemberFilter
		want string
	}{
		{membership.MemberFilter{Late: true}, "Belirsiz Köy"},
		{membership.MemberFilter{Size: membership.Sizes()[0]}, "Köy"},
		{membership.MemberFilter{Size: membership.Sizes()[0], Late: true}, "Köy"},
		{membership.MemberFilter{Size: membership.Sizes()[1], Late: true}, ""},
	} {
		rows, _, err := b.s.Members(ctx, b.board, "tr", x.f)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, m := range rows {
			names = append(names, m.Name)
		}
		if got := strings.Join(names, " "); got != x.want {
			t.Errorf("%+v leaves %q, want %q", x.f, got, x.want)
		}
	}
}
