package dues_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/dues/duestest"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

type bundle struct {
	db      *pgtest.Tx
	s       *dues.Service
	finance identity.Actor
}

func setup(t *testing.T) *bundle {
	b := &bundle{db: pgtest.DB(t)}
	b.s = dues.New(b.db, time.UTC, duestest.Now)
	b.finance = pgtest.StaffActor(t, b.db, identity.Finance)
	return b
}

func (b *bundle) count(t *testing.T, sql string, args ...any) (n int) {
	t.Helper()
	if err := b.db.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (b *bundle) open(t *testing.T, id string) string {
	t.Helper()
	rec, err := b.s.Assessment(t.Context(), b.finance, locale.EN, id)
	if err != nil {
		t.Fatal(err)
	}
	return rec.Open.String()
}

func field(err error) string {
	var e *apperr.Error
	if errors.As(err, &e) {
		for name, key := range e.Fields {
			return name + " " + key
		}
		return e.Key
	}
	return ""
}

func transfer(amount string) dues.PaymentInput {
	return dues.PaymentInput{Amount: amount, PaidOn: duestest.Day(2026, 11, 20), Method: "transfer"}
}

// TestDryRunStoresNothing and explains every line.
func TestDryRunStoresNothing(t *testing.T) {
	b := setup(t)
	duestest.Member(t, b.db, "Bakı", 2_300_000)
	duestest.Member(t, b.db, "Şuşa", 4650)
	duestest.Member(t, b.db, "Naməlum", 0)
	duestest.Rules(t, b.db, b.s, 2026, 1, duestest.Bands)
	run, err := b.s.DryRun(t.Context(), b.finance, locale.EN, 2026)
	if err != nil {
		t.Fatal(err)
	}
	if run.Totals.Members != 3 || run.Totals.Charged != 2 || run.Totals.Faults != 1 || run.Totals.Base.String() != "1150.00" {
		t.Errorf("totals %+v", run.Totals)
	}
	ctx := locale.With(t.Context(), locale.Reader{Lang: locale.EN, Zone: time.UTC})
	for _, line := range run.Lines {
		if line.Name == "Şuşa" && dues.Explain(ctx, line.Parts) != "band under 50k × group B: EUR\u00a0250" {
			t.Errorf("explained %q", dues.Explain(ctx, line.Parts))
		}
	}
	if n := b.count(t, `select count(*) from dues_assessments`); n != 0 {
		t.Errorf("%d assessments", n)
	}
}

// TestWhatWasIssuedStays when rules and facts change, and a second run adds only who is new.
func TestWhatWasIssuedStays(t *testing.T) {
	b := setup(t)
	city := duestest.Member(t, b.db, "Şuşa", 4650)
	duestest.Rules(t, b.db, b.s, 2026, 1, duestest.Bands)
	id := duestest.Issued(t, b.db, b.s, city, 2026)
	before, _ := b.s.Assessment(t.Context(), b.finance, locale.EN, id)
	duestest.Rules(t, b.db, b.s, 2026, 2, `{"rule":"flat","amount":"9999"}`)
	b.count(t, `with u as (update municipalities set population = 600000 where id = $1 returning 1) select count(*) from u`, city)
	other := duestest.Member(t, b.db, "Gəncə", 330_000)
	if again := duestest.Issued(t, b.db, b.s, city, 2026); again != id {
		t.Error("a second assessment for one year")
	}
	after, err := b.s.Assessment(t.Context(), b.finance, locale.EN, id)
	if err != nil || after.Amount != before.Amount || after.RulesVersion != 1 || after.Inputs.Population != 4650 || after.Amount.String() != "250.00" ||
		len(after.Parts) != 1 || after.Parts[0].Kind != dues.RuleBandGroup || after.Reference != before.Reference {
		t.Errorf("%+v %v", after, err)
	}
	if rec, _ := b.s.Assessment(t.Context(), b.finance, locale.EN, duestest.Assessment(t, b.db, other, 2026)); rec.Amount.String() != "9999.00" {
		t.Errorf("the new one owes %s", rec.Amount)
	}
	if n := b.count(t, `select count(*) from audit_entries where action = 'assessment.issue'`); n != 2 {
		t.Errorf("%d entries", n)
	}
}

// TestIssuedRowsAreFrozen: not even the database's owner changes an amount.
func TestIssuedRowsAreFrozen(t *testing.T) {
	b := setup(t)
	city := duestest.Member(t, b.db, "Şuşa", 4650)
	duestest.Rules(t, b.db, b.s, 2026, 1, duestest.Bands)
	duestest.Issued(t, b.db, b.s, city, 2026)
	for _, sql := range []string{`update dues_assessments set amount = 1`, `update dues_assessments set explanation = '[]'`, `update dues_assessments set inputs = '{}'`} {
		inner, err := b.db.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := inner.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "does not change") {
			t.Errorf("%s: %v", sql, err)
		}
		_ = inner.Rollback(t.Context())
	}
}

