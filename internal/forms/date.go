package forms

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/birlik/portal/internal/locale"
)

// monthNames are the names by which each language knows the months, shortened to what tells
// them apart; Turkish and Russian ones as they stand after a day. They are lower case.
var monthNames = map[locale.Lang][12][]string{
	locale.TR: {{"oca"}, {"şub", "sub"}, {"mar"}, {"nis"}, {"may"}, {"haz"}, {"tem"}, {"ağu", "agu"}, {"eyl"}, {"eki"}, {"kas"}, {"ara"}},
	locale.EN: {{"jan"}, {"feb"}, {"mar"}, {"apr"}, {"may"}, {"jun"}, {"jul"}, {"aug"}, {"sep"}, {"oct"}, {"nov"}, {"dec"}},
	locale.RU: {{"янв"}, {"фев"}, {"мар"}, {"апр"}, {"мая", "май"}, {"июн"}, {"июл"}, {"авг"}, {"сен"}, {"окт"}, {"ноя"}, {"дек"}},
}

// ParseDate reads a day as the reader writes it: day, month, year, with any separator or
// none ("24.11.2026", "24/11/26", "24112026"), with the month in words in any of our
// languages, or as ISO ("2026-11-24"). It gives the ISO form. A day that is not in the
// calendar is refused.
func ParseDate(s string) (string, bool) {
	parts, ok := dateParts(s)
	if !ok {
		return "", false
	}
	if len(parts) == 1 && len(parts[0]) == 8 { // 24112026
		parts = []string{parts[0][:2], parts[0][2:4], parts[0][4:]}
	}
	if len(parts) != 3 {
		return "", false
	}
	if len(parts[0]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	day, month, year := atoi(parts[0]), monthOf(parts[1]), atoi(parts[2])
	if len(parts[2]) == 2 {
		year += 2000
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if year < 1000 || year > 9999 || month < 1 || t.Day() != day || int(t.Month()) != month {
		return "", false
	}
	return t.Format(time.DateOnly), true
}

// ParseMonthEnd reads a month and its year as the reader writes them ("Mart 2029",
// "03.2029", "март 2029 г.", "2029-03"), and gives the month's last day in the ISO form.
func ParseMonthEnd(s string) (string, bool) {
	parts, ok := dateParts(s)
	if len(parts) == 3 && atoi(parts[2]) < 0 && monthOf(parts[2]) == 0 {
		parts = parts[:2] // "г.", "yılı"
	}
	if !ok || len(parts) != 2 {
		return "", false
	}
	if len(parts[0]) == 4 && atoi(parts[0]) > 0 {
		parts[0], parts[1] = parts[1], parts[0]
	}
	month, year := monthOf(parts[0]), atoi(parts[1])
	if month < 1 || month > 12 || year < 1000 || year > 9999 {
		return "", false
	}
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), true
}

// dateParts cuts at everything that is neither a digit nor a letter, and between digits and
// letters ("24Kasım"); digits of other scripts become ours.
func dateParts(s string) ([]string, bool) {
	s, ok := Clean(s)
	if !ok || len(s) > 60 {
		return nil, false
	}
	var parts []string
	kind := ' '
	for _, r := range s {
		now := ' '
		d, isDigit := digit(r)
		switch {
		case isDigit:
			r, now = rune('0'+d), '0'
		case unicode.IsLetter(r):
			now = 'a'
		}
		if now != ' ' {
			if now != kind {
				parts = append(parts, "")
			}
			parts[len(parts)-1] += string(r)
		}
		kind = now
	}
	return dropYearWord(parts), true
}

// dropYearWord leaves out "г.", "года", "yılı" after the year, and ordinals after the day.
func dropYearWord(parts []string) []string {
	if len(parts) == 4 && atoi(parts[3]) < 0 {
		return parts[:3]
	}
	if len(parts) == 4 && atoi(parts[1]) < 0 && monthOf(parts[1]) == 0 {
		return append(parts[:1:1], parts[2:]...)
	}
	return parts
}

// monthOf is 1 to 12 for a number or a name, 0 for neither.
func monthOf(s string) int {
	if n := atoi(s); n >= 0 {
		return n
	}
	s = strings.ToLower(strings.ReplaceAll(s, "İ", "i"))
	for _, lang := range locale.Langs() {
		for i, names := range monthNames[lang] {
			for _, name := range names {
				if strings.HasPrefix(s, name) {
					return i + 1
				}
			}
		}
	}
	return 0
}

// atoi is -1 for what is no short number.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || len(s) > 4 {
		return -1
	}
	return n
}
