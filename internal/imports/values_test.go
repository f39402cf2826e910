package imports

import (
	"slices"
	"testing"
	"time"
)

func TestCellsAreReadAsOfficesWriteThem(t *testing.T) {
	for text, want := range map[string]int64{"1.248.988": 1248988, "1 248 988": 1248988, "31916": 31916, "1,248,988": 1248988, "11857.0": 11857} {
		if got, ok := Whole(text); !ok || got != want {
			t.Errorf("%q: %d", text, got)
		}
	}
	for _, text := range []string{"", "yok", "1.24.8", "12,5", "1e9", "-"} {
		if got, ok := Whole(text); ok {
			t.Errorf("%q: %d", text, got)
		}
	}
	for text, want := range map[string]float64{"36,98615": 36.98615, "39.94319": 39.94319, "-7": -7} {
		if got, ok := Degrees(text); !ok || got != want {
			t.Errorf("%q: %f", text, got)
		}
	}
	for text, want := range map[string]string{"1.000,00": "1000.00", "1,000.50 ₺": "1000.50", "1 000": "1000.00", "1000.5": "1000.50", "-12,30": "-12.30", "1.000": "1000.00", "0,5": "0.50"} {
		if got, ok := Money(text); !ok || got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
	for text, want := range map[string]string{"12,345": "12345.00", "1.250 ₺": "1250.00", "-1,000": "-1000.00", "12,34": "", "1,234,567": "", "1 250": "", "1.250,00": "", "1250": "", "12.3456": ""} {
		if got, two := TwoReadings(text); got != want || two != (want != "") {
			t.Errorf("%q has two readings: %v, %q", text, two, got)
		}
	}
	for _, text := range []string{"", "1,2,3", "bin", "1.00.00", "12345678901234567"} {
		if got, ok := Money(text); ok {
			t.Errorf("%q: %q", text, got)
		}
	}
	for _, text := range []string{"2026-11-05", "05.11.2026", "5.11.2026", "5/11/2026", "05.11.2026 г."} {
		if got, ok := Day(text); !ok || got.Format(time.DateOnly) != "2026-11-05" {
			t.Errorf("%q: %s", text, got)
		}
	}
	for _, text := range []string{"31.02.2026", "2026", "dün", "01.01.0001"} {
		if got, ok := Day(text); ok {
			t.Errorf("%q: %s", text, got)
		}
	}
}

func TestHeadingsAreKnownInEveryLanguage(t *testing.T) {
	kind := Kind{Fields: []Field{{Code: "name", Words: []string{"belediye", "город"}}, {Code: "population"}, {Code: "ignored", Ignored: true, Words: []string{"№", "sıra"}}}}
	for _, c := range []struct{ header, want []string }{
		{[]string{"SIRA", "Belediye", "NÜFUS", "Kayıt"}, []string{"", "name", "population", ""}},
		{[]string{"№", "Город", "Население"}, []string{"", "name", "population"}},
		{[]string{"Name", "City", "name"}, []string{"name", "", ""}},
	} {
		if got := kind.Match(c.header); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q", c.header, got)
		}
	}
}
