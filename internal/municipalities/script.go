package municipalities

import (
	"strings"
	"unicode"
)

// scripts are the scripts of the region with their ISO 15924 codes.
var scripts = []struct {
	code  string
	table *unicode.RangeTable
}{
	{"Latn", unicode.Latin}, {"Cyrl", unicode.Cyrillic}, {"Arab", unicode.Arabic}, {"Grek", unicode.Greek},
	{"Geor", unicode.Georgian}, {"Armn", unicode.Armenian}, {"Hebr", unicode.Hebrew}, {"Hans", unicode.Han},
}

// Script is the ISO 15924 code of the script that a name is written in, by its first letter
// that tells: "Latn", "Cyrl", "Arab"; "Zyyy" where none does.
func Script(name string) string {
	for _, r := range name {
		for _, s := range scripts {
			if unicode.Is(s.table, r) {
				return s.code
			}
		}
	}
	return "Zyyy"
}

// tellers are letters that only one language of the region writes, in the order in which
// they are asked: a name with ҡ is Bashkir whatever else it holds.
var tellers = []struct{ letters, lang string }{
	{"ҡҙҫ", "ba"}, {"җ", "tt"}, {"қғұһ", "kk"}, {"ўҳ", "uz-Cyrl"}, {"їєґ", "uk"}, {"ѓќѕ", "mk"},
	{"љњћђџј", "sr-Cyrl"},
	{"əǝ", "az"}, {"ň", "tk"}, {"őű", "hu"}, {"ţțăș", "ro"}, {"ë", "sq"},
	{"ۇۈېەڭ", "ug"}, {"ڕڵۆێ", "ckb"}, {"ٹڈڑے", "ur"}, {"پچژگکی", "fa"},
}

// Lang guesses the language of a name that its source does not label, from the letters that
// only one language writes and from its script. It says "und" rather than guess wildly.
func Lang(name string) string {
	lower := strings.ToLower(name)
	for _, t := range tellers {
		if strings.ContainsAny(lower, t.letters) {
			return t.lang
		}
	}
	switch Script(name) {
	case "Arab":
		return "ar"
	case "Grek":
		return "el"
	case "Geor":
		return "ka"
	case "Armn":
		return "hy"
	case "Cyrl":
		return "und-Cyrl"
	}
	return "und"
}
