package journeys

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// TestAPersonTakesTheirDataAndIsForgotten: somebody consents and withdraws, takes a copy of
// their data and opens it, asks to be forgotten; an administrator carries it out; signing in
// is over, and the record of what they did reads "former user" in the reader's language.
func TestAPersonTakesTheirDataAndIsForgotten(t *testing.T) {
	const leaver = "editor@canakkale.example"
	p, b := portal.Start(t), browser.Start(t)
	j := begin(t, p, b, browser.Phone())
	j.signIn(leaver)
	j.Go("/tr/account/data")
	j.calm()
	for _, v := range j.Axe() {
		t.Errorf("axe: %+v", v)
	}
	j.takeCopy(leaver)

	j.Go("/tr/account/data/erasure")
	j.Fill(`#reason`, "Görevim bitti.")
	j.Press(`#ask-erasure`)
	j.says("Devam etmek için işaretleyin.")
	j.Run(chromedp.Click(`#sure`, chromedp.ByQuery))
	j.Press(`#ask-erasure`)
	j.says("Talebiniz alındı.")
	var request, name string
	p.Query(&request, `select s.public_id from moves m join users u on u.id = m.actor_id join requests r on r.id = m.subject_id and r.submitted_at is not null
		join subjects s on s.id = r.id where u.email_key = $1 order by m.at limit 1`, leaver)
	p.Query(&name, `select name from users where email_key = $1`, leaver)

	staff := begin(t, p, b, browser.Desk())
	staff.signIn("admin@union.example")
	staff.Go("/tr/desk/erasures")
	staff.Run(chromedp.Evaluate(`[...document.querySelectorAll('main a.subject')].find(a => a.textContent.includes('`+name+`')).click()`, nil))
	staff.arriveBelow("/desk/erasures/")
	staff.says("Görevim bitti.")
	staff.Run(chromedp.Click(`#sure`, chromedp.ByQuery))
	staff.Press(`#carry-out-button`)
	staff.says("Kişinin verileri silindi")

	j.Go("/tr/account/data")
	j.at("/sign-in")
	j.Fill(`#email`, leaver)
	j.Fill(`#password`, "kervan-sofra-turkuaz")
	j.Press(`main form .btn-primary`)
	j.at("/sign-in")
	for lang, former := range map[string]string{"tr": "eski kullanıcı", "ru": "бывший пользователь", "en": "former user"} {
		staff.Go("/" + lang + "/desk/requests/" + request)
		if text := staff.Text(".timeline"); !strings.Contains(text, former) || strings.Contains(text, name) {
			t.Errorf("the record in %s: %s", lang, text)
		}
	}
}

// takeCopy consents, withdraws, asks for a copy, waits for it and opens it.
func (j journey) takeCopy(leaver string) {
	j.t.Helper()
	j.Press(`#consent-news`)
	j.says("Rızanız kaydedildi.")
	j.Press(`#consent-news`)
	j.says("Rızanızı geri aldınız.")

	j.Press(`#ask-export`)
	for range 100 { // the page asks for itself until the archive is there
		if strings.Contains(j.Text("main"), "Kopyanız hazır") {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	j.says("Kopyanız hazır")
	files := j.download(`#fetch`)
	for name, want := range map[string]string{"account/account.json": leaver, "privacy/consents.json": "news", "account/mandates.json": "Çanakkale"} {
		if !strings.Contains(files[name], want) {
			j.t.Errorf("%s lacks %q: %s", name, want, files[name])
		}
	}
	for name, content := range files {
		if strings.HasSuffix(name, ".json") && strings.Contains(content, "shusha.example") {
			j.t.Errorf("%s tells of somebody else: %s", name, content)
		}
	}
}

// download fetches what a link leads to with the window's own session, and unpacks it.
func (j journey) download(link string) map[string]string {
	j.t.Helper()
	var encoded string
	j.Run(chromedp.Evaluate(`fetch(document.querySelector('`+link+`').href).then(r => r.blob()).then(b => new Promise(done => {
		const f = new FileReader(); f.onload = () => done(f.result.split(',')[1]); f.readAsDataURL(b) }))`, &encoded,
		func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	content, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		j.t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		j.t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			j.t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			j.t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

// arriveBelow waits until the window stands on a page below path.
func (j journey) arriveBelow(path string) {
	j.t.Helper()
	for range 100 {
		if strings.Contains(j.path(), path) {
			j.Run(chromedp.WaitReady("body", chromedp.ByQuery))
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	j.t.Fatalf("still on %s", j.path())
}
