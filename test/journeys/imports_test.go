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

// faultyTable is a table as an office brings it: a row with an unknown number, a city that
// the register has in other letters, a new one.
const faultyTable = "Belediye;Ülke;İl;Nüfus;Enlem;Boylam\nŞUŞA;AZ;Şuşa;19.000;;\nYeni Örnek;TR;Adana;çok;37,1;35,2\nSınama Beldesi;TR;Adana;4.321;37,2;35,3\n"

// TestATableWithErrorsIsMendedAndImported brings a table with an error, mends it, stores it
// and takes it back.
func TestATableWithErrorsIsMendedAndImported(t *testing.T) {
	p := portal.Start(t)
	staff := begin(t, p, browser.Start(t), browser.Desk())
	staff.signIn(desk)
	staff.bring(faultyTable)
	staff.says("1 satırda hata var")
	staff.says("“çok” bir sayı değil.")
	staff.look("errors")

	staff.Go("/tr/desk/imports/new/municipalities")
	staff.Fill(`#paste`, strings.ReplaceAll(strings.Replace(faultyTable, "çok", "1234", 1), ";", "\t"))
	staff.Press(`main form .btn-primary`)
	staff.says("Yeni Örnek")
	staff.says("→")
	staff.look("preview")
	staff.Press(`form[action$="/columns"], a[href$="/columns"]`)
	staff.look("columns")
	staff.Press(`form[action$="/columns"] .btn-primary`)
	staff.Press(`form[action$="/store"] .btn-primary`)
	staff.settles("Kaydedildi.")
	staff.look("stored")
	staff.finds("Sınama Beldesi", 1)

	staff.Go("/tr/desk/imports")
	staff.look("list")
	staff.Press(`main table a.subject`)
	staff.Press(`form[action$="/undo"] .btn`)
	staff.settles("Bu aktarım geri alındı")
	staff.finds("Sınama Beldesi", 0)
	for _, fault := range staff.Faults() {
		t.Error(fault)
	}
	for _, v := range staff.Axe() {
		t.Errorf("%s: %s", v.Help, v.Places)
	}
}

// bring chooses a file that holds the text.
func (j journey) bring(text string) {
	j.t.Helper()
	file := filepath.Join(j.t.TempDir(), "belediyeler.csv")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		j.t.Fatal(err)
	}
	j.Go("/tr/desk/imports")
	j.Press(`.ways a[href$="/municipalities"]`)
	j.look("bring")
	j.Run(chromedp.SetUploadFiles(`#file`, []string{file}, chromedp.ByQuery))
	j.Press(`main form .btn-primary`)
}

// settles waits until a job is through and the page says so.
func (j journey) settles(text string) {
	j.t.Helper()
	for range 60 {
		if strings.Contains(j.Text("main"), text) {
			return
		}
		time.Sleep(250 * time.Millisecond)
	}
	j.t.Fatalf("never says %q:\n%s", text, j.Text("main"))
}

// finds counts the members of a name in the public directory.
func (j journey) finds(name string, want int) {
	j.t.Helper()
	var got int
	j.p.Query(&got, `select count(*) from municipality_titles where lang = 'tr' and standing = 'active' and title = $1`, name)
	if got != want {
		j.t.Errorf("%d members are called %s, want %d", got, name, want)
	}
}

// look saves a picture for people where LOOKS names a folder.
func (j journey) look(name string) {
	if dir := os.Getenv("LOOKS"); dir != "" {
		j.Picture(dir, name)
	}
}

// TestTwoEntriesBecomeOneAndTwoAgain merges a pair that the portal found.
func TestTwoEntriesBecomeOneAndTwoAgain(t *testing.T) {
	p := portal.Start(t)
	staff := begin(t, p, browser.Start(t), browser.Desk())
	staff.signIn(desk)
	staff.Go("/tr/desk/duplicates")
	staff.Press(`form[action$="/look"] .btn`)
	for range 40 {
		if staff.Go("/tr/desk/duplicates"); strings.Contains(staff.Text("main"), "Trabzon") {
			break
		}
		time.Sleep(250 * time.Millisecond)
	}
	staff.look("duplicates")
	var pair, gone string
	p.Query(&pair, `select sa.public_id || '/' || sb.public_id from duplicate_candidates d join subjects sa on sa.id = d.a_id join subjects sb on sb.id = d.b_id
		join municipalities m on m.id = d.a_id join regions r on r.id = m.region_id where r.name = 'Trabzon'`)
	staff.Press(`a[href$="` + pair + `"]`)
	staff.look("pair")
	for _, v := range staff.Axe() {
		t.Errorf("%s: %s", v.Help, v.Places)
	}
	kept, _, _ := strings.Cut(pair, "/")
	staff.Run(chromedp.Click(`input[name="keep"][value="`+kept+`"]`, chromedp.ByQuery))
	staff.Press(`form[action$="/merge"] .btn-primary`)
	staff.says("İki kayıt artık tek kayıt.")
	staff.look("merged")
	p.Query(&gone, `select slug from municipalities where merged_into is not null`)
	staff.Go("/tr/municipalities/" + gone)
	if strings.HasSuffix(staff.path(), gone) {
		t.Errorf("the old address stays at %s", staff.path())
	}
	staff.Go("/tr/desk/duplicates")
	staff.Press(`form[action$="/undo"] .btn`)
	staff.says("İki kayıt yeniden ayrıldı.")
	staff.Go("/tr/municipalities/" + gone)
	staff.at(gone)
}
