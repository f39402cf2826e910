package membership_test

import (
	"context"
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/personal"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// TestTheCopyHoldsWhoAnApplicationNames: who began it, and who acts for the city that it made
// a member, as it names them; nobody else's name goes along.
func TestTheCopyHoldsWhoAnApplicationNames(t *testing.T) {
	b, ctx := setup(t), context.Background()
	id, _ := b.member(t)
	if _, err := b.s.Start(ctx, "office@batken.example", "ru", netip.MustParseAddr("192.0.2.9")); err != nil {
		t.Fatal(err)
	}
	b.exec(t, `update submissions set data = '{"approver": {"person": {"name": "Bir Kişi", "email": "Kisi@batken.example", "phone": "+996 1"}},
		"editor": {"person": {"name": "Başka Kişi", "email": "baska@batken.example"}}}'`)
	b.exec(t, `update applications set place_id = $1`, id)
	user := pgtest.User(t, b.pools, "kisi@batken.example")
	copyOf := func(p personal.Person) string {
		t.Helper()
		var out []map[string]any
		for _, list := range membership.Personal().Lists {
			if list.Name != "applications" {
				continue
			}
			if err := list.Each(ctx, b.pools.Owner, p, func(r map[string]any) error { out = append(out, r); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		text, err := json.Marshal(out)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	approver := personal.Person{ID: user, Email: "kisi@batken.example"}
	if got := copyOf(approver); got != "null" {
		t.Errorf("somebody who does not act for the city reads %s", got)
	}
	b.exec(t, `insert into mandates (user_id, org_id, role) values ($1, $2, 'member_approver')`, user, id)
	if got := copyOf(approver); !strings.Contains(got, "Bir Kişi") || !strings.Contains(got, "+996 1") || strings.Contains(got, "baska@") {
		t.Errorf("the approver reads %s", got)
	}
	if got := copyOf(personal.Person{Email: "Office@batken.example"}); !strings.Contains(got, "draft") || strings.Contains(got, "Kişi") {
		t.Errorf("the applicant reads %s", got)
	}
}
