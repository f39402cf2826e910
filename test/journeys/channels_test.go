package journeys

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// TestALetterOnPaper: the desk registers a letter of Şuşa where no script runs; the city finds
// it in its mail and follows it; what the desk writes is read, and the desk sees that.
func TestALetterOnPaper(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	look := browser.Phone()
	look.NoScript = true
	officer := begin(t, p, b, look)
	officer.Go("/tr/desk/intake?find=susa")
	officer.signIn(desk)
	officer.calm()
	officer.Press(`main ul.tasks a`)
	officer.calm()
	officer.Press(`main form[enctype] .btn-primary`)
	officer.says("Lütfen burayı doldurun")
	officer.calm()
	officer.Run(chromedp.SetValue(`#service`, "urban_guidance", chromedp.ByQuery))
	officer.Fill(`#title`, "Meydanın düzenlenmesi")
	officer.Fill(`#words`, "Meydanın planına bakmanızı rica ederiz.")
	officer.Fill(`#came_on`, time.Now().AddDate(0, 0, -3).Format("02.01.2006"))
	officer.Fill(`#asked_by`, "Başkan Vekili")
	officer.Press(`main form[enctype] .btn-primary`)
	officer.says("Talep kaydedildi; belediyeye haber verildi.")
	officer.says("Kâğıtla")
	officer.calm()
	record := officer.path()
	officer.Run(chromedp.Click(`#say input[value="outward"]`, chromedp.ByQuery))
	officer.Fill(`#say-text`, "Yazınızı aldık; planı bekliyoruz.")
	officer.Press(`#say button.to-out`)
	officer.says("Yazınızı aldık")

	city := begin(t, p, b, look)
	city.Go("/tr" + linkFor(t, p, record[len(record)-26:])[len("/tr"):]) // a letter is in its own reader's language
	city.signIn(editor)
	city.says("Meydanın düzenlenmesi")
	city.says("Kâğıtla")
	city.says("Yazınızı aldık")
	city.calm()

	officer.Go(record)
	officer.says("Portalda okundu")
	officer.calm()
}
