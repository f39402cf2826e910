package eventpages

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	ics "github.com/arran4/golang-ical"
	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/test/htmlcheck"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// now is when every test happens: noon in İstanbul.
var now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

func clock() time.Time { return now }

// bundle is the calendar and its desk as one person sees them.
type bundle struct {
	*testing.T
	events *events.Service
	router chi.Router
	actor  identity.Actor
	zone   string
}

func setup(t *testing.T) *bundle {
	db := pgtest.DB(t)
	page.ErrorPage = ui.ErrorPage
	b := &bundle{T: t, events: events.New(db, clock), actor: pgtest.StaffActor(t, db, identity.DeskOfficer)}
	home, _ := time.LoadLocation("Europe/Istanbul")
	h := New(b.events, home, clock)
	b.router = chi.NewRouter()
	b.router.Route("/{lang}", func(r chi.Router) {
		r.Use(page.Language(home, clock), frame)
		h.Public(r)
		r.Route("/desk", func(r chi.Router) {
			r.Use(func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					next.ServeHTTP(w, r.WithContext(page.WithActor(r.Context(), b.actor)))
				})
			}, page.Once(db))
			r.Group(h.Desk)
		})
	})
	return b
}

func frame(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shell := ui.Shell{BaseURL: "https://portal.example", Union: ui.Union{Name: map[locale.Lang]string{locale.TR: "Birlik"}}}
		next.ServeHTTP(w, r.WithContext(ui.WithShell(r.Context(), shell)))
	})
}

func (b *bundle) do(r *http.Request) *httptest.ResponseRecorder {
	b.Helper()
	if b.zone != "" {
		r.AddCookie(&http.Cookie{Name: page.ZoneCookie, Value: b.zone})
	}
	w := httptest.NewRecorder()
	b.router.ServeHTTP(w, r)
	return w
}

// get reads a page and holds it to the rules of HTML.
func (b *bundle) get(path string, status int) *goquery.Document {
	b.Helper()
	w := b.do(httptest.NewRequest(http.MethodGet, path, nil))
	return b.read(path, w, status)
}

func (b *bundle) read(path string, w *httptest.ResponseRecorder, status int) *goquery.Document {
	b.Helper()
	if w.Code != status {
		b.Fatalf("%s: status %d, want %d", path, w.Code, status)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	if err != nil {
		b.Fatal(err)
	}
	return doc
}

func at(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}

func online(starts string) events.Facts {
	return events.Facts{Kind: "webinar", Mode: events.Online, Zone: "Europe/Istanbul", Starts: at(starts), Ends: at(starts).Add(90 * time.Minute)}
}

// publish makes an event that the public sees, and returns its public id.
func (b *bundle) publish(f events.Facts, text translations.Text) string {
	b.Helper()
	id, err := b.events.Create(b.Context(), b.actor, f, "tr", text.Title)
	if err == nil && text.Body+text.Summary != "" {
		_, err = b.events.SaveText(b.Context(), b.actor, id, translations.In{Lang: "tr", Base: 1, Text: text})
	}
	for i, name := range []string{"approve", "publish"} {
		if err == nil {
			err = b.events.Move(b.Context(), b.actor, id, workflow.In{Move: name, Seq: i + 1})
		}
	}
	if err != nil {
		b.Fatalf("%s: %v", text.Title, err)
	}
	return id
}

func text(title string) translations.Text { return translations.Text{Title: title} }

func has(t *testing.T, doc *goquery.Document, selector string, parts ...string) {
	t.Helper()
	got := doc.Find(selector).Text()
	for _, part := range parts {
		if !strings.Contains(got, part) {
			t.Errorf("%s says %q, not %q", selector, got, part)
		}
	}
}

// hostileTitle is one that plays with direction, markup, lines and the marks of files.
const hostileTitle = "\u202eŞenlik\u202c; \"x\", <b>y</b> \\n =1+1"

func TestListNarrowsAndKeepsWhatItNarrowsBy(t *testing.T) {
	b := setup(t)
	b.publish(online("2026-12-03 10:00"), text("Kent suları"))
	seminar := online("2026-12-04 10:00")
	seminar.Kind = "seminar"
	b.publish(seminar, text("İmar semineri"))
	b.publish(online("2026-11-20 10:00"), text("Geçmiş olan"))
	doc := b.get("/tr/events?kind=seminar&q=imar&utm=x", 200)
	if n := doc.Find("ol.events li").Length(); n != 1 {
		t.Errorf("%d events", n)
	}
	has(t, doc, ".pills", "1 etkinlik", "Seminer", "imar")
	remove, _ := doc.Find(".pill a").First().Attr("href")
	if remove != "/tr/events?kind=seminar" {
		t.Errorf("the first pill leads to %s", remove)
	}
	if href, _ := doc.Find(".tabs a").Eq(2).Attr("href"); href != "/tr/events?kind=seminar&q=imar&when=past" {
		t.Errorf("the past of the same filter is %s", href)
	}
	has(t, b.get("/tr/events?when=past", 200), "ol.events", "Geçmiş olan")
	has(t, b.get("/ru/events?q=zzzz", 200), ".empty", "Подходящих мероприятий нет")
	has(t, b.get("/en/events?country=XX", 200), ".empty", "No event matches")
	for _, odd := range []string{"after=%00", "before=zz.zz", "m=2026-13", "city=%27", "kind=%F0%9F%98%80", "q=" + strings.Repeat("a", 5000)} {
		b.get("/tr/events?"+odd, 200)
		b.get("/tr/events/month?"+odd, 200)
	}
}

func TestEventTellsBothClocks(t *testing.T) {
	b := setup(t)
	f := online("2026-12-11 23:00")
	f.Zone = "Asia/Tashkent"
	b.publish(f, text("Gece dersi"))
	doc := b.get("/tr/events/gece-dersi", 200)
	has(t, doc, ".facts", "11 Aralık 2026", "(UTC+5)", "Taşkent saatiyle", "İstanbul saatiyle: 11 Aralık, 21.00", "21.00–22.30 (UTC+3)")
	b.zone = "Asia/Tashkent"
	if own := b.get("/tr/events/gece-dersi", 200).Find(".facts").Text(); strings.Count(own, "saatiyle") != 1 {
		t.Errorf("one clock is told twice: %s", own)
	}
	b.zone = "Asia/Tokyo" // there it is the next day already
	has(t, b.get("/en/events/gece-dersi", 200), ".facts", "Tokyo time: 12 December, 03:00–04:30 (UTC+9)")
}

func TestEventSaysWhatIsNotAsPlanned(t *testing.T) {
	b := setup(t)
	id := b.publish(online("2026-12-11 10:00"), text("Forum"))
	has(t, b.get("/ru/events/forum", 200), ".notice", "Türkçe")
	if lang, _ := b.get("/ru/events/forum", 200).Find("h1").Attr("lang"); lang != "tr" {
		t.Errorf("the title is in %q", lang)
	}
	f := online("2026-12-18 10:00")
	f.Version = 3
	if err := b.events.SaveFacts(t.Context(), b.actor, id, f); err != nil {
		t.Fatal(err)
	}
	has(t, b.get("/tr/events/forum", 200), ".notice", "tarihi değişti", "11 Aralık 2026, 10.00")
	if err := b.events.Move(t.Context(), b.actor, id, workflow.In{Move: "cancel", Seq: 3, Reason: "Salon yok"}); err != nil {
		t.Fatal(err)
	}
	doc := b.get("/tr/events/forum", 200)
	has(t, doc, ".notice", "iptal edildi")
	if strings.Contains(doc.Text(), "Salon yok") {
		t.Error("the reason was written for staff")
	}
	has(t, b.get("/tr/events", 200), "ol.events", "İptal edildi")
	b.publish(online("2026-11-01 10:00"), text("Eski"))
	has(t, b.get("/tr/events/eski", 200), ".notice", "sona erdi")
	b.get("/tr/events/yok", 404)
	id, err := b.events.Create(t.Context(), b.actor, online("2026-12-11 10:00"), "tr", "Öneri")
	if err != nil || id == "" {
		t.Fatal(err)
	}
	b.get("/tr/events/oneri", 404)
	b.get("/tr/events/oneri.ics", 404)
}

func TestAddressFollowsTheLanguage(t *testing.T) {
	b := setup(t)
	id := b.publish(online("2026-12-11 10:00"), text("Su dersi"))
	if _, err := b.events.SaveText(t.Context(), b.actor, id, translations.In{Lang: "en", Text: text("Lesson on water")}); err != nil {
		t.Fatal(err)
	}
	if err := b.events.PublishText(t.Context(), b.actor, id, "en", 1); err != nil {
		t.Fatal(err)
	}
	w := b.do(httptest.NewRequest(http.MethodGet, "/en/events/su-dersi", nil))
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/en/events/lesson-on-water" {
		t.Errorf("%d to %s", w.Code, w.Header().Get("Location"))
	}
	b.get("/ru/events/su-dersi", 200)
}

func TestHostileTitles(t *testing.T) {
	b := setup(t)
	b.publish(online("2026-12-03 10:00"), translations.Text{Title: hostileTitle, Summary: strings.Repeat("ş,;\n", 140), Body: "<script>alert(1)</script>"})
	slug := "senlik-x-b-y-b-n-1-1"
	for _, path := range []string{"/tr/events", "/tr/events/month?m=2026-12", "/tr/events/" + slug} {
		w := b.do(httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != 200 {
			t.Fatalf("%s: %d to %s", path, w.Code, w.Header().Get("Location"))
		}
		if strings.Contains(w.Body.String(), "<b>y</b>") || strings.Contains(w.Body.String(), "alert(1)</script>") {
			t.Errorf("%s runs what was written", path)
		}
		for _, fault := range htmlcheck.Page(w.Body.String()) {
			t.Errorf("%s: %s", path, fault)
		}
	}
	table := b.do(httptest.NewRequest(http.MethodGet, "/tr/events.csv", nil)).Body.String()
	if !strings.Contains(table, `""x"", <b>y</b>`) || strings.Count(table, "\n") != 2 {
		t.Errorf("the table is %s", table)
	}
	checkCalendar(t, b.do(httptest.NewRequest(http.MethodGet, "/tr/events/"+slug+".ics", nil)).Body.String(), 1)
}

// checkCalendar holds a file to RFC 5545's lines and reads it back.
func checkCalendar(t *testing.T, file string, want int) []*ics.VEvent {
	t.Helper()
	lines := strings.Split(file, "\r\n")
	for _, line := range lines {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
	if lines[len(lines)-1] != "" {
		t.Error("the last line does not end")
	}
	cal, err := ics.ParseCalendar(strings.NewReader(file))
	if err != nil || len(cal.Events()) != want {
		t.Fatalf("%d events (%v) in %s", len(cal.Events()), err, file)
	}
	return cal.Events()
}

func value(e *ics.VEvent, name ics.ComponentProperty) string {
	if p := e.GetProperty(name); p != nil {
		return p.Value
	}
	return ""
}

func TestFeed(t *testing.T) {
	b := setup(t)
	id := b.publish(online("2026-12-03 10:00"), translations.Text{Title: "Şehir, su; \"ağ\" \\ dersi", Summary: "Birinci satır\nİkinci satır"})
	days := events.Facts{Kind: "festival", Mode: events.Online, Zone: "Asia/Tashkent", AllDay: true, Starts: at("2026-12-05 00:00"), Ends: at("2026-12-06 00:00")}
	b.publish(days, text("Şenlik"))
	b.publish(online("2026-11-20 10:00"), text("Geçen hafta"))
	b.publish(online("2026-01-20 10:00"), text("Çoktan bitti"))
	read := func() map[string]*ics.VEvent {
		out := map[string]*ics.VEvent{}
		for _, e := range checkCalendar(t, b.do(httptest.NewRequest(http.MethodGet, "/tr/events.ics", nil)).Body.String(), 3) {
			out[e.Id()] = e
		}
		return out
	}
	first := read()[id+"@portal.example"]
	if first == nil {
		t.Fatal("the UID is not the event's own")
	}
	if got := value(first, ics.ComponentPropertySummary); got != "Şehir, su; \"ağ\" \\ dersi" {
		t.Errorf("summary %q", got)
	}
	if got := value(first, ics.ComponentPropertyDescription); !strings.HasPrefix(got, "Birinci satır\nİkinci satır") {
		t.Errorf("description %q", got)
	}
	if got := value(first, ics.ComponentPropertyDtStart); got != "20261203T070000Z" {
		t.Errorf("starts %s", got)
	}
	if err := b.events.Move(t.Context(), b.actor, id, workflow.In{Move: "cancel", Seq: 3, Reason: "x"}); err != nil {
		t.Fatal(err)
	}
	second := read()[id+"@portal.example"]
	if value(second, ics.ComponentPropertyStatus) != "CANCELLED" || value(second, ics.ComponentPropertySequence) <= value(first, ics.ComponentPropertySequence) {
		t.Errorf("called off: %s, sequence %s after %s", value(second, ics.ComponentPropertyStatus), value(second, ics.ComponentPropertySequence), value(first, ics.ComponentPropertySequence))
	}
	file := b.do(httptest.NewRequest(http.MethodGet, "/tr/events/senlik.ics", nil)).Body.String()
	if !strings.Contains(file, "DTSTART;VALUE=DATE:20261205\r\n") || !strings.Contains(file, "DTEND;VALUE=DATE:20261207\r\n") {
		t.Errorf("whole days: %s", file)
	}
}

// TestMonthFollowsTheReadersClock: what begins late in İstanbul is on the next day, and in
// the next month, elsewhere; whole days stay where their place has them.
func TestMonthFollowsTheReadersClock(t *testing.T) {
	b := setup(t)
	b.publish(online("2026-11-30 23:00"), text("Gece"))
	days := online("2026-11-30 00:00")
	days.AllDay, days.Ends = true, days.Starts
	b.publish(days, text("Gün"))
	cell := func(m, day string) string {
		return b.get("/tr/events/month?m="+m, 200).Find("time[datetime='" + day + "']").Parent().Text()
	}
	if got := cell("2026-11", "2026-11-30"); !strings.Contains(got, "Gece") || !strings.Contains(got, "Gün") || !strings.Contains(got, "23.00") {
		t.Errorf("in İstanbul: %s", got)
	}
	has(t, b.get("/tr/events/month?m=2026-12", 200), ".pills", "1 etkinlik") // until half past midnight
	b.zone = "Asia/Almaty"
	if got := cell("2026-12", "2026-12-01"); !strings.Contains(got, "01.00") {
		t.Errorf("in Almaty: %s", got)
	}
	if got := cell("2026-11", "2026-11-30"); strings.Contains(got, "Gece") || !strings.Contains(got, "Gün") {
		t.Errorf("in Almaty on the 30th: %s", got)
	}
	doc := b.get("/en/events/month?m=2027-02", 200)
	if first, _ := doc.Find("table.month time").First().Attr("datetime"); first != "2027-02-01" || doc.Find("table.month tbody tr").Length() != 4 {
		t.Errorf("February 2027 begins on Monday %s and has four weeks", first)
	}
}
