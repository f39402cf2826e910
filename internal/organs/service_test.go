package organs_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/blob"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// now is when every test happens.
var now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

type bundle struct {
	*testing.T
	*organs.Service
	db                postgres.DB
	secretary, reader identity.Actor
}

func setup(t *testing.T) bundle {
	t.Helper()
	db := pgtest.DB(t)
	return bundle{T: t, db: db, Service: organs.New(db, time.UTC, func() time.Time { return now }),
		secretary: pgtest.StaffActor(t, db, identity.BoardSecretary), reader: pgtest.StaffActor(t, db, identity.DeskOfficer)}
}

func (b bundle) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b bundle) refused(what string, err error, code apperr.Code) {
	b.Helper()
	if !apperr.Is(err, code) {
		b.Errorf("%s: %v, want %s", what, err, code)
	}
}

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func (b bundle) seat(slug, name string, office organs.Office) {
	b.Helper()
	b.must(b.AddSeat(b.Context(), b.secretary, slug, organs.Term{Office: office, Name: name, Affiliation: "Şuşa", From: day("2026-01-01")}))
}

func (b bundle) plan(slug, number string) string {
	b.Helper()
	id, err := b.Plan(b.Context(), b.secretary, slug, organs.Plan{Number: number, Session: organs.Ordinary, Mode: organs.InPerson,
		Place: "İstanbul", Zone: "Europe/Istanbul", Starts: time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)})
	b.must(err)
	return id
}

func (b bundle) desk(meeting string) organs.Desk {
	b.Helper()
	d, err := b.Meeting(b.Context(), b.reader, locale.TR, meeting)
	b.must(err)
	return d
}

func (b bundle) move(meeting, name, reason string) error {
	b.Helper()
	return b.Move(b.Context(), b.secretary, meeting, workflow.In{Move: name, Seq: b.desk(meeting).Seq, Reason: reason})
}

func resolution(number string) organs.Resolution {
	return organs.Resolution{Number: number, Title: "Şehirler arası değişim", Text: "Programın başlatılmasına karar verildi.", Lang: "tr",
		Votes: &decisions.Votes{For: 2}}
}

func (b bundle) found(actor identity.Actor, text string) (n int) {
	b.Helper()
	b.must(b.db.Read(b.Context(), actor, func(q postgres.Querier) error {
		hits, err := search.Find(b.Context(), q, actor, search.Query{Text: text, Kinds: []subject.Kind{subject.Decision, subject.Meeting}, Lang: locale.EN})
		n = len(hits)
		return err
	}))
	return n
}

