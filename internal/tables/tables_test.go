package tables

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/birlik/portal/internal/apperr"
)

const turkish = "Sıra;Belediye Adı;İl;Nüfus\r\n1;Şuşa;Karabağ;18.662\r\n2;Iğdır;Iğdır;101.700\r\n3;Çanakkale;Çanakkale;143.622\r\n"

const russian = "№;Город;Страна;Население\n1;Бишкек;KG;1074075\n2;Кызыл-Кия;KG;32000\n3;Ёлкино;RU;900\n"

func encoded(t *testing.T, enc encoding.Encoding, text string) []byte {
	t.Helper()
	out, err := enc.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEveryEncodingReadsTheSame(t *testing.T) {
	tabs := strings.ReplaceAll(turkish, ";", "\t")
	for name, c := range map[string]struct {
		content             []byte
		encoding, separator string
		city                string
	}{
		"UTF-8":            {[]byte(turkish), "UTF-8", ";", "Şuşa"},
		"UTF-8 with mark":  {[]byte("\ufeff" + turkish), "UTF-8", ";", "Şuşa"},
		"UTF-16LE, tabs":   {encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), tabs), "UTF-16LE", "\t", "Şuşa"},
		"UTF-16BE":         {encoded(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), turkish), "UTF-16BE", ";", "Şuşa"},
		"UTF-16LE no mark": {encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), turkish), "UTF-16LE", ";", "Şuşa"},
		"windows-1254":     {encoded(t, charmap.Windows1254, turkish), "windows-1254", ";", "Şuşa"},
		"ISO 8859-9":       {encoded(t, charmap.ISO8859_9, tabs), "windows-1254", "\t", "Şuşa"},
		"windows-1251":     {encoded(t, charmap.Windows1251, russian), "windows-1251", ";", "Бишкек"},
		"KOI8-R":           {encoded(t, charmap.KOI8R, strings.ReplaceAll(russian, "№", "N")), "KOI8-R", ";", "Бишкек"},
		"CP866":            {encoded(t, charmap.CodePage866, russian), "CP866", ";", "Бишкек"},
	} {
		table, err := Read(c.content)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if table.Encoding != c.encoding || table.Separator != c.separator {
			t.Errorf("%s: read as %s with %q", name, table.Encoding, table.Separator)
		}
		if len(table.Rows) != 3 || len(table.Header) != 4 || table.Rows[0].Cells[1] != c.city || table.Rows[0].Number != 2 {
			t.Errorf("%s: %q %v", name, table.Header, table.Rows)
		}
	}
}

func TestWhatStandsAroundATableIsTold(t *testing.T) {
	table, err := Read([]byte("Örnek Birlik;;\nRapor: 12.03.2026;;\n\nAd;İl;Nüfus\nŞuşa;Karabağ;18662\n\n;;\nBakı;Abşeron;2293100;fazla\nToplam;;2311762\n"))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(table.Header, []string{"Ad", "İl", "Nüfus"}) || len(table.Rows) != 2 || table.Rows[1].Number != 8 {
		t.Errorf("%q %v", table.Header, table.Rows)
	}
	var keys []string
	for _, n := range table.Notes {
		keys = append(keys, n.Key)
	}
	if want := []string{"tables.skipped_above", "tables.too_many_cells", "tables.skipped_total"}; !slices.Equal(keys, want) {
		t.Errorf("notes %v", table.Notes)
	}
}

func TestCellsAreCleanAndQuotesKeepLines(t *testing.T) {
	table, err := Read([]byte("sep=,\nname,note\n\"  I\u0307znik\u00a0 \",\"a \"\"b\"\",\nc\"\nx,2\" pipe\nshort\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := table.Rows[0].Cells; !slices.Equal(got, []string{"İznik", "a \"b\",\nc"}) {
		t.Errorf("%q", got)
	}
	if got := table.Rows[1]; got.Number != 4 || // as a spreadsheet counts: lines within a cell are no rows
		got.Cells[1] != `2" pipe` {
		t.Errorf("%v", got)
	}
	if got := table.Rows[2].Cells; !slices.Equal(got, []string{"short", ""}) {
		t.Errorf("%q", got)
	}
}

