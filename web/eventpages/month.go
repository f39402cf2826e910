package eventpages

import (
	"context"
	"net/http"
	"time"

	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/cards"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

const monthLayout = "2006-01"

// The years that the calendar can be leafed through.
const (
	firstYear = 2000
	lastYear  = 2199
)

// shownADay is how many events of a day are shown at once.
const shownADay = 4

func (h *Handler) month(w http.ResponseWriter, r *http.Request) error {
	filter, err := h.readFilter(r)
	if err != nil {
		return err
	}
	filter.Past = false
	reader := locale.Of(r.Context())
	first := readMonth(r.URL.Query().Get("m"), reader.Now.In(reader.Zone))
	from, to := grid(first)
	// What lasts whole days keeps the days of its place, which may lie a day beside the reader's.
	listing, err := h.events.Month(r.Context(), page.Actor(r), page.Lang(r), filter, from.AddDate(0, 0, -1), to.AddDate(0, 0, 1))
	if err != nil {
		return err
	}
	v := newMonthView(first, reader, filter, listing)
	if page.Fragment(r) {
		return page.Show(w, r, http.StatusOK, monthResults(v))
	}
	return page.Show(w, r, http.StatusOK, monthPage(v))
}

// readMonth is the first moment of the month asked for, in the reader's zone; of this month
// where the address names none.
func readMonth(s string, now time.Time) time.Time {
	month, err := time.Parse(monthLayout, s)
	if err != nil || month.Year() < firstYear || month.Year() > lastYear {
		month = now
	}
	return time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, now.Location())
}

// grid is the first Monday at or before a month, and the end of its last week.
func grid(first time.Time) (from, to time.Time) {
	from = first.AddDate(0, 0, -daysAfterMonday(first))
	next := first.AddDate(0, 1, 0)
	return from, next.AddDate(0, 0, (7-daysAfterMonday(next))%7)
}

// daysAfterMonday counts from the Monday of the week.
func daysAfterMonday(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }

// monthView is one month as a calendar.
type monthView struct {
	First   time.Time
	Filter  events.Filter
	Listing events.Listing
	Weeks   [][7]day
	Zone    string
}

// day is one day of the calendar in the reader's zone.
type day struct {
	At     time.Time
	In     bool // it belongs to the month
	Today  bool
	Events []dayEvent
}

// dayEvent is an event on one of its days. Begins is false on the days after the first;
// Again says that an earlier day of the calendar shows it already, which is enough on a phone.
type dayEvent struct {
	events.Line
	Begins, Again bool
}

func newMonthView(first time.Time, reader locale.Reader, f events.Filter, listing events.Listing) monthView {
	v := monthView{First: first, Filter: f, Listing: listing, Zone: reader.Zone.String()}
	byDay := map[string][]dayEvent{}
	from, to := grid(first)
	var inMonth []events.Line
	for _, line := range listing.Rows {
		begins, ends := daysOf(line.Event, reader.Zone)
		begun := false
		drawn := later(begins, civil(from))
		for d := drawn; !d.After(ends) && d.Before(civil(to)); d = d.AddDate(0, 0, 1) {
			key := d.Format(time.DateOnly)
			byDay[key] = append(byDay[key], dayEvent{Line: line, Begins: d.Equal(begins), Again: d.After(drawn)})
			begun = begun || d.Month() == first.Month()
		}
		if begun {
			inMonth = append(inMonth, line)
		}
	}
	v.Listing.Rows, v.Listing.Count = inMonth, len(inMonth)
	today := reader.Now.In(reader.Zone).Format(time.DateOnly)
	for at := civil(from); at.Before(civil(to)); at = at.AddDate(0, 0, 7) {
		var week [7]day
		for i := range week {
			d := at.AddDate(0, 0, i)
			key := d.Format(time.DateOnly)
			week[i] = day{At: d, In: d.Month() == first.Month(), Today: key == today, Events: byDay[key]}
		}
		v.Weeks = append(v.Weeks, week)
	}
	return v
}

// daysOf are the first and the last day of an event: of its place where it takes whole days,
// else on the reader's clock.
func daysOf(e *events.Event, zone *time.Location) (first, last time.Time) {
	if e.AllDay {
		return civil(e.StartsLocal), civil(e.LastDay())
	}
	return civil(e.StartsAt.In(zone)), civil(e.EndsAt.Add(-time.Nanosecond).In(zone))
}

// civil is a day without a zone, so that adding days meets no change of clocks.
func civil(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func (v monthView) words() words {
	return words{path: "/events/month", filter: v.Filter, listing: v.Listing, month: v.First.Format(monthLayout)}
}

// month is the address of a month so many away; empty beyond the calendar's years.
func (v monthView) month(ctx context.Context, away int) string {
	other := v.First.AddDate(0, away, 0)
	if other.Year() < firstYear || other.Year() > lastYear {
		return ""
	}
	return address(ctx, "/events/month", v.Filter, "m", other.Format(monthLayout))
}

func (v monthView) monthName(ctx context.Context, away int) string {
	return locale.Month(ctx, v.First.AddDate(0, away, 0))
}

// first are the events of a day that are shown at once, and rest the others.
func (d day) first() []dayEvent {
	if len(d.Events) <= shownADay+1 {
		return d.Events
	}
	return d.Events[:shownADay]
}

func (d day) rest() []dayEvent { return d.Events[len(d.first()):] }

func (d day) class() string {
	if !d.In {
		return "out"
	}
	return ""
}

func (d day) name(ctx context.Context) string {
	return locale.DayMonth(ctx, d.At) + ", " + locale.Weekday(ctx, d.At.Weekday())
}

// clock is when an event begins on this day; empty where it goes on or takes the whole day.
func (e dayEvent) clock(ctx context.Context) string {
	if e.AllDay || !e.Begins {
		return ""
	}
	return locale.Clock(ctx, locale.Own(ctx, e.StartsAt))
}

func (e dayEvent) href(ctx context.Context) string { return ui.Path(ctx, "/events/"+e.Text.Slug) }

// said is what a calendar tells who points at an event: where, and that it is off.
func (e dayEvent) said(ctx context.Context) string {
	if e.State == events.Cancelled {
		return locale.T(ctx, "events.cancelled") + " · " + cards.Where(ctx, e.Event)
	}
	return cards.Where(ctx, e.Event)
}
