package requests

import (
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/workflow"
)

// The words by which the figures lead to their requests:
// "received:2026-01..2026-06 outcome:approved", "age:31-90d", "rated:<3".
const (
	wordReceived = "received"
	wordDecided  = "decided"
	wordOutcome  = "outcome"
	wordAge      = "age"
	wordRated    = "rated"
	wordReviewed = "reviewed"
)

// Outcomes are what can become of a request.
func Outcomes() []workflow.State { return at(Approved, Declined, Referred) }

// figureWords are the figures' words as people say them in their own language.
var figureWords = map[string][]string{
	wordReceived: {"geliş", "поступление"}, wordDecided: {"karar", "решение"}, wordOutcome: {"sonuç", "итог"},
	wordAge: {"yaş", "возраст"}, wordRated: {"puan", "оценка"}, wordReviewed: {"değerlendirme", "отзыв"},
}

// setFigure narrows a filter by one of the figures' words; false where the value means nothing.
func (k vocabulary) setFigure(f *Filter, word, value string) bool {
	var ok bool
	switch word {
	case wordReceived:
		f.Received, ok = take(f.Received, value, isDays)
	case wordDecided:
		f.Decided, ok = take(f.Decided, value, isDays)
	case wordReviewed:
		f.Reviewed, ok = take(f.Reviewed, value, isDays)
	case wordAge:
		f.Age, ok = take(f.Age, value, isAge)
	case wordRated:
		f.Rated, ok = take(f.Rated, value, isStars)
	case wordOutcome:
		var s workflow.State
		if ok = named(value, Outcomes(), &s, func(s workflow.State) []string {
			return []string{string(s), locale.Text(k.lang, "requests.state."+string(s))}
		}); ok {
			f.Outcome = string(s)
		}
	}
	return ok
}

func take(old, value string, fits func(string) bool) (string, bool) {
	if !fits(value) {
		return old, false
	}
	return value, true
}

func isDays(text string) bool  { _, _, ok := daysOf(text); return ok }
func isAge(text string) bool   { _, _, ok := ageOf(text); return ok }
func isStars(text string) bool { _, _, ok := starsOf(text); return ok }

// daysOf reads a year, a month, a day, or two of them with ".." between: its first day and
// the first day after it.
func daysOf(text string) (from, to time.Time, ok bool) {
	first, last, both := strings.Cut(text, "..")
	from, to, ok = dayOrMore(first)
	if ok && both {
		_, to, ok = dayOrMore(last)
	}
	return from, to, ok && from.Before(to)
}

func dayOrMore(text string) (from, to time.Time, ok bool) {
	for _, x := range []struct {
		layout              string
		years, months, days int
	}{{"2006", 1, 0, 0}, {"2006-01", 0, 1, 0}, {time.DateOnly, 0, 0, 1}} {
		if day, err := time.Parse(x.layout, text); err == nil {
			return day, day.AddDate(x.years, x.months, x.days), true
		}
	}
	return from, to, false
}

// ageOf reads "<7d", ">90d" and "8-30d": the least and the most days, both included.
func ageOf(text string) (least, most int, ok bool) {
	days, found := strings.CutSuffix(text, "d")
	if !found {
		return 0, 0, false
	}
	if n, found := strings.CutPrefix(days, "<"); found {
		most, ok = count(n, maxDays)
		return 0, most, ok
	}
	if n, found := strings.CutPrefix(days, ">"); found {
		least, ok = count(n, maxDays)
		return least + 1, maxAge, ok
	}
	from, to, found := strings.Cut(days, "-")
	least, ok = count(from, maxDays)
	most, fine := count(to, maxDays)
	return least, most, found && ok && fine && least <= most
}

// maxAge is older than any request, in days.
const maxAge = 100 * maxDays

// starsOf reads "4", "<3" and ">3": the fewest and the most stars, both included.
func starsOf(text string) (least, most int, ok bool) {
	if n, found := strings.CutPrefix(text, "<"); found {
		most, ok = count(n, 5)
		return 1, most - 1, ok && most > 1
	}
	if n, found := strings.CutPrefix(text, ">"); found {
		least, ok = count(n, 4)
		return least + 1, 5, ok
	}
	least, ok = count(text, 5)
	return least, least, ok && least > 0
}

func count(text string, most int) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0 && n <= most && text == strconv.Itoa(n)
}

// figures are the conditions of the figures' words; what cannot be read narrows nothing.
func (w *where) figures(s *Service, f Filter) {
	if from, to, ok := daysOf(f.Received); ok {
		w.and(`r.submitted_at >= ?`, s.beginOfDay(from))
		w.and(`r.submitted_at < ?`, s.beginOfDay(to))
	}
	if from, to, ok := daysOf(f.Decided); ok {
		w.and(`r.outcome_on >= ?`, from)
		w.and(`r.outcome_on < ?`, to)
	}
	if from, to, ok := daysOf(f.Reviewed); ok {
		w.and(`r.rated_on >= ?`, from)
		w.and(`r.rated_on < ?`, to)
	}
	if f.Outcome != "" {
		w.and(`r.outcome = ?`, f.Outcome)
	}
	if least, most, ok := ageOf(f.Age); ok {
		today := s.Today()
		w.and(`r.submitted_at < ?`, s.beginOfDay(today.AddDate(0, 0, 1-least)))
		w.and(`r.submitted_at >= ?`, s.beginOfDay(today.AddDate(0, 0, -most)))
	}
	if least, most, ok := starsOf(f.Rated); ok {
		w.and(`r.stars >= ?`, least)
		w.and(`r.stars <= ?`, most)
	}
}

// beginOfDay is the first moment of a day where the union is.
func (s *Service) beginOfDay(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, s.zone)
}