func TestWhatIsNoTableIsRefusedWithItsReason(t *testing.T) {
	for name, c := range map[string]struct {
		content []byte
		key     string
	}{
		"nothing":         {nil, "tables.empty"},
		"spaces":          {[]byte(" \r\n\t\n"), "tables.empty"},
		"separators only": {[]byte(";;;\n;;;\n"), "tables.empty"},
		"HTML":            {[]byte("\ufeff <table><tr><td>a</td></tr></table>"), "tables.unknown_kind"},
		"JSON":            {[]byte(`[{"a": 1}]`), "tables.unknown_kind"},
		"a picture":       {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x00\x02\x03"), "tables.unknown_kind"},
		"an old workbook": {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"), "tables.old_or_locked"},
		"a torn workbook": {[]byte("PK\x03\x04 and nothing"), "tables.damaged"},
		"encoded twice":   {encodedTwice(t, turkish), "tables.encoded_twice"},
		"too large":       {bytes.Repeat([]byte("a"), MaxBytes+1), "tables.too_large"},
		"too long":        {[]byte("a;b\n" + strings.Repeat("1;2\n", MaxRows+1)), "tables.too_long"},
	} {
		_, err := Read(c.content)
		if found := (*apperr.Error)(nil); !errors.As(err, &found) || found.Code != apperr.Invalid || found.Key != c.key {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// encodedTwice damages a text as a program does that reads UTF-8 as windows-1252.
func encodedTwice(t *testing.T, text string) []byte {
	t.Helper()
	var out strings.Builder
	for _, b := range []byte(text) {
		r := charmap.Windows1252.DecodeByte(b)
		if r == '\ufffd' {
			r = rune(b)
		}
		out.WriteRune(r)
	}
	return []byte(out.String())
}

func TestAWorkbooksDatesAndHiddenSheets(t *testing.T) {
	book := excelize.NewFile()
	for cell, value := range map[string]any{"A1": "Ad", "B1": "Tarih", "C1": "Tutar", "A2": "Şuşa", "B2": 46351, "C2": 1234.5, "A3": "Toplam", "C3": 1234.5} {
		if err := book.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	style, err := book.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	if err := book.SetCellStyle("Sheet1", "B2", "B2", style); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Gizli", "Başka"} {
		if _, err := book.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		if err := book.SetCellValue(name, "A1", "x"); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.SetSheetVisible("Gizli", false); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := book.Write(&file); err != nil {
		t.Fatal(err)
	}
	table, err := Read(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if table.Sheet != "Sheet1" || len(table.Rows) != 1 || !slices.Equal(table.Rows[0].Cells, []string{"Şuşa", "2026-11-25", "1234.5"}) {
		t.Errorf("%+v", table)
	}
	if len(table.Notes) != 2 || table.Notes[0].Key != "tables.other_sheets" {
		t.Errorf("%v", table.Notes)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(turkish))
	f.Add([]byte("a,\"b\nc\";d\r\r\n"))
	f.Add([]byte("\xff\xfea\x00;\x00"))
	f.Fuzz(func(t *testing.T, content []byte) {
		table, err := Read(content)
		if err != nil {
			if !apperr.Is(err, apperr.Invalid) {
				t.Errorf("an error that no page can show: %v", err)
			}
			return
		}
		for _, row := range table.Rows {
			if len(row.Cells) != len(table.Header) {
				t.Errorf("row %d has %d cells under a header of %d", row.Number, len(row.Cells), len(table.Header))
			}
		}
	})
}

// TestTheSheetThatFitsIsRead: who knows what the header should say gets that sheet, and is
// told of the others.
func TestTheSheetThatFitsIsRead(t *testing.T) {
	book := excelize.NewFile()
	if _, err := book.NewSheet("Geçmiş"); err != nil {
		t.Fatal(err)
	}
	for sheet, header := range map[string][]string{"Sheet1": {"No", "Konu"}, "Geçmiş": {"No", "Metin"}} {
		if err := errors.Join(book.SetSheetRow(sheet, "A1", &header), book.SetSheetRow(sheet, "A2", &[]string{"1", sheet})); err != nil {
			t.Fatal(err)
		}
	}
	content, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string]string{"Metin": "Geçmiş", "Konu": "Sheet1", "Başka": "Sheet1"} {
		got, err := ReadFor(content.Bytes(), func(header []string) bool { return slices.Contains(header, word) })
		if err != nil || got.Sheet != want || len(got.Rows) != 1 || got.Rows[0].Cells[1] != want || len(got.Notes) != 1 {
			t.Errorf("looking for %s: %+v %v", word, got, err)
		}
	}
}
