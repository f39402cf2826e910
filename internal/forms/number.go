package forms

import (
	"strings"
	"unicode"

	"github.com/birlik/portal/internal/locale"
)

// maxDigits bounds a number before its decimals: numeric(18,2) holds sixteen.
const maxDigits = 16

// groupMark is how each language parts thousands, beside spaces.
var groupMark = map[locale.Lang]rune{locale.TR: '.', locale.EN: ','}

// ParseNumber reads a number as people type it: "1 250 000,5", "1.250.000", "١٢٥", and
// gives it as digits with a dot ("1250000.5"). decimals is how many may follow the dot. What
// could mean two numbers ("1,250" where the comma begins decimals) is refused, never
// guessed: a thousandfold error is worse than a question.
func ParseNumber(s string, lang locale.Lang, decimals int) (string, bool) {
	digits, ok := western(s)
	if !ok {
		return "", false
	}
	negative := strings.HasPrefix(digits, "-")
	digits = strings.TrimPrefix(digits, "-")
	whole, rest, ok := split(digits, lang)
	if !ok || len(strings.TrimRight(rest, "0")) > decimals {
		return "", false
	}
	whole = strings.TrimLeft(whole, "0")
	if len(whole) > maxDigits {
		return "", false
	}
	return canonical(negative, whole, rest), true
}

func canonical(negative bool, whole, rest string) string {
	out := whole
	if out == "" {
		out = "0"
	}
	if rest = strings.TrimRight(rest, "0"); rest != "" {
		out += "." + rest
	}
	if negative && out != "0" {
		out = "-" + out
	}
	return out
}

// western drops spaces, marks and apostrophes, and turns the digits of other scripts into
// our own. Anything but digits, marks of decimals and one leading minus is no number.
func western(s string) (string, bool) {
	s, ok := Clean(s)
	if !ok || len(s) > 100 {
		return "", false
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) || r == '\'' || r == '’':
		case r == '−' || r == '-':
			b.WriteByte('-')
		case r == '٫':
			b.WriteByte(',')
		case r == '.' || r == ',':
			b.WriteRune(r)
		default:
			d, ok := digit(r)
			if !ok {
				return "", false
			}
			b.WriteByte('0' + d)
		}
	}
	out := b.String()
	if strings.LastIndexByte(out, '-') > 0 || strings.Trim(out, "-.,") == "" {
		return "", false
	}
	return out, true
}

// digit is the value of a decimal digit of any script: they stand in runs of ten.
func digit(r rune) (byte, bool) {
	if r >= '0' && r <= '9' {
		return byte(r - '0'), true
	}
	for _, zero := range []rune{'٠', '۰', '०', '０'} {
		if r >= zero && r <= zero+9 {
			return byte(r - zero), true
		}
	}
	return 0, false
}

// split parts a number at its decimal mark.
func split(s string, lang locale.Lang) (whole, rest string, ok bool) {
	last := strings.LastIndexAny(s, ".,")
	if last < 0 {
		return s, "", true
	}
	mark := rune(s[last])
	other := strings.ContainsRune(s[:last], '.'+','-mark)
	switch {
	case strings.Count(s, string(mark)) > 1: // 1.250.000: it can only part thousands
		return grouped(s, mark)
	case other, !ambiguous(s, last): // 1.250,5 and 12,5
		whole, _, ok = grouped(s[:last], '.'+','-mark)
		return whole, s[last+1:], ok
	case mark == groupMark[lang]: // 1.250 where the dot parts thousands
		return grouped(s, mark)
	}
	return "", "", false
}

// ambiguous reports a lone mark before exactly three digits and after one to three.
func ambiguous(s string, mark int) bool {
	return len(s)-mark-1 == 3 && mark >= 1 && mark <= 3 && s[0] != '0'
}

// grouped joins thousands that mark parts; every group but the first has three digits.
func grouped(s string, mark rune) (whole, rest string, ok bool) {
	parts := strings.Split(s, string(mark))
	for i, p := range parts {
		if strings.ContainsAny(p, ".,") || i > 0 && len(p) != 3 || i == 0 && len(parts) > 1 && (p == "" || len(p) > 3) {
			return "", "", false
		}
	}
	return strings.Join(parts, ""), "", true
}

// ShowNumber writes a number as the language does: "1.250.000,5", "1,250,000.5",
// "1 250 000,5" with spaces that do not break.
func ShowNumber(number string, lang locale.Lang) string {
	sign, digits := "", number
	if strings.HasPrefix(number, "-") {
		sign, digits = "−", number[1:]
	}
	whole, rest, decimals := strings.Cut(digits, ".")
	group, mark := ".", ","
	switch lang {
	case locale.EN:
		group, mark = ",", "."
	case locale.RU:
		group = "\u00a0"
	}
	var b strings.Builder
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(d)
	}
	if decimals {
		b.WriteString(mark + rest)
	}
	return sign + b.String()
}

// ShowAmount is ShowNumber with two decimals where there are any: "12,50".
func ShowAmount(number string, lang locale.Lang) string {
	if whole, rest, ok := strings.Cut(number, "."); ok && len(rest) == 1 {
		number = whole + "." + rest + "0"
	}
	return ShowNumber(number, lang)
}
