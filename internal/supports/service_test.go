package supports_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/requests/requeststest"
	"github.com/birlik/portal/internal/supports"
)

var today = time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)

type bundle struct {
	*supports.Service
	db                           *pgtest.Tx
	origin                       *origin
	mayor, stranger, desk, board identity.Actor
}

// origin is the one request that supports are granted on.
type origin struct{ from supports.Origin }

func (o *origin) Origin(context.Context, postgres.Querier, identity.Actor, string) (supports.Origin, error) {
	return o.from, nil
}

func setup(t *testing.T) bundle {
	t.Helper()
	db := pgtest.DB(t)
	city := requeststest.City(t, db, "Şuşa")
	b := bundle{db: db, origin: &origin{supports.Origin{OrgID: city, Reference: "REQ-2026-00001", Title: "Su şebekesi", Grants: true}},
		mayor:    pgtest.MemberActor(t, db, city, identity.MemberApprover),
		stranger: pgtest.MemberActor(t, db, pgtest.Org(t, db, "Oş"), identity.MemberApprover),
		desk:     pgtest.StaffActor(t, db, identity.DeskOfficer), board: pgtest.StaffActor(t, db, identity.BoardSecretary)}
	b.Service = supports.New(db, b.origin, time.UTC, func() time.Time { return today.Add(12 * time.Hour) })
	must(t, db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), `
			with s as (insert into subjects (kind, org_id, public_id) values ('request', $1, rpad('onerequest', 26, 'a')) returning id, org_id),
				m as (insert into moves (subject_id, seq, to_state, move, org_id) select id, 1, 'draft', 'start', org_id from s)
			insert into requests (id, org_id, service, state, seq, lang, country_id, created_by)
			select s.id, s.org_id, 'project_support', 'draft', 1, 'az', c.country_id, $2 from s, municipalities c where c.id = s.org_id returning id`,
			city, b.mayor.UserID).Scan(&b.origin.from.ID)
	}))
	return b
}

// decided makes the decision that approves the request.
func (b bundle) decided(t *testing.T) {
	t.Helper()
	must(t, b.db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), `
			with s as (insert into subjects (kind, org_id, public_id) values ('decision', union_id(), rpad('onedecision', 26, 'a')) returning id, org_id),
				d as (insert into decisions (id, org_id, organ, number, year, decided_on) select id, org_id, 'executive_board', '14', 2026, '2026-10-01' from s),
				i as (insert into decision_items (decision_id, subject_id, outcome) select s.id, $1, 'approve' from s)
			select id from s`, b.origin.from.ID).Scan(&b.origin.from.DecisionID)
	}))
}

func money() supports.Input {
	return supports.Input{Kind: supports.Financial, Title: "Su şebekesi", Amount: "1000.00", Currency: "EUR", GrantedOn: today.AddDate(0, -1, 0)}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, what string, err error, want apperr.Code) {
	t.Helper()
	if !apperr.Is(err, want) {
		t.Errorf("%s: %v, want %s", what, err, want)
	}
}

// TestGranting: money needs the decision that approved the very request; know-how does not.
func TestGranting(t *testing.T) {
	b, ctx := setup(t), t.Context()
	know := money()
	know.Kind, know.Amount, know.Currency = supports.Technical, "", ""
	_, err := b.Grant(ctx, b.desk, "x", know)
	must(t, err)
	none := money()
	none.Amount, none.Currency = "", ""
	_, err = b.Grant(ctx, b.desk, "x", none)
	refused(t, "money without an amount", err, apperr.Invalid)
	later := money()
	later.GrantedOn = today.AddDate(0, 0, 1)
	_, err = b.Grant(ctx, b.desk, "x", later)
	refused(t, "granted tomorrow", err, apperr.Invalid)
	_, err = b.Grant(ctx, b.board, "x", money())
	refused(t, "the board's secretary grants", err, apperr.Forbidden)
	_, err = b.Grant(ctx, b.mayor, "x", money())
	refused(t, "the city grants", err, apperr.Forbidden)
	b.origin.from.Grants = false
	_, err = b.Grant(ctx, b.desk, "x", know)
	refused(t, "on a request that was not approved", err, apperr.Conflict)
}

