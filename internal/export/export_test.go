package export_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/birlik/portal/internal/export"
)

type line struct {
	name, amount string
	day          time.Time
}

var table = export.Table[line]{Name: "lines", Columns: []export.Column[line]{
	{Name: "name", Value: func(l line) string { return l.name }},
	{Name: "amount", Kind: export.Number, Value: func(l line) string { return l.amount }},
	{Name: "day", Kind: export.Day, Value: func(l line) string { return export.Date(l.day) }},
}}

func rowsOf(lines ...line) export.Rows[line] {
	return func(each func(line) error) error {
		for _, l := range lines {
			if err := each(l); err != nil {
				return err
			}
		}
		return nil
	}
}

var hostile = []line{
	{name: `=HYPERLINK("http://evil.example";"x")`, amount: "-12.50", day: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)},
	{name: "Şuşa, \"qala\"\nШуша\x01", amount: "12345678901234567.89"},
}

func TestCSV(t *testing.T) {
	var out bytes.Buffer
	if err := table.Write(&out, export.CSV, rowsOf(hostile...)); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffname,amount,day\n" +
		`"'=HYPERLINK(""http://evil.example"";""x"")",-12.50,2026-11-24` + "\n" +
		"\"Şuşa, \"\"qala\"\"\nШуша\x01\",12345678901234567.89,\n"
	if out.String() != want {
		t.Errorf("got %q\nwant %q", out.String(), want)
	}
}

func TestXLSXSaysTheSame(t *testing.T) {
	var out bytes.Buffer
	if err := table.Write(&out, export.XLSX, rowsOf(hostile...)); err != nil {
		t.Fatal(err)
	}
	file, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for at, want := range map[string]string{
		"A1": "name", "A2": hostile[0].name, "B2": "-12.5", "C2": "46350",
		"A3": "Şuşa, \"qala\"\nШуша", "B3": "12345678901234567.89", "C3": "",
	} {
		got, err := file.GetCellValue("Sheet1", at, excelize.Options{RawCellValue: true})
		if err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", at, got, want, err)
		}
		if formula, _ := file.GetCellFormula("Sheet1", at); formula != "" {
			t.Errorf("%s is a formula: %s", at, formula)
		}
	}
}

func TestAnErrorBeforeTheFirstRowLeavesNothing(t *testing.T) {
	fault := errors.New("no connection")
	for _, format := range []export.Format{export.CSV, export.XLSX} {
		var out bytes.Buffer
		err := table.Write(&out, format, func(func(line) error) error { return fault })
		if !errors.Is(err, fault) || out.Len() != 0 {
			t.Errorf("%s: %d bytes, error %v", format, out.Len(), err)
		}
		if err := table.Write(&out, format, rowsOf()); err != nil || out.Len() == 0 {
			t.Errorf("%s: no rows left no heading: %v", format, err)
		}
	}
	if err := table.Write(&strings.Builder{}, "exe", rowsOf()); err == nil {
		t.Error("a format that is none was written")
	}
}
