package journeys

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// TestEvents: a visitor with a phone narrows the calendar, opens an event and takes it along;
// then staff write one, which list, feed and search show at once.
func TestEvents(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	v := writer{b.Tab(t, p.URL, browser.Phone()), t, p, p.Client("")}
	v.visitEvents()
	w := writer{b.Tab(t, p.URL, browser.Desk()), t, p, p.Client("")}
	w.Go("/tr/sign-in")
	w.Fill(`#email`, desk)
	w.Fill(`#password`, portal.Password)
	w.Press(`main form .btn-primary`)
	w.announce()
}

func (w writer) visitEvents() {
	w.t.Helper()
	w.Go("/tr/events")
	w.calm()
	w.Fill(`#filter-q`, "kervansaray")
	w.Run(chromedp.Poll(`document.querySelectorAll("ol.events > li").length === 1`, nil, chromedp.WithPollingTimeout(10*time.Second)))
	if text := w.Text(".pills"); !strings.Contains(text, "1 etkinlik") {
		w.t.Errorf("the filter says %s", text)
	}
	w.Press(`ol.events h2 a`)
	w.calm()
	if text := w.Text(".facts"); !strings.Contains(text, "(UTC+5)") || !strings.Contains(text, "Semerkant saatiyle") {
		w.t.Errorf("the event says %s", text)
	}
	w.reads(w.path()+".ics", "BEGIN:VEVENT", true)
	w.Go("/tr/events/month")
	w.calm()
	var webcal string
	w.Go("/tr/events?kind=webinar")
	w.Run(chromedp.Evaluate(`document.querySelector('a[href^="webcal:"]').href`, &webcal))
	if !strings.HasSuffix(webcal, "/tr/events.ics?kind=webinar") {
		w.t.Errorf("a calendar follows %s", webcal)
	}
}

// announce proposes an event, writes its text, and leads it to the public.
func (w writer) announce() {
	w.t.Helper()
	const title = "Gece pazarı için ışık"
	w.Go("/tr/desk/events/new")
	w.calm()
	w.Fill(`#title`, title)
	w.Fill(`#starts`, "3 Mayıs 2099")
	w.Fill(`#starts_at`, "20.00")
	w.Fill(`#ends_at`, "22.00")
	w.Run(chromedp.SetValue(`#kind`, "forum"))
	w.Fill(`#city`, "samarkand")
	w.Run(chromedp.Click(`#city-list [role=option]`, chromedp.NodeVisible))
	w.Press(`main form .btn-primary`)
	w.calm()
	w.Fill(`#body`, "Dört sokak, **kırk lamba**.")
	w.Press(draftButton)
	w.calm()
	record := strings.TrimSuffix(w.path(), "/texts/tr")
	w.Go(record)
	w.calm()
	w.reads("/tr/events?q=lamba", title, false)
	for range 2 { // approve, publish
		w.Press(`form[action$="/moves"] .btn-primary`)
		w.calm()
	}
	w.reads("/tr/events?q=gece+pazari", title+"<", true)
	w.reads("/tr/events/gece-pazari-icin-isik", "<strong>kırk lamba</strong>", true)
	w.reads("/tr/events/gece-pazari-icin-isik", "20.00–22.00 (UTC+5)", true)
	w.reads("/tr/events.ics?kind=forum", "SUMMARY:"+title, true)
	w.reads("/tr/search?q=gece+pazari", title, true)
}
