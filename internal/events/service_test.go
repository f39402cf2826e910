package events_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/internal/workflow"
)

// now is when every test happens.
var now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

type bundle struct {
	*testing.T
	db      *pgtest.Tx
	events  *events.Service
	officer identity.Actor
}

func setup(t *testing.T) bundle {
	t.Helper()
	db := pgtest.DB(t)
	return bundle{T: t, db: db, events: events.New(db, func() time.Time { return now }), officer: pgtest.StaffActor(t, db, identity.DeskOfficer)}
}

func clock(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}

func facts(starts string) events.Facts {
	return events.Facts{Kind: "webinar", Mode: events.Online, Zone: "Europe/Istanbul", Starts: clock(starts), Ends: clock(starts).Add(2 * time.Hour)}
}

func (b bundle) create(f events.Facts, title string) string {
	b.Helper()
	id, err := b.events.Create(b.Context(), b.officer, f, "tr", title)
	if err != nil {
		b.Fatalf("%s: %v", title, err)
	}
	return id
}

func (b bundle) move(id, name, reason string) error {
	b.Helper()
	d := b.desk(id)
	return b.events.Move(b.Context(), b.officer, id, workflow.In{Move: name, Seq: d.Seq, Reason: reason})
}

func (b bundle) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b bundle) desk(id string) events.Desk {
	b.Helper()
	d, err := b.events.Desk(b.Context(), b.officer, locale.TR, id)
	b.must(err)
	return d
}

func (b bundle) published(f events.Facts, title string) string {
	b.Helper()
	id := b.create(f, title)
	b.must(b.move(id, "approve", ""))
	b.must(b.move(id, "publish", ""))
	return id
}

func (b bundle) list(f events.Filter, at events.Place) events.Listing {
	b.Helper()
	l, err := b.events.List(b.Context(), identity.Anyone(), locale.TR, f, at)
	b.must(err)
	return l
}

func titles(rows []events.Line) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.Text.Title
	}
	return out
}

func (b bundle) finds(actor identity.Actor, text string) bool {
	b.Helper()
	var hits []search.Hit
	b.must(b.db.Read(b.Context(), actor, func(q postgres.Querier) (err error) {
		hits, err = search.Find(b.Context(), q, actor, search.Query{Text: text, Kinds: []subject.Kind{subject.Event}, Lang: locale.EN})
		return err
	}))
	return len(hits) > 0
}

// TestLifeOfAnEvent: nobody sees what is proposed; what was seen and is called off stays.
func TestLifeOfAnEvent(t *testing.T) {
	b := setup(t)
	id := b.create(facts("2026-12-03 10:00"), "Kent Suları Buluşması")
	seen := func(want bool) {
		t.Helper()
		if got := len(b.list(events.Filter{}, events.Place{}).Rows) == 1; got != want {
			t.Errorf("seen %v", got)
		}
		if got := b.finds(identity.Anyone(), "kent sulari"); got != want {
			t.Errorf("found %v", got)
		}
		_, err := b.events.Page(t.Context(), identity.Anyone(), locale.RU, "kent-sulari-bulusmasi")
		if (err == nil) != want || err != nil && !apperr.Is(err, apperr.NotFound) {
			t.Errorf("its page: %v", err)
		}
	}
	seen(false)
	if !b.finds(b.officer, "kent sulari") {
		t.Error("staff do not find what they proposed")
	}
	if err := b.move(id, "publish", ""); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("published without approval: %v", err)
	}
	b.must(b.move(id, "approve", ""))
	seen(false)
	b.must(b.move(id, "publish", ""))
	seen(true)
	if err := b.move(id, "hold", ""); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("held before it ended: %v", err)
	}
	if err := b.move(id, "cancel", " "); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("cancelled without a reason: %v", err)
	}
	b.must(b.move(id, "hide", ""))
	seen(false)
	b.must(b.move(id, "publish", ""))
	b.must(b.move(id, "cancel", "Salon kapandı"))
	seen(true)
	if n, err := b.events.CountUpcoming(t.Context()); n != 0 || err != nil {
		t.Errorf("the home page counts %d (%v) where all is cancelled", n, err)
	}
	other := b.create(facts("2026-12-05 10:00"), "Görülmeyen")
	b.must(b.move(other, "cancel", "Vazgeçildi"))
	if rows := b.list(events.Filter{}, events.Place{}).Rows; len(rows) != 1 {
		t.Errorf("what was called off before it was seen is seen: %v", titles(rows))
	}
}

