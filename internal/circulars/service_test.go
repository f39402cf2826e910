package circulars_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/circulars"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// TestTheWayOut: nobody approves their own, nothing is issued without it, and what was issued
// stands still.
func TestTheWayOut(t *testing.T) {
	b := setup(t)
	b.city("Şuşa")
	ctx := t.Context()
	id, err := b.s.Create(ctx, b.desk, input, "")
	b.must(err)
	b.refused(b.s.Ask(ctx, b.desk, id, 1), apperr.Conflict, "asked for nobody")
	b.must(b.s.SetAudience(ctx, b.desk, id, 1, everyMember))
	b.refused(b.s.SetAudience(ctx, b.desk, id, 1, everyMember), apperr.Conflict, "a stale version")
	b.refused(b.s.Approve(ctx, b.head, id, 2), apperr.Conflict, "nobody asked")
	b.must(b.s.Ask(ctx, b.desk, id, 2))
	b.refused(b.s.Approve(ctx, b.desk, id, 3), apperr.Conflict, "the writer approves")
	duties := func() int {
		return b.count(`select count(*) from tasks where state = 'open' and role = 'department_head'`)
	}
	if duties() != 1 {
		t.Error("no head is asked to approve")
	}
	b.refused(b.s.Issue(ctx, b.desk, id, 3), apperr.Conflict, "issued before it was approved")
	b.must(b.s.Approve(ctx, b.head, id, 3))
	if duties() != 0 {
		t.Error("the head is asked still")
	}
	b.must(b.s.Edit(ctx, b.head, id, 4, input))
	b.refused(b.s.Issue(ctx, b.desk, id, 5), apperr.Conflict, "issued though it changed after it was approved")
	b.must(b.s.Ask(ctx, b.head, id, 5))
	b.refused(b.s.Approve(ctx, b.head, id, 6), apperr.Conflict, "who wrote last approves")
	b.refused(b.s.Approve(ctx, b.desk, id, 6), apperr.Conflict, "who wrote before approves")
	b.must(b.s.Approve(ctx, pgtest.StaffActor(t, b.pools, identity.Administrator), id, 6))
	b.must(b.s.Issue(ctx, b.desk, id, 7))
	c := b.show(id)
	if c.State != circulars.Issued || c.Number != 1 || c.Progress.Total() != 1 || c.TextVersion != 2 {
		t.Errorf("%+v", c)
	}
	b.refused(b.s.Edit(ctx, b.desk, id, c.Version, input), apperr.Conflict, "an issued circular is edited")
	b.refused(b.s.SetAudience(ctx, b.desk, id, c.Version, everyMember), apperr.Conflict, "its audience")
	for _, sql := range []string{`update circulars set text_version = 1 where id = $1`, `update circulars set number = 9 where id = $1`, `update circulars set audience = '{}' where id = $1`} {
		if _, err := b.pools.Owner.Exec(ctx, sql, c.ID); err == nil {
			t.Errorf("%s passes", sql)
		}
	}
}

// TestAHandIsNoApproval: whoever wrote, attached or chose recipients cannot approve, though
// another changed the circular after them; its author stays who wrote it.
func TestAHandIsNoApproval(t *testing.T) {
	b := setup(t)
	b.city("Şuşa")
	ctx := t.Context()
	id, err := b.s.Create(ctx, b.desk, input, "")
	b.must(err)
	b.must(b.s.SetAudience(ctx, b.desk, id, 1, everyMember))
	b.must(b.s.Ask(ctx, b.desk, id, 2))
	b.must(b.s.SetAudience(ctx, b.head, id, 3, circulars.Audience{Members: []string{"full"}}))
	b.must(b.s.Ask(ctx, b.head, id, 4))
	if n := b.count(`select count(*) from tasks where state = 'open' and role = 'desk_officer'`); n != 1 {
		t.Error("the one head, who chose the recipients, is asked to approve")
	}
	b.refused(b.s.Approve(ctx, b.desk, id, 5), apperr.Conflict, "the author approves after a head chose recipients")
	b.refused(b.s.Approve(ctx, b.head, id, 5), apperr.Conflict, "who chose the recipients approves")
	c := b.show(id)
	if len(c.Writers) != 1 || c.Writers[0] != b.desk.Name || len(c.Hands) != 2 {
		t.Errorf("written by %v, hands %v", c.Writers, c.Hands)
	}
	if _, err := b.pools.Owner.Exec(ctx, `update circulars set state = 'approved', approved_by = $2 where id = $1`, c.ID, b.desk.UserID); err == nil {
		t.Error("the table lets the author approve")
	}
	b.must(b.s.Approve(ctx, pgtest.StaffActor(t, b.pools, identity.DeskOfficer), id, 5))
	b.refused(b.s.SetAudience(ctx, b.desk, id, 6, circulars.Audience{Countries: []string{"TR"}}), apperr.Invalid, "nobody is chosen")
}