// TestMoneyNeedsADecision: the table itself refuses money that no board decided on.
func TestMoneyNeedsADecision(t *testing.T) {
	b := setup(t)
	_, err := b.Grant(t.Context(), b.desk, "x", money())
	refused(t, "money without a decision", err, apperr.Conflict)
}

// granted is a support of 1,000 euros.
func (b bundle) granted(t *testing.T) string {
	t.Helper()
	b.decided(t)
	id, err := b.Grant(t.Context(), b.desk, "x", money())
	must(t, err)
	return id
}

// TestInstalments are never more than what was granted, and what was paid stays.
func TestInstalments(t *testing.T) {
	b, ctx := setup(t), t.Context()
	id := b.granted(t)
	must(t, b.Plan(ctx, b.desk, id, today.AddDate(0, 0, -5), "600"))
	must(t, b.Plan(ctx, b.desk, id, today.AddDate(0, 1, 0), "400"))
	f, err := b.File(ctx, b.desk, id)
	must(t, err)
	if len(f.Instalments) != 2 || f.Left != "0.00" || f.NextPay == nil || !f.LatePayment(today) {
		t.Fatalf("planned: %+v left %q", f.Instalments, f.Left)
	}
	first := f.Instalments[0].PublicID
	refused(t, "paid tomorrow", b.Pay(ctx, b.desk, id, first, today.AddDate(0, 0, 1)), apperr.Invalid)
	must(t, b.Pay(ctx, b.desk, id, first, today))
	refused(t, "paid twice", b.Pay(ctx, b.desk, id, first, today), apperr.Conflict)
	refused(t, "dropping what was paid", b.Drop(ctx, b.desk, id, first), apperr.Conflict)
	must(t, b.Drop(ctx, b.desk, id, f.Instalments[1].PublicID))
	list, err := b.List(ctx, b.desk, supports.Filter{})
	must(t, err)
	if len(list.Rows) != 1 || len(list.Sums) != 1 || list.Sums[0] != (supports.Sum{Currency: "EUR", Granted: "1000.00", Paid: "600.00"}) {
		t.Errorf("the register: %+v", list)
	}
}

// TestTooMuch refuses instalments beyond the amount.
func TestTooMuch(t *testing.T) {
	b := setup(t)
	refused(t, "more than granted", b.Plan(t.Context(), b.desk, b.granted(t), today, "1000.01"), apperr.Invalid)
}

// TestWhoReads: the city reads its own supports without the union's note; another city nothing.
func TestWhoReads(t *testing.T) {
	b, ctx := setup(t), t.Context()
	b.decided(t)
	in := money()
	in.Note = "canary"
	id, err := b.Grant(ctx, b.desk, "x", in)
	must(t, err)
	f, err := b.File(ctx, b.mayor, id)
	must(t, err)
	if f.Note != "" || f.Amount != "1000.00" {
		t.Errorf("the city reads %+v", f.Support)
	}
	_, err = b.File(ctx, b.stranger, id)
	refused(t, "another city reads", err, apperr.NotFound)
	list, err := b.List(ctx, b.stranger, supports.Filter{})
	must(t, err)
	if len(list.Rows) != 0 || len(list.Sums) != 0 {
		t.Errorf("another city lists %+v", list)
	}
	refused(t, "the city takes the register away", b.Each(ctx, b.mayor, supports.Filter{}, nil), apperr.Forbidden)
}

// TestReminders tell of a report before and after its day, once each.
func TestReminders(t *testing.T) {
	b, ctx := setup(t), t.Context()
	id := b.granted(t)
	must(t, b.Owe(ctx, b.desk, id, today.AddDate(0, 0, 3)))
	must(t, b.Owe(ctx, b.desk, id, today.AddDate(0, 0, -1)))
	must(t, b.Owe(ctx, b.desk, id, today.AddDate(0, 2, 0)))
	for i, want := range []int{2, 0} {
		n, err := b.Remind(ctx)
		must(t, err)
		if n != want {
			t.Errorf("round %d told of %d reports, want %d", i, n, want)
		}
	}
	f, err := b.File(ctx, b.desk, id)
	must(t, err)
	must(t, b.Receive(ctx, b.desk, id, f.Reports[0].PublicID, today))
	if f, err = b.File(ctx, b.desk, id); err != nil || f.LateReport(today) {
		t.Errorf("a report that arrived is late: %v %+v", err, f.Reports)
	}
}
