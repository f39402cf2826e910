package membership_test

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// noRegister makes no records: these tests stop before an admission.
type noRegister struct{}

func (noRegister) Municipality(context.Context, pgx.Tx, membership.NewPlace) (int64, error) {
	return 0, nil
}
func (noRegister) Invite(context.Context, pgx.Tx, identity.Actor, int64, membership.NewPerson) error {
	return nil
}
func (noRegister) Changed(context.Context, pgx.Tx, int64) error { return nil }

type bundle struct {
	pools *postgres.Pools
	s     *membership.Service
	now   time.Time
	board identity.Actor
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{pools: pgtest.Clone(t), now: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)}
	b.s = membership.New(b.pools, noRegister{}, time.UTC, func() time.Time { return b.now })
	b.board = pgtest.StaffActor(t, b.pools, identity.BoardSecretary)
	for _, code := range []string{"KG", "TR"} {
		b.exec(t, `
			with s as (insert into subjects (kind, org_id, public_id) values ('country', union_id(), $1) returning id, org_id),
			c as (insert into countries (id, org_id, code, currency, calling_code, zone) select id, org_id, $2, 'USD', '', 'UTC' from s returning id)
			insert into country_names (country_id, lang, name) select id, l, $2 from c, unnest(array['tr', 'en', 'ru']) l`, pgtestID(code), code)
	}
	return b
}

func pgtestID(code string) string {
	return map[string]string{"KG": "kgkgkgkgkgkgkgkgkgkgkgkgkg", "TR": "trtrtrtrtrtrtrtrtrtrtrtrtr"}[code]
}

