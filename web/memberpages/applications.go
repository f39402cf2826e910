package memberpages

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// applicationsView is the list under its filter.
type applicationsView struct {
	Rows   []membership.Row
	Next   string
	Filter membership.Filter
	Counts map[workflow.State]int
	Open   int
	From   int64 // number of the first row, as the reader counts them
	Export bool
}

func readFilter(r *http.Request) membership.Filter {
	q := r.URL.Query()
	return membership.Filter{State: workflow.State(q.Get("state")), All: q.Get("all") == "1", After: q.Get("after")}
}

func query(f membership.Filter) string {
	q := url.Values{}
	if f.State != "" {
		q.Set("state", string(f.State))
	}
	if f.All {
		q.Set("all", "1")
	}
	if f.After != "" {
		q.Set("after", f.After)
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

func (h *Handler) applications(w http.ResponseWriter, r *http.Request) error {
	v := applicationsView{Filter: readFilter(r), From: first(r), Export: page.Actor(r).Can(identity.ExportRecords)}
	var err error
	if v.Rows, v.Next, err = h.membership.Applications(r.Context(), page.Actor(r), string(page.Lang(r)), v.Filter); err != nil {
		return err
	}
	if v.Counts, err = h.membership.Counts(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	for _, n := range v.Counts {
		v.Open += n
	}
	return page.Show(w, r, http.StatusOK, applicationsPage(v))
}

// tabs are the standing views of the list.
func (v applicationsView) tabs(ctx context.Context) []ui.Link {
	tab := func(label string, f membership.Filter, count int) ui.Link {
		here := v.Filter
		here.After = ""
		return ui.Link{Label: label, Href: ui.Path(ctx, applicationsPath) + query(f), Count: int64(count), Current: here == f}
	}
	out := []ui.Link{tab(locale.T(ctx, "members.open"), membership.Filter{}, v.Open)}
	for _, s := range []workflow.State{membership.Submitted, membership.Incomplete, membership.ExecutiveBoard, membership.AdministrativeBoard} {
		out = append(out, tab(locale.T(ctx, "membership.state."+string(s)), membership.Filter{State: s}, v.Counts[s]))
	}
	return append(out, tab(locale.T(ctx, "members.all"), membership.Filter{All: true}, 0))
}

func (v applicationsView) pager(ctx context.Context) ui.Pager {
	p := ui.Pager{From: v.From, To: v.From + int64(len(v.Rows)) - 1, Total: -1}
	if v.Next != "" {
		f := v.Filter
		f.After = v.Next
		p.Next = ui.Path(ctx, applicationsPath) + query(f) + "&n=" + strconv.FormatInt(v.From+int64(len(v.Rows)), 10)
	}
	return p
}

func (h *Handler) applicationsFile(format export.Format) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		text := func(name string, value func(membership.Row) string) export.Column[membership.Row] {
			return export.Column[membership.Row]{Name: locale.T(ctx, name), Value: value}
		}
		population := text("membership.page.population", func(x membership.Row) string { return count(x.Population) })
		population.Kind = export.Number
		sent := text("members.sent", func(x membership.Row) string { return export.Time(x.SubmittedAt.In(h.zone)) })
		sent.Kind = export.Instant
		table := export.Table[membership.Row]{Name: "applications", Columns: []export.Column[membership.Row]{
			text("members.reference", func(x membership.Row) string { return x.Reference }),
			text("members.name", func(x membership.Row) string { return x.Name }),
			text("members.country", func(x membership.Row) string { return x.Country }),
			text("members.kind", func(x membership.Row) string { return locale.T(ctx, "membership.kind."+string(x.Kind)) }),
			text("members.state", func(x membership.Row) string { return locale.T(ctx, "membership.state."+string(x.State)) }),
			population, sent,
			text("casework.owner", func(x membership.Row) string { return x.OfficerName }),
		}}
		f := readFilter(r)
		f.After = ""
		return page.Download(w, r, table, format, func(each func(membership.Row) error) error {
			return h.membership.EachApplication(ctx, page.Actor(r), string(page.Lang(r)), f, each)
		})
	}
}

// first is the number of a page's first row: a list by keyset does not know how many stand
// before it, so the address carries it for the reader's eyes.
func first(r *http.Request) int64 {
	if n, err := strconv.ParseInt(r.URL.Query().Get("n"), 10, 32); err == nil && n > 0 {
		return n
	}
	return 1
}

func count(n int64) string {
	if n == 0 {
		return ""
	}
	return export.Integer(&n)
}
