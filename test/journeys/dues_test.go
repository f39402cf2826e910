package journeys

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

const finance = "finance@union.example"

// TestDues walks a year's dues: the finance office writes the rules and issues, takes in the
// bank's file, and the mayor finds the receipt.
func TestDues(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	office := begin(t, p, b, browser.Desk())
	office.signIn(finance)
	office.Go("/tr/desk/dues/years/2027/rules")
	var rules int // a new year begins with those of the year before
	for office.Eval(`document.querySelectorAll('#lines li.card').length`, &rules); rules > 0; rules-- {
		office.Press(`button[value="remove-0"]`)
	}
	office.Run(chromedp.SetValue(`#add_rule`, "flat", chromedp.ByQuery))
	office.Press(`button[value="add"]`)
	office.Fill(`#r0-amount`, "on iki")
	office.Press(`form[action$="/rules"] .btn-primary`)
	office.says("düzeltilmesi gerekiyor")
	office.calm()
	office.Fill(`#r0-amount`, "120")
	office.Press(`form[action$="/rules"] .btn[name="try"]`)
	office.says("Hiçbir şey kaydedilmedi")
	office.calm()
	office.Press(`form[action$="/rules"] .btn-primary`)
	office.at("/desk/dues/years/2027")
	office.says("sabit tutar")
	office.calm()
	office.Press(`form[action$="/issue"] .btn-primary`)
	office.issued()

	var reference string
	p.Query(&reference, `select a.reference from dues_assessments a join municipalities m on m.id = a.org_id where m.source_id = 'gn:147105' and a.year = 2027`)
	office.bankFile("Tarih;Gönderen;Açıklama;Tutar;Döviz\n20.11.2026;Şuşa bələdiyyəsi;aidat " + reference + ";70,00;EUR\n")
	office.at(office.path())
	office.says(reference)
	office.calm()

	mayor := begin(t, p, b, browser.Phone())
	mayor.signIn("mayor@shusha.example")
	mayor.Go(p.FillIn("ru", "/{lang}/m/{org}/dues"))
	mayor.says(reference)
	mayor.says("RCP-2026-")
	mayor.calm()
	var receipt string
	mayor.Run(chromedp.AttributeValue(`a[href$=".pdf"]`, "href", &receipt, nil, chromedp.ByQuery))
	status, body := p.Get(p.Client("mayor@shusha.example"), receipt)
	if status != 200 || !strings.HasPrefix(body, "%PDF-") {
		t.Errorf("the receipt: %d, %d bytes", status, len(body))
	}
	if status, _ := p.Get(p.Client("mayor@canakkale.example"), receipt); status != 404 {
		t.Errorf("another city opens the receipt: %d", status)
	}
}

// issued waits until the page says that the run is over.
func (j journey) issued() {
	j.t.Helper()
	for range 300 {
		if strings.Contains(j.Text("main"), "Bitti") {
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
	j.t.Fatalf("the run does not end:\n%s", j.Text("main"))
}

// bankFile brings a file of the bank.
func (j journey) bankFile(content string) {
	j.t.Helper()
	path := filepath.Join(j.t.TempDir(), "banka.csv")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		j.t.Fatal(err)
	}
	j.Go("/tr/desk/dues/bank")
	j.Run(chromedp.SetUploadFiles(`#file`, []string{path}, chromedp.ByQuery))
	j.Press(`form[action$="/bank"] .btn-primary`)
}
