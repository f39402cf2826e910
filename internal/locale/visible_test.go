package locale

import "testing"

// TestVisible: a text keeps its lines and letters, and loses what would disguise it.
func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"Genelge\u202egpj.exe":  "Genelgegpj.exe",
		"a\x00b\x1bc\u2066d":    "abcd",
		"bir\n\tiki\rüç":        "bir\n\tiki üç",
		"क्\u200dष \u200fע\xff": "क्\u200dष ע",
	} {
		if got := Visible(in); got != want {
			t.Errorf("Visible(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Line(" bir\u202e\n iki\u0000 "); got != "bir iki" {
		t.Errorf("Line gives %q", got)
	}
}
