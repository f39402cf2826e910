package accounts_test

import (
	"sync"
	"testing"
	"time"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// seats is a municipality with people, on a database of its own.
type seats struct {
	*accounts.Service
	pools *postgres.Pools
	org   int64
}

func newSeats(t *testing.T) seats {
	t.Helper()
	pools := pgtest.Clone(t)
	return seats{accounts.New(pools, time.Now), pools, pgtest.Org(t, pools, "Şuşa")}
}

// person acts for the municipality, and has come to the portal before.
func (s seats) person(t *testing.T, org int64, role identity.Role) identity.Actor {
	t.Helper()
	a := pgtest.MemberActor(t, s.pools, org, role)
	if _, err := s.pools.Owner.Exec(ctx, `update users set password_hash = 'x', password_at = now() where id = $1`, a.UserID); err != nil {
		t.Fatal(err)
	}
	return a
}

func (s seats) mandate(t *testing.T, a identity.Actor) (id int64) {
	t.Helper()
	if err := s.pools.Owner.QueryRow(ctx, `select id from mandates where user_id = $1 and org_id = $2`, a.UserID, a.OrgID).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

// TestTheLastApproverStays: nobody ends the last one who approves in every area, not even
// two who end each other at once; whoever is narrowed to areas does not count.
func TestTheLastApproverStays(t *testing.T) {
	s := newSeats(t)
	first, second := s.person(t, s.org, identity.MemberApprover), s.person(t, s.org, identity.MemberApprover)
	narrow := s.person(t, s.org, identity.MemberApprover)
	if _, err := s.pools.Owner.Exec(ctx, `update mandates set areas = '{dues}' where id = $1`, s.mandate(t, narrow)); err != nil {
		t.Fatal(err)
	}
	ids := []int64{s.mandate(t, first), s.mandate(t, second)}
	var group sync.WaitGroup
	errs := make([]error, 2)
	for i, actor := range []identity.Actor{second, first} {
		group.Go(func() { errs[i] = s.EndSeat(ctx, actor, ids[i], "election") })
	}
	group.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("they end each other: %v, %v", errs[0], errs[1])
	}
	stays, id := first, ids[0]
	if errs[0] == nil {
		stays, id = second, ids[1]
	}
	if err := s.EndSeat(ctx, stays, id, ""); code(err) != apperr.Conflict {
		t.Errorf("the last approver leaves: %v", err)
	}
	if err := s.EndSeat(ctx, stays, s.mandate(t, narrow), ""); err != nil {
		t.Errorf("who approves dues alone cannot be ended: %v", err)
	}
	if err := s.EndSeat(ctx, stays, s.mandate(t, narrow), ""); code(err) != apperr.NotFound {
		t.Errorf("ended twice: %v", err)
	}
}

// TestSeatsAreTheOwnMunicipalitys: an approver neither sees nor ends another city's
// mandates, and an editor gives none.
func TestSeatsAreTheOwnMunicipalitys(t *testing.T) {
	s := newSeats(t)
	other := pgtest.Org(t, s.pools, "Bursa")
	mine, theirs := s.person(t, s.org, identity.MemberApprover), s.person(t, other, identity.MemberEditor)
	if err := s.EndSeat(ctx, mine, s.mandate(t, theirs), ""); code(err) != apperr.NotFound {
		t.Errorf("another city's mandate: %v", err)
	}
	if _, err := s.Mandates(ctx, mine, other); code(err) != apperr.NotFound {
		t.Errorf("another city's people: %v", err)
	}
	list, err := s.Mandates(ctx, mine, s.org)
	if err != nil || len(list) != 1 || list[0].UserID != mine.UserID || list[0].Waits {
		t.Errorf("the own people: %+v, %v", list, err)
	}
	editor := s.person(t, s.org, identity.MemberEditor)
	in := accounts.SeatInput{Email: "new@city.example", Name: "New", Lang: "tr", Role: identity.MemberEditor}
	if err := s.InviteSeat(ctx, editor, in); code(err) != apperr.Forbidden {
		t.Errorf("an editor invites: %v", err)
	}
	for name, change := range map[string]func(*accounts.SeatInput){
		"a staff role":         func(i *accounts.SeatInput) { i.Role = identity.Administrator },
		"no address":           func(i *accounts.SeatInput) { i.Email = "Ş <a@b.example>" },
		"an unknown area":      func(i *accounts.SeatInput) { i.Areas = []string{"people"} },
		"a consultant for all": func(i *accounts.SeatInput) { i.Role = identity.Consultant },
		"an end that is past":  func(i *accounts.SeatInput) { past := time.Now().Add(-time.Hour); i.Ends = &past },
	} {
		bad := in
		change(&bad)
		if err := s.InviteSeat(ctx, mine, bad); code(err) != apperr.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.InviteSeat(ctx, mine, in); err != nil {
		t.Fatal(err)
	}
	if err := s.InviteSeat(ctx, mine, in); code(err) != apperr.Conflict {
		t.Errorf("the same role twice: %v", err)
	}
	if list, err = s.Mandates(ctx, mine, s.org); err != nil || len(list) != 3 {
		t.Fatalf("%d mandates, %v", len(list), err)
	}
}

// TestAreasNarrowARole: a role reaches only the areas of its mandate, and every area where
// another mandate gives it whole.
func TestAreasNarrowARole(t *testing.T) {
	seat := accounts.Seat{MandateID: 1, OrgID: 2, OrgPublic: "city", Role: identity.MemberApprover, Areas: []string{"dues"}}
	p := accounts.Person{UserID: 3, Seats: []accounts.Seat{seat}}
	actor, _, _ := p.For("city")
	if actor.Can(identity.ApproveDraft) || actor.Can(identity.EditPeople) || !actor.Can(identity.ReadOwnDues) || !actor.Can(identity.ReadOwn) {
		t.Errorf("an approver of dues: %+v", actor)
	}
	seat.MandateID, seat.Areas = 4, nil
	p.Seats = append(p.Seats, seat)
	if actor, _, _ = p.For("city"); !actor.Can(identity.ApproveDraft) || !actor.Can(identity.EditPeople) {
		t.Errorf("an approver of everything: %+v", actor)
	}
}

// TestAnAccountThatIsOffTakesNoSeat: switched off after it was used, it stays so; never used,
// it is invited again.
func TestAnAccountThatIsOffTakesNoSeat(t *testing.T) {
	s := newSeats(t)
	approver := s.person(t, s.org, identity.MemberApprover)
	other := s.person(t, pgtest.Org(t, s.pools, "Bakı"), identity.MemberEditor)
	invite := func() error {
		var email string
		if err := s.pools.Owner.QueryRow(ctx, `update users set active = false where id = $1 returning email`, other.UserID).Scan(&email); err != nil {
			t.Fatal(err)
		}
		return s.InviteSeat(ctx, approver, accounts.SeatInput{Email: email, Name: "A B", Lang: "tr", Role: identity.MemberEditor})
	}
	if err := invite(); code(err) != apperr.Conflict {
		t.Errorf("an account that is off gets a seat: %v", err)
	}
	if _, err := s.pools.Owner.Exec(ctx, `update users set password_hash = '', password_at = null where id = $1`, other.UserID); err != nil {
		t.Fatal(err)
	}
	var active bool
	if err := invite(); err != nil {
		t.Fatal(err)
	}
	if err := s.pools.Owner.QueryRow(ctx, `select active from users where id = $1`, other.UserID).Scan(&active); err != nil || !active {
		t.Errorf("invited and still off: %v", err)
	}
}
