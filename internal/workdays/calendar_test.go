package workdays_test

import (
	"testing"
	"time"

	"github.com/birlik/portal/internal/workdays"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// turkey is the end of May 2026: 19 May, and the feast of sacrifice from the 26th at noon
// (a half day, which is worked) to the 30th.
func turkey() workdays.Calendar {
	return workdays.New(workdays.Day{On: day("2026-05-19")}, workdays.Day{On: day("2026-05-27")}, workdays.Day{On: day("2026-05-28")},
		workdays.Day{On: day("2026-05-29")}, workdays.Day{On: day("2026-05-30")}, workdays.Day{On: day("2026-06-06"), Works: true})
}

// TestAfter counts over weekends, holidays and a Saturday that is worked.
func TestAfter(t *testing.T) {
	c := turkey()
	for _, x := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-05-18", 1, "2026-05-20"}, // over the 19th
		{"2026-05-22", 1, "2026-05-25"}, // over a weekend
		{"2026-05-26", 1, "2026-06-01"}, // over the feast and the weekend
		{"2026-05-25", 3, "2026-06-02"},
		{"2026-06-05", 1, "2026-06-06"}, // a Saturday that is worked
		{"2026-05-30", 0, "2026-06-01"}, // no day: the next one that is worked
		{"2026-05-20", 0, "2026-05-20"},
		{"2026-12-31", 1, "2027-01-01"}, // a year that nobody filled in: its weekdays
	} {
		if got := c.After(day(x.from), x.n).Format(time.DateOnly); got != x.want {
			t.Errorf("%d after %s: %s, want %s", x.n, x.from, got, x.want)
		}
	}
}

// TestBetween is the inverse of After on every day of two months.
func TestBetween(t *testing.T) {
	c := turkey()
	for from := day("2026-05-01"); from.Before(day("2026-06-30")); from = from.AddDate(0, 0, 1) {
		for n := range 25 {
			to := c.After(from, n)
			if got := c.Between(from, to); n > 0 && got != n {
				t.Fatalf("between %s and %s: %d, want %d", from.Format(time.DateOnly), to.Format(time.DateOnly), got, n)
			}
		}
	}
	if c.Between(day("2026-05-20"), day("2026-05-20")) != 0 || c.Between(day("2026-05-20"), day("2026-05-01")) != 0 {
		t.Error("nothing is left of a day that has passed")
	}
	if got := c.Before(day("2026-06-01"), 1).Format(time.DateOnly); got != "2026-05-26" {
		t.Errorf("the working day before 1 June is %s", got)
	}
}

// TestNoWorkAtAll ends its walk in a calendar that somebody filled with holidays.
func TestNoWorkAtAll(t *testing.T) {
	var off []workdays.Day
	for d := day("2020-01-01"); d.Before(day("2040-01-01")); d = d.AddDate(0, 0, 1) {
		off = append(off, workdays.Day{On: d})
	}
	if got := workdays.New(off...).After(day("2026-01-01"), 5); got.IsZero() {
		t.Error("no date")
	}
}
