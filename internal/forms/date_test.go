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
