package forms

import (
	"strings"
	"testing"

	"github.com/birlik/portal/internal/locale"
)

func TestParseNumber(t *testing.T) {
	for _, c := range []struct {
		lang locale.Lang
		in   string
		want string // empty: refused
	}{
		{locale.TR, "1250000", "1250000"},
		{locale.TR, "1.250.000", "1250000"},
		{locale.TR, "1.250.000,50", "1250000.5"},
		{locale.TR, "1.250", "1250"},
		{locale.TR, "12,5", "12.5"},
		{locale.TR, "12.5", "12.5"},
		{locale.TR, "1,250", ""}, // a decimal comma before three digits: ask, do not guess
		{locale.TR, "1,250,000.50", "1250000.5"},
		{locale.EN, "1,250", "1250"},
		{locale.EN, "1.250", ""},
		{locale.EN, "1,250.75", "1250.75"},
		{locale.EN, "0.250", "0.25"},
		{locale.RU, "1 250 000,50", "1250000.5"},
		{locale.RU, "1\u00a0250\u202f000", "1250000"},
		{locale.RU, "1250,5", "1250.5"},
		{locale.RU, "1.250.000", "1250000"},
		{locale.TR, "\u200f1250\u200e", "1250"},
		{locale.TR, "١٢٥٠", "1250"},
		{locale.TR, "1'250'000", "1250000"},
		{locale.TR, "-5", "-5"},
		{locale.TR, "−5,00", "-5"},
		{locale.TR, "007", "7"},
		{locale.TR, "0", "0"},
		{locale.TR, ",5", "0.5"},
		{locale.TR, "5,", "5"},
		{locale.TR, "12.50.000", ""},
		{locale.TR, "1.25.000", ""},
		{locale.TR, "12,345", ""},
		{locale.TR, "12,3456", ""},
		{locale.TR, "1e9", ""},
		{locale.TR, "5-3", ""},
		{locale.TR, "--5", ""},
		{locale.TR, ".", ""},
		{locale.TR, "", ""},
		{locale.TR, "12 TL", ""},
		{locale.TR, "1\x00", ""},
		{locale.TR, "99999999999999999", ""},
		{locale.TR, strings.Repeat("1", 10_000), ""},
	} {
		got, ok := ParseNumber(c.in, c.lang, 2)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s %.40q: got %q, want %q", c.lang, c.in, got, c.want)
		}
	}
}

// FuzzParseNumber holds that what is read has one shape and reads as itself again.
func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"1.250.000,50", "12,5", "-3", "١٢", "1,2,3", "0.000", ",,", "1 2 3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, lang := range locale.Langs() {
			got, ok := ParseNumber(s, lang, 2)
			if !ok {
				continue
			}
			if strings.Trim(got, "-.0123456789") != "" || strings.Count(got, ".") > 1 {
				t.Fatalf("%q: got %q", s, got)
			}
			if again, ok := ParseNumber(got, locale.EN, 2); !ok || again != got {
				t.Fatalf("%q: %q reads as %q", s, got, again)
			}
		}
	})
}