func TestHeldAfterItsEnd(t *testing.T) {
	b := setup(t)
	id := b.published(facts("2026-11-20 10:00"), "Geçmiş")
	b.must(b.move(id, "hold", ""))
	if rows := b.list(events.Filter{Past: true}, events.Place{}).Rows; len(rows) != 1 || rows[0].State != events.Held {
		t.Errorf("%v", titles(rows))
	}
}

func TestWhoMay(t *testing.T) {
	b := setup(t)
	id := b.create(facts("2026-12-03 10:00"), "Deneme")
	for name, c := range map[string]struct {
		actor identity.Actor
		want  apperr.Code
	}{
		"anyone":  {identity.Anyone(), apperr.SignIn},
		"auditor": {pgtest.StaffActor(t, b.db, identity.Auditor), apperr.Forbidden},
		"mayor":   {pgtest.MemberActor(t, b.db, pgtest.Org(t, b.db, "Şuşa"), identity.MemberApprover), apperr.Forbidden},
	} {
		_, err := b.events.Create(t.Context(), c.actor, facts("2026-12-03 10:00"), "tr", "Yabancı")
		for act, err := range map[string]error{
			"create": err,
			"move":   b.events.Move(t.Context(), c.actor, id, workflow.In{Move: "approve", Seq: 1}),
			"facts":  b.events.SaveFacts(t.Context(), c.actor, id, facts("2026-12-03 10:00")),
			"text":   b.events.PublishText(t.Context(), c.actor, id, "tr", 1),
		} {
			if !apperr.Is(err, c.want) {
				t.Errorf("%s, %s: %v, want %s", name, act, err, c.want)
			}
		}
	}
}

// TestAMovedDateIsRemembered: the public is told of a change once it knew the first date.
func TestAMovedDateIsRemembered(t *testing.T) {
	b := setup(t)
	id := b.create(facts("2026-12-03 10:00"), "Forum")
	save := func(starts string) *events.Event {
		t.Helper()
		f := facts(starts)
		f.Version = b.desk(id).Version
		b.must(b.events.SaveFacts(t.Context(), b.officer, id, f))
		return b.desk(id).Event
	}
	if e := save("2026-12-04 10:00"); e.MovedFrom != nil {
		t.Error("nobody knew the first date")
	}
	b.must(b.move(id, "approve", ""))
	b.must(b.move(id, "publish", ""))
	if e := save("2026-12-10 10:00"); e.MovedFrom == nil || e.MovedFrom.UTC().Format(time.DateTime) != "2026-12-04 07:00:00" {
		t.Errorf("moved from %v", e.MovedFrom)
	}
	if e := save("2026-12-11 10:00"); e.MovedFrom == nil || e.MovedFrom.UTC().Day() != 4 {
		t.Errorf("moved twice, from %v", e.MovedFrom)
	}
	if e := save("2026-12-04 10:00"); e.MovedFrom != nil {
		t.Errorf("back where it was, from %v", e.MovedFrom)
	}
	stale := facts("2026-12-12 10:00")
	stale.Version = 1
	if err := b.events.SaveFacts(t.Context(), b.officer, id, stale); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("a stale save: %v", err)
	}
}

// TestTheDatabaseReadsClocksAsWeDo: the instants of gaps and overlaps.
func TestTheDatabaseReadsClocksAsWeDo(t *testing.T) {
	b := setup(t)
	f := facts("2026-10-25 02:30")
	f.Zone, f.Ends = "Europe/Berlin", clock("2026-10-25 04:00")
	e := b.desk(b.create(f, "Gece")).Event
	if got := e.StartsAt.UTC().Format(time.TimeOnly); got != "01:30:00" {
		t.Errorf("what comes twice is the second one: %s UTC", got)
	}
	f.Starts, f.Ends = clock("2026-03-29 02:30"), clock("2026-03-29 05:00")
	if _, err := b.events.Create(t.Context(), b.officer, f, "tr", "Yok"); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("an hour that never comes: %v", err)
	}
	f.AllDay = true
	f.Starts, f.Ends = clock("2026-03-29 00:00"), clock("2026-03-29 00:00")
	e = b.desk(b.create(f, "Gün")).Event
	if got := e.EndsAt.Sub(e.StartsAt); got != 23*time.Hour {
		t.Errorf("the day that is an hour short lasts %v", got)
	}
}

