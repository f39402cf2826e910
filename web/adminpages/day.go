package adminpages

import (
	"regexp"
	"strconv"
	"time"
)

var (
	isoDay     = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	writtenDay = regexp.MustCompile(`^(\d{1,2})[./\-\s]+(\d{1,2})[./\-\s]+(\d{4})\.?$`)
)

// readDay reads a day as it is typed in our languages, 24.11.2026 or 24/11/2026, or as ISO,
// and gives its beginning in the reader's zone. "" is no day; ok is false for anything else.
func readDay(s string, zone *time.Location) (day *time.Time, ok bool) {
	if s == "" {
		return nil, true
	}
	var year, month, date int
	if m := isoDay.FindStringSubmatch(s); m != nil {
		year, month, date = number(m[1]), number(m[2]), number(m[3])
	} else if m := writtenDay.FindStringSubmatch(s); m != nil {
		year, month, date = number(m[3]), number(m[2]), number(m[1])
	} else {
		return nil, false
	}
	t := time.Date(year, time.Month(month), date, 0, 0, 0, 0, zone)
	if t.Year() != year || int(t.Month()) != month || t.Day() != date || year < 1900 || year > 2200 {
		return nil, false // the 31st of a month that has 30 days
	}
	return &t, true
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // the pattern lets digits pass only
	return n
}

// dayAfter is the beginning of the next day: what is given until a day holds on that day.
func dayAfter(day *time.Time) *time.Time {
	if day == nil {
		return nil
	}
	next := day.AddDate(0, 0, 1)
	return &next
}
