package forms

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Clean is how a typed text is kept: NFC, lines ending in \n, no space around it, without
// the marks that turn the direction of writing: a copied right-to-left mark is never part
// of an answer. Joiners stay, because scripts need them. It reports false for text that no
// honest keyboard makes: NUL, broken UTF-8.
func Clean(s string) (string, bool) {
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return "", false
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case turns(r):
			return -1
		case r == '\r':
			return '\n'
		case unicode.IsControl(r) && r != '\n' && r != '\t':
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(norm.NFC.String(s)), true
}

// Line is Clean for one line: every run of space is one space.
func Line(s string) (string, bool) {
	s, ok := Clean(s)
	return strings.Join(strings.Fields(s), " "), ok
}

// turns reports marks that turn or isolate the direction of writing, and the byte order mark.
func turns(r rune) bool {
	switch r {
	case '\u061c', '\u200e', '\u200f', '\ufeff':
		return true
	}
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// CountWords counts words as a person does: runs between spaces that hold a letter or a
// digit, so that a dash is none. Where a script puts no spaces between words, each ideograph
// or kana counts as one, as word processors count them.
func CountWords(s string) int {
	words, within := 0, false
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			words, within = words+1, false
		case unicode.IsSpace(r) || r == '\u200b': // the space without width parts words of Khmer and Thai
			within = false
		case !within && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			words, within = words+1, true
		}
	}
	return words
}
