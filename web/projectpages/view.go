package projectpages

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/projects"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// maxText is how many characters of a search are looked at.
const maxText = 200

// readFilter reads the filter from the address; what is none of our words counts as nothing.
func readFilter(r *http.Request) projects.Filter {
	q := r.URL.Query()
	text := page.Tidy(q.Get("q"))
	if runes := []rune(text); len(runes) > maxText {
		text = string(runes[:maxText])
	}
	f := projects.Filter{Text: text, Country: strings.ToUpper(q.Get("country"))}
	if s := q.Get("sector"); slices.Contains(projects.Sectors(), s) {
		f.Sector = s
	}
	if k := q.Get("kind"); slices.Contains(projects.Kinds(), k) {
		f.Kind = k
	}
	if s := workflow.State(q.Get("state")); slices.Contains(projects.States(), s) {
		f.State = s
	}
	return f
}

func readPlace(r *http.Request) projects.Place {
	q := r.URL.Query()
	return projects.Place{After: q.Get("after"), Before: q.Get("before")}
}

// query is the filter as it stands in an address.
func query(f projects.Filter) url.Values {
	out := url.Values{}
	for name, value := range map[string]string{"q": f.Text, "country": f.Country, "sector": f.Sector, "kind": f.Kind, "state": string(f.State)} {
		if value != "" {
			out.Set(name, value)
		}
	}
	return out
}

// address is a page of the list with a filter, and more name, value pairs.
func address(ctx context.Context, path string, f projects.Filter, more ...string) string {
	q := query(f)
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return ui.Path(ctx, path)
	}
	return ui.Path(ctx, path) + "?" + q.Encode()
}

// listView is the list of projects, as rows or on the map, for the public or for staff.
type listView struct {
	Path    string
	Filter  projects.Filter
	Listing projects.Listing
}

// record is where a line leads.
func (v listView) record(ctx context.Context, line projects.Line) string {
	if v.Path == deskPath {
		return ui.Path(ctx, deskPath+"/"+line.PublicID)
	}
	return ui.Path(ctx, publicPath+"/"+line.Text.Slug)
}

func (v listView) bar(ctx context.Context) ui.FilterBar {
	return ui.FilterBar{Action: ui.Path(ctx, v.Path), Label: locale.T(ctx, "projects.filter"), Submit: locale.T(ctx, "projects.show"),
		Count: v.count(ctx), Pills: v.pills(ctx), Clear: ui.Path(ctx, v.Path), Live: "list"}
}

func (v listView) count(ctx context.Context) string {
	if v.Listing.Capped {
		return locale.T(ctx, "projects.count_more", "Number", locale.Number(ctx, int64(v.Listing.Count)))
	}
	return locale.T(ctx, "projects.count", "Count", v.Listing.Count)
}

func (v listView) pills(ctx context.Context) []ui.Pill {
	var out []ui.Pill
	add := func(label, shown string, without projects.Filter) {
		if shown != "" {
			out = append(out, ui.Pill{Label: locale.T(ctx, label), Value: shown, Remove: address(ctx, v.Path, without)})
		}
	}
	f := v.Filter
	without := f
	without.Text = ""
	add("projects.search", f.Text, without)
	without = f
	without.Country = ""
	add("projects.country", v.countryTitle(), without)
	without = f
	without.Sector = ""
	add("projects.sector", sectorName(ctx, f.Sector), without)
	without = f
	without.Kind = ""
	add("projects.kind", kindName(ctx, f.Kind), without)
	without = f
	without.State = ""
	add("projects.state", stateName(ctx, f.State), without)
	return out
}

func (v listView) countryTitle() string {
	for _, c := range v.Listing.Countries {
		if c.Code == v.Filter.Country {
			return c.Title
		}
	}
	return v.Filter.Country
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

func stateName(ctx context.Context, s workflow.State) string {
	if s == "" {
		return ""
	}
	return locale.T(ctx, "projects.state."+string(s))
}

func sectorName(ctx context.Context, sector string) string {
	if sector == "" {
		return ""
	}
	return locale.T(ctx, "requests.sector."+sector)
}

func kindName(ctx context.Context, kind string) string {
	if kind == "" {
		return ""
	}
	return locale.T(ctx, "requests.kind."+kind)
}

// tones are the shapes of the states.
var tones = map[workflow.State]ui.Tone{
	projects.Approved: ui.StatusReady, projects.Procurement: ui.StatusWork, projects.Implementation: ui.StatusWork,
	projects.Suspended: ui.StatusWait, projects.Handover: ui.StatusReady, projects.Closed: ui.StatusDone, projects.Cancelled: ui.StatusStop,
}

func chip(ctx context.Context, s workflow.State) ui.StatusChip {
	return ui.StatusChip{Tone: tones[s], Label: stateName(ctx, s)}
}

func countryOptions(list []projects.Choice) []ui.Option {
	out := make([]ui.Option, len(list))
	for i, c := range list {
		out[i] = ui.Option{Value: c.Code, Label: c.Title}
	}
	return out
}

func options(values []string, name func(string) string) []ui.Option {
	out := make([]ui.Option, len(values))
	for i, v := range values {
		out[i] = ui.Option{Value: v, Label: name(v)}
	}
	return out
}

// stateOptions are the states that a project of the list can be in.
func stateOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, s := range projects.States() {
		out = append(out, ui.Option{Value: string(s), Label: stateName(ctx, s)})
	}
	return out
}

// titleLang is the lang attribute of a text that is not in the page's language.
func titleLang(ctx context.Context, lang string) string {
	if lang == string(locale.Of(ctx).Lang) {
		return ""
	}
	return lang
}

// money is a project's cost with its currency; empty where it is not known.
func money(ctx context.Context, p *projects.Project) string {
	if p.Cost == "" {
		return ""
	}
	return locale.Money(ctx, p.Cost, p.Currency)
}
