package page

import "testing"

// TestPrintable holds that no title can break the feed.
func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{"a\x00b": "ab", "a\x0bb": "ab", "iki\nsatır": "iki\nsatır", "Şuşa\ufffe": "Şuşa"} {
		if got := printable(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
