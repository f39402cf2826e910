package journeys

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// TestProfile: a city names its fields and proposes a new count of its inhabitants. The
// fields are public at once, the count when staff have accepted it; the city is told.
func TestProfile(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	var org, slug string
	p.Query(&org, `select s.public_id from municipalities m join subjects s on s.id = m.id join mandates x on x.org_id = m.id join users u on u.id = x.user_id where u.email = 'mayor@canakkale.example'`)
	p.Query(&slug, `select m.slug from municipalities m join subjects s on s.id = m.id where s.public_id = $1`, org)
	home := "/tr/m/" + org + "/profile"

	city := begin(t, p, b, browser.Phone())
	city.signIn("editor@canakkale.example")
	city.Go(home + "/sectors")
	city.Run(chromedp.Evaluate(`document.querySelectorAll('main input[type=checkbox]').forEach(x => x.checked = x.value === 'culture' && x.name === 'strengths')`, nil))
	city.Press(`main form .btn-primary`)
	city.says("Kaydedildi")
	city.Go(home + "/facts")
	city.calm()
	city.Fill(`#population`, "çok")
	city.Press(`main form .btn-primary`) // no number, no source
	city.says("Bilginin nereden")
	city.calm()
	city.Fill(`#population`, "193.456")
	city.Fill(`#population_year`, "2025")
	city.Fill(`#source`, "TÜİK, Adrese Dayalı Nüfus 2025")
	city.Press(`main form .btn-primary`)
	city.says("gönderildi")
	city.calm()
	proposal := city.path()[strings.LastIndex(city.path(), "/")+1:]

	anyone := begin(t, p, b, browser.Desk())
	anyone.Go("/tr/municipalities/" + slug)
	anyone.calm()
	page := anyone.Text("main")
	if !strings.Contains(page, "Güçlü olduğumuz alanlar") || strings.Contains(page, "193.456") {
		t.Errorf("before staff answered the public reads %q", page)
	}

	// Another city, signed in and under its own address, finds nothing of it.
	var other string
	p.Query(&other, `select s.public_id from municipalities m join subjects s on s.id = m.id where m.source_id = 'gn:147105'`)
	if status, text := p.Get(p.Client("mayor@shusha.example"), "/tr/m/"+other+"/profile/proposals/"+proposal); status != 404 || strings.Contains(text, "193.456") {
		t.Errorf("another city reads the proposal: %d", status)
	}

	desk := begin(t, p, b, browser.Desk())
	desk.signIn("desk@union.example")
	desk.Go("/tr/desk/proposals")
	desk.says("193.456")
	desk.Go("/tr/desk/proposals/" + proposal)
	desk.Press(`main form .btn-primary`) // no verdict
	desk.calm()
	desk.Run(chromedp.Click(`input[name="outcome_population"][value="accepted"]`, chromedp.ByQuery))
	desk.Press(`main form .btn-primary`)
	desk.says("belediyeye bildirildi")
	desk.calm()

	anyone.Go("/tr/municipalities/" + slug)
	anyone.says("193.456")
	city.Go(letterLink(t, p, "editor@canakkale.example", "m/"+org+"/profile/proposals/"))
	city.says("Kabul edildi")
}

// TestProfileConflict: of two who correct one city the second sees both versions, and of two
// colleagues who edit one part of a profile likewise; nothing that was written is lost.
func TestProfileConflict(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	at := p.FillIn("tr", "/{lang}/desk/members/{member}/facts")
	first, second := begin(t, p, b, browser.Desk()), begin(t, p, b, browser.Desk())
	first.signIn("desk@union.example")
	second.signIn("head@union.example")
	for _, staff := range []journey{first, second} {
		staff.Go(at)
		staff.Fill(`#source`, "Valilik yazısı")
	}
	first.Fill(`#area`, "289,5")
	first.Press(`main form .btn-primary`)
	first.says("düzeltildi")
	second.Fill(`#area`, "310")
	second.Press(`main form .btn-primary`)
	second.says("289,5")
	second.says("310")
	second.calm()
	second.Press(`main form .btn-primary`) // keep mine
	second.says("düzeltildi")
	var area string
	p.Query(&area, `select area_km2::text from municipalities where source_id = 'gn:147105'`)
	if area != "310.00" {
		t.Errorf("the area is %s", area)
	}

	website := p.FillIn("tr", "/{lang}/m/{org}/profile/website")
	editor, mayor := begin(t, p, b, browser.Phone()), begin(t, p, b, browser.Phone())
	editor.signIn("editor@shusha.example")
	mayor.signIn("mayor@shusha.example")
	for _, person := range []journey{editor, mayor} {
		person.Go(website)
	}
	editor.Fill(`#website`, "editor.example")
	editor.Press(`main form .btn-primary`)
	mayor.Fill(`#website`, "mayor.example")
	mayor.Press(`main form .btn-primary`)
	mayor.says("https://editor.example")
	mayor.says("mayor.example")
	mayor.calm()
}
