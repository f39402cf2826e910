package tables

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode/utf32"

	textunicode "golang.org/x/text/encoding/unicode"

	"github.com/birlik/portal/internal/apperr"
)

// decode finds the encoding of a text and returns it as UTF-8. Errors: invalid, where the
// text was damaged before it came here.
func decode(content []byte) (text, name string, err error) {
	enc, name := marked(content)
	if enc == nil {
		enc, name = unmarked(content)
	}
	if enc != nil {
		if content, err = enc.NewDecoder().Bytes(content); err != nil {
			return "", name, apperr.Wrap(err, apperr.Invalid, "tables.damaged")
		}
	}
	text = strings.TrimPrefix(string(content), "\ufeff")
	if strings.ContainsRune(text, 0) {
		return "", name, apperr.New(apperr.Invalid, "tables.unknown_kind")
	}
	if twice(text) {
		return "", name, apperr.New(apperr.Invalid, "tables.encoded_twice")
	}
	return text, name, nil
}

// marked reads the mark that a file may begin with. A nil encoding with a name is UTF-8.
func marked(content []byte) (encoding.Encoding, string) {
	switch {
	case bytes.HasPrefix(content, []byte("\xff\xfe\x00\x00")):
		return utf32.UTF32(utf32.LittleEndian, utf32.ExpectBOM), "UTF-32LE"
	case bytes.HasPrefix(content, []byte("\xff\xfe")):
		return textunicode.UTF16(textunicode.LittleEndian, textunicode.ExpectBOM), "UTF-16LE"
	case bytes.HasPrefix(content, []byte("\xfe\xff")):
		return textunicode.UTF16(textunicode.BigEndian, textunicode.ExpectBOM), "UTF-16BE"
	}
	return nil, ""
}

// unmarked guesses by the bytes: every second one is zero in UTF-16 of our scripts' lines
// and figures; what is no UTF-8 is an old table of letters.
func unmarked(content []byte) (encoding.Encoding, string) {
	head := content[:min(len(content), 4096)]
	zeros := [2]int{}
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch {
	case zeros[1]*4 > len(head):
		return textunicode.UTF16(textunicode.LittleEndian, textunicode.IgnoreBOM), "UTF-16LE"
	case zeros[0]*4 > len(head):
		return textunicode.UTF16(textunicode.BigEndian, textunicode.IgnoreBOM), "UTF-16BE"
	case utf8.Valid(content):
		return nil, "UTF-8"
	}
	return bestCharmap(content)
}

// charmaps are the old tables of letters of the region, the commoner first. ISO 8859-9 is
// read as windows-1254, which has the same letters.
var charmaps = []struct {
	name string
	enc  encoding.Encoding
}{
	{"windows-1254", charmap.Windows1254},
	{"windows-1251", charmap.Windows1251},
	{"KOI8-R", charmap.KOI8R},
	{"CP866", charmap.CodePage866},
}

// bestCharmap chooses the table whose reading looks most like words.
func bestCharmap(content []byte) (encoding.Encoding, string) {
	head := content[:min(len(content), 64<<10)]
	best, most := 0, -1<<31
	for i, c := range charmaps {
		text, err := c.enc.NewDecoder().Bytes(head)
		if err != nil {
			continue
		}
		if n := likeness(string(text)); n > most {
			best, most = i, n
		}
	}
	return charmaps[best].enc, charmaps[best].name
}

// Letters beyond ASCII that stand in the words of Turkish, Azerbaijani and their neighbours.
const latin = "çğıöşüÇĞİÖŞÜâîûÂÎÛəƏéñ"

// likeness weighs a reading: a letter beside its like is a word, a capital inside a word or
// Latin beside Cyrillic is not, and neither is a sign that no office types.
func likeness(text string) (n int) {
	var before rune
	for _, r := range text {
		switch {
		case r < 0x80: // the same in every reading
		case strings.ContainsRune(latin, r):
			n += 2
			if before >= 0x80 && !strings.ContainsRune(latin, before) {
				n -= 6
			}
		case unicode.Is(unicode.Cyrillic, r):
			n += cyrillic(before, r)
		case strings.ContainsRune("«»“”‘’–—№₺€°…", r) || unicode.IsSpace(r):
		default:
			n -= 3
		}
		before = r
	}
	return n
}

// cyrillic weighs a Cyrillic letter after what stands before it.
func cyrillic(before, r rune) int {
	switch {
	case before < 0x80 && unicode.IsLetter(before), unicode.IsLower(before) && unicode.IsUpper(r):
		return -6
	case unicode.Is(unicode.Cyrillic, before) && unicode.IsLower(r):
		return 3
	}
	return 1
}

// broken are beginnings of UTF-8 letters of our scripts read as one byte each.
var broken = []string{"Ä±", "Ä°", "Ã¼", "Ã¶", "Ã§", "ÅŸ", "Å\u009f", "ÄŸ", "Ä\u009f", "Ãœ", "Ã–", "Ã‡", "Ð°", "Ð¸", "Ñ€", "Ã‚", "â€™", "â‚º", "É™"}

// twice reports whether a text was encoded as UTF-8 two times: such pairs stand in no language.
func twice(text string) bool {
	n := 0
	for _, pair := range broken {
		n += strings.Count(text, pair)
	}
	return n >= 3
}
