package journeys

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// TestAMeetingIsHeldAndItsDecisionRead follows a board's meeting from its plan to a visitor
// who reads what it decided: planned, held with its attendance, decided, published.
func TestAMeetingIsHeldAndItsDecisionRead(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	j := begin(t, p, b, browser.Desk())
	j.signIn("board@union.example")
	j.Go("/tr/desk/organs/supervisory-board/meetings/new")
	j.Fill(`#starts`, time.Now().AddDate(0, 0, -1).Format("02.01.2006"))
	j.Press(`main form .btn-primary`)
	j.says("Toplantının nerede yapılacağını yazın.")
	j.Fill(`#place`, "Denetim odası, Ankara")
	j.Press(`main form .btn-primary`)
	j.says("Toplantı planlandı.")
	meeting := j.path()
	j.Fill(`#title`, "Yarıyıl hesapları")
	j.Press(`#add-item form button`)
	j.says("Yarıyıl hesapları")

	// Nobody is recorded yet: it cannot have been held.
	const hold = `form[action$="/moves"] .btn-primary`
	j.Press(hold)
	j.says("Önce kimlerin geldiğini kaydedin.")
	j.Run(chromedp.Evaluate(`document.querySelectorAll('form[action$="/attendance"] input[value="present"]').forEach(x => x.click())`, nil))
	j.Press(`form[action$="/attendance"] .btn`)
	j.says("Yeter sayı var")
	j.Press(hold)
	j.says("Yapıldı")

	j.Go(meeting + "/decisions/new")
	j.Fill(`#number`, "900")
	j.Fill(`[name="title"]`, "Yarıyıl hesaplarının onayı")
	j.Fill(`#text`, "Hesaplar uygun bulundu.")
	j.Fill(`#votes_for`, "300")
	j.Press(`main form .btn-primary`)
	j.says("Oyların toplamı toplantıda bulunanlardan çok olamaz.")
	j.Fill(`#votes_for`, "3")
	j.Press(`main form .btn-primary`)
	j.says("Karar kaydedildi.")
	public := strings.Replace(j.path(), "/desk/", "/", 1)
	visitor := begin(t, p, b, browser.Phone())
	visitor.Go("/tr/organs/supervisory-board")
	if strings.Contains(visitor.Text("main"), "Yarıyıl") {
		t.Error("a visitor reads what is not published")
	}
	j.Press(`form[action$="/publication"] .btn-primary`)
	j.says("Karar yayımlandı.")
	visitor.Go("/tr/organs/supervisory-board") // the page that was kept is fresh
	visitor.says("Yarıyıl hesaplarının onayı")
	visitor.Go(public)
	visitor.says("Kabul 3, ret 0, çekimser 0")
	visitor.says("Hesaplar uygun bulundu.")
	for _, fault := range append(j.Faults(), visitor.Faults()...) {
		if !strings.Contains(fault, "422") {
			t.Error(fault)
		}
	}
}
