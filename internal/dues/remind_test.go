package dues_test

import (
	"testing"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/dues/duestest"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// late makes a member whose dues of 2025 have been late since its 30 June.
func late(t *testing.T, b *bundle) (city int64, id string) {
	t.Helper()
	city = duestest.Member(t, b.db, "Şuşa", 4650)
	then := dues.New(b.db, time.UTC, func() time.Time { return duestest.Day(2025, 3, 1) })
	duestest.Rules(t, b.db, then, 2025, 1, duestest.Bands)
	return city, duestest.Issued(t, b.db, then, city, 2025)
}

func (b *bundle) told(t *testing.T, id string) []notify.Recipient {
	t.Helper()
	for _, rule := range b.s.LetterRules() {
		if rule.On == "dues.reminder" {
			rec, err := b.s.Assessment(t.Context(), b.finance, "tr", id)
			if err != nil {
				t.Fatal(err)
			}
			people, err := rule.To(t.Context(), b.db, rec.Ref())
			if err != nil {
				t.Fatal(err)
			}
			return people
		}
	}
	return nil
}

// TestWhomARemindersGoTo: the finance office, else the general mailbox, else who acts.
func TestWhomARemindersGoTo(t *testing.T) {
	b := setup(t)
	city, id := late(t, b)
	if err := b.s.Remind(t.Context(), b.finance, id); field(err) != "dues.nobody_to_write" {
		t.Errorf("nobody: %v", err)
	}
	mayor := pgtest.MemberActor(t, b.db, city, identity.MemberApprover)
	if to := b.told(t, id); len(to) != 1 || to[0].UserID != mayor.UserID {
		t.Errorf("the mayor: %+v", to)
	}
	payer := pgtest.MemberActor(t, b.db, city, identity.MemberFinance)
	if to := b.told(t, id); len(to) != 1 || to[0].UserID != payer.UserID {
		t.Errorf("who pays: %+v", to)
	}
	for _, office := range []string{"general", "finance"} {
		b.count(t, `with c as (insert into contacts (public_id, org_id, office, email, lang) values (left(translate(md5($2), '0189', 'ghij'), 26), $1, $2, $2 || '@shusha.example', 'ru') returning 1)
			select count(*) from c`, city, office)
		if to := b.told(t, id); len(to) != 1 || to[0].Email != office+"@shusha.example" || to[0].Lang != "ru" {
			t.Errorf("%s: %+v", office, to)
		}
	}
}

// TestRemindersLeavePeopleInPeace for two weeks, and name all that is late in one letter.
func TestRemindersLeavePeopleInPeace(t *testing.T) {
	b := setup(t)
	city, id := late(t, b)
	pgtest.MemberActor(t, b.db, city, identity.MemberFinance)
	to, err := b.s.ToRemind(t.Context(), b.finance, dues.Filter{State: dues.Late})
	if err != nil || len(to.Orgs) != 1 {
		t.Fatalf("%+v %v", to, err)
	}
	if err := b.s.Remind(t.Context(), b.finance, id); err != nil {
		t.Fatal(err)
	}
	if err := b.s.Remind(t.Context(), b.finance, id); !apperr.Is(err, apperr.Conflict) || field(err) != "dues.reminded_lately" {
		t.Errorf("twice: %v", err)
	}
	if _, err := b.s.RemindAll(t.Context(), b.finance, dues.Filter{State: dues.Late}); field(err) != "dues.remind_nobody" {
		t.Errorf("all, after one: %v", err)
	}
	if n := b.count(t, `select count(*) from notify_events where name = 'dues.reminder' and args ->> 'Money' = '250.00 EUR'`); n != 1 {
		t.Errorf("%d letters", n)
	}
}

// TestArrearsByAge counts each class to its last day.
func TestArrearsByAge(t *testing.T) {
	for days, want := range map[int]dues.Age{1: "30", 30: "30", 31: "90", 90: "90", 91: "365", 365: "365", 366: "over", 4000: "over"} {
		if got := dues.AgeOf(days); got != want {
			t.Errorf("%d days: %s", days, got)
		}
	}
	b := setup(t)
	late(t, b)
	sums, err := b.s.Arrears(t.Context(), b.finance)
	if err != nil || len(sums.Ages) != 1 || len(sums.Ages["over"]) != 1 || sums.Ages["over"][0].Amount.String() != "250.00" {
		t.Errorf("%+v %v", sums, err)
	}
	for _, age := range dues.Ages() {
		list, err := b.s.List(t.Context(), b.finance, "tr", dues.Filter{Age: age}, dues.Place{})
		if err != nil || len(list.Rows) != map[bool]int{true: 1, false: 0}[age == "over"] {
			t.Errorf("%s: %d rows %v", age, len(list.Rows), err)
		}
	}
}