// TestAMeetingFromPlanToReader: planned, held with its quorum, decided, published, read.
func TestAMeetingFromPlanToReader(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	for i, office := range []organs.Office{organs.Chair, organs.Member, organs.Member} {
		b.seat("executive-board", fmt.Sprint("Üye ", i), office)
	}
	m := b.plan("executive-board", "3")
	b.must(b.AddItem(ctx, b.secretary, m, "Açılış", ""))
	b.must(b.AddItem(ctx, b.secretary, m, "Değişim programı", "Taslak eklidir."))
	b.must(b.MoveItem(ctx, b.secretary, m, b.desk(m).Agenda[1].PublicID, -1))
	d := b.desk(m)
	if len(d.Attendees) != 3 || d.Agenda[0].Title != "Değişim programı" || d.Stands.Needed() != 2 || d.Stands.Reached() {
		t.Fatalf("%+v", d)
	}
	b.refused("nobody was there", b.move(m, "hold", ""), apperr.Invalid)
	b.must(b.Attend(ctx, b.secretary, m, map[string]organs.Presence{d.Attendees[0].PublicID: organs.Present, d.Attendees[1].PublicID: organs.Present}))
	_, err := b.Decide(ctx, b.secretary, m, resolution("14"))
	b.refused("decided before it was held", err, apperr.Conflict)
	b.must(b.move(m, "hold", ""))
	if d = b.desk(m); d.State != organs.Held || *d.Counted != (organs.Count{Rule: organs.MoreThanHalf, Entitled: 3, Present: 2}) {
		t.Fatalf("%+v", d.Meeting)
	}
	b.refused("attendance after the end", b.Attend(ctx, b.secretary, m, nil), apperr.Conflict)

	x := resolution("14")
	x.Item, x.Votes = d.Agenda[0].PublicID, &decisions.Votes{For: 2, Against: 1}
	_, err = b.Decide(ctx, b.secretary, m, x)
	b.refused("more votes than people", err, apperr.Invalid)
	x.Votes = &decisions.Votes{For: 2}
	decision, err := b.Decide(ctx, b.secretary, m, x)
	b.must(err)
	_, err = b.Decide(ctx, b.secretary, m, resolution("14"))
	b.refused("the number twice", err, apperr.Invalid)
	b.refused("reopened after it decided", b.move(m, "reopen", "Sayım"), apperr.Conflict)
	b.refused("the point is decided", b.RemoveItem(ctx, b.secretary, m, d.Agenda[0].PublicID), apperr.Conflict)

	visitor := identity.Anyone()
	_, err = b.Decision(ctx, visitor, locale.EN, decision)
	b.refused("read before it is published", err, apperr.NotFound)
	if b.found(visitor, "değişim") != 0 || b.found(b.reader, "değişim") != 2 {
		t.Errorf("a visitor finds %d, staff %d", b.found(visitor, "değişim"), b.found(b.reader, "değişim"))
	}
	b.must(b.Publish(ctx, b.secretary, decision))
	b.must(b.Publish(ctx, b.secretary, decision))
	got, err := b.Decision(ctx, visitor, locale.EN, decision)
	b.must(err)
	if got.OrganName != "Executive Board" || got.Votes == nil || got.Votes.For != 2 || got.Meeting == nil || got.Meeting.Number != "3" {
		t.Errorf("%+v", got)
	}
	list, err := b.Published(ctx, visitor, locale.EN, organs.DecisionFilter{Organ: "executive-board", Year: 2026}, organs.Place{})
	b.must(err)
	if len(list.Rows) != 1 || b.found(visitor, "değişim") != 1 {
		t.Errorf("%d in the list, %d found", len(list.Rows), b.found(visitor, "değişim"))
	}
	b.must(b.Hide(ctx, b.secretary, decision))
	_, err = b.Decision(ctx, visitor, locale.EN, decision)
	b.refused("read after it was hidden", err, apperr.NotFound)
}

func TestWithoutAQuorumNothingIsDecided(t *testing.T) {
	b := setup(t)
	for i := range 3 {
		b.seat("supervisory-board", fmt.Sprint("Üye ", i), organs.Member)
	}
	m := b.plan("supervisory-board", "1")
	b.must(b.Attend(t.Context(), b.secretary, m, map[string]organs.Presence{b.desk(m).Attendees[0].PublicID: organs.Present}))
	b.must(b.move(m, "hold", ""))
	_, err := b.Decide(t.Context(), b.secretary, m, resolution("1"))
	b.refused("one of three decided", err, apperr.Conflict)
	// The second wall: the table refuses it too.
	err = b.db.InTx(t.Context(), b.secretary, func(tx pgx.Tx) error {
		_, err := decisions.Record(t.Context(), tx, b.secretary, decisions.Decision{Organ: decisions.SupervisoryBoard, Number: "1", Date: day("2026-11-20"), MeetingID: b.desk(m).ID})
		return err
	})
	b.refused("the table took it", err, apperr.Conflict)
	b.must(b.move(m, "reopen", "Yoklama eksikti"))
	if d := b.desk(m); d.State != organs.Planned || d.Counted != nil {
		t.Errorf("%+v", d.Meeting)
	}
}

func TestOneChairAtATimeAndPastTermsStay(t *testing.T) {
	b := setup(t)
	b.seat("executive-board", "İlk Başkan", organs.Chair)
	second := organs.Term{Office: organs.Chair, Name: "İkinci Başkan", From: day("2026-06-01")}
	b.refused("two chairs", b.AddSeat(t.Context(), b.secretary, "executive-board", second), apperr.Invalid)
	board, err := b.Board(t.Context(), b.reader, locale.TR, "executive-board")
	b.must(err)
	first := organs.TermOf(board.Now[0])
	until := day("2026-05-31")
	first.Until = &until
	b.must(b.SaveSeat(t.Context(), b.secretary, "executive-board", board.Now[0].PublicID, first))
	b.refused("a stale edit", b.SaveSeat(t.Context(), b.secretary, "executive-board", board.Now[0].PublicID, first), apperr.Conflict)
	b.must(b.AddSeat(t.Context(), b.secretary, "executive-board", second))
	board, err = b.Board(t.Context(), identity.Anyone(), locale.TR, "executive-board")
	b.must(err)
	if len(board.Now) != 1 || len(board.Past) != 1 || board.Past[0].Name != "İlk Başkan" {
		t.Errorf("now %+v, past %+v", board.Now, board.Past)
	}
	b.refused("the desk edits", b.AddSeat(t.Context(), b.reader, "executive-board", second), apperr.Forbidden)
}

