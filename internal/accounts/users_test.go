package accounts_test

import (
	"context"

	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/accounts/accountstest"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

func TestOnlyAdministratorsManageUsers(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	id := a.PublicID
	acts := map[string]func(identity.Actor) error{
		"invite": func(x identity.Actor) error {
			_, err := b.Invite(ctx, x, accounts.Invitee{Email: "x@y.example", Name: "X", Lang: "tr", Role: identity.Auditor})
			return err
		},
		"give": func(x identity.Actor) error { return b.Give(ctx, x, id, accounts.GrantInput{Role: identity.Auditor}) },
		"end":  func(x identity.Actor) error { return b.End(ctx, x, id, accounts.GrantKey{Role: identity.Auditor}) },
		"edit": func(x identity.Actor) error {
			return b.SaveUser(ctx, x, id, accounts.Edit{Name: "X", Email: "x@y.example"})
		},
		"off":      func(x identity.Actor) error { return b.SetActive(ctx, x, id, false) },
		"reinvite": func(x identity.Actor) error { return b.Reinvite(ctx, x, id) },
		"sign out": func(x identity.Actor) error { return b.SignOutUser(ctx, x, id) },
		"reset":    func(x identity.Actor) error { return b.SendReset(ctx, x, id) },
	}
	reads := map[string]func(identity.Actor) error{
		"list": func(x identity.Actor) error { _, err := b.Users(ctx, x, accounts.Filter{Limit: 5}); return err },
		"user": func(x identity.Actor) error { _, err := b.User(ctx, x, id); return err },
	}
	org := pgtest.Org(t, b.db, "Şuşa")
	for _, role := range identity.Roles() {
		actor := identity.Actor{Side: identity.Staff, UserID: a.ID, Roles: []identity.Role{role}, Proved: b.clock.Now()}
		if role == identity.MemberEditor || role == identity.MemberApprover {
			actor.Side, actor.OrgID = identity.Member, org
		}
		for name, act := range acts {
			if err := act(actor); role != identity.Administrator && code(err) != apperr.Forbidden {
				t.Errorf("%s as %s: %v", name, role, err)
			}
		}
		mayRead := actor.Can(identity.ReadAudit)
		for name, read := range reads {
			if err := read(actor); (err == nil) != mayRead || err != nil && code(err) != apperr.Forbidden {
				t.Errorf("%s as %s: %v", name, role, err)
			}
		}
	}
	if _, err := b.Create(ctx, identity.Anyone(), accounts.NewAccount{}); code(err) != apperr.Forbidden {
		t.Errorf("create as a visitor: %v", err)
	}
}

func TestInviteRefusesWhatCannotBe(t *testing.T) {
	b := setup(t)
	_, admin := accountstest.Staff(t, b.db, b.Service, "admin@union.example", identity.Administrator)
	past := b.clock.Now().Add(-time.Hour)
	good := accounts.Invitee{Email: "new@city.example", Name: "Yeni", Lang: "tr", Role: identity.Auditor}
	for field, spoil := range map[string]func(*accounts.Invitee){
		"email": func(i *accounts.Invitee) { i.Email = "ADMIN@union.example" },
		"name":  func(i *accounts.Invitee) { i.Name = strings.Repeat("x", 10_000) },
		"role":  func(i *accounts.Invitee) { i.Role = "king" },
		"org":   func(i *accounts.Invitee) { i.Role, i.OrgPublic = identity.MemberEditor, "" },
		"ends":  func(i *accounts.Invitee) { i.Ends = &past },
		"lang":  func(i *accounts.Invitee) { i.Lang = "xx" },
	} {
		i := good
		spoil(&i)
		_, err := b.Invite(ctx, admin, i)
		if e, ok := err.(*apperr.Error); !ok || e.Code != apperr.Invalid || e.Fields[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	i := good
	i.Role, i.OrgPublic = identity.MemberEditor, "aaaaaaaaaaaaaaaaaaaaaaaaaa" // the union itself
	if _, err := b.Invite(ctx, admin, i); code(err) != apperr.Invalid {
		t.Errorf("a mandate of the union: %v", err)
	}
	if len(b.work(t)) != 0 {
		t.Error("a refused invitation was mailed")
	}
}

func TestGrantsEnd(t *testing.T) {
	b := setup(t)
	_, admin := accountstest.Staff(t, b.db, b.Service, "admin@union.example", identity.Administrator)
	org := accountstest.OrgPublic(t, b.db, pgtest.Org(t, b.db, "Şuşa"))
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	for _, g := range []accounts.GrantInput{{Role: identity.Finance}, {Role: identity.MemberEditor, OrgPublic: org}} {
		must(t, b.Give(ctx, admin, a.PublicID, g))
		if err := b.Give(ctx, admin, a.PublicID, g); code(err) != apperr.Conflict {
			t.Errorf("%s twice: %v", g.Role, err)
		}
	}
	hash := b.begin(t, a.ID, "hash")
	a = accountstest.Account(t, b.db, b.Service, "info@city.example")
	b.clock.Pass(time.Minute)
	for _, g := range append(a.Roles, a.Mandates...) {
		key := accounts.GrantKey{Role: g.Role, OrgPublic: g.OrgPublic, Starts: g.Starts}
		must(t, b.End(ctx, admin, a.PublicID, key))
		if err := b.End(ctx, admin, a.PublicID, key); code(err) != apperr.NotFound {
			t.Errorf("%s ended twice: %v", g.Role, err)
		}
	}
	if p := b.visit(t, hash).Person; len(p.Roles)+len(p.Seats) > 0 {
		t.Errorf("ended, and still in force: %+v", p)
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	b := setup(t)
	first, admin := accountstest.Staff(t, b.db, b.Service, "one@union.example", identity.Administrator)
	key := accounts.GrantKey{Role: identity.Administrator, Starts: first.Roles[0].Starts}
	if err := b.End(ctx, admin, first.PublicID, key); code(err) != apperr.Conflict {
		t.Errorf("the only one: %v", err)
	}
	soon := b.clock.Now().Add(time.Hour)
	accountstest.Insert(t, b.db, b.Service, "two@union.example", accounts.GrantInput{Role: identity.Administrator, Ends: &soon})
	if err := b.End(ctx, admin, first.PublicID, key); code(err) != apperr.Conflict {
		t.Errorf("beside one whose role ends: %v", err)
	}
	third, thirdActor := accountstest.Staff(t, b.db, b.Service, "three@union.example", identity.Administrator)
	must(t, b.End(ctx, admin, first.PublicID, key))
	if err := b.SetActive(ctx, admin, third.PublicID, false); code(err) != apperr.Conflict {
		t.Errorf("switching off the last: %v", err)
	}
	if err := b.SetActive(ctx, thirdActor, third.PublicID, false); code(err) != apperr.Conflict {
		t.Errorf("switching off oneself: %v", err)
	}
}

// Two administrators end each other at the same moment: one of them stays.
func TestTwoAdministratorsCannotEndEachOther(t *testing.T) {
	b := with(pgtest.Clone(t))
	one, oneActor := accountstest.Staff(t, b.db, b.Service, "one@union.example", identity.Administrator)
	two, twoActor := accountstest.Staff(t, b.db, b.Service, "two@union.example", identity.Administrator)
	var group sync.WaitGroup
	errs := make([]error, 2)
	group.Go(func() {
		errs[0] = b.End(ctx, oneActor, two.PublicID, accounts.GrantKey{Role: identity.Administrator, Starts: two.Roles[0].Starts})
	})
	group.Go(func() { errs[1] = b.SetActive(ctx, twoActor, one.PublicID, false) })
	group.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("%v, %v: exactly one must be refused", errs[0], errs[1])
	}
}

// Administrators who all leave at once, each by the own hand or another's, leave one behind.
func TestSomeAdministratorAlwaysStays(t *testing.T) {
	b := with(pgtest.Clone(t))
	var people []accounts.Account
	var actors []identity.Actor
	for _, name := range []string{"one", "two", "three", "four"} {
		a, actor := accountstest.Staff(t, b.db, b.Service, name+"@union.example", identity.Administrator)
		people, actors = append(people, a), append(actors, actor)
	}
	var group sync.WaitGroup
	errs := make([]error, 8)
	for i := range people {
		group.Go(func() { // by the own hand
			errs[i] = b.End(ctx, actors[i], people[i].PublicID, accounts.GrantKey{Role: identity.Administrator, Starts: people[i].Roles[0].Starts})
		})
		group.Go(func() { // by the next one's
			errs[4+i] = b.SetActive(ctx, actors[(i+1)%4], people[i].PublicID, false)
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil && code(err) != apperr.Conflict && code(err) != apperr.NotFound {
			t.Errorf("refused in no words: %v", err)
		}
	}
	accountstest.Query(t, b.db, func(ctx context.Context, tx pgx.Tx) error {
		var left int
		err := tx.QueryRow(ctx, `
			select count(distinct u.id) from staff_roles r join users u on u.id = r.user_id
			where r.role = 'administrator' and r.ends_at = 'infinity' and u.active`).Scan(&left)
		if left < 1 {
			t.Errorf("%d administrators are left", left)
		}
		return err
	})
}

func TestAStaleEditIsAConflict(t *testing.T) {
	b := setup(t)
	_, admin := accountstest.Staff(t, b.db, b.Service, "admin@union.example", identity.Administrator)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	hash := b.begin(t, a.ID, "hash")
	must(t, b.SaveUser(ctx, admin, a.PublicID, accounts.Edit{Name: "Ayşe", Email: "INFO@city.example", Version: a.Version}))
	if b.visit(t, hash).Person == nil {
		t.Error("a change of case ended the session")
	}
	if err := b.SaveUser(ctx, admin, a.PublicID, accounts.Edit{Name: "Fatma", Email: "info@city.example", Version: a.Version}); code(err) != apperr.Conflict {
		t.Errorf("stale: %v", err)
	}
	must(t, b.SaveUser(ctx, admin, a.PublicID, accounts.Edit{Name: "Ayşe", Email: "other@city.example", Version: a.Version + 1}))
	if b.visit(t, hash).Person != nil {
		t.Error("a new address left the session")
	}
	err := b.SaveUser(ctx, admin, a.PublicID, accounts.Edit{Name: "Ayşe", Email: "admin@union.example", Version: a.Version + 2})
	if e, ok := err.(*apperr.Error); !ok || e.Fields["email"] != "accounts.email_taken" {
		t.Errorf("somebody's address: %v", err)
	}
}

func TestUsersAreFoundAndPaged(t *testing.T) {
	b := setup(t)
	_, admin := accountstest.Staff(t, b.db, b.Service, "admin@union.example", identity.Administrator)
	for i, name := range []string{"Şükrü Çelik", "Sabri Öz", "Ирина Шевченко", "Zəhra Əliyeva", "100%_Doğru"} {
		_, err := b.Create(ctx, identity.Worker(), accounts.NewAccount{Email: "p" + string(rune('a'+i)) + "@city.example", Name: name, Lang: "tr"})
		must(t, err)
	}
	names := func(f accounts.Filter) string {
		var out []string
		for {
			page, err := b.Users(ctx, admin, f)
			must(t, err)
			for _, row := range page.Rows {
				out = append(out, row.Name)
			}
			if f.After = page.Next; page.Next == "" {
				return strings.Join(out, "|")
			}
		}
	}
	if got := names(accounts.Filter{Limit: 2}); got != "100%_Doğru|Aysel Yurdakul|Sabri Öz|Şükrü Çelik|Zəhra Əliyeva|Ирина Шевченко" {
		t.Errorf("order %s", got)
	}
	for text, want := range map[string]string{"sukru": "Şükrü Çelik", "SHEVCHENKO": "Ирина Шевченко", "%_": "100%_Doğru", "ADMIN@": "Aysel Yurdakul", "nobody": ""} {
		if got := names(accounts.Filter{Text: text, Limit: 10}); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
	if got := names(accounts.Filter{Role: identity.Administrator, State: accounts.Active, Limit: 10}); got != "Aysel Yurdakul" {
		t.Errorf("administrators: %s", got)
	}
	if _, err := b.Users(ctx, admin, accounts.Filter{After: "?", Limit: 5}); code(err) != apperr.Invalid {
		t.Errorf("a cursor that is none: %v", err)
	}
}
