package journeys

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// ask goes from the public page of a service over signing in to its form.
func (j journey) ask(lang, slug string) (form string) {
	j.t.Helper()
	j.Go("/" + lang + "/services")
	j.calm()
	j.Press(`main a[href$="/services/` + slug + `"]`)
	j.calm()
	j.Press(`main a.btn-primary`)
	j.signIn(editor)
	j.at("/services/" + slug)
	j.calm()
	j.Press(`main form .btn-primary`)
	j.at("/form")
	j.calm()
	return j.path()
}

// pass leaves a question that need not be answered.
func (j journey) pass(page string) {
	j.t.Helper()
	j.at("/" + page)
	j.calm()
	j.Press(goOn)
}

// row fills in one row of a table.
func (j journey) row(n, column, value string) {
	j.t.Helper()
	j.Fill(`tr[data-row]:nth-child(`+n+`) input[name$=".`+column+`"]`, value)
}

func (j journey) kind(n, value string) {
	j.t.Helper()
	j.Run(chromedp.SetValue(`tr[data-row]:nth-child(`+n+`) select`, value, chromedp.ByQuery))
}

// declare ends a form: whom to ask is known from the last request.
func (j journey) declare() {
	j.t.Helper()
	j.pass("contact")
	j.at("/declaration")
	j.Run(chromedp.Click(`#declaration`, chromedp.ByQuery))
	j.Press(goOn)
	j.at("/check")
	j.calm()
}

// TestConsultancy asks on a phone for advice about a company of the city: the shares of its
// owners are refused until they are the whole, the mayor sends it, the office advises and
// hands its paper over, the city says in Russian what it was worth, and the case is closed.
func TestConsultancy(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	officer := begin(t, p, b, browser.Phone())
	form := officer.ask("tr", "business-corporation")
	officer.Go(form + "/title")
	officer.write("title", `#title`, "Şuşa termal işletme")
	officer.write("description", `#description`, "Sıcak su hamamını ve oteli işletecek.")
	officer.write("reason", `#reason`, "Belediyenin birimi gelir tutamıyor.")
	officer.choose("field", "tourism")
	officer.choose("company_form", "joint_stock")
	officer.choose("stage", "idea")
	officer.choose("owners_known", "settled")
	officer.at("/shares")
	officer.calm()
	officer.row("1", "owner", "Şuşa Belediyesi")
	officer.kind("1", "own")
	officer.row("1", "share", "60")
	officer.Press(goOn)
	officer.at("/shares")
	officer.says("Payların toplamı yüzde 100 olmalı")
	officer.calm()
	officer.Run(chromedp.Click(`[data-row-add]`, chromedp.ByQuery), chromedp.WaitReady(`tr[data-row]:nth-child(2)`, chromedp.ByQuery))
	officer.row("2", "owner", "Kalkınma Bankası")
	officer.kind("2", "state")
	officer.row("2", "share", "40")
	officer.Press(goOn)
	officer.pass("capital")
	officer.choose("plan_state", "none")
	officer.choose("money_from", "partner")
	officer.choose("council", "none")
	officer.choose("permission", "unknown")
	officer.choose("advice", "articles")
	officer.declare()
	officer.says("Kalkınma Bankası")
	officer.Press(`form[action$="/ask"] button`)
	officer.calm()

	id := strings.Split(form, "/")[5]
	approver := begin(t, p, b, browser.Phone())
	approver.Go(linkFor(t, p, id+"/approve"))
	approver.signIn(mayor)
	approver.calm()
	approver.Press(`form[action$="/send"] button`)
	approver.at("/sent")
	approver.calm()
	if !regexp.MustCompile(`REQ-\d{4}-\d{5}`).MatchString(approver.Text("main")) {
		t.Error("no reference is told")
	}
	var service string
	p.Query(&service, `select r.service from requests r join subjects s on s.id = r.id where s.public_id = $1 and r.state = 'submitted'`, id)
	if service != "business_corporation" {
		t.Errorf("what arrived is %q", service)
	}
	isAdvised(t, p, b, id, form)
}

