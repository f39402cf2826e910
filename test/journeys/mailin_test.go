package journeys

import (
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// onePage is a small paper.
const onePage = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

// replyAddress waits for a letter to a person that can be answered, and gives the address.
func replyAddress(t *testing.T, p *portal.Portal, to string) (address string) {
	t.Helper()
	for range 100 {
		p.Query(&address, `select coalesce((select reply_to from mail_inbox where to_address = $1 and reply_to <> '' order by id desc limit 1), '')`, to)
		if address != "" {
			return address
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatal("no letter that can be answered")
	return ""
}

// mailed hands a letter to the portal as the union's mail server would, and says what became of it.
func mailed(t *testing.T, p *portal.Portal, from, to, id, text string) string {
	t.Helper()
	_, domain, _ := strings.Cut(from, "@")
	letter := "Authentication-Results: mx.union.example; dmarc=pass header.from=" + domain + "\nFrom: Wer <" + from + ">\nTo: <" + to + ">\nSubject: Re\nMessage-ID: <" + id + "@" + domain +
		">\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + text +
		"\n\n> Haritayı ekler misiniz?\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=harita.pdf\nContent-Transfer-Encoding: base64\n\n" +
		base64.StdEncoding.EncodeToString([]byte(onePage)) + "\n--b--\n"
	file := filepath.Join(t.TempDir(), "letter.eml")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(letter, "\n", "\r\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(portal.Binary(t), "mail-in", file)
	cmd.Env = append(os.Environ(), "PORTAL_MODE=demo", "PORTAL_BASE_URL="+p.URL, "PORTAL_DATA_DIR="+p.Dir, "DATABASE_URL="+p.Database,
		"PORTAL_MAIL_IN_VOUCHES=mx.union.example")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	state, rest, _ := strings.Cut(string(out), "\t")
	reason, _, _ := strings.Cut(rest, "\t")
	return strings.TrimSuffix(state+" "+reason, " ")
}

// TestALetterIsAnsweredByMail: the city answers from its mail program, with a paper; the desk
// reads it in the case and writes back with a template, in the language that the city reads.
func TestALetterIsAnsweredByMail(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	look := browser.Phone()
	look.NoScript = true
	var record string
	p.Query(&record, `
		with people as (update users set lang = 'ru' where id in (select m.user_id from mandates m join municipalities c on c.id = m.org_id where c.source_id = 'gn:147105') returning 1)
		select s.public_id from requests r join subjects s on s.id = r.id join municipalities c on c.id = r.org_id, (select count(*) from people) n
		where c.source_id = 'gn:147105' and r.submitted_at is not null and r.closed_at is null and r.state <> 'information_requested' order by r.id limit 1`)
	officer := begin(t, p, b, look)
	officer.Go("/tr/desk/requests/" + record)
	officer.signIn(desk)
	officer.Run(chromedp.Click(`#say input[value="outward"]`, chromedp.ByQuery))
	officer.Fill(`#say-text`, "Haritayı ekler misiniz?")
	officer.Press(`#say button.to-out`)
	address := replyAddress(t, p, editor)
	for name, c := range map[string]struct{ from, to, want string }{
		"a stranger": {"thief@evil.example", address, "held unknown_sender"}, "another city": {"editor@canakkale.example", address, "held not_of_city"},
		"a guess": {editor, "case+" + strings.Repeat("a", 26) + address[31:], "held wrong_address"}, "the city": {editor, address, "added"},
	} {
		if got := mailed(t, p, c.from, c.to, strings.ReplaceAll(name, " ", ""), "Карта во вложении."); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	officer.Go("/tr/desk/requests/" + record)
	officer.says("Карта во вложении.")
	officer.says("E-postayla")
	officer.says("harita.pdf")
	officer.says("Bu taleple ilgili bir mektup bakılmayı bekliyor")
	officer.calm()
	officer.Run(chromedp.Click(`#say-template, #say details summary`, chromedp.ByQuery))
	var chosen string
	officer.Eval(`(() => { const s = document.querySelector('#say-reply'); s.value = [...s.options].find(o => o.text === 'Başvurunuzu aldık').value; return document.querySelector('#say-lang').value })()`, &chosen)
	if chosen != "ru" {
		t.Errorf("the city reads Russian, the template is offered in %q", chosen)
	}
	officer.Press(`#say button[name="fill"]`)
	officer.calm()
	officer.Press(`#say button.to-out`)
	officer.says("Mesaj belediyeye gönderildi.")
	officer.says("Мы получили заявку")

	city := begin(t, p, b, look)
	city.Go(linkFor(t, p, record))
	city.signIn(editor)
	city.says("Мы получили заявку")
	city.says("harita.pdf")
	if strings.Contains(city.Text("main"), "thief") {
		t.Error("the city reads a stranger's letter")
	}
	city.calm()
}
