// Package fold makes the keys by which every spelling of a name is found: Şuşa, Shusha,
// Шуша and SUSA share one key. A key is for comparing, never for reading.
package fold

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Key folds a text: letters without case, marks, apostrophes or doubles; Cyrillic in Latin
// letters; sh, ch, zh, kh and gh as one letter; words parted by one space. Arabic, Greek,
// Georgian, Armenian and other scripts keep their letters. Folding a key changes nothing.
func Key(s string) string {
	plain := Plain(s)
	out := make([]byte, 0, len(plain))
	for _, word := range strings.Fields(plain) {
		if len(out) > 0 {
			out = append(out, ' ')
		}
		out = appendWord(out, word)
	}
	return string(out)
}

// Join is the key without its spaces: At-Bashi, At Bashi and Atbashi share it.
func Join(key string) string {
	words := strings.Fields(key)
	if len(words) < 2 {
		return key
	}
	return string(appendWord(nil, strings.Join(words, "")))
}

// Plain is the first half of Key: letters without case, marks and apostrophes, Cyrillic in
// Latin letters, everything that is no letter or digit a space. The spelling stays as it was
// typed ("sh" is two letters), which is where typing errors happen.
func Plain(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKC.String(strings.ToValidUTF8(s, " ")) {
		writePlain(&b, r)
	}
	return b.String()
}

// isPlain reports a text that Plain would not change: most keys and most slugs.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != ' ' && !isDigit(c) && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func writePlain(b *strings.Builder, r rune) {
	switch {
	case r < utf8.RuneSelf:
		writeASCII(b, byte(r))
		return
	case apostrophe(r):
		return
	}
	if latin, ok := letters[r]; ok {
		b.WriteString(latin)
		return
	}
	lower := unicode.ToLower(r)
	if latin, ok := letters[lower]; ok {
		b.WriteString(latin)
		return
	}
	writeRest(b, lower)
}

func writeASCII(b *strings.Builder, c byte) {
	switch {
	case c >= 'A' && c <= 'Z':
		b.WriteByte(c + 'a' - 'A')
	case c >= 'a' && c <= 'z', isDigit(c):
		b.WriteByte(c)
	case c != '\'' && c != '`':
		b.WriteByte(' ')
	}
}

// writeRest takes the marks off a letter that no table names, and writes what remains.
func writeRest(b *strings.Builder, r rune) {
	switch {
	case unicode.Is(unicode.M, r), unicode.Is(unicode.Cf, r), r == tatweel:
		return
	case !unicode.IsLetter(r) && !unicode.IsDigit(r):
		b.WriteByte(' ')
		return
	}
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], r)
	for _, part := range string(norm.NFKD.Bytes(buf[:n])) {
		if unicode.Is(unicode.M, part) {
			continue
		}
		if latin, ok := letters[part]; ok {
			b.WriteString(latin)
		} else if part < utf8.RuneSelf {
			writeASCII(b, byte(part))
		} else {
			b.WriteRune(unicode.ToLower(part))
		}
	}
}

// tatweel stretches an Arabic word and means nothing.
const tatweel = 'ـ'

// apostrophe reports the signs that stand for an apostrophe, a glottal stop or a soft sign
// in the languages of the region, each of them typed in a dozen ways.
func apostrophe(r rune) bool {
	switch r {
	case '‘', '’', '‛', '′', 'ʻ', 'ʼ', 'ʽ', 'ʾ', 'ʿ', 'ˈ', 'ʹ', 'ʺ', '´', '＇', '‵', 'ˋ', '“', '”', '„', '‟':
		return true
	}
	return false
}

// appendWord writes one word of plain letters with its digraphs as one letter, its
// doubtful letters made one, and doubles once; again while that makes new digraphs ("kkh").
func appendWord(out []byte, word string) []byte {
	start := len(out)
	for {
		out = appendLetters(out[:start], word)
		if string(out[start:]) == word {
			return out
		}
		word = string(out[start:])
	}
}

func appendLetters(out []byte, word string) []byte {
	start := len(out)
	for len(word) > 0 {
		letter, width := nextLetter(word)
		word = word[width:]
		if isDigit(letter[0]) || !bytes.HasSuffix(out[start:], []byte(letter)) {
			out = append(out, letter...)
		}
	}
	return out
}

// nextLetter is the letter that s begins with, and how many bytes of s spell it.
func nextLetter(s string) (string, int) {
	for _, d := range digraphs {
		if strings.HasPrefix(s, d.spelt) {
			return d.letter, len(d.spelt)
		}
	}
	if single, ok := singles[s[0]]; ok {
		return single, 1
	}
	_, width := utf8.DecodeRuneInString(s)
	return s[:width], width
}

// digraphs are two or three letters that spell one sound, longest first. The letters of the
// right are what a Turkish or Kazakh reader types for the same sound without marks.
var digraphs = []struct{ spelt, letter string }{
	{"dzh", "j"}, {"sh", "s"}, {"ch", "c"}, {"zh", "j"}, {"kh", "h"}, {"gh", "g"}, {"dj", "j"},
}

// singles are letters that alphabets of the region use for one sound: Qazan and Kazan,
// Xankəndi and Hankendi, Kyzyl and Kızıl, Warna and Varna.
var singles = map[byte]string{'q': "k", 'x': "h", 'y': "i", 'w': "v"}
