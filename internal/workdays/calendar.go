// Package workdays counts the days on which a country works: deadlines of the union's staff
// run on the union's own calendar, those of a city on its country's.
package workdays

import "time"

// Calendar knows the days on which a country does not work, and those of its weekend on
// which it does. The zero Calendar knows Saturdays and Sundays only.
type Calendar struct {
	days map[string]bool // "2026-05-27" → worked
}

// Day is one exception of a calendar.
type Day struct {
	On    time.Time // its date; the time of day does not count
	Works bool      // a day of the weekend that is worked
}

// New makes a calendar of its exceptions.
func New(days ...Day) Calendar {
	c := Calendar{days: make(map[string]bool, len(days))}
	for _, d := range days {
		c.days[d.On.Format(time.DateOnly)] = d.Works
	}
	return c
}

// Works reports whether a date is worked.
func (c Calendar) Works(t time.Time) bool {
	if works, ok := c.days[t.Format(time.DateOnly)]; ok {
		return works
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

// horizon bounds every walk: a calendar without a working day must not be walked for ever.
const horizon = 3660

// After is the date n working days after a day, which itself does not count; with n = 0 it
// is that day, or the next one that is worked.
func (c Calendar) After(t time.Time, n int) time.Time {
	for range horizon {
		if n <= 0 && c.Works(t) {
			return t
		}
		t = t.AddDate(0, 0, 1)
		if c.Works(t) {
			n--
		}
	}
	return t
}

// Between counts the working days after a day up to another one, which counts; 0 where that
// is not later. Both are dates of one zone.
func (c Calendar) Between(from, to time.Time) int {
	n, last := 0, to.Format(time.DateOnly)
	for range horizon {
		if from.Format(time.DateOnly) >= last {
			break
		}
		if from = from.AddDate(0, 0, 1); c.Works(from) {
			n++
		}
	}
	return n
}

// Before is the date n working days before a day.
func (c Calendar) Before(t time.Time, n int) time.Time {
	for range horizon {
		if n <= 0 {
			break
		}
		if t = t.AddDate(0, 0, -1); c.Works(t) {
			n--
		}
	}
	return t
}
