package documents

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// longestName is the most letters of a name, its ending included; with every letter at
// four bytes a file system still takes it.
const longestName = 60

// CleanName is the name of a file as it is kept and shown: its last path part, without
// what no eye sees (controls, and the marks that turn text around to hide an ending), in
// composed letters, short enough for any disk. It is never a path, and never empty.
func CleanName(name string) string {
	name = strings.ToValidUTF8(name, "")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsGraphic(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`<>:"|?*`, r):
			return -1
		}
		return r
	}, name)
	name = norm.NFC.String(strings.Join(strings.Fields(name), " "))
	name = strings.TrimRight(name, " .")
	ending := Ending(name)
	stem := strings.Trim(name[:len(name)-len(ending)], " .")
	if stem == "" {
		stem = "file"
	}
	if over := utf8.RuneCountInString(stem+ending) - longestName; over > 0 {
		letters := []rune(stem)
		stem = strings.TrimRight(string(letters[:len(letters)-over]), " .")
	}
	return stem + ending
}

// Ending is a name's ending with its dot in small letters (".pdf"), "" where it has none
// that could be one.
func Ending(name string) string {
	ending := path.Ext(name)
	if len(ending) < 2 || len(ending) > 10 {
		return ""
	}
	for _, r := range ending[1:] {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return ""
		}
	}
	return strings.ToLower(ending)
}
