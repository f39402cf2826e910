package accounts_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/accounts/accountstest"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// begin opens a session as scs does and returns its token's hash.
func (b bundle) begin(t *testing.T, userID int64, hash string) string {
	t.Helper()
	expires := b.clock.Now().Add(accounts.Lifetime)
	ticket, err := accounts.TicketCodec{}.Encode(expires, accounts.TicketValues(accounts.Known{UserID: userID}, "Firefox", here))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.SessionStore().CommitCtx(ctx, hash, ticket, expires); err != nil {
		t.Fatal(err)
	}
	return hash
}

// visit finds a session's person, nil where it is over.
func (b bundle) visit(t *testing.T, hash string) *accounts.Visit {
	t.Helper()
	ctx, visit := accounts.WithVisit(ctx)
	if _, found, err := b.SessionStore().FindCtx(ctx, hash); err != nil {
		t.Fatal(err)
	} else if found != (visit.Person != nil) {
		t.Fatalf("found %v, person %v", found, visit.Person)
	}
	return visit
}

func TestSessionEndsIdleAndAbsolutely(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	idle, kept := b.begin(t, a.ID, "idle"), b.begin(t, a.ID, "kept")
	for range 6 {
		b.clock.Pass(accounts.IdleTimeout - time.Minute)
		b.visit(t, kept)
	}
	if b.visit(t, idle).Person != nil {
		t.Error("an idle session lives on")
	}
	if b.visit(t, kept).Person == nil {
		t.Error("a used session ended before its time")
	}
	b.clock.Pass(7 * time.Minute)
	if b.visit(t, kept).Person != nil {
		t.Error("a session outlives its lifetime")
	}
}

func TestSessionIsNotWrittenOnEveryRequest(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	hash := b.begin(t, a.ID, "hash")
	version := func() (xmin string) {
		accountstest.Query(t, b.db, func(ctx context.Context, tx pgx.Tx) error {
			return tx.QueryRow(ctx, `select ctid::text from sessions where token_hash = $1`, hash).Scan(&xmin)
		})
		return xmin
	}
	before := version()
	for range 5 {
		b.clock.Pass(10 * time.Second)
		b.visit(t, hash)
	}
	if version() != before {
		t.Error("written within the minute")
	}
	b.clock.Pass(20 * time.Second)
	b.visit(t, hash)
	if version() == before {
		t.Error("the last use is not noted")
	}
}

func TestRolesAndMandatesCountOnlyInTheirTime(t *testing.T) {
	b := setup(t)
	org := accountstest.OrgPublic(t, b.db, pgtest.Org(t, b.db, "Şuşa"))
	soon, later := b.clock.Now().Add(30*time.Minute), b.clock.Now().Add(time.Hour)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example",
		accounts.GrantInput{Role: identity.MemberEditor, OrgPublic: org, Ends: &soon},
		accounts.GrantInput{Role: identity.DeskOfficer, Starts: later})
	hash := b.begin(t, a.ID, "hash")

	p := b.visit(t, hash).Person
	if actor, seat, ok := p.For(org); !ok || actor.MandateID == 0 || seat.OrgName != "Şuşa" || !actor.Has(identity.MemberEditor) {
		t.Errorf("mandate in force: %+v %+v %v", actor, seat, ok)
	}
	if _, ok := p.AsStaff(); ok {
		t.Error("a role counts before its start")
	}
	b.clock.Pass(time.Hour)
	p = b.visit(t, hash).Person
	if _, _, ok := p.For(org); ok {
		t.Error("a mandate counts after its end")
	}
	if _, ok := p.AsStaff(); !ok {
		t.Error("a role does not count from its start")
	}
}

func TestActingForForeignAndAbsentOrganisationsIsTheSame(t *testing.T) {
	b := setup(t)
	own := accountstest.OrgPublic(t, b.db, pgtest.Org(t, b.db, "Şuşa"))
	foreign := accountstest.OrgPublic(t, b.db, pgtest.Org(t, b.db, "Bakı"))
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example",
		accounts.GrantInput{Role: identity.MemberEditor, OrgPublic: own}, accounts.GrantInput{Role: identity.MemberApprover, OrgPublic: own})
	p := b.visit(t, b.begin(t, a.ID, "hash")).Person
	for _, org := range []string{foreign, "aaaaaaaaaaaaaaaaaaaaaaaaab", ""} {
		if actor, _, ok := p.For(org); ok || actor.OrgID != 0 || len(actor.Roles) > 0 {
			t.Errorf("%q: %+v", org, actor)
		}
	}
	actor, seat, ok := p.For(own)
	if !ok || len(actor.Roles) != 2 || seat.Role != identity.MemberApprover || actor.MandateID != seat.MandateID {
		t.Errorf("two mandates: %+v %+v", actor, seat)
	}
	if len(p.Orgs()) != 1 {
		t.Errorf("%d organisations", len(p.Orgs()))
	}
}

func TestPeopleEndTheirOwnSessionsOnly(t *testing.T) {
	b := setup(t)
	one := accountstest.Insert(t, b.db, b.Service, "one@city.example")
	two := accountstest.Insert(t, b.db, b.Service, "two@city.example")
	mine, other := b.begin(t, one.ID, "mine"), b.begin(t, one.ID, "other")
	foreign := b.begin(t, two.ID, "foreign")
	visit := b.visit(t, mine)
	actor := visit.Person.AsSelf()
	actor.SessionID, actor.Proved = visit.Handle, visit.Proved

	list, err := b.Sessions(ctx, actor)
	if err != nil || len(list) != 2 {
		t.Fatalf("%v, %v", list, err)
	}
	current := 0
	for _, s := range list {
		if s.Current {
			current++
		}
	}
	if current != 1 || list[0].Address != "203.0.113.7" || list[0].Agent != "Firefox" {
		t.Errorf("list %+v", list)
	}
	if err := b.EndSession(ctx, actor, b.visit(t, foreign).Handle); code(err) != apperr.NotFound {
		t.Errorf("another person's session: %v", err)
	}
	if err := b.EndSession(ctx, actor, b.visit(t, other).Handle); err != nil {
		t.Errorf("own session: %v", err)
	}
	if b.visit(t, other).Person != nil || b.visit(t, mine).Person == nil || b.visit(t, foreign).Person == nil {
		t.Error("the wrong session ended")
	}
	if err := b.EndEverySession(ctx, actor); err != nil || b.visit(t, mine).Person != nil {
		t.Errorf("everywhere: %v", err)
	}
	if _, err := b.Sessions(ctx, identity.Anyone()); code(err) != apperr.SignIn {
		t.Errorf("a visitor's sessions: %v", err)
	}
}

// A request that is still under way must not bring back a session that was ended.
func TestAnEndedSessionStaysEnded(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	hash := b.begin(t, a.ID, "hash")
	if err := b.SessionStore().DeleteCtx(ctx, hash); err != nil {
		t.Fatal(err)
	}
	if b.visit(t, hash).Person != nil {
		t.Error("found again")
	}
}

func TestTidyKeepsWhatIsInForce(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	old := b.begin(t, a.ID, "old")
	b.clock.Pass(accounts.Lifetime + time.Hour)
	kept := b.begin(t, a.ID, "kept")
	if err := b.Tidy(ctx); err != nil {
		t.Fatal(err)
	}
	var left int
	accountstest.Query(t, b.db, func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select count(*) from sessions`).Scan(&left)
	})
	if left != 1 || b.visit(t, kept).Person == nil || b.visit(t, old).Person != nil {
		t.Errorf("%d sessions left", left)
	}
}