// TestNumbersHaveNoGaps: circulars that are issued at once get one number after the other, and
// what fails takes none.
func TestNumbersHaveNoGaps(t *testing.T) {
	b := setup(t)
	b.city("Şuşa")
	var ids []string
	for range 6 {
		ids = append(ids, b.approved(input, everyMember, ""))
	}
	nobody := b.approved(input, circulars.Audience{Governments: true}, "")
	var group sync.WaitGroup
	for _, id := range append(ids, nobody) {
		version := b.version(id)
		for range 2 { // a double click
			group.Go(func() { _ = b.s.Issue(context.Background(), b.desk, id, version) })
		}
	}
	group.Wait()
	var numbers []int
	for _, id := range ids {
		numbers = append(numbers, b.show(id).Number)
	}
	slices.Sort(numbers)
	if !slices.Equal(numbers, []int{1, 2, 3, 4, 5, 6}) {
		t.Errorf("numbers %v", numbers)
	}
	if b.show(nobody).State != circulars.Approved {
		t.Error("a circular to nobody was issued")
	}
	if n := b.count(`select count(*) from circular_copies`); n != 6 {
		t.Errorf("%d copies", n)
	}
}

// TestConfirmedOnce: many press at once, one is written down; what is confirmed stays.
func TestConfirmedOnce(t *testing.T) {
	b := setup(t)
	org, mayor := b.city("Şuşa")
	editor := pgtest.MemberActor(t, b.pools, org, identity.MemberEditor)
	c := b.issued(input, everyMember, "")
	id := b.own(mayor)[0].PublicID
	b.must(b.s.Open(t.Context(), editor, id))
	b.must(b.s.Open(t.Context(), editor, id))
	if p := b.show(c.PublicID).Progress; p.Opened != 1 || p.Confirmed != 0 {
		t.Errorf("%+v", p)
	}
	var group sync.WaitGroup
	for _, actor := range []identity.Actor{mayor, editor, mayor, editor} {
		group.Go(func() {
			if err := b.s.Confirm(context.Background(), actor, id, ""); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	got, err := b.s.Get(t.Context(), mayor, id)
	b.must(err)
	if got.ConfirmedAt == nil || got.Open || !got.Mine || len(got.Texts) != 2 || got.Replaces.ID != 0 {
		t.Errorf("%+v", got)
	}
	if n := b.count(`select count(*) from circular_receipts where confirmed_at is not null`); n != 1 {
		t.Errorf("%d people confirmed", n)
	}
	if n := b.count(`select count(*) from audit_entries where action = 'circular.confirm'`); n != 1 {
		t.Errorf("%d entries in the log", n)
	}
	if _, err := b.pools.Owner.Exec(t.Context(), `update circular_copies set confirmed_at = null, confirmed_by = null`); err == nil {
		t.Error("a confirmation was taken back")
	}
	b.must(b.s.Confirm(t.Context(), mayor, id, "Üç ihalemiz var."))
	if list, _, err := b.s.Recipients(t.Context(), b.desk, "tr", c.PublicID, circulars.Narrow{Answered: true}); err != nil || len(list) != 1 || list[0].Answer != "Üç ihalemiz var." || list[0].OpenedBy != 2 {
		t.Errorf("%+v %v", list, err)
	}
}

// TestWhoCounts: consultants, delegates and people whose mandate is over confirm nothing, and a
// stranger sees neither the circular nor the receipts of others.
func TestWhoCounts(t *testing.T) {
	b := setup(t)
	org, mayor := b.city("Şuşa")
	_, stranger := b.city("Çanakkale")
	var named string
	b.must(b.pools.Owner.QueryRow(t.Context(), `select public_id from subjects where id = $1`, org).Scan(&named))
	b.issued(input, circulars.Audience{Named: []string{named}}, "")
	id := b.own(mayor)[0].PublicID
	for role, code := range map[identity.Role]apperr.Code{identity.Consultant: apperr.Forbidden, identity.MemberDelegate: apperr.Forbidden, identity.MemberFinance: apperr.Forbidden} {
		b.refused(b.s.Confirm(t.Context(), pgtest.MemberActor(t, b.pools, org, role), id, ""), code, string(role))
	}
	b.refused(b.s.Open(t.Context(), pgtest.MemberActor(t, b.pools, org, identity.Consultant), id), apperr.Forbidden, "a consultant opens")
	for what, err := range map[string]error{"reads": second(b.s.Get(t.Context(), stranger, id)), "opens": b.s.Open(t.Context(), stranger, id), "confirms": b.s.Confirm(t.Context(), stranger, id, "")} {
		b.refused(err, apperr.NotFound, "a stranger "+what)
	}
	b.must(b.s.Confirm(t.Context(), mayor, id, ""))
	for _, table := range []string{"circulars", "circular_texts", "circular_copies", "circular_receipts"} {
		n := -1
		b.must(b.pools.InTx(t.Context(), stranger, func(tx pgx.Tx) error {
			return tx.QueryRow(t.Context(), `select count(*) from `+table).Scan(&n)
		}))
		if n != 0 {
			t.Errorf("a stranger sees %d of %s", n, table)
		}
	}
	b.must(b.pools.InTx(t.Context(), mayor, func(tx pgx.Tx) error {
		var n int
		return tx.QueryRow(t.Context(), `select count(*) from circular_texts`).Scan(&n)
	}))
	err := b.pools.InTx(t.Context(), mayor, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `select audience from circulars`)
		return err
	})
	if err == nil {
		t.Error("a member reads whom else it went to")
	}
}

func second[T any](_ T, err error) error { return err }

// TestReminders go to those who have not confirmed, and not twice within three days.
func TestReminders(t *testing.T) {
	b := setup(t)
	_, mayor := b.city("Şuşa")
	b.city("Çanakkale")
	b.city("Oş")
	c := b.issued(input, everyMember, "")
	b.must(b.s.Confirm(t.Context(), mayor, b.own(mayor)[0].PublicID, ""))
	remind := func() error {
		_, err := b.s.Remind(t.Context(), b.desk, c.PublicID)
		if err == nil {
			b.must(b.s.GoRemind(t.Context(), int64(b.count(`select max(id) from circular_reminders`))))
		}
		return err
	}
	b.must(remind())
	events := func() int { return b.count(`select count(*) from notify_events where name = 'circulars.reminder'`) }
	if n := events(); n != 2 {
		t.Fatalf("%d reminders", n)
	}
	b.later(circulars.RemindEvery - time.Minute)
	b.refused(remind(), apperr.Conflict, "reminded again within three days")
	b.later(time.Minute)
	b.must(remind())
	if n := events(); n != 4 {
		t.Errorf("%d reminders", n)
	}
	if r := b.show(c.PublicID).Round; r == nil || !r.Over || r.Done != 2 || r.Total != 2 {
		t.Errorf("%+v", r)
	}
	b.must(b.s.GoRemind(t.Context(), 1))
	if n := events(); n != 4 {
		t.Errorf("a job that ran again sent %d more", n-4)
	}
}

// TestWhoLeftKeepsWhatCame, and gets nothing new.
func TestWhoLeftKeepsWhatCame(t *testing.T) {
	b := setup(t)
	org, mayor := b.city("Şuşa")
	b.city("Oş")
	b.issued(input, everyMember, "")
	b.exec(`update memberships set standing = 'resigned' where org_id = $1`, org)
	b.issued(input, everyMember, "")
	if list := b.own(mayor); len(list) != 1 || list[0].Number != 1 {
		t.Errorf("%+v", list)
	}
}

// TestACorrection takes the place of the old one, once, and nobody is asked to read that any more.
func TestACorrection(t *testing.T) {
	b := setup(t)
	_, mayor := b.city("Şuşa")
	old := b.issued(input, everyMember, "")
	one, two := b.approved(input, everyMember, old.PublicID), b.approved(input, everyMember, old.PublicID)
	b.must(b.s.Issue(t.Context(), b.desk, one, b.version(one)))
	b.refused(b.s.Issue(t.Context(), b.desk, two, b.version(two)), apperr.Conflict, "replaced twice")
	list := b.own(mayor)
	if len(list) != 2 || list[0].Number != 2 || !list[0].Open || list[1].Open || list[1].Replaced == "" {
		t.Errorf("%+v", list)
	}
	got, err := b.s.Get(t.Context(), mayor, list[1].PublicID)
	b.must(err)
	if got.Replaced.Path == "" || got.Replaced.Reference != list[0].Reference() {
		t.Errorf("the old one leads to %+v", got.Replaced)
	}
	b.refused(b.s.Confirm(t.Context(), mayor, list[1].PublicID, ""), apperr.Conflict, "what was replaced is confirmed")
}

// TestACorrectionKeepsItsReaders: it begins with the recipients of the old one, and says who
// of them would not get it. What everybody reads leads there who has no copy of it.
func TestACorrectionKeepsItsReaders(t *testing.T) {
	b := setup(t)
	_, mayor := b.city("Şuşa")
	org, _ := b.city("Oş")
	old := b.issued(input, everyMember, "")
	in := input
	in.Public = true
	id, err := b.s.Create(t.Context(), b.desk, in, old.PublicID)
	b.must(err)
	if c := b.show(id); len(c.Audience.Members) != len(everyMember.Members) || c.LeftOut.Count != 0 {
		t.Errorf("%+v, left out %+v", c.Audience, c.LeftOut)
	}
	var named string
	b.must(b.pools.Owner.QueryRow(t.Context(), `select public_id from subjects where id = $1`, org).Scan(&named))
	b.must(b.s.SetAudience(t.Context(), b.desk, id, 1, circulars.Audience{Named: []string{named}}))
	if out := b.show(id).LeftOut; out.Count != 1 || !slices.Equal(out.Names, []string{"Şuşa"}) {
		t.Errorf("left out: %+v", out)
	}
	b.must(b.s.Ask(t.Context(), b.desk, id, 2))
	b.must(b.s.Approve(t.Context(), b.head, id, 3))
	b.must(b.s.Issue(t.Context(), b.desk, id, 4))
	got, err := b.s.Get(t.Context(), mayor, b.own(mayor)[0].PublicID)
	b.must(err)
	if c := b.show(id); got.Replaced.Path != c.PublicPath() {
		t.Errorf("the old one leads to %+v", got.Replaced)
	}
}

// TestWithdrawn: it stays with its readers, marked, and waits for nobody.
func TestWithdrawn(t *testing.T) {
	b := setup(t)
	_, mayor := b.city("Şuşa")
	c := b.issued(input, everyMember, "")
	b.refused(b.s.Withdraw(t.Context(), b.desk, c.PublicID, " "), apperr.Invalid, "without a reason")
	b.must(b.s.Withdraw(t.Context(), b.desk, c.PublicID, "Yanlış eşik."))
	list := b.own(mayor)
	if len(list) != 1 || list[0].Open || list[0].State != circulars.Withdrawn {
		t.Errorf("%+v", list)
	}
	_, err := b.s.Remind(t.Context(), b.desk, c.PublicID)
	b.refused(err, apperr.Conflict, "reminded of what was withdrawn")
	told := func() int {
		return b.count(`select count(*) from notify_events where name = 'circulars.withdrawn' and args->>'Why' = 'Yanlış eşik.'`)
	}
	for range 2 {
		b.must(b.s.Tell(t.Context(), c.ID))
	}
	if n := told(); n != 1 {
		t.Errorf("%d organisations are told that it was withdrawn", n)
	}
}

// TestPublic: everybody reads what is public, and nothing else.
func TestPublic(t *testing.T) {
	b := setup(t)
	b.city("Şuşa")
	b.issued(input, everyMember, "")
	in := input
	in.Public = true
	open := b.issued(in, everyMember, "")
	list, _, err := b.s.Published(t.Context(), "ru", circulars.Filter{})
	if err != nil || len(list) != 1 || list[0].Number != 2 || list[0].Title.Title != "Пороги" {
		t.Fatalf("%+v %v", list, err)
	}
	leaf, err := b.s.Leaf(t.Context(), open.Slug())
	if err != nil || len(leaf.Texts) != 2 || len(leaf.Cited) != 2 {
		t.Errorf("%+v %v", leaf, err)
	}
	for _, slug := range []string{"", "1", "2026-", open.Slug() + "x", "9999-99999", list[0].Slug()[:5] + "1", list[0].Slug()[:5] + "02"} {
		_, err := b.s.Leaf(t.Context(), slug)
		b.refused(err, apperr.NotFound, slug)
	}
}

// TestClosedSetsAreThoseOfTheTables holds the kinds and states to their CHECKs.
func TestClosedSetsAreThoseOfTheTables(t *testing.T) {
	db := pgtest.DB(t)
	for column, list := range map[string][]string{"circulars.state": words(circulars.States()), "circulars.kind": words(circulars.Kinds()), "membership_facts.kind": circulars.MemberKinds()} {
		table, name, _ := strings.Cut(column, ".")
		slices.Sort(list)
		if got := pgtest.Checked(t, db, table, name); !slices.Equal(got, list) {
			t.Errorf("%s: %v, want %v", column, got, list)
		}
	}
}

func words[T ~string](list []T) (out []string) {
	for _, x := range list {
		out = append(out, string(x))
	}
	return out
}
