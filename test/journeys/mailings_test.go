package journeys

import (
	"archive/zip"
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// TestMailing walks a mailing: staff filter the members, write in two languages, look, test
// and send; each address gets the letter in its language; one reader unsubscribes, and the
// next mailing leaves that address out.
func TestMailing(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	contacts(p)
	office := begin(t, p, b, browser.Desk())
	office.signIn(desk)
	first := office.writeNews("Bahar bülteni: {{city}}", "Spring bulletin: {{city}}")
	office.Go("/tr/desk/mailings/" + first + "/preview")
	office.says("Bahar bülteni: Şuşa")
	office.calm()
	office.Go("/tr/desk/mailings/" + first)
	office.Press(`form[action$="/test"] button`)
	office.says("Deneme mektupları")
	var tests int
	if p.Query(&tests, `select count(*) from mail_inbox where to_address = $1 and message_id like 'test.%'`, desk); tests != 2 {
		t.Errorf("%d test letters for two languages", tests)
	}
	office.sendNow(first)

	for address, subject := range map[string]string{"tr-office@shusha.example": "Bahar bülteni: Şuşa", "en-office@shusha.example": "Spring bulletin: Shusha", "ru-office@shusha.example": "Spring bulletin: Shusha"} {
		var got string
		p.Query(&got, `select coalesce(string_agg(subject, '|'), '') from mail_inbox where to_address = $1`, address)
		if got != subject {
			t.Errorf("%s got %q", address, got)
		}
	}
	link := linkIn(t, p, "en-office@shusha.example")
	if status, _ := p.Get(p.Client(""), link); status != http.StatusOK || optouts(p) != 0 {
		t.Errorf("looking at the link: %d, %d unsubscribed", status, optouts(p))
	}
	reader := begin(t, p, b, browser.Phone())
	reader.Go(link)
	reader.calm()
	reader.Press(`form[action*="unsubscribe"] button`)
	reader.says("You are unsubscribed")
	reader.calm()
	if optouts(p) != 1 {
		t.Error("the press did nothing")
	}
	// A mail program of the other reader does it with one POST: no cookies, no page.
	if status, _, _ := p.Post(&http.Client{}, linkIn(t, p, "ru-office@shusha.example"), url.Values{"List-Unsubscribe": {"One-Click"}}); status != http.StatusOK || optouts(p) != 2 {
		t.Errorf("one click: %d, %d unsubscribed", status, optouts(p))
	}
	office.sendNow(office.writeNews("Yaz bülteni", "Summer bulletin"))
	if kept(p, "en-office@shusha.example") != 1 || kept(p, "ru-office@shusha.example") != 1 || kept(p, "tr-office@shusha.example") != 2 {
		t.Error("who unsubscribed got the next one, or who did not got none")
	}
}

// contacts are three mailboxes of one city, each in its language.
func contacts(p *portal.Portal) {
	var n int
	p.Query(&n, `
		with i as (
			insert into contacts (public_id, org_id, office, email, lang)
			select rpad('mailbox' || l.lang, 26, 'a'), m.id, 'press', l.lang || '-office@shusha.example', l.lang
			from municipalities m, (values ('tr'), ('en'), ('ru')) l (lang) where m.source_id = 'gn:147105' returning 1)
		select count(*) from i`)
}

// writeNews filters the members, and writes news to their press offices in two languages.
func (j journey) writeNews(tr, en string) (id string) {
	j.t.Helper()
	j.Go("/tr/desk/members?country=AZ")
	j.Press(`a[href*="/desk/mailings/new?country=AZ"]`)
	j.says("Azerbaycan")
	j.Run(chromedp.Click(`input[name=kind][value=news]`, chromedp.ByQuery), chromedp.Click(`input[name=offices][value=general]`, chromedp.ByQuery),
		chromedp.Click(`input[name=offices][value=press]`, chromedp.ByQuery))
	j.calm()
	j.Press(`form[action$="/mailings"] .btn-primary`)
	id = strings.Split(j.path(), "/")[4]
	j.Fill(`#title`, tr)
	j.Fill(`#body`, "Merhaba,\n\n{{passwort}}")
	j.Press(`form#text .btn-primary`)
	j.says("Çift süslü ayraç")
	j.calm()
	j.Fill(`#body`, "Merhaba,\n\n**Haberler**: {{city}}")
	j.Press(`form#text .btn-primary`)
	j.says("Yazıldı")
	j.Go("/tr/desk/mailings/" + id + "/texts/en")
	j.Fill(`#title`, en)
	j.Fill(`#body`, "Hello,\n\n**News**: {{city}}")
	j.Press(`form#text .btn-primary`)
	j.says("Yazıldı")
	j.calm()
	return id
}

// sendNow looks a last time, sends, and waits until every letter has left.
func (j journey) sendNow(id string) {
	j.t.Helper()
	j.Go("/tr/desk/mailings/" + id)
	j.calm()
	j.Go("/tr/desk/mailings/" + id + "/send")
	j.calm()
	j.Press(`form[action$="/send"] .btn-primary`)
	for range 150 {
		j.Go("/tr/desk/mailings/" + id)
		if strings.Contains(j.Text("main"), "Bütün mektuplar gönderildi") {
			j.calm()
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
	j.t.Fatalf("the letters do not leave:\n%s", j.Text("main"))
}

func kept(p *portal.Portal, address string) (n int) {
	p.Query(&n, `select count(*) from mail_inbox where to_address = $1`, address)
	return n
}

func optouts(p *portal.Portal) (n int) {
	p.Query(&n, `select count(*) from mailing_optouts`)
	return n
}

// linkIn is the path of the link to unsubscribe in the newest letter to an address.
func linkIn(t *testing.T, p *portal.Portal, address string) string {
	t.Helper()
	var text string
	p.Query(&text, `select text_body from mail_inbox where to_address = $1 order by id desc limit 1`, address)
	_, link, found := strings.Cut(text, p.URL)
	if !found || !strings.Contains(link, "/unsubscribe/") {
		t.Fatalf("no link in %s", text)
	}
	return strings.Fields(link)[0]
}

// TestLetter walks an official letter: staff write to a member, see it, issue it under a
// number, record how it was served; the city keeps it as PDF and DOCX, another city cannot.
func TestLetter(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	office := begin(t, p, b, browser.Desk())
	office.signIn("head@union.example")
	office.Go(p.Fill("/{lang}/desk/members/{member}"))
	office.Press(`a[href*="/desk/letters/new"]`)
	office.says("Şuşa")
	office.calm()
	office.Fill(`#title_tr`, "İşbirliği daveti")
	office.Press(`form[action$="/letters/new"] .btn-primary`)
	office.calm()
	office.Fill(`#body_tr`, "Şuşa ve Бишкек için ortak çalışma öneririz.\n\nİmza ıçin bekliyoruz.")
	office.Press(`form[action$="/letters/new"] .btn-primary`)
	office.says("İşbirliği daveti")
	office.calm()
	office.Press(`form[action$="/letters"] .btn-primary`)
	office.says("/0000")
	number := strings.TrimSpace(office.Text("h1"))
	office.Run(chromedp.Click(`#serve summary`, chromedp.ByQuery))
	office.Run(chromedp.SetValue(`#way`, "uets", chromedp.ByQuery))
	office.Fill(`#day`, "01.10.2026")
	office.Press(`form[action$="/servings"] button[type=submit]`)
	office.says("KEP ve UETS")
	office.calm()
	office.Fill(`#number`, "UETS-4711")
	office.Press(`form[action$="/servings"] button[type=submit]`)
	office.says("UETS-4711")
	office.calm()

	city := begin(t, p, b, browser.Phone())
	city.signIn("editor@shusha.example")
	city.Go(p.FillIn("ru", "/{lang}/m/{org}/letters"))
	city.says(number)
	city.calm()
	var path string
	city.Run(chromedp.AttributeValue(`a[href$="letter.pdf"]`, "href", &path, nil, chromedp.ByQuery))
	editor, stranger := p.Client("editor@shusha.example"), p.Client("editor@canakkale.example")
	if status, body := p.Get(editor, path); status != 200 || !strings.HasPrefix(body, "%PDF-") {
		t.Errorf("the paper: %d, %d bytes", status, len(body))
	}
	docx := strings.TrimSuffix(path, "pdf") + "docx"
	status, body := p.Get(editor, docx)
	if archive, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body))); status != 200 || err != nil || len(archive.File) < 6 {
		t.Errorf("the file: %d, %v", status, err)
	}
	for _, foreign := range []string{path, docx} {
		if status, _ := p.Get(stranger, foreign); status != 404 {
			t.Errorf("another city opens %s: %d", foreign, status)
		}
		own := p.Fill("/{lang}/m/{org}")
		var other string
		p.Query(&other, `select s.public_id from municipalities m join subjects s on s.id = m.id where m.source_id = 'gn:749780'`)
		if status, _ := p.Get(stranger, strings.Replace(foreign, strings.Split(own, "/")[3], other, 1)); status != 404 {
			t.Errorf("another city opens it below its own address: %d", status)
		}
	}
}
