package pdf_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birlik/portal/internal/pdf"
)

const letters = "İstanbul’da ığüşöç; Şəki, Ağdaş; Қазақ Ңң Ұұ Һһ; Кыргыз Өө Үү; Башҡорт Ҡҡ Ҙҙ; Саха Ҕҕ; Oʻzbek; Türkmen Ňň Žž; € ₺ ₸ ₼"

// TestEveryAlphabetStands: what was written is read out of the file again, letter by letter.
func TestEveryAlphabetStands(t *testing.T) {
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Fatal("pdftotext (poppler-utils) reads papers again: ", err)
	}
	p := pdf.New(pdf.Head{Lang: "tr", Title: "Kabul", Sender: "Birlik", Note: "2026-1", At: time.Unix(0, 0)})
	p.Heading("Üyeliğe kabul")
	p.Text(letters)
	path := filepath.Join(t.TempDir(), "a.pdf")
	content, err := p.Bytes()
	if err != nil || os.WriteFile(path, content, 0o600) != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(strings.Fields(string(out)), " ")
	if !strings.Contains(got, letters) {
		t.Errorf("read again: %s", got)
	}
}

// TestHostileTextsAndLongTables: no text breaks a paper, and a long table goes on.
func TestHostileTextsAndLongTables(t *testing.T) {
	p := pdf.New(pdf.Head{Lang: "en", Title: "A\x00\u202eB", Sender: strings.Repeat("Ş", 300), At: time.Unix(0, 0)})
	p.Text("")
	p.Text("𐰋𐰃𐰼 \x00 \u202e \u200f " + strings.Repeat("W", 500))
	p.Pairs([][2]string{{"", ""}, {strings.Repeat("name ", 80), strings.Repeat("value", 200)}})
	rows := make([][]string, 400)
	for i := range rows {
		rows[i] = []string{strings.Repeat("Çanakkale ", i%9), "1.250,00"}
	}
	p.Table([]pdf.Column{{Name: "City", Share: 0.7}, {Name: "Sum", Share: 0.3, Right: true}}, rows)
	content, err := p.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if pages := bytes.Count(content, []byte("/Type /Page\n")); pages < 8 {
		t.Errorf("%d pages", pages)
	}
}