func TestBadTitlesAndPlaces(t *testing.T) {
	b := setup(t)
	for name, c := range map[string]struct {
		facts func(*events.Facts)
		title string
	}{
		"empty title":   {func(*events.Facts) {}, "  "},
		"endless title": {func(*events.Facts) {}, strings.Repeat("ş", 10_000)},
		"no such kind":  {func(f *events.Facts) { f.Kind = "x" }, "Ad"},
		"no such city":  {func(f *events.Facts) { f.Mode, f.City = events.InPerson, "atlantis" }, "Ad"},
		"no zone":       {func(f *events.Facts) { f.Zone = "" }, "Ad"},
	} {
		f := facts("2026-12-03 10:00")
		c.facts(&f)
		if _, err := b.events.Create(t.Context(), b.officer, f, "tr", c.title); !apperr.Is(err, apperr.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPagesAreTheWholeList: walking forwards and backwards meets every event once, in order,
// whatever begins at one instant.
func TestPagesAreTheWholeList(t *testing.T) {
	b := setup(t)
	var want []string
	for i := range events.PageSize*2 + 3 {
		f := facts("2026-11-24 08:00") // the first ones are on
		f.Starts = f.Starts.Add(time.Duration(i/4) * 12 * time.Hour)
		f.Ends = f.Starts.Add(60 * time.Hour)
		title := fmt.Sprintf("Etkinlik %02d", i)
		b.published(f, title)
		want = append(want, title)
	}
	b.published(facts("2026-11-20 08:00"), "Geçti")
	walk := func(f events.Filter, want []string) {
		t.Helper()
		var got []string
		at, last := events.Place{}, events.Listing{}
		for range 5 {
			last = b.list(f, at)
			got = append(got, titles(last.Rows)...)
			if at = (events.Place{After: last.Next}); at.After == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("forwards: %v", got)
		}
		back := titles(last.Rows)
		for range 5 {
			if last.Prev == "" {
				break
			}
			last = b.list(f, events.Place{Before: last.Prev})
			back = append(titles(last.Rows), back...)
		}
		if !slices.Equal(back, want) {
			t.Errorf("backwards: %v", back)
		}
	}
	walk(events.Filter{}, want)
	if l := b.list(events.Filter{}, events.Place{}); l.Count != len(want) || l.Capped {
		t.Errorf("counted %d", l.Count)
	}
	walk(events.Filter{Past: true}, []string{"Geçti"})
	walk(events.Filter{Kind: "webinar"}, want)
	walk(events.Filter{Text: "etkinlik 07"}, []string{"Etkinlik 07"})
	walk(events.Filter{Country: "TR"}, nil)
}

func TestMonthTakesWhatTouchesIt(t *testing.T) {
	b := setup(t)
	long := facts("2026-11-28 10:00")
	long.Ends = clock("2026-12-02 10:00")
	b.published(long, "Sergi")
	b.published(facts("2026-12-31 23:00"), "Yılbaşı") // ends next year
	b.published(facts("2027-01-01 03:00"), "Sonra")
	zone, _ := time.LoadLocation("Europe/Istanbul")
	from := time.Date(2026, 12, 1, 0, 0, 0, 0, zone)
	month, err := b.events.Month(t.Context(), identity.Anyone(), locale.TR, events.Filter{}, from, from.AddDate(0, 1, 0))
	if got := titles(month.Rows); err != nil || !slices.Equal(got, []string{"Sergi", "Yılbaşı"}) {
		t.Errorf("December has %v (%v)", got, err)
	}
}

func TestTextsFollowTheEvent(t *testing.T) {
	b := setup(t)
	id := b.published(facts("2026-12-03 10:00"), "Eğitim")
	status, err := b.events.SaveText(t.Context(), b.officer, id, translations.In{Lang: "en", Text: translations.Text{Title: "Training on water"}})
	b.must(err)
	if b.finds(identity.Anyone(), "training") {
		t.Error("a draft is found")
	}
	b.must(b.events.PublishText(t.Context(), b.officer, id, "en", status.Version))
	if !b.finds(identity.Anyone(), "training") {
		t.Error("a published translation is not found")
	}
	b.must(b.events.UnpublishText(t.Context(), b.officer, id, "tr"))
	if err := b.events.UnpublishText(t.Context(), b.officer, id, "en"); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("the last text of what is shown was taken down: %v", err)
	}
	p, err := b.events.Page(t.Context(), identity.Anyone(), locale.RU, "training-on-water")
	if err != nil || p.Text.Lang != "en" {
		t.Errorf("a Russian reader gets %q (%v)", p.Text.Lang, err)
	}
}
