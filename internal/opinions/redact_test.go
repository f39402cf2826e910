package opinions

import (
	"strings"
	"testing"
)

// TestPublic hides a passage wherever and however it is written, the longest first, and tells
// nothing by the length of what it leaves.
func TestPublic(t *testing.T) {
	for _, c := range []struct {
		text   string
		hidden []Hidden
		want   string
	}{
		{"Ilıca Belediyesi sordu. ILICA BELEDİYESİ bekliyor.", []Hidden{{Text: "Ilıca Belediyesi", Word: "Belediye"}}, "Belediye sordu. Belediye bekliyor."},
		{"Ayşe Demir ve Ayşe", []Hidden{{Text: "Ayşe"}, {Text: "Ayşe Demir", Word: "bir memur"}}, "bir memur ve " + Block},
		{"Конья спрашивает; КОНЬЯ ждёт", []Hidden{{Text: "конья", Word: "Город"}}, "Город спрашивает; Город ждёт"},
		{"12 ada 7 parsel,\n12 ada", []Hidden{{Text: "12 ada 7 parsel"}}, Block + ",\n12 ada"},
		{"iki satıra\nbölünmüş ad", []Hidden{{Text: "satıra bölünmüş"}}, "iki " + Block + " ad"},
		{"kimse yok", []Hidden{{Text: "  "}, {Text: ""}}, "kimse yok"},
		{"", []Hidden{{Text: "x"}}, ""},
	} {
		if got := Public(c.text, c.hidden); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
		var back strings.Builder
		for _, p := range Parts(c.text, c.hidden) {
			back.WriteString(p.Text)
		}
		if back.String() != c.text {
			t.Errorf("the parts of %q are %q", c.text, back.String())
		}
	}
}

// TestLeft finds a name in any spelling, with its endings, and no word that only holds it.
func TestLeft(t *testing.T) {
	for _, c := range []struct {
		text, name string
		want       bool
	}{
		{"Çanakkale’nin bütçesi", "Çanakkale", true},
		{"CANAKKALE sordu", "Çanakkale", true},
		{"Чанаккале спросил", "Çanakkale", true},
		{"Belediye sordu", "Çanakkale", false},
		{"Yeniköyceğiz", "Köyceğiz", false},
		{"Oş", "Oş", false}, // two letters mean nobody
		{"REQ-2026-00042 sayılı", "REQ-2026-00042", true},
	} {
		if got := len(Left([]string{c.text}, []string{c.name})) > 0; got != c.want {
			t.Errorf("%q in %q: %v", c.name, c.text, got)
		}
	}
}

func FuzzParts(f *testing.F) {
	f.Add("Ilıca sordu", "ILICA")
	f.Add("\u0130\u0307", "i")
	f.Fuzz(func(t *testing.T, text, hide string) {
		var back strings.Builder
		for _, p := range Parts(text, []Hidden{{Text: hide}}) {
			back.WriteString(p.Text)
		}
		if back.String() != string([]rune(text)) {
			t.Errorf("%q hides %q: %q", text, hide, back.String())
		}
	})
}