func TestCommitteesDecideToo(t *testing.T) {
	b := setup(t)
	names := organs.Titled{locale.TR: "Kültür Komisyonu", locale.EN: "Culture Committee", locale.RU: "Комитет по культуре"}
	slug, err := b.AddCommittee(t.Context(), b.secretary, organs.Profile{Names: names, Quorum: organs.MoreThanHalf})
	b.must(err)
	_, err = b.AddCommittee(t.Context(), b.secretary, organs.Profile{Names: names, Quorum: organs.MoreThanHalf})
	b.refused("the same name", err, apperr.Invalid)
	x := resolution("1")
	x.Organ, x.Date = slug, day("2026-03-01")
	old, err := b.Enter(t.Context(), b.secretary, x)
	b.must(err)
	x.Number, x.Supersedes = "2", old
	newer, err := b.Enter(t.Context(), b.secretary, x)
	b.must(err)
	x.Number = "3"
	_, err = b.Enter(t.Context(), b.secretary, x)
	b.refused("superseded twice", err, apperr.Invalid)
	got, err := b.Decision(t.Context(), b.reader, locale.RU, old)
	b.must(err)
	if got.Replaced.PublicID != newer || got.OrganName != "Комитет по культуре" {
		t.Errorf("%+v", got)
	}
	if _, err := b.Board(t.Context(), identity.Anyone(), locale.TR, slug); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("a committee that is not listed is shown: %v", err)
	}
}

func TestStatesAreTheTables(t *testing.T) {
	db := pgtest.DB(t)
	var states []string
	for _, s := range organs.States() {
		states = append(states, string(s))
	}
	slices.Sort(states)
	if got := pgtest.Checked(t, db, "meetings", "state"); !slices.Equal(got, states) {
		t.Errorf("the table has %v", got)
	}
}

// TestMinutesAreKept: a newer file takes the place of the one before, which stays as its
// earlier version; what cannot be read is refused, and nobody outside keeps any.
func TestMinutesAreKept(t *testing.T) {
	b := setup(t)
	folder, err := blob.OpenFolder(t.TempDir())
	b.must(err)
	files := documents.New(b.db, folder, documents.Options{MaxBytes: 1 << 20, Spool: t.TempDir()})
	m := b.plan("administrative-board", "1")
	bring := func(name, text string) error {
		upload, err := files.Receive(t.Context(), b.secretary, name, strings.NewReader(text))
		b.must(err)
		return b.KeepMinutes(t.Context(), b.secretary, m, upload)
	}
	const pdf = "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
	b.must(bring("tutanak.pdf", pdf))
	b.must(bring("tutanak-imzali.pdf", pdf+"% signed\n"))
	kept := b.desk(m).Minutes
	if len(kept) != 1 || kept[0].Name != "tutanak-imzali.pdf" {
		t.Errorf("%+v", kept)
	}
	var versions int
	b.must(b.db.Read(t.Context(), identity.Worker(), func(q postgres.Querier) error {
		return q.QueryRow(t.Context(), `select count(*) from document_versions where document_id = $1`, kept[0].ID).Scan(&versions)
	}))
	if versions != 2 {
		t.Errorf("%d versions", versions)
	}
	upload, err := files.Receive(t.Context(), b.reader, "tutanak.pdf", strings.NewReader(pdf))
	b.must(err)
	b.refused("the desk keeps minutes", b.KeepMinutes(t.Context(), b.reader, m, upload), apperr.Forbidden)
	if err := b.KeepMinutes(t.Context(), b.secretary, m, upload); err == nil {
		t.Error("somebody else's upload was taken")
	}
}