// TestRulesOfTwoWriters: the second is told, and nothing of the first is lost.
func TestRulesOfTwoWriters(t *testing.T) {
	b := setup(t)
	duestest.Rules(t, b.db, b.s, 2026, 1, duestest.Bands)
	in := dues.RulesInput{Year: 2026, Version: 0, Currency: "EUR", DueOn: duestest.Day(2026, 6, 30), RatesOn: duestest.Day(2026, 1, 2), Text: duestest.Bands}
	if _, err := b.s.SaveRules(t.Context(), b.finance, in); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("a stale version: %v", err)
	}
	in.Version = 1
	if _, err := b.s.SaveRules(t.Context(), b.finance, in); err != nil {
		t.Error(err)
	}
	if _, err := b.s.Issue(t.Context(), b.finance, 2026, 1); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("issuing what nobody looked at: %v", err)
	}
	if _, err := b.s.Issue(t.Context(), b.finance, 2026, 2); err != nil {
		t.Error(err)
	}
	if _, err := b.s.Issue(t.Context(), b.finance, 2026, 2); field(err) != "dues.run_under_way" {
		t.Errorf("issuing twice: %v", err)
	}
}

// TestPaying in parts, never too much, and taking back.
func TestPaying(t *testing.T) {
	b := setup(t)
	city := duestest.Member(t, b.db, "Şuşa", 4650)
	duestest.Rules(t, b.db, b.s, 2026, 1, duestest.Bands)
	id := duestest.Issued(t, b.db, b.s, city, 2026)
	first, err := b.s.Pay(t.Context(), b.finance, id, transfer("100.10"))
	if err != nil || first.Receipt != "RCP-2026-00001" || b.open(t, id) != "149.90" {
		t.Fatalf("%+v %v, open %s", first, err, b.open(t, id))
	}
	for amount, want := range map[string]string{"149.91": "amount dues.fault.too_much", "0": "amount dues.fault.amount", "-5": "amount dues.fault.amount", "x": "amount dues.fault.amount"} {
		if _, err := b.s.Pay(t.Context(), b.finance, id, transfer(amount)); field(err) != want {
			t.Errorf("%s: %v", amount, err)
		}
	}
	late := transfer("1")
	late.PaidOn = duestest.Day(2026, 11, 26)
	if _, err := b.s.Pay(t.Context(), b.finance, id, late); field(err) != "paid_on dues.fault.day_past" {
		t.Errorf("paid tomorrow: %v", err)
	}
	if _, err := b.s.Pay(t.Context(), b.finance, id, transfer("149.90")); err != nil || b.open(t, id) != "0.00" {
		t.Errorf("%v, open %s", err, b.open(t, id))
	}
	if err := b.s.TakeBack(t.Context(), b.finance, id, first.PublicID, ""); field(err) != "reason error.required" {
		t.Errorf("without a reason: %v", err)
	}
	if err := b.s.TakeBack(t.Context(), b.finance, id, first.PublicID, "Başka belediyenin ödemesi"); err != nil || b.open(t, id) != "100.10" {
		t.Errorf("%v, open %s", err, b.open(t, id))
	}
	if err := b.s.TakeBack(t.Context(), b.finance, id, first.PublicID, "again"); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("taken back twice: %v", err)
	}
	if n := b.count(t, `select count(*) from notify_events where name = 'dues.paid'`); n != 2 {
		t.Errorf("%d letters about two payments", n)
	}
}

// TestPayingInAnotherCurrency counts at the rate of the day, and refuses without one.
func TestPayingInAnotherCurrency(t *testing.T) {
	b := setup(t)
	city := duestest.Member(t, b.db, "Şuşa", 4650)
	duestest.Rules(t, b.db, b.s, 2026, 1, duestest.Bands)
	id := duestest.Issued(t, b.db, b.s, city, 2026)
	in := transfer("5000")
	in.Currency = "TRY"
	if _, err := b.s.Pay(t.Context(), b.finance, id, in); field(err) != "currency dues.fault.no_rate" {
		t.Errorf("without a rate: %v", err)
	}
	rate := dues.RateInput{Base: "EUR", Quote: "TRY", Rate: "48.2", Source: "TCMB", On: duestest.Day(2026, 11, 1)}
	if err := b.s.AddRate(t.Context(), b.finance, rate); err != nil {
		t.Fatal(err)
	}
	if err := b.s.AddRate(t.Context(), b.finance, rate); field(err) != "on dues.fault.rate_known" {
		t.Errorf("the same day twice: %v", err)
	}
	p, err := b.s.Pay(t.Context(), b.finance, id, in)
	if err != nil || p.Amount.String() != "103.73" || p.Received.String() != "5000.00" || b.open(t, id) != "146.27" { // 5000 / 48.2 = 103.734…
		t.Errorf("%+v %v", p, err)
	}
}

