package fold

import "strings"

// Email folds an address for comparing: ASCII letters to lower case, all else untouched,
// so that "İNFO@x" never becomes somebody else's "info@x". Mail goes to the address as it
// was stored, never to this key.
func Email(address string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, strings.TrimSpace(address))
}
