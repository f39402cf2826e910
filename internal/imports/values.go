package imports

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/fold"
)

// grouped is a whole number with its thousands parted by points, commas, spaces or quotes.
var grouped = regexp.MustCompile(`^\d{1,3}(?:([.,' \x{00a0}\x{202f}])\d{3})+$`)

// Whole reads "1248988", "1.248.988", "1 248 988", "1248988.0".
func Whole(s string) (int64, bool) {
	s = strings.TrimSpace(s)
	if grouped.MatchString(s) {
		s = strings.Map(digit, s)
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s, ".0"), ",0")
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

func digit(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}

// Degrees reads "39.94319" and "39,94319".
func Degrees(s string) (float64, bool) {
	if strings.Count(s, ",")+strings.Count(s, ".") > 1 {
		return 0, false
	}
	n, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(s), ",", ".", 1), 64)
	return n, err == nil
}

// money is an amount with at most two decimals, its thousands parted or not, a sign or a
// currency around it. Which of two signs parts the decimals is told by their order.
var money = regexp.MustCompile(`^(-?)\s*(\d{1,3}(?:[.,' \x{00a0}\x{202f}]\d{3})+|\d+)(?:[.,](\d{1,2}))?$`)

// Money reads "1.000,00", "1,000.00", "1 000" and "1000.5" as an exact decimal: "1000.00".
// A comma or point with three digits behind it parts thousands.
func Money(s string) (string, bool) {
	m := money.FindStringSubmatch(strings.TrimSpace(strings.Trim(strings.TrimSpace(s), "₺€$₽₼")))
	if m == nil {
		return "", false
	}
	whole := strings.TrimLeft(strings.Map(digit, m[2]), "0")
	if whole == "" {
		whole = "0"
	}
	if len(whole) > 16 {
		return "", false
	}
	return m[1] + whole + "." + (m[3] + "00")[:2], true
}

// ambiguous is one sign with three digits behind it: thousands to one office, decimals to another.
var ambiguous = regexp.MustCompile(`^-?\d{1,3}[.,]\d{3}$`)

// TwoReadings reports an amount that Money reads as thousands and that may have been meant as
// decimals: "12,345". whole is how to write what Money reads, so that it can mean nothing
// else. Nobody should owe a thousand times as much for a comma.
func TwoReadings(s string) (whole string, two bool) {
	if !ambiguous.MatchString(strings.TrimSpace(strings.Trim(strings.TrimSpace(s), "₺€$₽₼"))) {
		return "", false
	}
	return Money(s)
}

// dayForms are the ways in which offices of the region write a day.
var dayForms = []string{time.DateOnly, "2.1.2006", "2/1/2006", "2-1-2006", "2006/1/2", "2006.1.2", "2006-01-02T15:04:05Z07:00", "2.1.2006 15:04:05", "2006-01-02 15:04:05"}

// Day reads "2026-11-25", "25.11.2026", "25/11/2026"; the day stands before the month.
func Day(s string) (time.Time, bool) {
	s = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSpace(s), " г."), " г")
	for _, form := range dayForms {
		if t, err := time.Parse(form, s); err == nil && t.Year() >= 1900 && t.Year() <= 2200 {
			return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), true
		}
	}
	return time.Time{}, false
}

// Options are the words for each code of a choice, in the languages of the region.
type Options map[string][]string

// Choose finds the code that a cell says, by the code itself or any of its words.
func (o Options) Choose(cell string) (string, bool) {
	key := fold.Key(cell)
	for code, words := range o {
		if fold.Key(code) == key {
			return code, true
		}
		for _, word := range words {
			if fold.Key(word) == key {
				return code, true
			}
		}
	}
	return "", false
}

// Codes lists the codes in an order that is given.
func (o Options) Codes(order ...string) []string {
	out := make([]string, 0, len(order))
	for _, code := range order {
		if _, ok := o[code]; ok {
			out = append(out, code)
		}
	}
	return out
}

// Text is a cell on one line, and whether it is short enough.
func Text(cell string, most int) (string, bool) {
	text := strings.Join(strings.Fields(cell), " ")
	return text, len([]rune(text)) <= most
}
