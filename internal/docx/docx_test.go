package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/birlik/portal/internal/docx"
)

const letters = "İstanbul’da ığüşöç ıI iİ; Şuşa, Şəki; Бишкек; Қазақ Ңң Ұұ; Кыргыз Өө Үү; Oʻzbek; € ₺ & <b>"

func write(t *testing.T, fill func(p *docx.Paper)) map[string]string {
	t.Helper()
	p := docx.New(docx.Head{Lang: "tr", Title: "Kabul", Sender: "Birlik & <Ортоклар>", Note: "2026/000001", At: time.Unix(1_700_000_000, 0)})
	fill(p)
	content, err := p.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, file := range archive.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[file.Name] = string(text)
	}
	return out
}

// wellFormed reads a part to its end.
func wellFormed(t *testing.T, name, part string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(part)); ; {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

// TestThePackageIsWhole: every part is XML, every part is declared, every relation leads to
// a part, and every style that is named is there.
func TestThePackageIsWhole(t *testing.T) {
	parts := write(t, func(p *docx.Paper) {
		p.Heading("Üyeliğe kabul")
		p.Text(letters + "\nsecond line")
		p.Bold("Kalın")
		p.Right("26 Kasım 2026")
		p.Pairs([][2]string{{"Sayı", "2026/000001"}})
		p.Table([]docx.Column{{Name: "Yıl", Share: 0.5}, {Name: "Tutar", Share: 0.5, Right: true}}, [][]string{{"2026", "1.250,00"}})
	})
	for name, part := range parts {
		wellFormed(t, name, part)
		if name != "[Content_Types].xml" && !strings.HasSuffix(name, ".rels") && !strings.Contains(parts["[Content_Types].xml"], `PartName="/`+name+`"`) {
			t.Errorf("%s is not declared", name)
		}
	}
	for _, name := range []string{"word/styles.xml", "word/header1.xml", "word/footer1.xml"} {
		if !strings.Contains(parts["word/_rels/document.xml.rels"], `Target="`+strings.TrimPrefix(name, "word/")+`"`) || parts[name] == "" {
			t.Errorf("no way to %s", name)
		}
	}
	for _, style := range []string{"Heading1", "Strong", "Date", "PairName", "CellNumber", "Lines"} {
		if !strings.Contains(parts["word/document.xml"], `w:val="`+style+`"`) || !strings.Contains(parts["word/styles.xml"], `w:styleId="`+style+`"`) {
			t.Errorf("style %s is not named, or not there", style)
		}
	}
}

// TestHostileTexts: no text breaks the file.
func TestHostileTexts(t *testing.T) {
	parts := write(t, func(p *docx.Paper) {
		p.Text("\x00\x0b</w:t><w:evil/>\u202e ]]> &amp; 𐰋𐰃𐰼 \xff")
		p.Pairs(nil)
		p.Table([]docx.Column{{Name: strings.Repeat("Ş", 400), Share: 1}}, nil)
	})
	for name, part := range parts {
		wellFormed(t, name, part)
	}
	if text := parts["word/document.xml"]; strings.Contains(text, "<w:evil") || strings.Contains(text, "\u202e") || !strings.Contains(text, "𐰋𐰃𐰼") {
		t.Error(text)
	}
}
