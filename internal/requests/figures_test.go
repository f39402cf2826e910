package requests_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/requests"
)

// decades are months that hold whatever the clocks of a test and of the database say.
var decades = requests.Measured{From: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2059, 12, 1, 0, 0, 0, 0, time.UTC)}

const decadesSpan = "2020-01..2059-12"

// cases leads requests to every kind of end.
func (b bundle) cases(t *testing.T) {
	t.Helper()
	b.sent(t)
	b.draft(t)
	approved, declined := b.beforeBoard(t), b.beforeBoard(t)
	for i, x := range []struct {
		id      string
		outcome decisions.Outcome
	}{{approved, decisions.Approve}, {declined, decisions.Decline}} {
		r := ruling(x.outcome)
		r.Number = fmt.Sprint("2026/", 20+i)
		must(t, b.Decide(t.Context(), b.board, x.id, r))
	}
	advised := b.reviewed(t, "urban-guidance") // the board is not asked
	must(t, b.Advance(t.Context(), b.desk, advised, "deliver", 5, "Plan ektedir"))
	must(t, b.Rate(t.Context(), b.editor, advised, 6, 4, ""))
	gone := b.sent(t)
	must(t, b.Withdraw(t.Context(), b.mayor, gone, 3, ""))
}

func (b bundle) measure(t *testing.T, m requests.Measured) requests.Figures {
	t.Helper()
	f, err := b.Measure(t.Context(), b.audit, m)
	must(t, err)
	return f
}

// TestFigures: the numbers are those of the cases, and each leads to a list of as many.
func TestFigures(t *testing.T) {
	b := shipped(t)
	b.cases(t)
	f := b.measure(t, decades)
	want := requests.Count{Received: 5, Open: requests.Ages{2, 0, 0, 0}, Approved: 2, Declined: 1, Ratings: 1, Stars: 4}
	guidance := requests.Count{Received: 1, Approved: 1, Ratings: 1, Stars: 4}
	if f.All != want || len(f.Services) != 2 || f.Services[0].Code != requests.ProjectSupport || f.Services[1].Count != guidance {
		t.Fatalf("figures: %+v, services %+v", f.All, f.Services)
	}
	b.leads(t, want)
	other := decades
	other.Service = "legal_opinion"
	if got := b.measure(t, other).All; got != (requests.Count{}) {
		t.Errorf("another service: %+v", got)
	}
	if _, err := b.Measure(t.Context(), b.mayor, decades); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("a mayor measures: %v", err)
	}
}

// leads checks that a list under the figures' words holds as many as the figures say.
func (b bundle) leads(t *testing.T, c requests.Count) {
	t.Helper()
	for _, x := range []struct {
		f    requests.Filter
		want int64
	}{
		{requests.Filter{Received: decadesSpan}, c.Received},
		{requests.Filter{Age: "<7d"}, c.Open[0]},
		{requests.Filter{Age: "8-30d"}, c.Open[1]},
		{requests.Filter{Age: "31-90d"}, c.Open[2]},
		{requests.Filter{Age: ">90d"}, c.Open[3]},
		{requests.Filter{Decided: decadesSpan}, c.Decided()},
		{requests.Filter{Decided: decadesSpan, Outcome: "approved"}, c.Approved},
		{requests.Filter{Outcome: "declined"}, c.Declined},
		{requests.Filter{Reviewed: decadesSpan, Rated: ">3"}, c.Ratings},
		{requests.Filter{Rated: "<3"}, 0},
		{requests.Filter{Received: "2019"}, 0},
	} {
		list, err := b.List(t.Context(), b.desk, "tr", x.f, requests.Place{})
		must(t, err)
		if int64(list.Count) != x.want {
			t.Errorf("%q leads to %d requests, want %d", x.f.Query(), list.Count, x.want)
		}
	}
}

// TestFiguresGrowOld: what is open moves from part to part as days go by, in the list too.
func TestFiguresGrowOld(t *testing.T) {
	b := with(t, pgtest.DB(t))
	b.sent(t)
	for days, part := range map[int]int{0: 0, 7: 0, 8: 1, 30: 1, 31: 2, 90: 2, 91: 3} {
		*b.now = noon.AddDate(0, 0, days)
		var want requests.Ages
		want[part] = 1
		f := b.measure(t, decades)
		if f.All.Open != want {
			t.Errorf("after %d days: %v, want %v", days, f.All.Open, want)
		}
		b.leads(t, f.All)
	}
}

// TestFiguresAreExact: folding the news says the same, and so does counting everything anew.
func TestFiguresAreExact(t *testing.T) {
	b := shipped(t)
	b.cases(t)
	before := b.measure(t, decades)
	said := func(f requests.Figures) string {
		return fmt.Sprint(f.All, f.Services, f.Offices, f.Months, f.Steps, f.Details)
	}
	must(t, b.Fold(t.Context()))
	must(t, b.Fold(t.Context()))
	if got := b.measure(t, decades); said(got) != said(before) {
		t.Errorf("folded: %s\nbefore: %s", said(got), said(before))
	}
	must(t, b.db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `select tally_all()`)
		return err
	}))
	if got := b.measure(t, decades); said(got) != said(before) {
		t.Errorf("counted anew: %s\nbefore: %s", said(got), said(before))
	}
}

// TestStepTimes: how long steps took, by the middle one and by nine of ten.
func TestStepTimes(t *testing.T) {
	b := with(t, pgtest.DB(t))
	for i := range 10 {
		b.registeredFor(t, b.sent(t), i+1)
	}
	f := b.measure(t, decades)
	for _, s := range f.Steps {
		if s.State == requests.Registered && (s.Left != 10 || s.Median != 5 || s.P90 != 9) {
			t.Errorf("registered: %+v", s)
		}
		if s.State == requests.InReview && (s.Now != 10 || s.Left != 0) {
			t.Errorf("in review: %+v", s)
		}
	}
	if len(f.Steps) != 3 {
		t.Errorf("steps: %+v", f.Steps)
	}
}

// registeredFor registers a request and takes it into review so many days after.
func (b bundle) registeredFor(t *testing.T, id string, days int) {
	t.Helper()
	must(t, b.Register(t.Context(), b.desk, id, 3))
	must(t, b.db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `update moves m set at = at - make_interval(days => $2) from subjects s where s.id = m.subject_id and s.public_id = $1`, id, days)
		return err
	}))
	must(t, b.Advance(t.Context(), b.desk, id, "review", 4, ""))
}
