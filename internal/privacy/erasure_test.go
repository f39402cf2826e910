package privacy_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/accounts/accountstest"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/privacy"
)

func TestErasingKeepsDecisionsAndTheChain(t *testing.T) {
	b := setup(t)
	admin := b.admin(t, "admin@union.example")
	org := pgtest.Org(t, b.db, "Ordubad")
	a := accountstest.Insert(t, b.db, b.accounts, "gulnar@ordubad.example")
	b.do(t, `insert into mandates (user_id, org_id, role, starts_at) values ($1, $2, 'member_editor', '2020-01-01')`, a.ID, org)
	b.do(t, `insert into sessions (handle, token_hash, user_id, expires_at) values (repeat('a', 26), 'x', $1, now() + interval '1 hour')`, a.ID)
	b.do(t, `insert into sign_ins (user_id, method, outcome) values ($1, 'password', 'in')`, a.ID)
	b.do(t, `insert into moves (subject_id, seq, to_state, move, reason, actor_id, org_id) values ($1, 1, 'approved', 'decide', 'oy birliği', $2, $1)`, org, a.ID)
	b.do(t, `insert into audit_entries (subject_id, action, actor_id, org_id, payload) values ($1, 'accounts.profile_saved', $1, $2, '{"name": "Aysel Yurdakul"}')`, a.ID, org)
	if err := b.privacy.Choose(ctx, b.self(a), privacy.News, true); err != nil {
		t.Fatal(err)
	}
	b.sealed(t)
	id := b.asked(t, a, "Başka bir kuruma geçtim")
	if err := b.privacy.CarryOut(ctx, admin, id, 1); err != nil {
		t.Fatal(err)
	}
	if c, err := b.privacy.Case(ctx, admin, id); err != nil || c.By == "" || c.By != b.one(t, `select name from users where id = $1`, admin.UserID) {
		t.Errorf("carried out by %q, %v", c.By, err)
	}
	name := b.one(t, `select name from users where id = $1`, a.ID)
	if !regexp.MustCompile(`^former user [2-9A-HJ-NP-Z]{4}$`).MatchString(name) {
		t.Errorf("the name is %q", name)
	}
	b.nothingNames(t, "gulnar@ordubad.example", "Başka bir kuruma")
	if got := b.one(t, `select u.name || ': ' || m.reason from moves m join users u on u.id = m.actor_id where m.subject_id = $1`, org); got != name+": oy birliği" {
		t.Errorf("the decision reads %q", got)
	}
	for table, sql := range map[string]string{"sessions": `select count(*)::text from sessions where user_id = $1`, "sign_ins": `select count(*)::text from sign_ins where user_id = $1`,
		"mandates": `select count(*)::text from mandates where user_id = $1 and ends_at > now()`,
		"payloads": `select count(*)::text from audit_entries where subject_id = $1 and payload is not null and action = 'accounts.profile_saved'`} {
		if got := b.one(t, sql, a.ID); got != "0" {
			t.Errorf("%s: %s left", table, got)
		}
	}
	if given, err := b.privacy.Consented(ctx, a.ID, privacy.News); err != nil || given {
		t.Errorf("consent %v, %v", given, err)
	}
	b.sealed(t)
	if err := b.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		broken, err := audit.Verify(ctx, q)
		if err == nil && broken != nil {
			return fmt.Errorf("the chain breaks: %+v", broken)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	if _, err := b.accounts.SignIn(ctx, accounts.Attempt{Email: "gulnar@ordubad.example", Password: accountstest.Password}); err == nil {
		t.Error("the person could sign in")
	}
	wants(t, b.privacy.CarryOut(ctx, admin, id, 1), apperr.Conflict)
}

// sealed waits until every entry stands in the chain: transactions of other tests, which
// run beside, hold sealing up.
func (b bench) sealed(t *testing.T) {
	t.Helper()
	for range 200 {
		if _, err := audit.Seal(ctx, b.db); err != nil {
			t.Fatal(err)
		}
		if b.one(t, `select count(*)::text from audit_entries where sealed_at is null`) == "0" {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the entries are not sealed")
}

// nothingNames looks through every column of every table for words that must be gone; the
// letter that waits to be sent to the person is the one exception.
func (b bench) nothingNames(t *testing.T, words ...string) {
	t.Helper()
	accountstest.Query(t, b.db, func(ctx context.Context, tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select c.relname::text from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like 'river%'`)
		tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		for _, table := range tables {
			for _, word := range words {
				var n int
				if err := tx.QueryRow(ctx, `select count(*) from `+table+` x where position($1 in x::text) > 0`, word).Scan(&n); err != nil {
					return err
				}
				if n > 0 {
					t.Errorf("%s still says %q in %d rows", table, word, n)
				}
			}
		}
		return nil
	})
}

func TestDutiesAreHandedOverFirst(t *testing.T) {
	b := setup(t)
	org := pgtest.Org(t, b.db, "Ordubad")
	mayor := accountstest.Insert(t, b.db, b.accounts, "mayor@ordubad.example")
	b.do(t, `insert into mandates (user_id, org_id, role, starts_at) values ($1, $2, 'member_approver', '2020-01-01')`, mayor.ID, org)
	last, lastActor := accountstest.Staff(t, b.db, b.accounts, "admin@union.example", identity.Administrator)
	id := b.asked(t, mayor, "")
	c, err := b.privacy.Case(ctx, lastActor, id)
	if err != nil || len(c.Blocks) != 1 || c.Blocks[0].Key != "privacy.block.approver" || c.Blocks[0].Things[0] != "Ordubad" {
		t.Fatalf("%+v, %v", c.Blocks, err)
	}
	wants(t, b.privacy.CarryOut(ctx, lastActor, id, 1), apperr.Conflict)
	deputy := accountstest.Insert(t, b.db, b.accounts, "deputy@ordubad.example")
	b.do(t, `insert into mandates (user_id, org_id, role, starts_at) values ($1, $2, 'member_approver', '2020-01-01')`, deputy.ID, org)
	if err := b.privacy.CarryOut(ctx, lastActor, id, 1); err != nil {
		t.Fatal(err)
	}
	own := b.asked(t, last, "")
	wants(t, b.privacy.CarryOut(ctx, lastActor, own, 1), apperr.Conflict) // one's own
	second := b.admin(t, "second@union.example")
	b.do(t, `update users set active = false where id = $1`, second.UserID) // who cannot sign in administers nothing
	wants(t, b.privacy.CarryOut(ctx, second, own, 1), apperr.Conflict)
	b.do(t, `update users set active = true where id = $1`, second.UserID)
	if err := b.privacy.CarryOut(ctx, second, own, 1); err != nil {
		t.Fatal(err)
	}
}

func TestTheClockRunsAndTheRequestCanBeWithdrawn(t *testing.T) {
	b := setup(t)
	admin := b.admin(t, "admin@union.example")
	a := accountstest.Insert(t, b.db, b.accounts, "gulnar@ordubad.example")
	b.asked(t, a, "")
	wants(t, b.privacy.Ask(ctx, b.self(a), ""), apperr.Conflict)
	e, ok, err := b.privacy.Mine(ctx, b.self(a))
	if err != nil || !ok || !e.DueAt.Equal(b.clock.Now().Add(30*24*time.Hour)) || e.DaysLeft(b.clock.Now()) != 30 {
		t.Fatalf("%+v, %v", e, err)
	}
	if n, err := b.privacy.Warn(ctx); err != nil || n != 0 {
		t.Errorf("warned of %d, %v", n, err)
	}
	b.clock.Pass(30*24*time.Hour + time.Second)
	for i, want := range []int{1, 0} { // once a day
		if n, err := b.privacy.Warn(ctx); err != nil || n != want {
			t.Errorf("round %d: warned of %d, %v", i, n, err)
		}
	}
	if !e.Late(b.clock.Now()) || e.DaysLeft(b.clock.Now()) != -1 {
		t.Errorf("late %v, left %d", e.Late(b.clock.Now()), e.DaysLeft(b.clock.Now()))
	}
	if err := b.privacy.Withdraw(ctx, b.self(a)); err != nil {
		t.Fatal(err)
	}
	wants(t, b.privacy.Withdraw(ctx, b.self(a)), apperr.NotFound)
	wants(t, b.privacy.CarryOut(ctx, admin, e.PublicID, 1), apperr.Conflict)
	b.asked(t, a, "") // and asked for once more
}

func TestOnlyHandlersHandleAndARefusalNamesItsGround(t *testing.T) {
	b := setup(t)
	admin := b.admin(t, "admin@union.example")
	_, desk := accountstest.Staff(t, b.db, b.accounts, "desk@union.example", identity.DeskOfficer)
	a := accountstest.Insert(t, b.db, b.accounts, "gulnar@ordubad.example")
	id := b.asked(t, a, "")
	_, err := b.privacy.List(ctx, desk, privacy.Filter{Limit: 10})
	wants(t, err, apperr.Forbidden)
	_, err = b.privacy.Case(ctx, desk, id)
	wants(t, err, apperr.Forbidden)
	wants(t, b.privacy.CarryOut(ctx, desk, id, 1), apperr.Forbidden)
	wants(t, b.privacy.Refuse(ctx, admin, id, privacy.Refusal{Seq: 1, Answer: "Dava sürüyor"}), apperr.Invalid)
	wants(t, b.privacy.Refuse(ctx, admin, id, privacy.Refusal{Seq: 1, Ground: privacy.ByClaims}), apperr.Invalid)
	stale := admin
	stale.Proved = b.clock.Now().Add(-time.Hour)
	wants(t, b.privacy.Refuse(ctx, stale, id, privacy.Refusal{Seq: 1, Ground: privacy.ByClaims, Answer: "x"}), apperr.Prove)
	if err := b.privacy.Refuse(ctx, admin, id, privacy.Refusal{Seq: 1, Ground: privacy.ByClaims, Answer: "Dava sürüyor"}); err != nil {
		t.Fatal(err)
	}
	e, _, err := b.privacy.Mine(ctx, b.self(a))
	if err != nil || e.State != privacy.Refused || e.Ground != privacy.ByClaims {
		t.Errorf("%+v, %v", e, err)
	}
	list, err := b.privacy.List(ctx, admin, privacy.Filter{Closed: true, Limit: 10})
	if err != nil || len(list.Rows) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
}

// TestTwoAdministratorsNeverForgetEachOther: at the same moment, one of the two stays.
func TestTwoAdministratorsNeverForgetEachOther(t *testing.T) {
	b := setup(t)
	var admins [2]identity.Actor
	var cases [2]string
	for i, email := range []string{"admin@union.example", "second@union.example"} {
		var a accounts.Account
		a, admins[i] = accountstest.Staff(t, b.db, b.accounts, email, identity.Administrator)
		cases[1-i] = b.asked(t, a, "") // each carries out the other's
	}
	failures := pgtest.Together(t, b.db.(*postgres.Pools), "staff_roles",
		func() error { return b.privacy.CarryOut(ctx, admins[0], cases[0], 1) },
		func() error { return b.privacy.CarryOut(ctx, admins[1], cases[1], 1) })
	if (failures[0] == nil) == (failures[1] == nil) {
		t.Errorf("carried out: %v and %v", failures[0], failures[1])
	}
	for _, err := range failures {
		if err != nil && !apperr.Is(err, apperr.Conflict) { // told in words, not by a deadlock
			t.Error(err)
		}
	}
	left := b.one(t, `select count(*)::text from staff_roles r join users u on u.id = r.user_id where r.role = 'administrator' and u.active`)
	if left != "1" {
		t.Errorf("%s administrators are left", left)
	}
}
