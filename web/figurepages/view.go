package figurepages

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/ui"
)

// path is the page, without the language.
const path = "/desk/figures"

// view is the figures under what is asked.
type view struct {
	requests.Figures
	Period string
	Today  time.Time
	Export bool
}

// Nothing reports whether there is nothing to tell.
func (v view) Nothing() bool { return v.All == requests.Count{} && len(v.Steps) == 0 }

// query is what is asked, as an address says it.
func (v view) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"period": v.Period, "service": v.Service, "office": v.Office} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// at is another page of the same figures.
func (v view) at(ctx context.Context, page string, more ...string) string {
	q := v.query()
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	out := ui.Path(ctx, path+page)
	if len(q) > 0 {
		out += "?" + q.Encode()
	}
	return out
}

// list is the inbox narrowed to what a number counts; parts are names and values.
func (v view) list(ctx context.Context, parts ...string) string {
	q := url.Values{}
	for i, all := 0, append([]string{"service", v.Service, "office", v.Office}, parts...); i+1 < len(all); i += 2 {
		if all[i+1] != "" {
			q.Set(all[i], all[i+1])
		}
	}
	return ui.Path(ctx, "/desk/requests") + "?" + q.Encode()
}

// span is the months as the inbox's language writes them.
func (v view) span() string {
	from, to := v.From.Format("2006-01"), v.To.Format("2006-01")
	if from == to {
		return from
	}
	return from + ".." + to
}

// When says the months in words.
func (v view) When(ctx context.Context) string {
	from, to := locale.Month(ctx, v.From), locale.Month(ctx, v.To)
	if from == to {
		return from
	}
	return locale.T(ctx, "figures.months", "From", from, "To", to)
}

// periods are what can be chosen.
func (v view) periods(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, n := range []int{1, 3, 12, 36} {
		out = append(out, ui.Option{Value: strconv.Itoa(n) + "m", Label: locale.T(ctx, "figures.last", "Count", n)})
	}
	for y := v.Today.Year(); y > v.Today.Year()-4; y-- {
		out = append(out, ui.Option{Value: strconv.Itoa(y), Label: strconv.Itoa(y)})
	}
	return out
}

func (v view) services(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, s := range v.Catalogue {
		if s.Definition != nil {
			out = append(out, ui.Option{Value: s.Code, Label: s.Title.In(locale.Of(ctx).Lang)})
		}
	}
	return out
}

func (v view) offices(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, b := range v.Bureaus {
		out = append(out, ui.Option{Value: b.Code, Label: b.Names.In(locale.Of(ctx).Lang)})
	}
	return out
}

// called is what an option is called; its value where nobody knows it.
func called(list []ui.Option, value string) string {
	for _, o := range list {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}

// step is what a step is called: in the words of the service that is asked about.
func (v view) step(ctx context.Context, state workflow.State) string {
	for _, s := range v.Catalogue {
		if s.Code == v.Service && s.Definition != nil {
			return requests.Label(s.Definition, state, locale.Of(ctx).Lang)
		}
	}
	return requests.Label(nil, state, locale.Of(ctx).Lang)
}

// heads are the four numbers that a reader wants first.
func (v view) heads(ctx context.Context) []ui.Figure {
	c := v.All
	out := []ui.Figure{
		{Label: locale.T(ctx, "figures.received"), Value: locale.Number(ctx, c.Received), Href: v.list(ctx, "received", v.span())},
		{Label: locale.T(ctx, "figures.open"), Value: locale.Number(ctx, c.Still()), Href: v.list(ctx, "scope", "open")},
	}
	rate := ui.Figure{Label: locale.T(ctx, "figures.approval"), Value: "–", Note: locale.T(ctx, "figures.of_decided", "Count", c.Decided())}
	if share, ok := c.ApprovalRate(); ok {
		rate.Value, rate.Href = locale.Percent(ctx, share, 0), v.list(ctx, "decided", v.span())
	}
	stars := ui.Figure{Label: locale.T(ctx, "figures.satisfaction"), Value: "–", Note: locale.T(ctx, "figures.of_ratings", "Count", c.Ratings)}
	if mean, ok := c.Satisfaction(); ok {
		stars.Value, stars.Href = locale.Decimal(ctx, mean, 1), v.list(ctx, "reviewed", v.span())
	}
	return append(out, rate, stars)
}

// ageName says a part of the ages: "8–30 days".
func ageName(ctx context.Context, i int) string {
	edges := requests.AgeEdges
	switch i {
	case 0:
		return locale.T(ctx, "figures.age_upto", "Count", edges[0])
	case len(edges):
		return locale.T(ctx, "figures.age_over", "Count", edges[i-1])
	}
	return locale.T(ctx, "figures.age_between", "From", edges[i-1]+1, "To", edges[i])
}

func (v view) ageBars(ctx context.Context) []ui.Bar {
	var out []ui.Bar
	for i, n := range v.All.Open {
		out = append(out, ui.Bar{Label: ageName(ctx, i), Value: float64(n), Text: locale.Number(ctx, n)})
	}
	return out
}

func (v view) monthBars(ctx context.Context) []ui.Bar {
	var out []ui.Bar
	for i, m := range v.Months {
		month := v.From.AddDate(0, i, 0)
		label := locale.ShortMonth(ctx, month.Month())
		if i == 0 || month.Month() == time.January {
			label += " " + month.Format("06")
		}
		out = append(out, ui.Bar{Label: label, Value: float64(m.Received), Text: locale.Number(ctx, m.Received)})
	}
	return out
}

// outcomeBars are what became of what was decided.
func (v view) outcomeBars(ctx context.Context) []ui.Bar {
	var out []ui.Bar
	for i, n := range []int64{v.All.Approved, v.All.Declined, v.All.Referred} {
		state := requests.Outcomes()[i]
		out = append(out, ui.Bar{Label: requests.Label(nil, state, locale.Of(ctx).Lang), Value: float64(n), Text: locale.Number(ctx, n)})
	}
	return out
}

func (v view) stepBars(ctx context.Context) []ui.Bar {
	var out []ui.Bar
	for _, s := range v.Steps {
		if s.Left > 0 {
			out = append(out, ui.Bar{Label: v.step(ctx, s.State), Value: float64(s.Median), Text: days(ctx, s.Median)})
		}
	}
	return out
}

// days says a number of whole days.
func days(ctx context.Context, n int) string {
	if n == 0 {
		return locale.T(ctx, "figures.under_a_day")
	}
	return locale.T(ctx, "figures.days", "Count", n)
}
