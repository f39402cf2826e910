package membership_test

import (
	"context"
	"fmt"
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