// isAdvised leads a consultancy that arrived to its end.
func isAdvised(t *testing.T, p *portal.Portal, b *browser.Browser, id, form string) {
	t.Helper()
	office := begin(t, p, b, browser.Desk())
	office.signIn(desk)
	office.advise(id)
	rates := begin(t, p, b, browser.Phone())
	rates.signIn(mayor)
	rates.rate(strings.Replace(strings.TrimSuffix(form, "/form"), "/tr/", "/ru/", 1))
	var state string
	p.Query(&state, `select r.state || ' ' || f.stars::text from requests r join subjects s on s.id = r.id join request_feedback f on f.request_id = r.id where s.public_id = $1`, id)
	if state != "closed 5" {
		t.Errorf("at the end it is %q", state)
	}
}

// advise leads what arrived to its delivery, which waits for a paper and a word.
func (j journey) advise(id string) {
	j.t.Helper()
	j.Go("/tr/desk/requests/" + id)
	j.move("register")
	j.Go("/tr/desk/requests/" + id)
	j.move("review")
	j.tickOff(id)
	j.move("begin_delivery")
	j.tickOff(id)
	j.says("Kalkınma Bankası")
	paper := filepath.Join(j.t.TempDir(), "danışmanlık notu.txt")
	if err := os.WriteFile(paper, []byte("Ana sözleşme taslağına notlar."), 0o600); err != nil {
		j.t.Fatal(err)
	}
	j.Run(chromedp.SetUploadFiles(`form[action*="/papers"] input[type=file]`, []string{paper}, chromedp.ByQuery),
		chromedp.WaitReady(`form[action*="/papers"] input[name="file_upload"]`, chromedp.ByQuery))
	j.Press(`form[action*="/papers"] .btn[type=submit]`)
	j.Go("/tr/desk/requests/" + id + "/moves/deliver")
	j.Fill(`#reason`, "Notlarımız ektedir; ana sözleşmede üç yer değişti.")
	j.calm()
	j.Press(`main form .btn-primary`)
	j.says("danışmanlık notu.txt")
}

// rate says in the city's words what it got.
func (j journey) rate(home string) {
	j.t.Helper()
	j.Go(home)
	j.calm()
	j.says("danışmanlık notu.txt")
	j.Run(chromedp.Click(`input[name=stars][value="5"]`, chromedp.ByQuery))
	j.Fill(`#words`, "Спасибо: устав готов.")
	j.Press(`form[action$="/feedback"] .btn-primary`)
	j.says("Спасибо: устав готов.")
}

// TestFundingWithoutScript asks in Russian for guidance to funding where no script runs: who
// wants a credit is asked about it, and a share greater than the whole is refused.
func TestFundingWithoutScript(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	look := browser.Phone()
	look.NoScript = true
	officer := begin(t, p, b, look)
	form := officer.ask("ru", "funding-guidance")
	officer.Go(form + "/title")
	officer.Press(goOn)
	officer.says("Напишите короткое название")
	officer.write("title", `#title`, "Электробусы для Шуши")
	officer.write("description", `#description`, "Вместо трёх старых автобусов купим электрические.")
	officer.choose("sector", "transport")
	officer.choose("ready", "estimate")
	officer.choose("funding", "credit")
	officer.at("/cost")
	officer.Fill(`#cost`, "1 000 000")
	officer.write("cost", `#own`, "2 000 000")
	officer.says("Доля муниципалитета не может быть больше общей стоимости")
	officer.write("cost", `#own`, "200 000")
	officer.choose("borrowing", "free")
	officer.choose("security", "revenue")
	officer.choose("start", "next_year")
	officer.choose("tried", "no")
	officer.choose("writers", "none")
	officer.choose("write_in", "ru")
	officer.at("/earlier") // which the union's staff ask since their own version of the form, and may be left out
	officer.Press(goOn)
	officer.declare()
	officer.says("Электробусы для Шуши")
	officer.Press(`form[action$="/ask"] button`)
	officer.calm()
	var state string
	p.Query(&state, `select r.state from requests r join subjects s on s.id = r.id where s.public_id = $1`, strings.Split(form, "/")[5])
	if state != "with_approver" {
		t.Errorf("the request is %q", state)
	}
}
