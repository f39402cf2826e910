package journeys

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// press makes a move of a case that needs no more than a press.
func (j journey) move(name string) {
	j.t.Helper()
	j.Run(chromedp.Evaluate(`(() => {
		const move = document.querySelector('main form[action*="/step"] input[name=move][value="`+name+`"]')
		move.form.requestSubmit()
	})()`, nil))
	j.arriveDone()
}

// arriveDone waits until the case says what was done.
func (j journey) arriveDone() {
	j.t.Helper()
	for range 100 {
		var done bool
		j.Run(chromedp.Evaluate(`document.readyState === 'complete' && location.search.includes('done=') && !!document.querySelector('main [role=status], main .notice')`, &done))
		if done {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	j.t.Fatalf("nothing was done at %s: %s", j.path(), j.Text("main"))
}

// TestOpinion leads a question from its review to what everybody reads: another office is
// asked, two people sign, the city gets its paper, its name is hidden, a visitor finds it.
func TestOpinion(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	var id, city string
	p.Query(&id, `select s.public_id from requests r join subjects s on s.id = r.id where r.service = 'opinion' and r.state = 'in_review' order by r.id limit 1`)
	p.Query(&city, `select o.name from requests r join subjects s on s.id = r.id join organisations o on o.id = r.org_id where s.public_id = $1`, id)
	office := begin(t, p, b, browser.Desk())
	office.signIn(desk)
	office.Go("/tr/desk/requests/" + id + "/consult")
	office.Run(chromedp.SetValue(`select[name=office]`, "finance", chromedp.ByQuery))
	office.Fill(`#body`, "Bütçeye etkisi nedir?")
	office.Fill(`#until`, time.Now().AddDate(0, 0, 5).Format("02.01.2006"))
	office.Press(`main form .btn-primary`)
	office.calm()

	money := begin(t, p, b, browser.Desk())
	money.signIn(finance)
	money.Go("/tr/desk/requests/" + id + "/advise")
	money.Fill(`#body`, "Bütçede karşılığı var.")
	money.Press(`main form .btn-primary`)

	office.writeOpinion(id, city)
	office.signOpinion(p, b, id)
	if !regexp.MustCompile(`OPN-\d{4}-\d{5}`).MatchString(office.Text("main")) {
		t.Errorf("the case does not tell the opinion's number: %s", office.Text("main"))
	}
	office.move("send")
	office.hideCity(id, city)
	office.Go("/tr/desk/requests/" + id)
	office.move("anonymise")
	office.move("publish")
	office.calm()

	reader := begin(t, p, b, browser.Phone())
	reader.Go("/tr/opinions?q=" + "Zirkonyum")
	reader.calm()
	reader.Press(`#list a.subject`)
	reader.calm()
	reader.says("Belediye sordu")
	reader.says("Zirkonyum Kanunu")
	if text := reader.Text("body"); strings.Contains(text, city) {
		t.Errorf("a visitor reads the name of %s:\n%s", city, text)
	}
	if status, _ := p.Get(p.Client(""), "/tr/desk/requests/"+id+"/opinion.pdf"); status == http.StatusOK {
		t.Error("a visitor gets the paper")
	}
}

// writeOpinion writes two versions of the text.
func (j journey) writeOpinion(id, city string) {
	j.t.Helper()
	for _, body := range []string{"Taslak.", city + " sordu.\n\nYetki meclistedir. Zirkonyum payı bütçeye yazılır."} {
		j.Go("/tr/desk/requests/" + id + "/opinion")
		j.Fill(`#title`, "Zirkonyum payı")
		j.Fill(`#body`, body)
		j.Press(`main form .btn-primary`)
		j.says("Yeni sürüm kaydedildi")
	}
	j.calm()
	j.says("2. sürüm")
}

// signOpinion ticks the checklist off and has two people sign.
func (j journey) signOpinion(p *portal.Portal, b *browser.Browser, id string) {
	j.t.Helper()
	j.tickOff(id)
	j.move("to_sign")
	j.move("sign")
	head := begin(j.t, p, b, browser.Desk())
	head.signIn("head@union.example")
	head.Go("/tr/desk/requests/" + id)
	head.move("sign")
	j.Go("/tr/desk/requests/" + id)
}

// tickOff ticks every item of the step's checklist.
func (j journey) tickOff(id string) {
	j.t.Helper()
	for {
		j.Go("/tr/desk/requests/" + id)
		var open bool
		j.Run(chromedp.Evaluate(`!!document.querySelector('form[action*="/checklist"] input[name=on]')`, &open))
		if !open {
			return
		}
		j.Run(chromedp.Evaluate(`document.querySelector('form[action*="/checklist"] input[name=on]').form.requestSubmit()`, nil))
		j.arriveDone()
	}
}

// hideCity makes what the public reads; the name of the city is offered.
func (j journey) hideCity(id, city string) {
	j.t.Helper()
	j.Go("/tr/desk/requests/" + id + "/redaction")
	j.calm()
	var offered string
	j.Run(chromedp.Value(`#hide-0`, &offered, chromedp.ByQuery))
	if offered != city {
		j.t.Errorf("offered to hide is %q, want %q", offered, city)
	}
	j.Fill(`#word-0`, "Belediye")
	j.Fill(`#title`, "Zirkonyum payının bütçedeki yeri")
	j.Fill(`#question`, "Zirkonyum payı bütçeye nasıl yazılır?")
	j.Run(chromedp.SetValue(`select[name=topic]`, "finance", chromedp.ByQuery))
	j.Fill(`#laws`, "Zirkonyum Kanunu, m. 4")
	j.Press(`main form .btn-primary`)
	j.says("Belediye sordu.")
	j.calm()
}

// TestGovernmentAsks has a ministry begin its own question from its own account: it is offered
// what governments may ask for and nothing else, and has no member's pages.
func TestGovernmentAsks(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	var org string
	p.Query(&org, `select s.public_id from organisations o join subjects s on s.id = o.id where o.kind = 'government' and exists (select from mandates m join users u on u.id = m.user_id where m.org_id = o.id and u.email = 'desk@sehircilik.example')`)
	office := begin(t, p, b, browser.Phone())
	office.signIn("desk@sehircilik.example")
	office.Go("/tr/m/" + org + "/services")
	office.calm()
	if text := office.Text("main"); strings.Contains(text, "Proje desteği") || !strings.Contains(text, "görüş") {
		t.Errorf("a government is offered:\n%s", text)
	}
	client := p.Client("desk@sehircilik.example")
	for _, page := range []string{"/profile", "/dues", "/people", "/letters"} {
		if status, _ := p.Get(client, "/tr/m/"+org+page); status == http.StatusOK {
			t.Errorf("a government opens %s", page)
		}
	}
	office.Go("/tr/m/" + org + "/services/opinion")
	office.Press(`main form .btn-primary`)
	office.at("/form")
	office.calm()
	office.Go(office.path() + "/opinion_kind")
	office.choose("opinion_kind", "legal")
	var asked int
	p.Query(&asked, `select count(*) from requests r join organisations o on o.id = r.org_id where o.kind = 'government' and r.state = 'draft' and r.service = 'opinion'`)
	if asked != 1 {
		t.Errorf("%d drafts of the government", asked)
	}
}
