package publicationpages

import "testing"

// TestPrintable holds that no title can break the feed.
func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{"a\x00b": "ab", "a\x0bb": "ab", "iki\nsatır": "iki\nsatır", "Şuşa\ufffe": "Şuşa"} {
		if got := printable(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestMinutes(t *testing.T) {
	for words, want := range map[int]int{0: 1, 90: 1, 180: 1, 400: 2, 900: 5} {
		if got := minutes(words); got != want {
			t.Errorf("%d words: %d, want %d", words, got, want)
		}
	}
}
