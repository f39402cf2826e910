package journeys

import (
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

// letterLink waits for a letter to an address and gives the path that its button leads to.
func letterLink(t *testing.T, p *portal.Portal, to, prefix string) string {
	t.Helper()
	link := regexp.MustCompile(`href="` + regexp.QuoteMeta(p.URL) + `(/[a-z]{2}/` + prefix + `[^"]*)"`)
	for range 150 {
		var html string
		p.Query(&html, `select coalesce((select html_body from mail_inbox where to_address = $1 and html_body like '%' || $2 || '%' order by id desc limit 1), '')`, to, "/"+prefix)
		if found := link.FindStringSubmatch(html); found != nil {
			return found[1]
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatalf("no letter to %s leads to %s", to, prefix)
	return ""
}

// TestMembership walks a city from the public page over both boards to its first step as a
// member: apply, decide, invite, act.
func TestMembership(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	city := begin(t, p, b, browser.Phone())
	city.Go("/tr/join")
	city.calm()
	city.Press(`main form .btn-primary`) // no address
	city.says("ad@belediye")
	city.Fill(`#email`, "buro@yenisu.example")
	city.Press(`main form .btn-primary`)
	home := city.path()
	city.calm()

	// A mail scanner that follows the link opens nothing; the person's press does, in another window.
	open := letterLink(t, p, "buro@yenisu.example", "join/open/")
	if status, _ := p.Get(p.Client(""), open); status != 200 {
		t.Fatalf("the link answers %d", status)
	}
	other := begin(t, p, b, browser.Phone())
	other.Go(open)
	other.Press(`main form .btn-primary`)
	other.at(home)
	other.applyAsCity(home)
	other.says("UYE-")
	other.calm()

	id := strings.Split(home, "/")[3]
	at := "/tr/desk/applications/" + id
	desk := begin(t, p, b, browser.Desk())
	desk.signIn("desk@union.example")
	desk.Go(at)
	desk.calm()
	desk.says("Жаңы-Суу-2")
	desk.Press(`form[action$="/complete"] button`)
	bothBoards(t, p, b, at)
	var standing, fact string
	p.Query(&standing, `select m.standing from municipalities m where m.name = 'Жаңы-Суу-2'`)
	p.Query(&fact, `select f.fact || ' ' || d.number from membership_facts f join decisions d on d.id = f.decision_id join organisations o on o.id = f.org_id where o.name = 'Жаңы-Суу-2'`)
	var latin string
	p.Query(&latin, `select slug || ' ' || name_latin || ' ' || seat from municipalities where name = 'Жаңы-Суу-2'`)
	if latin != "cani-suu-2 Cañı-Suu-2 Ala-Too 1" {
		t.Errorf("in Latin letters, and its town hall: %q", latin)
	}
	if standing != "active" || fact != "admitted 2026/YNK-1" {
		t.Errorf("the member is %q by %q", standing, fact)
	}

	invitedMayor(t, p, b)
}

// bothBoards records the decisions of both boards about an application.
func bothBoards(t *testing.T, p *portal.Portal, b *browser.Browser, at string) {
	t.Helper()
	board := begin(t, p, b, browser.Desk())
	board.signIn("board@union.example")
	for _, number := range []string{"2026/YK-1", "2026/YNK-1"} {
		board.Go(at + "/decision")
		board.Press(`main form .btn-primary`) // nothing said
		board.calm()
		board.Run(chromedp.Click(`input[name="outcome"][value="approve"]`, chromedp.ByQuery))
		board.Fill(`#number`, number)
		board.Fill(`#date`, time.Now().AddDate(0, 0, -1).Format("02.01.2006"))
		board.Fill(`#votes_for`, "9")
		board.Press(`main form .btn-primary`)
		board.calm()
	}
}

// invitedMayor acts for the new member, and cannot leave it without an approver.
func invitedMayor(t *testing.T, p *portal.Portal, b *browser.Browser) {
	t.Helper()
	// The invited mayor sets a password and acts for the city.
	mayor := begin(t, p, b, browser.Phone())
	mayor.Go(letterLink(t, p, "baskan@yenisu.example", "invitation/"))
	mayor.Fill(`#password`, "sıcak-ekmek-ve-bal-2026")
	mayor.Press(`main form .btn-primary`)
	var org string
	p.Query(&org, `select s.public_id from municipalities m join subjects s on s.id = m.id where m.name = 'Жаңы-Суу-2'`)
	var number string
	p.Query(&number, `select l.year || '/' || to_char(l.number, 'FM000000') from letters l join organisations o on o.id = l.org_id where o.name = 'Жаңы-Суу-2' and l.kind = 'membership_begins' and l.lang = 'tr'`)
	mayor.Go("/tr/m/" + org + "/letters") // the letter of admission, under its number
	mayor.calm()
	mayor.says(number)
	mayor.Go("/tr/m/" + org + "/people")
	mayor.calm()
	mayor.says("baskan@yenisu.example")
	var mandate string
	p.Query(&mandate, `select s.public_id || '-' || m.role from mandates m join users u on u.id = m.user_id join subjects s on s.id = u.id where u.email = 'baskan@yenisu.example'`)
	mayor.Go("/tr/m/" + org + "/people/" + mandate + "/end")
	mayor.Press(`main form .btn-danger`) // the last who approves
	mayor.says("başka kimse yok")
}

// applyAsCity answers every question of an application and sends it.
func (j journey) applyAsCity(home string) {
	j.t.Helper()
	j.Go(home + "/form/kind")
	j.mark("kind", "membership", "full")
	j.Run(chromedp.SetValue(`#country`, "KG", chromedp.ByQuery))
	j.Press(goOn)
	j.Fill(`#name`, "Жаңы-Суу-2")
	j.Fill(`#name_latin`, "Cañı-Suu-2")
	j.write("names", `#name_en`, "Jany-Suu Two")
	j.Fill(`#region`, "Чүй облусу")
	j.Fill(`#place_lat`, "42,81")
	j.Fill(`#place_address`, "Ala-Too 1")
	j.write("place", `#place_lon`, "74,62")
	j.Fill(`#population`, "48 210")
	j.write("population", `#population_year`, "2025")
	j.write("area", `#area`, "112,5")
	j.at("/budget")
	j.Press(goOn)
	j.write("head", `#head`, "Bir Başkan")
	for _, box := range []string{"office", "approver"} {
		j.Fill(`#`+box+`_name`, "Büro")
		j.write(box, `#`+box+`_email`, map[string]string{"office": "dis", "approver": "baskan"}[box]+"@yenisu.example")
	}
	j.at("/editor")
	j.Press(goOn)
	j.Fill(`#resolution_number`, "14")
	j.write("resolution", `#resolution_date`, "05.10.2026")
	path := filepath.Join(j.t.TempDir(), "karar.pdf")
	if err := os.WriteFile(path, []byte("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"), 0o600); err != nil {
		j.t.Fatal(err)
	}
	j.Run(chromedp.SetUploadFiles(`#resolution`, []string{path}, chromedp.ByQuery), chromedp.WaitReady(`input[name="resolution_upload"]`, chromedp.ByQuery))
	j.Press(goOn)
	j.write("delegates", `#delegates`, "Birinci Delege\nİkinci Delege")
	j.at("/declaration")
	j.Run(chromedp.Click(`#statute`, chromedp.ByQuery), chromedp.Click(`#privacy`, chromedp.ByQuery))
	j.Press(goOn)
	j.at("/check")
	j.calm()
	j.Press(`form[action$="/send"] button`)
}

// mark chooses a card of a page that is named otherwise than its field.
func (j journey) mark(page, name, value string) {
	j.t.Helper()
	j.at("/" + page)
	j.Run(chromedp.Click(`input[name="`+name+`"][value="`+value+`"]`, chromedp.ByQuery))
	j.Press(goOn)
}
