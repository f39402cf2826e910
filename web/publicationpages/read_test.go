package publicationpages

import "testing"

func TestMinutes(t *testing.T) {
	for words, want := range map[int]int{0: 1, 90: 1, 180: 1, 400: 2, 900: 5} {
		if got := minutes(words); got != want {
			t.Errorf("%d words: %d, want %d", words, got, want)
		}
	}
}
