package eventpages

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// maxText is how many characters of a search are looked at.
const maxText = 200

func short(s string) string {
	s = page.Tidy(s)
	if runes := []rune(s); len(runes) > maxText {
		return string(runes[:maxText])
	}
	return s
}

func filterOf(r *http.Request) events.Filter {
	q := r.URL.Query()
	return events.Filter{Text: short(q.Get("q")), Kind: q.Get("kind"), Country: strings.ToUpper(q.Get("country")), City: q.Get("city"), Past: q.Get("when") == "past"}
}

func readPlace(r *http.Request) events.Place {
	q := r.URL.Query()
	return events.Place{After: q.Get("after"), Before: q.Get("before")}
}

// address is a page of the list with a filter, and more name, value pairs.
func address(ctx context.Context, path string, f events.Filter, more ...string) string {
	q := url.Values{}
	for name, value := range map[string]string{"q": f.Text, "kind": f.Kind, "country": f.Country, "city": f.City} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Past {
		q.Set("when", "past")
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return ui.Path(ctx, path)
	}
	return ui.Path(ctx, path) + "?" + q.Encode()
}

// listView is the list of what is to come, or of what is over.
type listView struct {
	Filter  events.Filter
	At      events.Place
	Listing events.Listing
}

func (v listView) path() string { return "/events" }

// words are the parts of the filter's bar that the list and the month share.
type words struct {
	path    string
	filter  events.Filter
	listing events.Listing
	month   string // of the month's page
}

func (v listView) words() words { return words{path: v.path(), filter: v.Filter, listing: v.Listing} }

// at is the page with another filter.
func (w words) at(ctx context.Context, f events.Filter) string {
	if w.month != "" {
		return address(ctx, w.path, f, "m", w.month)
	}
	return address(ctx, w.path, f)
}

func (w words) bar(ctx context.Context) ui.FilterBar {
	return ui.FilterBar{
		Action: ui.Path(ctx, w.path), Label: locale.T(ctx, "events.filter"), Submit: locale.T(ctx, "events.show"),
		Count: w.count(ctx), Pills: w.pills(ctx), Clear: w.at(ctx, events.Filter{Past: w.filter.Past}), Live: "list",
	}
}

func (w words) count(ctx context.Context) string {
	if w.listing.Capped {
		return locale.T(ctx, "events.count_more", "Number", locale.Number(ctx, int64(w.listing.Count)))
	}
	return locale.T(ctx, "events.count", "Count", w.listing.Count)
}

func (w words) pills(ctx context.Context) []ui.Pill {
	var out []ui.Pill
	add := func(value, label, shown string, clear func(*events.Filter)) {
		if value == "" {
			return
		}
		without := w.filter
		clear(&without)
		out = append(out, ui.Pill{Label: locale.T(ctx, label), Value: cmp.Or(shown, value), Remove: w.at(ctx, without)})
	}
	f := w.filter
	add(f.Text, "events.text", f.Text, func(f *events.Filter) { f.Text = "" })
	add(f.Kind, "events.kind", titleOf(w.listing.Kinds, f.Kind), func(f *events.Filter) { f.Kind = "" })
	add(f.Country, "events.country", titleOf(w.listing.Countries, f.Country), func(f *events.Filter) { f.Country = "" })
	add(f.City, "events.city", w.listing.City, func(f *events.Filter) { f.City = "" })
	return out
}

// prev and next lead on; empty at the ends.
func (v listView) prev(ctx context.Context) string {
	if v.Listing.Prev == "" {
		return ""
	}
	return address(ctx, v.path(), v.Filter, "before", v.Listing.Prev)
}

func (v listView) next(ctx context.Context) string {
	if v.Listing.Next == "" {
		return ""
	}
	return address(ctx, v.path(), v.Filter, "after", v.Listing.Next)
}

// tabs are the three ways to look at events; the filter stays.
func tabs(ctx context.Context, f events.Filter, current string) ui.Tabs {
	ahead, over := f, f
	ahead.Past, over.Past = false, true
	return ui.Tabs{Label: locale.T(ctx, "events.views"), Items: []ui.Link{
		{Label: locale.T(ctx, "events.upcoming"), Href: address(ctx, "/events", ahead), Current: current == "ahead"},
		{Label: locale.T(ctx, "events.month"), Href: address(ctx, "/events/month", ahead), Current: current == "month"},
		{Label: locale.T(ctx, "events.past"), Href: address(ctx, "/events", over), Current: current == "over"},
	}}
}

func (v listView) tabs(ctx context.Context) ui.Tabs {
	if v.Filter.Past {
		return tabs(ctx, v.Filter, "over")
	}
	return tabs(ctx, v.Filter, "ahead")
}

func titleOf(choices []events.Choice, code string) string {
	for _, c := range choices {
		if c.Code == code {
			return c.Title
		}
	}
	return ""
}

func options(choices []events.Choice) []ui.Option {
	out := make([]ui.Option, len(choices))
	for i, c := range choices {
		out[i] = ui.Option{Value: c.Code, Label: c.Title}
	}
	return out
}

// subscription is the calendar of what a filter leaves.
func subscription(ctx context.Context, f events.Filter) ui.Subscribe {
	f.Past = false
	href := ui.ShellOf(ctx).BaseURL + address(ctx, "/events.ics", f)
	title := locale.T(ctx, "events.subscribe")
	if f.Narrow() {
		title = locale.T(ctx, "events.subscribe_filtered")
	}
	return ui.Subscribe{Title: title, Webcal: webcal(href), Download: address(ctx, "/events.ics", f), URL: href}
}

// webcal is an address that calendars open by themselves.
func webcal(href string) string {
	_, rest, found := strings.Cut(href, "://")
	if !found {
		return ""
	}
	return "webcal://" + rest
}

// citation names a page, its address and the day it was read.
func citation(ctx context.Context, title, path string) string {
	return locale.T(ctx, "events.citation", "Title", title, "Address", ui.ShellOf(ctx).BaseURL+path, "Date", locale.Date(ctx, locale.Of(ctx).Now))
}