func (b *bundle) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := b.pools.Owner.Exec(context.Background(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func day(s string) time.Time {
	d, _ := time.Parse(time.DateOnly, s)
	return d
}

// member makes a member of the register, admitted on a day that it does not know.
func (b *bundle) member(t *testing.T) (id int64, publicID string) {
	t.Helper()
	id = pgtest.Org(t, b.pools, "Şuşa")
	b.exec(t, `insert into membership_facts (org_id, fact, kind, effective_on, source) values ($1, 'admitted', 'full', '-infinity', 'register')`, id)
	b.exec(t, `select count_membership($1, '2026-11-25')`, id)
	if err := b.pools.Owner.QueryRow(context.Background(), `select public_id from subjects where id = $1`, id).Scan(&publicID); err != nil {
		t.Fatal(err)
	}
	return id, publicID
}

func (b *bundle) standing(t *testing.T, id int64) (standing, kind string) {
	t.Helper()
	if err := b.pools.Owner.QueryRow(context.Background(), `select standing, kind from memberships where org_id = $1`, id).Scan(&standing, &kind); err != nil {
		t.Fatal(err)
	}
	return standing, kind
}

func ruled(what membership.What, on, number string) membership.Record {
	return membership.Record{What: what, On: day(on), Reason: "As the minutes say.", Organ: decisions.AdministrativeBoard, Number: number, Date: day("2026-11-20")}
}

// TestStandingFollowsFromFacts: it is computed on each fact's day, and nothing else changes it.
func TestStandingFollowsFromFacts(t *testing.T) {
	b, ctx := setup(t), context.Background()
	id, member := b.member(t)
	for _, step := range []struct {
		record         membership.Record
		standing, kind string
	}{
		{ruled(membership.FactSuspended, "2026-11-21", "1"), "suspended", "full"},
		{ruled(membership.FactResumed, "2026-11-22", "2"), "active", "full"},
		{membership.Record{What: membership.FactResigned, On: day("2026-12-31"), Notice: day("2026-11-24")}, "active", "full"},
	} {
		if err := b.s.RecordFact(ctx, b.board, member, step.record); err != nil {
			t.Fatalf("%s: %v", step.record.What, err)
		}
		if standing, kind := b.standing(t, id); standing != step.standing || kind != step.kind {
			t.Errorf("after %s: %s %s", step.record.What, standing, kind)
		}
	}
	if n, err := b.s.Count(ctx); n != 0 || err != nil {
		t.Errorf("counted %d before its day, %v", n, err)
	}
	b.now = time.Date(2026, 12, 31, 0, 5, 0, 0, time.UTC)
	if n, err := b.s.Count(ctx); n != 1 || err != nil {
		t.Errorf("counted %d on its day, %v", n, err)
	}
	if standing, _ := b.standing(t, id); standing != "resigned" {
		t.Errorf("on the day of leaving: %s", standing)
	}
	again := ruled(membership.FactReadmitted, "2027-01-10", "3")
	again.Kind, again.Date = membership.Observer, day("2026-12-30")
	b.now = day("2027-01-10")
	if err := b.s.RecordFact(ctx, b.board, member, again); err != nil {
		t.Fatal(err)
	}
	if standing, kind := b.standing(t, id); standing != "active" || kind != "observer" {
		t.Errorf("re-admitted: %s %s", standing, kind)
	}
}

// TestFactsThatCannotBe: without a decision, against the standing, before the last, by who may not.
func TestFactsThatCannotBe(t *testing.T) {
	b, ctx := setup(t), context.Background()
	id, member := b.member(t)
	if err := b.s.RecordFact(ctx, b.board, member, ruled(membership.FactSuspended, "2026-11-21", "1")); err != nil {
		t.Fatal(err)
	}
	desk := pgtest.StaffActor(t, b.pools, identity.DeskOfficer)
	for name, c := range map[string]struct {
		actor  identity.Actor
		record membership.Record
		code   apperr.Code
	}{
		"no decision":         {b.board, membership.Record{What: membership.FactExpelled, On: day("2026-11-22"), Reason: "x"}, apperr.Invalid},
		"no notice":           {b.board, membership.Record{What: membership.FactResigned, On: day("2026-11-22")}, apperr.Invalid},
		"suspended twice":     {b.board, ruled(membership.FactSuspended, "2026-11-22", "2"), apperr.Conflict},
		"before the last":     {b.board, ruled(membership.FactResumed, "2026-11-20", "2"), apperr.Invalid},
		"by the desk":         {desk, ruled(membership.FactResumed, "2026-11-22", "2"), apperr.Forbidden},
		"by nobody":           {identity.Anyone(), ruled(membership.FactResumed, "2026-11-22", "2"), apperr.SignIn},
		"another day of no 1": {b.board, membership.Record{What: membership.FactResumed, On: day("2026-11-22"), Organ: decisions.AdministrativeBoard, Number: "1", Date: day("2026-11-19")}, apperr.Invalid},
	} {
		err := b.s.RecordFact(ctx, c.actor, member, c.record)
		if !apperr.Is(err, c.code) {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	if standing, _ := b.standing(t, id); standing != "suspended" {
		t.Errorf("it stands %s", standing)
	}
	var n int
	if err := b.pools.Owner.QueryRow(ctx, `select count(*) from membership_facts where org_id = $1`, id).Scan(&n); err != nil || n != 2 {
		t.Errorf("%d facts, %v", n, err)
	}
}

// TestADraftIsItsApplicantsOwn: neither another applicant, a member nor staff see it, in the
// service and behind the wall of the database.
func TestADraftIsItsApplicantsOwn(t *testing.T) {
	b, ctx := setup(t), context.Background()
	from := netip.MustParseAddr("192.0.2.1")
	first, err := b.s.Start(ctx, "a@city.example", "tr", from)
	if err != nil {
		t.Fatal(err)
	}
	second, err := b.s.Start(ctx, "b@city.example", "ru", from)
	if err != nil {
		t.Fatal(err)
	}
	id, mine, err := b.s.Enter(ctx, first.Token)
	if err != nil || id != first.PublicID {
		t.Fatalf("the link opens %q, %v", id, err)
	}
	_, theirs, err := b.s.Enter(ctx, second.Token)
	if err != nil {
		t.Fatal(err)
	}
	canary := forms.In{Page: "names", Answers: forms.Answers{"name": {Text: "CANARY"}}}
	if _, err := b.s.SavePage(ctx, mine, id, canary); err != nil {
		t.Fatal(err)
	}
	if _, err := b.s.SavePage(ctx, theirs, id, canary); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("another applicant saves: %v", err)
	}
	city := pgtest.MemberActor(t, b.pools, pgtest.Org(t, b.pools, "Bursa"), identity.MemberApprover)
	desk := pgtest.StaffActor(t, b.pools, identity.DeskOfficer)
	for name, actor := range map[string]identity.Actor{"another applicant": theirs, "a mayor": city, "the desk": desk, "nobody": identity.Anyone()} {
		if _, err := b.s.Paper(ctx, actor, "tr", id); err == nil {
			t.Errorf("%s reads the draft", name)
		}
	}
	for name, actor := range map[string]identity.Actor{"another applicant": theirs, "a mayor": city} {
		var n int
		err := b.pools.Read(ctx, actor, func(q postgres.Querier) error {
			return q.QueryRow(ctx, `select (select count(*) from applications where org_id = $1) + (select count(*) from submissions where org_id = $1)`, mine.OrgID).Scan(&n)
		})
		if err != nil || n != 0 {
			t.Errorf("%s finds %d rows behind the wall, %v", name, n, err)
		}
	}
	if err := b.s.Submit(ctx, mine, id, 1); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("an incomplete application is sent: %v", err)
	}
	b.now = b.now.Add(membership.LinkLives + time.Minute)
	if _, _, err := b.s.Enter(ctx, first.Token); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("a link that has run out: %v", err)
	}
}

// TestStartsAreBounded: one mailbox gets three links an hour, whoever asks.
func TestStartsAreBounded(t *testing.T) {
	b, ctx := setup(t), context.Background()
	for i := range 3 {
		if _, err := b.s.Start(ctx, "a@city.example", "tr", netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.s.Start(ctx, "a@city.example", "tr", netip.MustParseAddr("198.51.100.1")); !apperr.Is(err, apperr.TooMany) {
		t.Errorf("the fourth: %v", err)
	}
	if _, err := b.s.Start(ctx, "no address", "tr", netip.MustParseAddr("198.51.100.1")); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("no address: %v", err)
	}
}
