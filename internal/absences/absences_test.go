package absences_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/absences"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/tasks"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, what string, err error, code apperr.Code) {
	t.Helper()
	if !apperr.Is(err, code) {
		t.Errorf("%s: got %v, want %s", what, err, code)
	}
}

// desk is an officer, a colleague who can stand in, a head, and one duty of the officer's.
type desk struct {
	*absences.Service
	db                       postgres.DB
	officer, colleague, head identity.Actor
	ids                      map[int64]string
	today                    time.Time
}

func setup(t *testing.T) desk {
	t.Helper()
	began := time.Now() // the database's clock stands still in a test, and a little later
	db := pgtest.DB(t)
	zone, err := time.LoadLocation("Europe/Istanbul")
	must(t, err)
	d := desk{Service: absences.New(db, zone, func() time.Time { return began }), db: db, ids: map[int64]string{}, today: time.Now().In(zone)}
	d.officer, d.colleague, d.head = pgtest.StaffActor(t, db, identity.DeskOfficer), pgtest.StaffActor(t, db, identity.DeskOfficer), pgtest.StaffActor(t, db, identity.DepartmentHead)
	must(t, db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		return tasks.Open(t.Context(), tx, subject.Ref{Kind: subject.User, ID: d.officer.UserID}, tasks.Duty{Key: "requests.handle", Owner: tasks.User(d.officer.UserID), Due: d.today})
	}))
	board, err := d.Board(t.Context(), d.head)
	must(t, err)
	for _, c := range board.Colleagues {
		d.ids[c.ID] = c.PublicID
	}
	return d
}

func (d desk) duties(t *testing.T, actor identity.Actor) (list []tasks.Task) {
	t.Helper()
	must(t, d.db.Read(t.Context(), actor, func(q postgres.Querier) (err error) {
		list, err = tasks.Mine(t.Context(), q, actor, 10)
		return err
	}))
	return list
}

// TestTheDeputySees gives an officer's duties to the deputy while the officer is away, says
// whose they are, and nothing of it from the day of return.
func TestTheDeputySees(t *testing.T) {
	d, ctx := setup(t), context.Background()
	if got := d.duties(t, d.colleague); len(got) != 0 {
		t.Fatalf("a colleague's duties before: %+v", got)
	}
	must(t, d.Enter(ctx, d.officer, absences.In{Deputy: d.ids[d.colleague.UserID], From: d.today.AddDate(0, 0, -1), To: d.today.AddDate(0, 0, 3), Note: "Şuşa aranacak"}))
	got := d.duties(t, d.colleague)
	if len(got) != 1 || got[0].UserID != d.officer.UserID || got[0].UserName != d.officer.Name {
		t.Fatalf("the deputy sees %+v", got)
	}
	mine, err := d.Mine(ctx, d.colleague)
	must(t, err)
	if len(mine) != 1 || mine[0].Note != "Şuşa aranacak" {
		t.Errorf("the deputy is told %+v", mine)
	}
	if other, err := d.Board(ctx, pgtest.StaffActor(t, d.db, identity.Auditor)); err != nil || len(other.Absences) != 1 || other.Absences[0].Note != "" {
		t.Errorf("others read the note: %+v, %v", other.Absences, err)
	}
	// The deputy goes away too: the head stands in for both.
	must(t, d.Enter(ctx, d.head, absences.In{Person: d.ids[d.colleague.UserID], Deputy: d.ids[d.head.UserID], From: d.today.AddDate(0, 0, -1), To: d.today.AddDate(0, 0, 3)}))
	if got := d.duties(t, d.head); len(got) != 1 {
		t.Errorf("the deputy's deputy sees %+v", got)
	}
	if got := d.duties(t, d.colleague); len(got) != 0 {
		t.Errorf("the absent deputy sees %+v", got)
	}
	must(t, d.End(ctx, d.officer, mine[0].PublicID))
	if got := d.duties(t, d.head); len(got) != 0 {
		t.Errorf("after the return the head sees %+v", got)
	}
	if got := d.duties(t, d.officer); len(got) != 1 {
		t.Errorf("after the return the officer sees %+v", got)
	}
}

