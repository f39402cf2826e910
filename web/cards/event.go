// Package cards shows things of the areas that several rooms show: an event in a list, on
// the home page, on a municipality's page.
package cards

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/ui"
)

// EventRow is an event as one row of a list of events; it links to the event's page.
func EventRow(ctx context.Context, line events.Line) ui.EventRow {
	e := line.Event
	starts := e.StartsAt.In(e.Location())
	if e.AllDay {
		starts = e.StartsLocal
	}
	row := ui.EventRow{
		Day: strconv.Itoa(starts.Day()), Month: locale.ShortMonth(ctx, starts.Month()), ISO: ISO(e),
		Title: line.Text.Title, Href: ui.Path(ctx, "/events/"+line.Text.Slug), Where: Where(ctx, e), When: When(ctx, e), OwnWhen: OwnWhen(ctx, e),
		Kind: e.Kind.Title, Langs: Languages(ctx, e.Spoken), Cancelled: e.State == events.Cancelled, Status: EventStatus(ctx, e), Level: 2,
	}
	if starts.Year() != locale.Of(ctx).Now.Year() {
		row.Year = strconv.Itoa(starts.Year())
	}
	if line.Text.Lang != string(locale.Of(ctx).Lang) {
		row.Lang = line.Text.Lang
	}
	return row
}

// EventStatus says what is not as planned, or that the event is on; empty otherwise.
func EventStatus(ctx context.Context, e *events.Event) ui.StatusChip {
	now := locale.Of(ctx).Now
	switch {
	case e.State == events.Cancelled:
		return ui.StatusChip{Tone: ui.StatusStop, Label: locale.T(ctx, "events.cancelled")}
	case e.Over(now):
		return ui.StatusChip{}
	case e.MovedFrom != nil:
		return ui.StatusChip{Tone: ui.StatusLate, Label: locale.T(ctx, "events.moved")}
	case e.On(now):
		return ui.StatusChip{Tone: ui.StatusReady, Label: locale.T(ctx, "events.on_now")}
	}
	return ui.StatusChip{}
}

// ISO is when an event begins as machines read it: a day, or a time with its distance from UTC.
func ISO(e *events.Event) string {
	if e.AllDay {
		return e.StartsLocal.Format(time.DateOnly)
	}
	return e.StartsAt.In(e.Location()).Format(time.RFC3339)
}

// Where is the place of an event in one line.
func Where(ctx context.Context, e *events.Event) string {
	if e.Mode == events.Online {
		return locale.T(ctx, "events.mode.online")
	}
	place := e.City.Title
	if e.Country.Title != "" {
		place += ", " + e.Country.Title
	}
	if e.Mode == events.Hybrid {
		return locale.T(ctx, "events.place_and_online", "Place", place)
	}
	return place
}

// When is an event's time on the clock of its place, beside the day that it begins on.
func When(ctx context.Context, e *events.Event) string {
	if e.AllDay {
		if e.OneDay() {
			return locale.T(ctx, "events.all_day")
		}
		return days(ctx, e.StartsLocal, e.LastDay())
	}
	return Span(ctx, e.StartsAt.In(e.Location()), e.EndsAt.In(e.Location()), false)
}

// OwnWhen is the same in the reader's zone, which it names; empty where the clocks agree.
func OwnWhen(ctx context.Context, e *events.Event) string {
	if e.AllDay {
		return ""
	}
	starts, ends := locale.Own(ctx, e.StartsAt), locale.Own(ctx, e.EndsAt)
	there, thereEnd := e.StartsAt.In(e.Location()), e.EndsAt.In(e.Location())
	if offset(starts) == offset(there) && offset(ends) == offset(thereEnd) {
		return ""
	}
	dated := starts.Day() != there.Day()
	return locale.T(ctx, "events.own_time", "Zone", locale.ZoneCity(ctx, starts.Location().String()), "When", Span(ctx, starts, ends, dated))
}

func offset(t time.Time) int {
	_, seconds := t.Zone()
	return seconds
}

// Span is from a time to another on the clock that they carry, with its distance from UTC;
// dated says that the day is told even where both are on one.
func Span(ctx context.Context, from, to time.Time, dated bool) string {
	last := to.Add(-time.Nanosecond) // midnight belongs to the day before
	if from.Format(time.DateOnly) != last.Format(time.DateOnly) {
		return locale.DayMonth(ctx, from) + ", " + timeOfDay(ctx, from, to) + " – " + locale.DayMonth(ctx, to) + ", " + locale.ClockZone(ctx, to)
	}
	clocks := timeOfDay(ctx, from, to) + "–" + locale.ClockZone(ctx, to)
	if dated {
		return locale.DayMonth(ctx, from) + ", " + clocks
	}
	return clocks
}

// timeOfDay names the zone of the first time too where the clocks change in between.
func timeOfDay(ctx context.Context, from, to time.Time) string {
	if offset(from) != offset(to) {
		return locale.ClockZone(ctx, from)
	}
	return locale.Clock(ctx, from)
}

// days is from a day to another, as short as it can be told.
func days(ctx context.Context, from, to time.Time) string {
	switch {
	case from.Year() != to.Year():
		return locale.Date(ctx, from) + " – " + locale.Date(ctx, to)
	case from.Month() != to.Month():
		return locale.DayMonth(ctx, from) + " – " + locale.Date(ctx, to)
	}
	return strconv.Itoa(from.Day()) + "–" + locale.Date(ctx, to)
}

// FullWhen is an event's time with its days in full, on the clock of its place.
func FullWhen(ctx context.Context, e *events.Event) string {
	if e.AllDay {
		if e.OneDay() {
			return locale.Date(ctx, e.StartsLocal) + ", " + locale.Weekday(ctx, e.StartsLocal.Weekday())
		}
		return days(ctx, e.StartsLocal, e.LastDay())
	}
	from, to := e.StartsAt.In(e.Location()), e.EndsAt.In(e.Location())
	if e.OneDay() {
		return locale.Date(ctx, from) + ", " + locale.Weekday(ctx, from.Weekday()) + ", " + Span(ctx, from, to, false)
	}
	return locale.Date(ctx, from) + ", " + timeOfDay(ctx, from, to) + " – " + locale.Date(ctx, to) + ", " + locale.ClockZone(ctx, to)
}

// Languages names languages in the reader's own.
func Languages(ctx context.Context, tags []string) string {
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = locale.LanguageName(ctx, tag)
	}
	return strings.Join(names, ", ")
}
