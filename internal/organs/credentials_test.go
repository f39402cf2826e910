package organs_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/subject"
)

// member makes an organisation that is a member of a kind, with its head and its delegates.
func (b bundle) member(name, kind, standing string, head bool, delegates, alternates int) int64 {
	b.Helper()
	id := pgtest.Org(b.T, b.db, name)
	b.must(b.db.InTx(b.Context(), identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(b.Context(), `insert into memberships values ($1, $2, $3, '2020-01-01', '2020-01-01', null)`, id, kind, standing)
		if err == nil && head {
			_, err = tx.Exec(b.Context(), `insert into heads (org_id, name, starts_on, ends_on) values ($1, $2, '2024-01-01', '2026-01-01')`, id, name+" başkanı")
		}
		for i := 0; err == nil && i < delegates+alternates; i++ {
			rank := "delegate"
			if i >= delegates {
				rank = "alternate"
			}
			_, err = tx.Exec(b.Context(), `insert into delegates (public_id, org_id, name, rank, position, starts_on) values ($1, $2, $3, $4, $5, '2024-01-01')`,
				subject.NewPublicID(), id, name+" "+rank, rank, i)
		}
		return err
	}))
	return id
}

func (b bundle) roll(m string, f organs.RollFilter) organs.Roll {
	b.Helper()
	r, err := b.Roll(b.Context(), b.reader, locale.TR, m, f, organs.Place{})
	b.must(err)
	return r
}

func TestCredentials(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	b.member("Ağdam", "full", "active", true, 1, 1)                      // one seat, two named
	b.member("Çanakkale", "national_association", "active", false, 1, 1) // two seats, one named
	b.member("Sessiz", "full", "suspended", true, 0, 0)
	b.member("Gözlemci", "observer", "active", true, 1, 0)
	m := b.plan("general-assembly", "1")
	if r := b.roll(m, organs.RollFilter{}); r.Drawn != nil {
		t.Error("it is drawn up already")
	}
	b.must(b.Draw(ctx, b.secretary, m))
	r := b.roll(m, organs.RollFilter{})
	if r.Members != 2 || r.Seats != 3 || r.Missing != 1 || r.Short != 1 || r.Over != 1 || r.Stands.Entitled != 2 {
		t.Fatalf("%+v", r)
	}
	agdam, canakkale := r.Rows[0], r.Rows[1]
	if agdam.Title != "Ağdam" || agdam.Extra != 1 || len(agdam.People) != 3 || !agdam.People[0].Expired || canakkale.Missing != 1 {
		t.Fatalf("%+v", r.Rows)
	}
	if got := b.roll(m, organs.RollFilter{Text: "AGDAM"}); len(got.Rows) != 1 {
		t.Errorf("found %d by its name without marks", len(got.Rows))
	}
	if got := b.roll(m, organs.RollFilter{Text: "%"}); len(got.Rows) != 2 { // no letters: no filter
		t.Errorf("found %d by a sign", len(got.Rows))
	}
	b.must(b.Arrive(ctx, b.secretary, m, agdam.People[2].PublicID, true)) // the alternate comes first
	b.must(b.Arrive(ctx, b.secretary, m, agdam.People[2].PublicID, true)) // twice is once
	b.refused("one seat, two people", b.Arrive(ctx, b.secretary, m, agdam.People[0].PublicID, true), apperr.Conflict)
	if r = b.roll(m, organs.RollFilter{Show: "arrived"}); len(r.Rows) != 1 || r.Stands.Present != 1 || r.Stands.Reached() {
		t.Errorf("%+v", r)
	}
	b.must(b.Draw(ctx, b.secretary, m)) // who has come stays so
	b.must(b.Arrive(ctx, b.secretary, m, agdam.People[2].PublicID, false))
	b.must(b.Arrive(ctx, b.secretary, m, agdam.People[0].PublicID, true))
	b.must(b.Arrive(ctx, b.secretary, m, canakkale.People[0].PublicID, true))
	b.refused("an alternate beside the delegate", b.Arrive(ctx, b.secretary, m, canakkale.People[1].PublicID, true), apperr.Conflict)
	b.refused("the desk checks in", b.Arrive(ctx, b.reader, m, agdam.People[0].PublicID, true), apperr.Forbidden)
	b.must(b.move(m, "hold", ""))
	if d := b.desk(m); d.Counted == nil || d.Counted.Present != 2 || !d.Decides() {
		t.Errorf("%+v", d.Meeting)
	}
	b.refused("checked in after the end", b.Arrive(ctx, b.secretary, m, agdam.People[0].PublicID, false), apperr.Conflict)
	n := 0
	_, err := b.EachCredential(ctx, b.reader, locale.EN, m, func(organs.Row) error { n++; return nil })
	b.must(err)
	if n != 2 {
		t.Errorf("%d rows in the file", n)
	}
}

func TestSeatRules(t *testing.T) {
	b := setup(t)
	rule := organs.SeatRule{From: day("2026-12-01"), Bands: []organs.Band{{Kind: "full", From: 0, Seats: 4}}}
	b.must(b.AddRule(t.Context(), b.secretary, rule))
	b.refused("two rules from one day", b.AddRule(t.Context(), b.secretary, rule), apperr.Invalid)
	rule.From, rule.Bands = day("2027-01-01"), []organs.Band{{Kind: "full", From: 5, Seats: 4}}
	b.refused("small places have no class", b.AddRule(t.Context(), b.secretary, rule), apperr.Invalid)
	rules, err := b.Rules(t.Context(), b.reader)
	b.must(err)
	if len(rules) != 2 || len(rules[0].Bands) != 1 || len(rules[1].Bands) != 8 {
		t.Errorf("%+v", rules)
	}
	b.member("Köy", "full", "active", false, 0, 0)
	m := b.plan("general-assembly", "9")
	b.must(b.Draw(t.Context(), b.secretary, m)) // before the new rule begins
	if r := b.roll(m, organs.RollFilter{}); r.Seats != 1 || !r.RuleFrom.Equal(day("2000-01-01")) {
		t.Errorf("%+v", r)
	}
}

// TestTwoAtTheDoor: an alternate and the delegate are checked in at the same moment, at two
// tables, for the one seat.
func TestTwoAtTheDoor(t *testing.T) {
	pools := pgtest.Clone(t)
	b := bundle{T: t, db: pools, Service: organs.New(pools, time.UTC, func() time.Time { return now }),
		secretary: pgtest.StaffActor(t, pools, identity.BoardSecretary), reader: pgtest.StaffActor(t, pools, identity.DeskOfficer)}
	b.member("Ağdam", "full", "active", true, 0, 2)
	m := b.plan("general-assembly", "1")
	b.must(b.Draw(t.Context(), b.secretary, m))
	people := b.roll(m, organs.RollFilter{}).Rows[0].People
	var tables []func() error
	for _, p := range people {
		tables = append(tables, func() error { return b.Arrive(context.Background(), b.secretary, m, p.PublicID, true) })
	}
	in := 0
	for _, err := range pgtest.Together(t, pools, "credentials", tables...) {
		if err == nil {
			in++
		} else {
			b.refused("no seat left", err, apperr.Conflict)
		}
	}
	if r := b.roll(m, organs.RollFilter{}); in != 1 || r.Stands.Present != 1 {
		t.Errorf("%d of %d were let in for one seat, %d sit", in, len(people), r.Stands.Present)
	}
}
