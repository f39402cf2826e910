package caseworkpages

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// listPath is the list of requests, without the language.
const listPath = "/desk/requests"

// readFilter reads the list's address.
func readFilter(q url.Values) requests.Filter {
	return requests.Filter{Text: page.Tidy(q.Get("q")), Scope: q.Get("scope"), State: workflow.State(q.Get("state")),
		Service: q.Get("service"), Office: q.Get("office"), Sector: q.Get("sector"),
		Country: q.Get("country"), Assignee: q.Get("assignee"), Overdue: q.Get("overdue") == "1", Due: q.Get("due"), City: page.Tidy(q.Get("city")), Sort: q.Get("sort"),
		Channel:  requests.Channel(q.Get("channel")),
		Received: q.Get("received"), Decided: q.Get("decided"), Outcome: q.Get("outcome"), Age: q.Get("age"), Reviewed: q.Get("reviewed"), Rated: q.Get("rated")}
}

// readPlace reads where in the list the page stands.
func readPlace(q url.Values) requests.Place {
	return requests.Place{After: q.Get("after"), Before: q.Get("before")}
}

// values are the parts of an address that the filter stands for, empty ones left out.
func values(f requests.Filter) url.Values {
	out := url.Values{}
	for name, value := range map[string]string{"q": f.Text, "scope": f.Scope, "state": string(f.State), "service": f.Service, "office": f.Office, "sector": f.Sector,
		"country": f.Country, "assignee": f.Assignee, "due": f.Due, "city": f.City, "sort": f.Sort,
		"channel":  string(f.Channel),
		"received": f.Received, "decided": f.Decided, "outcome": f.Outcome, "age": f.Age, "reviewed": f.Reviewed, "rated": f.Rated} {
		if value != "" {
			out.Set(name, value)
		}
	}
	if f.Overdue {
		out.Set("overdue", "1")
	}
	return out
}

// query is the list's query: the filter and the place in it, and nothing else of an address.
func query(f requests.Filter, at requests.Place) string {
	out := values(f)
	if at.After != "" {
		out.Set("after", at.After)
	}
	if at.Before != "" {
		out.Set("before", at.Before)
	}
	return out.Encode()
}

// readQuery reads a list's query that another address carries; what is none gives the list
// without a filter.
func readQuery(text string) (requests.Filter, requests.Place) {
	q, err := url.ParseQuery(text)
	if err != nil {
		return requests.Filter{}, requests.Place{}
	}
	return readFilter(q), readPlace(q)
}

// address is the list with a query.
func address(ctx context.Context, query string) string {
	if query == "" {
		return ui.Path(ctx, listPath)
	}
	return ui.Path(ctx, listPath) + "?" + query
}

// with is the list with one part of its filter replaced; the page starts over.
func with(ctx context.Context, f requests.Filter, name, value string) string {
	q := values(f)
	q.Set(name, value)
	if value == "" {
		q.Del(name)
	}
	return address(ctx, q.Encode())
}

// pills are the filters in force, each with the way to be rid of it.
func (v listView) pills(ctx context.Context) []ui.Pill {
	var out []ui.Pill
	add := func(key, name, value string) {
		if value != "" {
			out = append(out, ui.Pill{Label: locale.T(ctx, key), Value: value, Remove: with(ctx, v.Filter, name, "")})
		}
	}
	f := v.Filter
	add("casework.search", "q", f.Text)
	if v.known(f.State) {
		add("casework.state", "state", stateName(ctx, f.State))
	}
	add("casework.service", "service", labelOf(serviceOptions(ctx, v.Services), f.Service))
	add("casework.office", "office", labelOf(officeOptions(ctx, v.Offices), f.Office))
	if f.Sector != "" {
		add("casework.sector", "sector", sectorName(ctx, f.Sector))
	}
	add("casework.country", "country", titleOf(v.Countries, f.Country))
	add("casework.owner", "assignee", v.assigneeName(ctx))
	add("casework.city", "city", f.City)
	add("requests.came_by", "channel", channelName(ctx, f.Channel))
	add("casework.due", "due", dueName(ctx, f.Due))
	figurePills(ctx, f, add)
	if f.Overdue {
		add("casework.due", "overdue", locale.T(ctx, "casework.overdue"))
	}
	if f.Scope == requests.ScopeClosed || f.Scope == requests.ScopeAll {
		add("casework.scope", "scope", locale.T(ctx, "casework.scope."+f.Scope))
	}
	return out
}

// figurePills are the filters by which the figures lead here.
func figurePills(ctx context.Context, f requests.Filter, add func(key, name, value string)) {
	add("casework.received_in", "received", f.Received)
	add("casework.decided_in", "decided", f.Decided)
	add("casework.reviewed_in", "reviewed", f.Reviewed)
	add("casework.age", "age", f.Age)
	add("casework.rated", "rated", f.Rated)
	if slices.Contains(requests.Outcomes(), workflow.State(f.Outcome)) {
		add("figures.outcome", "outcome", stateName(ctx, workflow.State(f.Outcome)))
	}
}

// figureParts are the same filters as parts of the address.
func figureParts(f requests.Filter) (out [][2]string) {
	for _, part := range [][2]string{{"received", f.Received}, {"decided", f.Decided}, {"reviewed", f.Reviewed}, {"age", f.Age}, {"rated", f.Rated}, {"outcome", f.Outcome}} {
		if part[1] != "" {
			out = append(out, part)
		}
	}
	return out
}

func titleOf(list []requests.Choice, code string) string {
	for _, c := range list {
		if c.Code == code {
			return c.Title
		}
	}
	return code
}

// assigneeName is who the list is narrowed to.
func (v listView) assigneeName(ctx context.Context) string {
	switch v.Filter.Assignee {
	case "":
		return ""
	case requests.Me:
		return locale.T(ctx, "casework.me")
	case requests.Nobody:
		return locale.T(ctx, "casework.nobody")
	}
	for _, o := range v.Officers {
		if o.PublicID == v.Filter.Assignee {
			return o.Name
		}
	}
	return locale.T(ctx, "casework.somebody")
}

// dueName says by when: "in 7 days at the latest", or the day.
func dueName(ctx context.Context, due string) string {
	if days, ok := strings.CutSuffix(due, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil {
			return locale.T(ctx, "casework.due_within", "Count", n)
		}
	}
	if day, err := time.Parse(time.DateOnly, due); err == nil {
		return locale.T(ctx, "casework.due_by", "Day", locale.Date(ctx, day))
	}
	return due
}