// TestWaivingNeedsADecision and never lets off more than is open.
func TestWaivingNeedsADecision(t *testing.T) {
	b := setup(t)
	city := duestest.Member(t, b.db, "Şuşa", 4650)
	duestest.Rules(t, b.db, b.s, 2026, 1, duestest.Bands)
	id := duestest.Issued(t, b.db, b.s, city, 2026)
	if err := b.s.Waive(t.Context(), b.finance, id, dues.WaiverInput{Amount: "50"}); field(err) != "decision decisions.choose" {
		t.Errorf("without a decision: %v", err)
	}
	decision := duestest.Decision(t, b.db, "2026/77")
	if err := b.s.Waive(t.Context(), b.finance, id, dues.WaiverInput{Amount: "250.01", Decision: decision}); field(err) != "waived dues.fault.too_much" {
		t.Errorf("more than is open: %v", err)
	}
	if err := b.s.Waive(t.Context(), b.finance, id, dues.WaiverInput{Amount: "50", Decision: decision, Reason: "Deprem"}); err != nil || b.open(t, id) != "200.00" {
		t.Errorf("%v, open %s", err, b.open(t, id))
	}
	rec, err := b.s.Assessment(t.Context(), b.finance, locale.EN, id)
	if err != nil || len(rec.Waivers) != 1 || rec.Waivers[0].Number != "2026/77" {
		t.Errorf("%+v %v", rec.Waivers, err)
	}
	own, err := b.s.Own(t.Context(), pgtest.MemberActor(t, b.db, city, identity.MemberFinance), locale.EN)
	if err != nil || len(own.Records) != 1 || len(own.Records[0].Waivers) != 1 {
		t.Errorf("its member sees %+v %v", own, err)
	}
}

// TestACityNeverSeesAnothersDues: by the service, and by the database behind it.
func TestACityNeverSeesAnothersDues(t *testing.T) {
	b := setup(t)
	mine, theirs := duestest.Member(t, b.db, "Şuşa", 4650), duestest.Member(t, b.db, "Gəncə", 330_000)
	duestest.Rules(t, b.db, b.s, 2026, 1, duestest.Bands)
	duestest.Issued(t, b.db, b.s, mine, 2026)
	other := duestest.Assessment(t, b.db, theirs, 2026)
	payment, err := b.s.Pay(t.Context(), b.finance, other, transfer("77"))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.s.Waive(t.Context(), b.finance, other, dues.WaiverInput{Amount: "1", Decision: duestest.Decision(t, b.db, "2026/78")}); err != nil {
		t.Fatal(err)
	}
	me := pgtest.MemberActor(t, b.db, mine, identity.MemberFinance)
	own, err := b.s.Own(t.Context(), me, locale.EN)
	if err != nil || len(own.Records) != 1 || own.Records[0].OrgID != mine {
		t.Errorf("%+v %v", own, err)
	}
	if _, err := b.s.Receipt(t.Context(), me, locale.EN, payment.PublicID); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("another's receipt: %v", err)
	}
	if _, err := b.s.Assessment(t.Context(), me, locale.EN, other); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("another's assessment: %v", err)
	}
	err = b.db.Read(t.Context(), me, func(q postgres.Querier) error {
		for _, table := range []string{"dues_assessments", "dues_payments", "dues_waivers"} {
			var n int
			if err := q.QueryRow(t.Context(), `select count(*) from `+table+` where org_id <> $1`, mine).Scan(&n); err != nil || n != 0 {
				t.Errorf("%s: %d rows of others, %v", table, n, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	for _, table := range []string{"dues_rules", "dues_bank_lines", "dues_bank_files", "dues_runs", "exchange_rates", "dues_reminders"} {
		err := b.db.Read(t.Context(), me, func(q postgres.Querier) error {
			_, err := q.Exec(t.Context(), `select from `+table)
			return err
		})
		if err == nil {
			t.Errorf("a member reads %s", table)
		}
	}
	editor := pgtest.MemberActor(t, b.db, mine, identity.MemberEditor)
	if _, err := b.s.Own(t.Context(), editor, locale.EN); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("an editor reads dues: %v", err)
	}
}

// TestWhoMayNot: readers change nothing.
func TestWhoMayNot(t *testing.T) {
	b := setup(t)
	city := duestest.Member(t, b.db, "Şuşa", 4650)
	duestest.Rules(t, b.db, b.s, 2026, 1, duestest.Bands)
	id := duestest.Issued(t, b.db, b.s, city, 2026)
	for _, role := range []identity.Role{identity.DepartmentHead, identity.Auditor, identity.BoardSecretary, identity.DeskOfficer} {
		actor := pgtest.StaffActor(t, b.db, role)
		for what, err := range map[string]error{
			"pay": second(b.s.Pay(t.Context(), actor, id, transfer("1"))), "waive": b.s.Waive(t.Context(), actor, id, dues.WaiverInput{Amount: "1"}),
			"remind": b.s.Remind(t.Context(), actor, id), "issue": second(b.s.Issue(t.Context(), actor, 2026, 1)),
			"rate": b.s.AddRate(t.Context(), actor, dues.RateInput{}),
		} {
			if !apperr.Is(err, apperr.Forbidden) {
				t.Errorf("%s may %s: %v", role, what, err)
			}
		}
		if _, err := b.s.Assessment(t.Context(), actor, locale.EN, id); err != nil {
			t.Errorf("%s reads: %v", role, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }
