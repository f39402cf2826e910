package eventpages

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/test/htmlcheck"
)

func (b *bundle) post(path string, form url.Values, status int) (*goquery.Document, string) {
	b.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := b.do(r)
	for _, fault := range htmlcheck.Page(w.Body.String()) {
		if w.Code != http.StatusSeeOther {
			b.Errorf("%s: %s", path, fault)
		}
	}
	return b.read(path, w, status), w.Header().Get("Location")
}

func filled() url.Values {
	return url.Values{"title": {"Kent suları"}, "lang": {"tr"}, "kind": {"webinar"}, "mode": {"online"}, "zone": {"Asia/Tashkent"},
		"starts_day": {"3 Aralık 2026"}, "starts_at": {"10.00"}, "ends_at": {"11:30"}, "spoken": {"tr", "uz"}, "online_url": {"https://meet.union.example/su"}}
}

// TestStaffWriteAndPublish walks an event from the form to the public's list and feed.
func TestStaffWriteAndPublish(t *testing.T) {
	b := setup(t)
	b.get("/tr/desk/events/new", 200)
	_, to := b.post("/tr/desk/events", filled(), 303)
	record := strings.TrimSuffix(to, "/texts/tr")
	has(t, b.get(record, 200), "main", "Kent suları", "Önerildi", "3 Aralık 2026", "(UTC+5)")
	b.get(to, 200)
	b.get("/tr/events/kent-sulari", 404)
	for seq, move := range []string{"approve", "publish"} {
		b.post(record+"/moves", url.Values{"move": {move}, "seq": {string(rune('1' + seq))}}, 303)
	}
	has(t, b.get("/tr/events", 200), "ol.events", "Kent suları")
	has(t, b.get("/tr/events/kent-sulari", 200), ".facts", "10.00–11.30 (UTC+5)")
	if feed := b.do(httptest.NewRequest(http.MethodGet, "/tr/events.ics", nil)).Body.String(); !strings.Contains(feed, "SUMMARY:Kent suları\r\n") {
		t.Errorf("the feed is %s", feed)
	}
	doc, _ := b.post(record+"/moves", url.Values{"move": {"cancel"}, "seq": {"3"}, "reason": {"  "}}, 422)
	has(t, doc, ".error-summary, [role=alert]", "Nedenini")
	b.post(record+"/moves", url.Values{"move": {"cancel"}, "seq": {"2"}, "reason": {"Geç kaldı"}}, 409)
}

func TestNothingTypedIsLost(t *testing.T) {
	b := setup(t)
	form := filled()
	form.Set("starts_day", "31 Şubat 2026")
	form.Set("online_url", "javascript:alert(1)")
	form.Set("title", "")
	form.Set("organiser", `"><b>x`)
	doc, _ := b.post("/tr/desk/events", form, 422)
	for id, want := range map[string]string{"starts": "31 Şubat 2026", "starts_at": "10.00", "online_url": "javascript:alert(1)", "organiser": `"><b>x`} {
		if got, _ := doc.Find("#" + id).Attr("value"); got != want {
			t.Errorf("%s holds %q", id, got)
		}
	}
	if n := doc.Find("input[name=spoken][checked]").Length(); n != 2 {
		t.Errorf("%d languages are still chosen", n)
	}
	has(t, doc, "main", "Günü 3.12.2026", "https://", "Lütfen burayı doldurun")
}

func TestTwoWritersOfFacts(t *testing.T) {
	b := setup(t)
	id := b.publish(online("2026-12-03 10:00"), text("Forum"))
	path := "/tr/desk/events/" + id + "/facts"
	form := filled()
	form.Set("version", "1")
	form.Set("venue", "")
	doc, _ := b.post(path, form, 409)
	has(t, doc, "table", "Europe/Istanbul", "Asia/Tashkent")
	version, _ := doc.Find("input[name=version]").Attr("value")
	form.Set("version", version)
	b.post(path, form, 303)
}

func TestDeskIsForWriters(t *testing.T) {
	b := setup(t)
	id := b.publish(online("2026-12-03 10:00"), text("Forum"))
	b.create("Öneri")
	has(t, b.get("/tr/desk/events?state=proposed", 200), "table", "Öneri")
	has(t, b.get("/tr/desk/events?q=forum", 200), "table", "Forum", "Yayında")
	b.actor.Roles = []identity.Role{identity.Auditor}
	b.get("/tr/desk/events", 403)
	b.get("/tr/desk/events/"+id, 403)
	b.get("/tr/desk/events/"+id+"/facts", 403)
	b.get("/tr/desk/events/new", 403)
	b.post("/tr/desk/events", filled(), 403)
	b.post("/tr/desk/events/"+id+"/moves", url.Values{"move": {"hide"}, "seq": {"3"}}, 403)
}

func (b *bundle) create(title string) {
	b.Helper()
	if _, err := b.events.Create(b.Context(), b.actor, online("2026-12-03 10:00"), "tr", title); err != nil {
		b.Fatal(err)
	}
}
