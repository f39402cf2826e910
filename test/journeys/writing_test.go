package journeys

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// desk writes what the union publishes.
const desk = "desk@union.example"

// The buttons of the editor.
const (
	publishButton = `button[name="then"][value="publish"]`
	draftButton   = `button[name="then"][value="draft"]`
	previewButton = `button[name="then"][value="preview"]`
)

// writer is an officer's window, and readers beside it.
type writer struct {
	*browser.Tab
	t      *testing.T
	p      *portal.Portal
	reader *http.Client
}

// path is where the window stands.
func (w writer) path() string {
	w.t.Helper()
	var location string
	w.Run(chromedp.Location(&location))
	u, err := url.Parse(location)
	if err != nil {
		w.t.Fatal(err)
	}
	return u.Path
}

// reads holds that an address says a text, or does not, to somebody without an account.
func (w writer) reads(address, text string, want bool) {
	w.t.Helper()
	if _, body := w.p.Get(w.reader, address); strings.Contains(body, text) != want {
		w.t.Errorf("%s says %q: %v, want %v", address, text, !want, want)
	}
}

// everywhere holds that list, feed and search agree on what is published.
func (w writer) everywhere(issue, title string, want bool) {
	w.t.Helper()
	for _, address := range []string{issue, "/tr/bulletins.atom", "/tr/search?q=" + url.QueryEscape(title)} {
		w.reads(address, title+"<", want)
	}
}

// calm checks that the page broke nothing and fits its window.
func (w writer) calm() {
	w.t.Helper()
	for _, fault := range w.Faults() {
		w.t.Errorf("%s: %s", w.path(), fault)
	}
	if wide := w.Overflow(); wide > 0 {
		w.t.Errorf("%s is %d pixels wider than its window", w.path(), wide)
	}
}

// begin makes a new article in the newest published issue, and stands in its editor.
func (w writer) begin(title string) (editor string) {
	w.t.Helper()
	w.Go(w.p.Fill("/{lang}/desk/bulletins/{record}"))
	w.calm()
	w.Run(chromedp.Evaluate(`document.getElementById("new-article").open = true`, nil))
	w.Fill(`#new-article #title`, title)
	w.Press(`#new-article form .btn-primary`)
	w.calm()
	return w.path()
}

// TestWriting follows an article from its first word to its readers: preview, publication, a
// translation that waits, a colleague's edit, and a schedule that keeps itself.
func TestWriting(t *testing.T) {
	p := portal.Start(t)
	w := writer{browser.Start(t).Tab(t, p.URL, browser.Desk()), t, p, p.Client("")}
	w.Go("/tr/sign-in")
	w.Fill(`#email`, desk)
	w.Fill(`#password`, portal.Password)
	w.Press(`main form .btn-primary`)
	var number string
	p.Query(&number, `select number::text from issues order by number limit 1`)
	issue := "/tr/bulletins/" + number
	w.article(issue)
	w.schedule(issue)
}

func (w writer) article(issue string) {
	w.t.Helper()
	const title = "Gölgede bekleyen durak"
	editor := w.begin(title)
	w.Fill(`#body`, "## Yaz sıcağında\n\nDurağa **üç ağaç** dikildi.")
	w.Press(previewButton)
	w.calm()
	if text := w.Text("main"); !strings.Contains(text, "Durağa üç ağaç dikildi.") || strings.Contains(text, "**") {
		w.t.Errorf("the preview says %s", text)
	}
	w.everywhere(issue, title, false)
	w.Go(editor)
	w.Press(publishButton)
	w.calm()
	w.everywhere(issue, title, true)
	w.reads("/tr/articles/golgede-bekleyen-durak", "<strong>üç ağaç</strong>", true)
	w.translation(editor)
	w.stale(editor)
}

// translation holds that a draft in English shows nothing to readers.
func (w writer) translation(editor string) {
	w.t.Helper()
	w.Go(path.Dir(editor) + "/en")
	w.calm()
	w.Fill(`#title`, "A stop in the shade")
	w.Press(draftButton)
	w.calm()
	w.reads("/en/articles/golgede-bekleyen-durak", "A stop in the shade", false)
	w.reads("/en/articles/golgede-bekleyen-durak", "Gölgede bekleyen durak", true)
}

// stale holds that an edit under which a colleague saved shows both texts, and loses neither.
func (w writer) stale(editor string) {
	w.t.Helper()
	w.Go(editor)
	base := ""
	w.Run(chromedp.Value(`input[name="base"]`, &base, chromedp.ByQuery))
	colleague := w.p.Client("head@union.example")
	if status, _, _ := w.p.Post(colleague, editor, url.Values{"title": {"Çınar altındaki durak"}, "base": {base}}); status != http.StatusSeeOther {
		w.t.Fatalf("the colleague's save: %d", status)
	}
	w.Fill(`#title`, "Ihlamur altındaki durak")
	w.Press(draftButton)
	text, mine := w.Text("main"), ""
	w.Run(chromedp.Value(`#title`, &mine, chromedp.ByQuery))
	if !strings.Contains(text, "Çınar altındaki durak") || mine != "Ihlamur altındaki durak" {
		w.t.Errorf("the conflict's page has %q and says %s", mine, text)
	}
	w.Press(draftButton)
	w.calm()
}

// schedule lets an article go live in the coming minutes, and waits for it.
func (w writer) schedule(issue string) {
	w.t.Helper()
	const title = "Sabah açılan kapı"
	editor := w.begin(title)
	home, err := time.LoadLocation("Europe/Istanbul")
	if err != nil {
		w.t.Fatal(err)
	}
	at := time.Now().In(home).Add(time.Minute + 30*time.Second)
	w.Run(chromedp.Evaluate(`document.getElementById("schedule").open = true`, nil))
	w.Fill(`#day`, at.Format("02.01.2006"))
	w.Fill(`#hour`, at.Format("15.04"))
	w.Press(`#schedule form > .btn`)
	w.calm()
	w.everywhere(issue, title, false)
	slug := "/tr/articles/sabah-acilan-kapi"
	for deadline := time.Now().Add(4 * time.Minute); ; time.Sleep(2 * time.Second) {
		if status, _ := w.p.Get(w.reader, slug); status == http.StatusOK {
			break
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("%s was not published by itself", editor)
		}
	}
	w.everywhere(issue, title, true)
}
