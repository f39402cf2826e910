// Package journeys walks through the portal as people do: the real binary, a real browser,
// one goal at a time.
package journeys

import (
	"encoding/base64"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

const (
	editor = "editor@shusha.example"
	mayor  = "mayor@shusha.example"
)

// goOn is the button that saves a question and leads on.
const goOn = `form[data-draft] .actions .btn-primary`

// journey is one person's window on a running portal.
type journey struct {
	*browser.Tab
	t *testing.T
	p *portal.Portal
}

func begin(t *testing.T, p *portal.Portal, b *browser.Browser, look browser.Look) journey {
	t.Helper()
	return journey{b.Tab(t, p.URL, look), t, p}
}

// signIn fills in the page to sign in; the window may stand on it already.
func (j journey) signIn(email string) {
	j.t.Helper()
	if !strings.Contains(j.path(), "/sign-in") {
		j.Go("/tr/sign-in")
	}
	j.Fill(`#email`, email)
	j.Fill(`#password`, portal.Password)
	j.Press(`main form .btn-primary`)
}

func (j journey) path() string {
	j.t.Helper()
	var location string
	j.Run(chromedp.Location(&location))
	u, err := url.Parse(location)
	if err != nil {
		j.t.Fatal(err)
	}
	return u.Path
}

// at checks where the window stands.
func (j journey) at(ending string) {
	j.t.Helper()
	if path := j.path(); !strings.HasSuffix(path, ending) {
		j.t.Fatalf("at %s, want …%s; the page says:\n%s", path, ending, j.Text("main"))
	}
}

func (j journey) says(text string) {
	j.t.Helper()
	if got := j.Text("main"); !strings.Contains(got, text) {
		j.t.Errorf("%s does not say %q:\n%s", j.path(), text, got)
	}
}

// calm checks that the page broke nothing and fits its window.
func (j journey) calm() {
	j.t.Helper()
	for _, fault := range j.Faults() {
		j.t.Errorf("%s: %s", j.path(), fault)
	}
	if wide := j.Overflow(); wide > 0 {
		j.t.Errorf("%s is %d pixels wider than its window", j.path(), wide)
	}
}

// start begins a request and opens its first question.
func (j journey) start() (form string) {
	j.t.Helper()
	j.Go(j.p.Fill("/{lang}/m/{org}/requests/new"))
	j.calm()
	j.Press(`main a[href$="/services/project-support"]`)
	j.at("/services/project-support")
	j.calm()
	j.Press(`main form .btn-primary`)
	j.at("/form")
	form = j.path()
	j.calm()
	j.Go(form + "/kind")
	return form
}

// choose marks a card and goes on.
func (j journey) choose(name, value string) {
	j.t.Helper()
	j.at("/" + name)
	j.Click(`input[name="` + name + `"][value="` + value + `"]`)
	j.calm()
	j.Press(goOn)
}

// write types one text and goes on.
func (j journey) write(page, selector, text string) {
	j.t.Helper()
	j.at("/" + page)
	j.Fill(selector, text)
	j.calm()
	j.Press(goOn)
}

// fill answers every question from the place to the end.
func (j journey) fillTheRest() {
	j.t.Helper()
	j.at("/place")
	j.Fill(`#place_lat`, "39,7615 46,7496")
	j.write("place", `#place_address`, "Şuşa qalası")
	j.write("beneficiaries", `#beneficiaries`, "4 650")
	j.at("/money")
	j.Fill(`#cost`, "1 250 000,50")
	j.write("money", `#own`, "0")
	j.choose("land", "own")
	j.choose("permit", "applied")
	j.choose("studied", "none")
	j.at("/photos")
	j.photo()
	j.Press(goOn)
	j.at("/contact")
	j.Fill(`#contact_name`, "Layihə Şöbəsi")
	j.write("contact", `#contact_email`, "layihe@shusha.example")
	j.at("/declaration")
	j.Run(chromedp.Click(`#declaration`, chromedp.ByQuery))
	j.Press(goOn)
	j.at("/check")
	j.calm()
}

// dot is the smallest PNG.
const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

// photo brings a picture by the script that sends it in parts, and waits until it is there.
func (j journey) photo() {
	j.t.Helper()
	picture, err := base64.StdEncoding.DecodeString(dot)
	if err != nil {
		j.t.Fatal(err)
	}
	path := filepath.Join(j.t.TempDir(), "qala divarı.png")
	if err := os.WriteFile(path, picture, 0o600); err != nil {
		j.t.Fatal(err)
	}
	j.Run(chromedp.SetUploadFiles(`#photos`, []string{path}, chromedp.ByQuery),
		chromedp.WaitReady(`input[name="photos_upload"]`, chromedp.ByQuery))
}

// savedItself waits until what was just typed is stored: a draft gets a new version a moment
// after the last key. That it was saved before stands on the page already.
func (j journey) savedItself() {
	j.t.Helper()
	const version = `document.querySelector('form[data-draft] [name=version]').value`
	before, now := "", ""
	j.Eval(version, &before)
	for range 200 {
		if j.Eval(version, &now); now != before {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	j.t.Fatal("the draft was not saved by itself")
}

// TestRequest walks a request from an officer's telephone over the mayor's to the union.
func TestRequest(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	officer := begin(t, p, b, browser.Phone())
	officer.signIn(editor)
	officer.calm()
	form := officer.start()
	officer.choose("kind", "infrastructure")
	officer.Press(goOn) // nothing typed
	officer.says("Projenin adını yazın")
	officer.write("title", `#title`, "Qala divarlarının bərpası")

	officer.at("/description")
	officer.Fill(`#description`, "Divarlar onarılacak <b>ve</b> aydınlatılacak.")
	officer.savedItself()
	again := begin(t, p, b, browser.Phone()) // the first window is closed without a word
	again.signIn(editor)
	again.Go(form + "/description")
	var text string
	again.Run(chromedp.Value(`#description`, &text, chromedp.ByQuery))
	if text != "Divarlar onarılacak <b>ve</b> aydınlatılacak." {
		t.Errorf("the other window finds %q", text)
	}
	again.Press(goOn)
	again.write("need", `#need`, "Divarlar yıkılıyor.")
	again.choose("sector", "heritage")
	again.fillTheRest()
	again.says("qala divarı.png")
	again.Press(`form[action$="/ask"] button`)
	again.calm()

	approver := begin(t, p, b, browser.Phone())
	id := strings.Split(form, "/")[5]
	approver.Go(linkFor(t, p, id+"/approve"))
	approver.signIn(mayor)
	approver.at("/approve")
	approver.says("Qala divarlarının bərpası")
	approver.calm()
	approver.Press(`form[action$="/send"] button`)
	approver.at("/sent")
	approver.calm()
	reference := regexp.MustCompile(`REQ-\d{4}-\d{5}`).FindString(approver.Text("main"))
	var stored string
	p.Query(&stored, `select r.reference from requests r join subjects s on s.id = r.id where s.public_id = $1 and r.state = 'submitted'`, id)
	if reference == "" || reference != stored {
		t.Errorf("the page says %q, stored is %q", reference, stored)
	}
}

// linkFor waits for the letter that leads to an address with that ending.
func linkFor(t *testing.T, p *portal.Portal, ending string) string {
	t.Helper()
	link := regexp.MustCompile(`href="` + regexp.QuoteMeta(p.URL) + `(/[a-z]{2}/m/[^"]*` + ending + `)"`)
	letters := regexp.MustCompile(`href="(/dev/mail/\d+)"`)
	client := p.Client("")
	for range 100 {
		_, list := p.Get(client, "/dev/mail")
		for _, letter := range letters.FindAllStringSubmatch(list, -1) {
			_, body := p.Get(client, letter[1])
			if found := link.FindStringSubmatch(body); found != nil {
				return found[1]
			}
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatalf("no letter leads to …%s", ending)
	return ""
}

// TestRequestWithoutScript fills in a form where no script runs: each move saves, going
// back too, and what is missing is told.
func TestRequestWithoutScript(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	look := browser.Phone()
	look.NoScript = true
	officer := begin(t, p, b, look)
	officer.signIn(editor)
	form := officer.start()
	officer.choose("kind", "service")
	officer.at("/title")
	officer.Fill(`#title`, "Xidmət")
	officer.Press(`form[data-draft] button[value="back"]`)
	officer.at("/kind")
	officer.Press(goOn)
	officer.at("/title")
	var title string
	officer.Run(chromedp.Value(`#title`, &title, chromedp.ByQuery))
	if title != "Xidmət" {
		t.Errorf("going back lost the title: %q", title)
	}
	officer.Go(form + "/place")
	officer.Press(`button[value="centre.place"]`)
	officer.at("/place")
	var lat string
	officer.Run(chromedp.Value(`#place_lat`, &lat, chromedp.ByQuery))
	if lat == "" {
		t.Error("the place is not the municipality's")
	}
	officer.Go(form + "/check")
	officer.says("Xidmət")
	officer.calm()
}