// TestWhatIsRefused keeps absences that make no sense, and other people's, out.
func TestWhatIsRefused(t *testing.T) {
	d, ctx := setup(t), context.Background()
	good := absences.In{Deputy: d.ids[d.colleague.UserID], From: d.today, To: d.today.AddDate(0, 0, 3)}
	must(t, d.Enter(ctx, d.officer, good))
	for what, change := range map[string]func(*absences.In){
		"twice": func(*absences.In) {}, "nobody stands in": func(x *absences.In) { x.Deputy = "" },
		"a deputy of oneself":        func(x *absences.In) { x.Deputy = d.ids[d.officer.UserID] },
		"the end before the start":   func(x *absences.In) { x.To = x.From.AddDate(0, 0, -1) },
		"a time that is over":        func(x *absences.In) { x.From, x.To = x.From.AddDate(0, -2, 0), x.To.AddDate(0, -2, 0) },
		"no day":                     func(x *absences.In) { x.From = time.Time{} },
		"somebody who is not of the": func(x *absences.In) { x.Person = "aaaaaaaaaaaaaaaaaaaaaaaaaa" },
	} {
		in := good
		change(&in)
		refused(t, what, d.Enter(ctx, d.officer, in), apperr.Invalid)
	}
	in := good
	in.Person = d.ids[d.colleague.UserID]
	in.Deputy = d.ids[d.officer.UserID]
	refused(t, "an officer enters for a colleague", d.Enter(ctx, d.officer, in), apperr.Forbidden)
	mine, err := d.Mine(ctx, d.officer)
	must(t, err)
	if len(mine) != 1 {
		t.Fatalf("one's own absence: %+v", mine)
	}
	refused(t, "a colleague ends it", d.End(ctx, d.colleague, mine[0].PublicID), apperr.NotFound)
	refused(t, "an auditor enters one", d.Enter(ctx, pgtest.StaffActor(t, d.db, identity.Auditor), good), apperr.Forbidden)
	must(t, d.End(ctx, d.head, mine[0].PublicID))
}

// TestFeed is read by its secret address alone, by nobody who left the desk, and not by an
// address that was renewed.
func TestFeed(t *testing.T) {
	d, ctx := setup(t), context.Background()
	var first, second string
	must(t, d.db.InTx(ctx, d.officer, func(tx pgx.Tx) (err error) {
		if first, err = tasks.MakeFeed(ctx, tx, d.officer, time.Now()); err != nil {
			return err
		}
		second, err = tasks.MakeFeed(ctx, tx, d.officer, time.Now())
		return err
	}))
	open := func(secret string) (a identity.Actor, err error) {
		err = d.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
			a, err = tasks.OpenFeed(ctx, tx, secret, time.Now())
			return err
		})
		return a, err
	}
	_, err := open(first)
	refused(t, "the old address", err, apperr.NotFound)
	owner, err := open(second)
	must(t, err)
	if owner.UserID != d.officer.UserID || len(d.duties(t, owner)) != 1 {
		t.Errorf("the calendar is of %+v", owner)
	}
	must(t, d.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update staff_roles set starts_at = now() - interval '2 days', ends_at = now() - interval '1 day' where user_id = $1`, d.officer.UserID)
		return err
	}))
	_, err = open(second)
	refused(t, "somebody who left", err, apperr.NotFound)
}

// TestTheDeputyIsTold gives the deputy a letter for each absence that somebody else enters,
// and only to people who are still of the desk.
func TestTheDeputyIsTold(t *testing.T) {
	d, ctx := setup(t), context.Background()
	must(t, d.Enter(ctx, d.officer, absences.In{Deputy: d.ids[d.colleague.UserID], From: d.today, To: d.today.AddDate(0, 0, 3), Note: "yalnız masada okunur"}))
	var about int64
	var args string
	told := func() []notify.Recipient {
		t.Helper()
		var to []notify.Recipient
		must(t, d.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) (err error) {
			if err := tx.QueryRow(ctx, `select subject_id, args::text from notify_events where name = 'absences.entered'`).Scan(&about, &args); err != nil {
				return err
			}
			to, err = absences.Rules()[0].To(ctx, tx, subject.Ref{Kind: subject.User, ID: about})
			return err
		}))
		return to
	}
	if to := told(); len(to) != 1 || to[0].UserID != d.colleague.UserID {
		t.Errorf("told: %+v", to)
	}
	if !strings.Contains(args, d.officer.Name) || strings.Contains(args, "yalnız") {
		t.Errorf("the letter says %s", args)
	}
	must(t, d.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update staff_roles set starts_at = now() - interval '2 days', ends_at = now() - interval '1 day' where user_id = $1`, d.colleague.UserID)
		return err
	}))
	if to := told(); len(to) != 0 {
		t.Errorf("somebody who left is told: %+v", to)
	}
}
