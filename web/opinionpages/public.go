package opinionpages

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/opinions"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// maxText is how many characters of a search are looked at.
const maxText = 200

// listView is one page of the precedents.
type listView struct {
	opinions.Listing
	Filter opinions.Filter
}

// readFilter reads the filter from the address; what is none of our words counts as nothing.
func readFilter(r *http.Request) opinions.Filter {
	q := r.URL.Query()
	f := opinions.Filter{Text: short(q.Get("q")), Law: short(q.Get("law")), Country: strings.ToUpper(q.Get("country"))}
	if topic := q.Get("topic"); slices.Contains(opinions.Topics(), topic) {
		f.Topic = topic
	}
	if year, err := strconv.Atoi(q.Get("year")); err == nil && year > 1900 && year < 2200 {
		f.Year = year
	}
	return f
}

func short(text string) string {
	text = page.Tidy(text)
	if runes := []rune(text); len(runes) > maxText {
		text = string(runes[:maxText])
	}
	return text
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	v := listView{Filter: readFilter(r)}
	q := r.URL.Query()
	var err error
	v.Listing, err = h.opinions.Precedents(r.Context(), identity.Anyone(), page.Lang(r), v.Filter, q.Get("after"), q.Get("before"))
	if err != nil {
		return err
	}
	if page.Fragment(r) {
		return page.Show(w, r, http.StatusOK, results(v))
	}
	return page.Show(w, r, http.StatusOK, listPage(v))
}

// address is the list with a filter, and more name, value pairs.
func address(ctx context.Context, f opinions.Filter, more ...string) string {
	q := url.Values{}
	year := ""
	if f.Year != 0 {
		year = strconv.Itoa(f.Year)
	}
	for name, value := range map[string]string{"q": f.Text, "topic": f.Topic, "law": f.Law, "country": f.Country, "year": year} {
		if value != "" {
			q.Set(name, value)
		}
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return ui.Path(ctx, publicPath)
	}
	return ui.Path(ctx, publicPath) + "?" + q.Encode()
}

func (v listView) bar(ctx context.Context) ui.FilterBar {
	return ui.FilterBar{Action: ui.Path(ctx, publicPath), Label: locale.T(ctx, "opinions.filter"), Submit: locale.T(ctx, "opinions.show"),
		Count: v.count(ctx), Pills: v.pills(ctx), Clear: ui.Path(ctx, publicPath), Live: "list"}
}

func (v listView) count(ctx context.Context) string {
	if v.Capped {
		return locale.T(ctx, "opinions.count_more", "Number", locale.Number(ctx, int64(v.Count)))
	}
	return locale.T(ctx, "opinions.count", "Count", v.Count)
}

func (v listView) pills(ctx context.Context) []ui.Pill {
	var out []ui.Pill
	add := func(label, shown string, clear func(*opinions.Filter)) {
		if shown == "" {
			return
		}
		without := v.Filter
		clear(&without)
		out = append(out, ui.Pill{Label: locale.T(ctx, label), Value: shown, Remove: address(ctx, without)})
	}
	year := ""
	if v.Filter.Year != 0 {
		year = strconv.Itoa(v.Filter.Year)
	}
	add("opinions.search", v.Filter.Text, func(f *opinions.Filter) { f.Text = "" })
	add("opinions.topic", topicName(ctx, v.Filter.Topic), func(f *opinions.Filter) { f.Topic = "" })
	add("opinions.law", v.Filter.Law, func(f *opinions.Filter) { f.Law = "" })
	add("opinions.country", v.country(), func(f *opinions.Filter) { f.Country = "" })
	add("opinions.year", year, func(f *opinions.Filter) { f.Year = 0 })
	return out
}

// country is the chosen country's name, its code where the list does not know it.
func (v listView) country() string {
	for _, c := range v.Countries {
		if c.Code == v.Filter.Country {
			return c.Title
		}
	}
	return v.Filter.Country
}

func (v listView) countryOptions() []ui.Option {
	var out []ui.Option
	for _, c := range v.Countries {
		out = append(out, ui.Option{Value: c.Code, Label: c.Title})
	}
	return out
}

func (v listView) yearOptions() []ui.Option {
	var out []ui.Option
	for _, year := range v.Years {
		out = append(out, ui.Option{Value: strconv.Itoa(year), Label: strconv.Itoa(year)})
	}
	return out
}

func (v listView) chosenYear() string {
	if v.Filter.Year == 0 {
		return ""
	}
	return strconv.Itoa(v.Filter.Year)
}

func (v listView) prev(ctx context.Context) string {
	if v.Prev == "" {
		return ""
	}
	return address(ctx, v.Filter, "before", v.Prev)
}

func (v listView) next(ctx context.Context) string {
	if v.Next == "" {
		return ""
	}
	return address(ctx, v.Filter, "after", v.Next)
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.opinions.Sheet(r.Context(), identity.Anyone(), page.Lang(r), chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, showPage(v))
}

// citation is how to cite a precedent.
func citation(ctx context.Context, p opinions.Precedent) string {
	return locale.T(ctx, "opinions.citation", "Union", unionName(ctx), "Number", p.Reference, "Title", p.Title, "Day", locale.Date(ctx, p.GivenOn),
		"Address", ui.ShellOf(ctx).BaseURL+ui.Path(ctx, p.Path()))
}

func unionName(ctx context.Context) string {
	return ui.ShellOf(ctx).Union.Name[locale.Of(ctx).Lang]
}

var tones = map[string]ui.Tone{opinions.InForce: ui.StatusDone, opinions.Superseded: ui.StatusClosed, opinions.Withdrawn: ui.StatusStop}

func chip(ctx context.Context, state string) ui.StatusChip {
	return ui.StatusChip{Tone: tones[state], Label: locale.T(ctx, "opinions.state."+state)}
}

// facts are what is known of a precedent beside its text.
func facts(ctx context.Context, p opinions.Precedent) []ui.SummaryRow {
	rows := []ui.SummaryRow{{Label: locale.T(ctx, "opinions.number"), Value: p.Reference}, {Label: locale.T(ctx, "opinions.given_on"), Value: locale.Date(ctx, p.GivenOn)},
		{Label: locale.T(ctx, "opinions.topic"), Value: topicName(ctx, p.Topic)}}
	if p.CountryName != "" {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "opinions.country"), Value: p.CountryName})
	}
	return append(rows, ui.SummaryRow{Label: locale.T(ctx, "opinions.language"), Value: locale.LanguageName(ctx, p.Lang)})
}
