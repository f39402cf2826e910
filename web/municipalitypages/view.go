package municipalitypages

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// maxText is how many characters of a search are looked at.
const maxText = 200

// readFilter reads the filter from the address.
func readFilter(r *http.Request) municipalities.Filter {
	q := r.URL.Query()
	text := page.Tidy(q.Get("q"))
	if runes := []rune(text); len(runes) > maxText {
		text = string(runes[:maxText])
	}
	return municipalities.Filter{Text: text, Country: strings.ToUpper(q.Get("country")), Region: q.Get("region"),
		Band: q.Get("population"), Field: q.Get("field")}
}

func readPlace(r *http.Request) municipalities.Place {
	q := r.URL.Query()
	return municipalities.Place{After: q.Get("after"), Before: q.Get("before")}
}

// query is the filter as it stands in an address.
func query(f municipalities.Filter) url.Values {
	out := url.Values{}
	for name, value := range map[string]string{"q": f.Text, "country": f.Country, "region": f.Region, "population": f.Band, "field": f.Field} {
		if value != "" {
			out.Set(name, value)
		}
	}
	return out
}

// address is a page of the directory with a filter, and more name, value pairs.
func address(ctx context.Context, path string, f municipalities.Filter, more ...string) string {
	q := query(f)
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return ui.Path(ctx, path)
	}
	return ui.Path(ctx, path) + "?" + q.Encode()
}

// listView is the directory, as a list or on the map.
type listView struct {
	Path    string
	Filter  municipalities.Filter
	At      municipalities.Place
	Listing municipalities.Listing
}

// bar is the filter with what is in force and how many it leaves.
func (v listView) bar(ctx context.Context) ui.FilterBar {
	return ui.FilterBar{
		Action: ui.Path(ctx, v.Path), Label: locale.T(ctx, "municipalities.filter"), Submit: locale.T(ctx, "municipalities.show"),
		Count: v.count(ctx), Pills: v.pills(ctx), Clear: ui.Path(ctx, v.Path), Live: "list",
	}
}

func (v listView) count(ctx context.Context) string {
	if v.Listing.Capped {
		return locale.T(ctx, "municipalities.count_more", "Number", locale.Number(ctx, int64(v.Listing.Count)))
	}
	return locale.T(ctx, "municipalities.count", "Count", v.Listing.Count)
}

func (v listView) pills(ctx context.Context) []ui.Pill {
	var out []ui.Pill
	add := func(value, label, shown string, without municipalities.Filter) {
		if value != "" {
			out = append(out, ui.Pill{Label: locale.T(ctx, label), Value: cmp.Or(shown, value), Remove: address(ctx, v.Path, without)})
		}
	}
	f := v.Filter
	without := f
	without.Text = ""
	add(f.Text, "municipalities.name", f.Text, without)
	without = f
	without.Country, without.Region = "", ""
	add(f.Country, "municipalities.country", titleOf(v.Listing.Countries, f.Country), without)
	without = f
	without.Region = ""
	add(f.Region, "municipalities.region", titleOf(v.Listing.Regions, f.Region), without)
	without = f
	without.Band = ""
	add(f.Band, "municipalities.population", bandTitle(ctx, f.Band), without)
	without = f
	without.Field = ""
	add(f.Field, "municipalities.field", titleOf(v.Listing.Fields, f.Field), without)
	return out
}

// prev and next lead on; empty at the ends.
func (v listView) prev(ctx context.Context) string {
	if v.Listing.Prev == "" {
		return ""
	}
	return address(ctx, v.Path, v.Filter, "before", v.Listing.Prev)
}

func (v listView) next(ctx context.Context) string {
	if v.Listing.Next == "" {
		return ""
	}
	return address(ctx, v.Path, v.Filter, "after", v.Listing.Next)
}

func titleOf(choices []municipalities.Choice, code string) string {
	for _, c := range choices {
		if c.Code == code {
			return c.Title
		}
	}
	return ""
}

func options(choices []municipalities.Choice) []ui.Option {
	out := make([]ui.Option, len(choices))
	for i, c := range choices {
		out[i] = ui.Option{Value: c.Code, Label: c.Title}
	}
	return out
}

func bandOptions(ctx context.Context) []ui.Option {
	bands := municipalities.Bands()
	out := make([]ui.Option, 0, len(bands))
	for _, b := range append(bands[1:], bands[0]) {
		out = append(out, ui.Option{Value: b.Code, Label: bandTitle(ctx, b.Code)})
	}
	return out
}

// bandTitle is a band in words; empty where there is none of that code.
func bandTitle(ctx context.Context, code string) string {
	for _, b := range municipalities.Bands() {
		switch {
		case b.Code != code:
		case b.From == 0 && b.To == 0:
			return locale.T(ctx, "municipalities.band_unknown")
		case b.From == 0:
			return locale.T(ctx, "municipalities.band_under", "Number", locale.Number(ctx, b.To))
		case b.To == 0:
			return locale.T(ctx, "municipalities.band_over", "Number", locale.Number(ctx, b.From))
		default:
			return locale.Number(ctx, b.From) + "–" + locale.Number(ctx, b.To)
		}
	}
	return ""
}

// population is the number with its year; empty where nobody counted.
func population(ctx context.Context, n *int64, year *int) string {
	if n == nil || year == nil {
		return ""
	}
	return locale.T(ctx, "municipalities.population_year", "Number", locale.Number(ctx, *n), "Year", *year)
}

// profileView is a municipality's page.
type profileView struct {
	municipalities.Profile
	Projects []Tie
	Sisters  []Tie
	About    About
	There    time.Time // now, on the municipality's clock
}

// zone sets the clock; a zone that this machine does not know leaves it unset.
func (v *profileView) zone(now time.Time) {
	if zone := page.Zone(v.Zone); zone != nil {
		v.There = now.In(zone)
	}
}

// scriptNames are the names of one script.
type scriptNames struct {
	Script string
	Names  []municipalities.Name
}

// shownNames is how many names of a script are shown at once.
const shownNames = 5

// byScript groups the names by script, the script of the official name first.
func (v profileView) byScript() []scriptNames {
	var out []scriptNames
	for _, n := range v.Names {
		at := slices.IndexFunc(out, func(g scriptNames) bool { return g.Script == n.Script })
		if at < 0 {
			at = len(out)
			out = append(out, scriptNames{Script: n.Script})
		}
		out[at].Names = append(out[at].Names, n)
	}
	return out
}

// first are the names of a script that are shown at once, and rest the others.
func (g scriptNames) first() []municipalities.Name { return g.Names[:min(shownNames, len(g.Names))] }
func (g scriptNames) rest() []municipalities.Name  { return g.Names[len(g.first()):] }

// langTag is the lang attribute of a name: its language, or its script alone, which tells
// a screen reader at least how to spell it.
func langTag(n municipalities.Name) string {
	if n.Lang == "und" {
		return "und-" + n.Script
	}
	return n.Lang
}
