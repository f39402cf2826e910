package locale

import (
	"strings"
	"unicode"
)

// Visible is a text without what no eye sees and what changes how it is read: controls other
// than the ends of lines and tabs, the marks that turn text around, and broken UTF-8.
func Visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r) && unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\ufeff':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// Line is what is visible of a text, on one line.
func Line(s string) string { return strings.Join(strings.Fields(Visible(s)), " ") }
