package eventpages

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/cards"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// A feed reaches back so far, that a calendar which asks seldom learns what was called off;
// and holds at most so many events.
const (
	feedBack = 60 * 24 * time.Hour
	feedMost = 500
)

// feed is the calendar of what a filter leaves, for calendars that come back.
func (h *Handler) feed(w http.ResponseWriter, r *http.Request) error {
	f, err := h.readFilter(r)
	if err != nil {
		return err
	}
	lines, err := h.events.All(r.Context(), page.Actor(r), page.Lang(r), f, feedBack, feedMost)
	if err != nil {
		return err
	}
	ctx := r.Context()
	cal := newCalendar(ctx)
	name := locale.T(ctx, "events.feed_title", "Union", unionName(ctx))
	cal.SetName(clean(name))
	cal.SetRefreshInterval("PT6H", ics.WithValue("DURATION"))
	cal.SetXPublishedTTL("PT6H")
	for _, line := range lines {
		addEvent(ctx, cal, line.Event, calendarText{title: line.Text.Title, body: line.Text.Summary, slug: line.Text.Slug, updated: line.Text.UpdatedAt})
	}
	return send(w, cal, "events.ics", "inline")
}

// file is one event for a calendar.
func (h *Handler) file(w http.ResponseWriter, r *http.Request) error {
	p, err := h.find(r)
	if err != nil {
		return err
	}
	cal := newCalendar(r.Context())
	addEvent(r.Context(), cal, p.Event, calendarText{title: p.Text.Title, body: p.Text.Summary, slug: p.Text.Slug, updated: p.Text.UpdatedAt})
	return send(w, cal, p.Text.Slug+".ics", "attachment")
}

func newCalendar(ctx context.Context) *ics.Calendar {
	cal := ics.NewCalendar()
	cal.SetProductId("-//Birlik//Events//" + strings.ToUpper(string(locale.Of(ctx).Lang)))
	cal.SetVersion("2.0")
	cal.SetCalscale("GREGORIAN")
	cal.SetMethod(ics.MethodPublish)
	return cal
}

// calendarText is what a calendar shows of an event's text.
type calendarText struct {
	title, body, slug string
	updated           time.Time
}

// addEvent writes an event. Instants stand in UTC, so that no calendar needs to know the
// zone's rules; whole days stand as days, which belong to no zone.
func addEvent(ctx context.Context, cal *ics.Calendar, e *events.Event, text calendarText) {
	base := ui.ShellOf(ctx).BaseURL
	href := base + ui.Path(ctx, "/events/"+text.slug)
	v := cal.AddEvent(e.PublicID + "@" + hostOf(base))
	changed := e.UpdatedAt
	if text.updated.After(changed) {
		changed = text.updated
	}
	v.SetDtStampTime(changed)
	v.SetModifiedAt(changed)
	v.SetSequence(e.Version - 1)
	if e.AllDay {
		v.SetAllDayStartAt(e.StartsLocal)
		v.SetAllDayEndAt(e.EndsLocal)
	} else {
		v.SetStartAt(e.StartsAt)
		v.SetEndAt(e.EndsAt)
	}
	v.SetSummary(clean(text.title))
	v.SetDescription(clean(strings.TrimSpace(text.body + "\n\n" + href)))
	v.SetLocation(clean(location(ctx, e)))
	if e.Point != nil {
		ics.SetGeo(v, e.Point.Lat, e.Point.Lon)
	}
	v.SetURL(href)
	v.AddCategory(clean(e.Kind.Title))
	if e.State == events.Cancelled {
		v.SetStatus(ics.ObjectStatusCancelled)
	} else {
		v.SetStatus(ics.ObjectStatusConfirmed)
	}
}

func location(ctx context.Context, e *events.Event) string {
	if e.Venue != "" {
		return e.Venue + ", " + cards.Where(ctx, e)
	}
	return cards.Where(ctx, e)
}

// hostOf makes the second half of a UID, which must stay the same for good.
func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" {
		return "birlik"
	}
	return u.Hostname()
}

// clean drops the characters that no calendar file may hold.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

func send(w http.ResponseWriter, cal *ics.Calendar, name, as string) error {
	body := cal.Serialize(ics.WithNewLine("\r\n"))
	h := w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Content-Disposition", as+`; filename="`+name+`"`)
	h.Set("Cache-Control", "public, max-age=300")
	_, _ = w.Write([]byte(body)) // the reader may have gone
	return nil
}
