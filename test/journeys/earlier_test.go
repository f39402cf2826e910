package journeys

import (
	"strings"
	"testing"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// earlierList is a list of open cases as an office keeps it: a case, a further line about it,
// and one that says nothing of its history.
const earlierList = "No;Belediye;Hizmet;Konu;Tarih;Durum;Geçmiş;Geçmişi kim okur\n" +
	"2019/14;ŞUŞA;Şehircilik sorusu;Eski meydan;12.03.2024;incelemede;14.03.2024 Yazı kaydedildi;belediye\n" +
	"2019/14;;;;;;02.04.2024 Komisyona soruldu;birlik\n" +
	"2019/15;Susa;Proje desteği;Yaya yolu;01.02.2025;uçuyor;;\n"

// TestTheEarlierListIsBrought brings a list with a word that nobody knows, mends it, finds a
// case by its old number, tells its city, and the city reads it on a phone in Russian.
func TestTheEarlierListIsBrought(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	staff := begin(t, p, b, browser.Desk())
	staff.signIn(desk)
	staff.Go("/tr/desk/imports/new/requests")
	staff.Fill(`#paste`, strings.ReplaceAll(earlierList, ";", "\t"))
	staff.Press(`main form .btn-primary`)
	staff.says("“uçuyor” bildiğimiz bir durum değil.")
	staff.calm()
	staff.Go("/tr/desk/imports/new/requests")
	staff.Fill(`#paste`, strings.ReplaceAll(strings.Replace(earlierList, "uçuyor", "kayıtlı", 1), ";", "\t"))
	staff.Press(`main form .btn-primary`)
	staff.Press(`form[action$="/store"] .btn-primary`)
	staff.settles("Kaydedildi.")

	staff.Go("/tr/desk/requests?q=2019/14")
	staff.says("Eski meydan")
	var id, org string
	p.Query(&id, `select s.public_id from requests r join subjects s on s.id = r.id where r.earlier_reference = '2019/14'`)
	p.Query(&org, `select s.public_id from requests r join subjects s on s.id = r.org_id where r.earlier_reference = '2019/14'`)
	staff.Go("/tr/desk/requests/" + id)
	staff.says("Komisyona soruldu")
	staff.calm()
	staff.Press(`form[action$="/hand-over"] button[name=all]`)
	staff.says("Belediyeye e-postayla haber veriliyor.")

	city := begin(t, p, b, browser.Phone())
	city.Go(linkFor(t, p, org+"/requests"))
	city.signIn(editor)
	city.says("Eski meydan")
	city.says("Yaya yolu")
	city.Go("/ru/m/" + org + "/requests/" + id)
	city.says("2019/14")
	city.says("Yazı kaydedildi")
	if strings.Contains(city.Text("main"), "Komisyona soruldu") {
		t.Error("the city reads what the union keeps to itself")
	}
	city.calm()
}
