package accounts

import (
	"strings"

	"github.com/birlik/portal/internal/fold"
)

// likeText is s for a LIKE pattern that matches it literally.
func likeText(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// cutRunes is the first n characters of s.
func cutRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// nameKey is what a name is found by, in any spelling.
func nameKey(name string) string { return fold.Key(name) }
