package dues_test

import (
	"context"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/dues/duestest"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// TestWhatWasIssuedInErrorIsCancelled, stays readable, and the year is assessed again.
func TestWhatWasIssuedInErrorIsCancelled(t *testing.T) {
	b := setup(t)
	city := duestest.Member(t, b.db, "Şuşa", 4650)
	duestest.Rules(t, b.db, b.s, 2026, 1, `{"rule":"flat","amount":"9999"}`)
	wrong := duestest.Issued(t, b.db, b.s, city, 2026)
	if err := b.s.Cancel(t.Context(), b.finance, wrong, " \n "); field(err) != "cancel_reason dues.fault.cancel_reason" {
		t.Errorf("without a reason: %v", err)
	}
	if err := b.s.Cancel(t.Context(), b.finance, wrong, "Yanlış tutar"); err != nil {
		t.Fatal(err)
	}
	if err := b.s.Cancel(t.Context(), b.finance, wrong, "Yanlış tutar"); field(err) != "dues.cancelled_already" {
		t.Errorf("twice: %v", err)
	}
	if _, err := b.s.Pay(t.Context(), b.finance, wrong, transfer("1")); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("paid: %v", err)
	}
	duestest.Rules(t, b.db, b.s, 2026, 2, `{"rule":"flat","amount":"300"}`)
	duestest.Issued(t, b.db, b.s, city, 2026)
	own, err := b.s.Own(t.Context(), pgtest.MemberActor(t, b.db, city, identity.MemberFinance), locale.EN)
	if err != nil || len(own.Records) != 2 || len(own.Open) != 1 || own.Open[0].Amount.String() != "300.00" {
		t.Fatalf("%+v %v", own, err)
	}
	right, old := own.Records[0], own.Records[1]
	if right.Amount.String() != "300.00" || old.PublicID != wrong || old.CancelReason != "Yanlış tutar" || old.Open != 0 || right.Reference == old.Reference {
		t.Errorf("right %+v, old %+v", right, old)
	}
	b.listed(t, dues.Filter{Year: 2026}, right.PublicID)
	b.listed(t, dues.Filter{State: dues.Paid})
	b.listed(t, dues.Filter{State: dues.Cancelled}, wrong)
	b.listed(t, dues.Filter{Text: old.Reference}, wrong)
}

// listed compares what a filter leaves, and that nothing is owed on what is cancelled.
func (b *bundle) listed(t *testing.T, f dues.Filter, want ...string) {
	t.Helper()
	list, err := b.s.List(t.Context(), b.finance, locale.EN, f, dues.Place{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range list.Rows {
		got = append(got, a.PublicID)
		if a.CancelledAt != nil && (a.Open != 0 || list.Sums[0].Amount != 0) {
			t.Errorf("%+v owes", a)
		}
	}
	if len(got) != len(want) || len(want) == 1 && got[0] != want[0] {
		t.Errorf("%+v leaves %v, want %v", f, got, want)
	}
}

// TestMoneyIsTakenBackBeforeCancelling, and the database says so too.
func TestMoneyIsTakenBackBeforeCancelling(t *testing.T) {
	b := setup(t)
	city := duestest.Member(t, b.db, "Şuşa", 4650)
	duestest.Rules(t, b.db, b.s, 2026, 1, duestest.Bands)
	id := duestest.Issued(t, b.db, b.s, city, 2026)
	paid, err := b.s.Pay(t.Context(), b.finance, id, transfer("100"))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.s.Cancel(t.Context(), b.finance, id, "x"); field(err) != "dues.cancel_covered" {
		t.Errorf("with money on it: %v", err)
	}
	b.refused(t, `update dues_assessments set cancelled_at = now(), cancel_reason = 'x'`)
	if err := b.s.TakeBack(t.Context(), b.finance, id, paid.PublicID, "başka belediyenin"); err != nil {
		t.Fatal(err)
	}
	if err := b.s.Cancel(t.Context(), b.finance, id, "x"); err != nil {
		t.Error(err)
	}
	b.refused(t, `update dues_assessments set cancelled_at = null, cancel_reason = ''`)
	desk := pgtest.StaffActor(t, b.db, identity.DeskOfficer)
	if err := b.s.Cancel(t.Context(), desk, id, "x"); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("a desk officer: %v", err)
	}
}

// TestMembersAreToldOnce of what was issued, by however many jobs; never of what is paid or
// cancelled.
func TestMembersAreToldOnce(t *testing.T) {
	pools := members(t, 250)
	s := dues.New(pools, time.UTC, duestest.Now)
	duestest.Rules(t, pools, s, 2026, 1, `{"rule":"flat","amount":"300"}`)
	if _, err := s.IssueNow(t.Context(), identity.Worker(), 2026); err != nil {
		t.Fatal(err)
	}
	finance := pgtest.StaffActor(t, pools, identity.Finance)
	var gone, paid string
	err := pools.Owner.QueryRow(t.Context(), `
		select min(s.public_id), max(s.public_id) from dues_assessments a join subjects s on s.id = a.id`).Scan(&gone, &paid)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Cancel(t.Context(), finance, gone, "x"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Pay(t.Context(), finance, paid, transfer("300")); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Announce(t.Context(), finance, 2026); n != 248 || err != nil {
		t.Fatalf("%d to tell, %v", n, err)
	}
	work := func() error {
		worker := &dues.AnnounceWorker{Dues: s}
		return worker.Work(context.Background(), &river.Job[dues.AnnounceArgs]{Args: dues.AnnounceArgs{Year: 2026}})
	}
	for _, err := range pgtest.Together(t, pools, "dues_assessments", work, work, work) {
		if err != nil {
			t.Error(err)
		}
	}
	var letters, about int
	err = pools.Owner.QueryRow(t.Context(), `select count(*), count(distinct subject_id) from notify_events where name = 'dues.issued'`).Scan(&letters, &about)
	if err != nil || letters != 248 || about != 248 {
		t.Errorf("%d letters about %d assessments, %v", letters, about, err)
	}
	if _, err := s.Announce(t.Context(), finance, 2026); field(err) != "dues.announce_nobody" {
		t.Errorf("again: %v", err)
	}
}

// refused runs a statement as the database's owner, who may do everything but this.
func (b *bundle) refused(t *testing.T, sql string) {
	t.Helper()
	inner, err := b.db.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inner.Exec(t.Context(), sql); err == nil {
		t.Errorf("the database allows: %s", sql)
	}
	_ = inner.Rollback(t.Context())
}
