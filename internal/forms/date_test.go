package forms

import (
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"24.11.2026": "2026-11-24", "24/11/2026": "2026-11-24", "24-11-2026": "2026-11-24", "24 11 2026": "2026-11-24",
		"4.1.26": "2026-01-04", "24112026": "2026-11-24", "2026-11-24": "2026-11-24", "2026/11/24": "2026-11-24",
		"24 Kasım 2026": "2026-11-24", "24 KASIM 2026": "2026-11-24", "1 Ağustos 2026": "2026-08-01", "3 EKİM 2026": "2026-10-03",
		"24 November 2026": "2026-11-24", "24 nov 2026": "2026-11-24", "24th November 2026": "2026-11-24",
		"24 ноября 2026 г.": "2026-11-24", "1 мая 2026": "2026-05-01", "24Kasım2026": "2026-11-24",
		"\u200e24.11.2026\u200f": "2026-11-24", "٢٤.١١.٢٠٢٦": "2026-11-24", "29.02.2028": "2028-02-29",
		"29.02.2026": "", "31.04.2026": "", "0.1.2026": "", "1.13.2026": "", "24.11": "", "": "", "yarın": "",
		"24.11.026": "", "24.11.20266": "", "1.2.3.4": "", "24.11.2026\x00": "", "32112026": "",
	} {
		got, ok := ParseDate(in)
		if got != want || ok != (want != "") {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestParseMonthEnd(t *testing.T) {
	for in, want := range map[string]string{
		"Mart 2029": "2029-03-31", "March 2029": "2029-03-31", "март 2029 г.": "2029-03-31", "марта 2029": "2029-03-31", "03.2029": "2029-03-31",
		"3/2029": "2029-03-31", "2029-03": "2029-03-31", "ŞUBAT 2028": "2028-02-29", "Aralık 2029 yılı": "2029-12-31",
		"13.2029": "", "0.2029": "", "Mart": "", "2029": "", "Mart 29": "", "15 Mart 2029": "", "": "", "03.03.2029": "",
	} {
		if got, ok := ParseMonthEnd(in); got != want || ok != (want != "") {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	typed := func(string) []string { return []string{"Mart 2029"} }
	if v := (Field{Key: "until", Kind: Date}).Read(typed, "tr", Value{}); v.Date != "" {
		t.Errorf("a month stands for a day that was asked for: %s", v.Date)
	}
	if v := (Field{Key: "until", Kind: Date, MonthEnd: true}).Read(typed, "tr", Value{}); v.Date != "2029-03-31" {
		t.Errorf("the month was not taken: %+v", v)
	}
}

// FuzzParseDate holds that what is read is a day of the calendar and reads as itself again.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"24.11.2026", "24 Kasım 2026", "2026-11-24", "24112026", "1 мая 26 г.", "0.0.0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := ParseDate(s)
		if !ok {
			return
		}
		if _, err := time.Parse(time.DateOnly, got); err != nil {
			t.Fatalf("%q: %q is no day", s, got)
		}
		if again, _ := ParseDate(got); again != got {
			t.Fatalf("%q: %q reads as %q", s, got, again)
		}
	})
}
