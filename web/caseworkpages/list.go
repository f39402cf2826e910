package caseworkpages

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// listView is the list under its filter.
type listView struct {
	requests.Listing
	Filter requests.Filter
	At     requests.Place
	From   int64 // number of the first row, as the reader counts them
	Now    time.Time
	Open   string // public identifier of the record in the panel
	May    bool   // assign and share views
	Export bool
	Bulk   *requests.Bulk // what was just done to many
	Lost   string         // words of the query language that mean nothing
	Faults page.Faults    // of what was sent from the list
	View   viewForm
	Sizes  []int // of the saved views
	Actor  identity.Actor
	Zone   *time.Location // the union's
}

// Query is the list's own query.
func (v listView) Query() string { return query(v.Filter, v.At) }

func (v listView) known(s workflow.State) bool { return slices.Contains(requests.StaffStates(), s) }

// Narrow reports whether anything but the order is asked for.
func (v listView) Narrow() bool {
	f := v.Filter
	f.Sort = ""
	return f != requests.Filter{}
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	f := readFilter(r.URL.Query())
	g, unknown, err := h.requests.Understand(r.Context(), page.Actor(r), page.Lang(r), f)
	if err != nil {
		return err
	}
	if g != f {
		http.Redirect(w, r, address(r.Context(), query(g, requests.Place{})), http.StatusSeeOther)
		return nil
	}
	v, err := h.read(r, f, readPlace(r.URL.Query()))
	if err != nil {
		return err
	}
	v.Lost = strings.Join(unknown, " ")
	if err := h.told(r, &v); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, listPage(v))
}

// read reads the list under a filter.
func (h *Handler) read(r *http.Request, f requests.Filter, at requests.Place) (listView, error) {
	actor := page.Actor(r)
	v := listView{Filter: f, At: at, Now: h.now(), Actor: actor, Zone: h.zone, May: actor.Can(identity.HandleRequests), Export: actor.Can(identity.ExportRecords)}
	v.From = 1
	if n, err := strconv.ParseInt(r.URL.Query().Get("n"), 10, 32); err == nil && n > 0 && at != (requests.Place{}) {
		v.From = n
	}
	var err error
	if v.Listing, err = h.requests.List(r.Context(), actor, page.Lang(r), f, at); err != nil {
		return v, err
	}
	filters := make([]requests.Filter, len(v.Views))
	for i, saved := range v.Views {
		filters[i], _ = readQuery(saved.Query)
	}
	v.Sizes, err = h.requests.Sizes(r.Context(), actor, page.Lang(r), filters[:min(len(filters), maxSized)])
	return v, err
}

// maxSized is how many saved views are counted on a page.
const maxSized = 12

// told reads what the page shall say of what was just done.
func (h *Handler) told(r *http.Request, v *listView) error {
	q := r.URL.Query()
	if id := q.Get("bulk"); id != "" {
		bulk, err := h.requests.BulkOf(r.Context(), page.Actor(r), id)
		if apperr.Is(err, apperr.NotFound) {
			return nil // an old address says nothing
		}
		if err != nil {
			return err
		}
		v.Bulk = &bulk
	}
	return nil
}

// views are the standing views as tabs, then the saved ones.
func (v listView) tabs(ctx context.Context) []ui.Link {
	standing := func(key string, f requests.Filter, count int) ui.Link {
		return ui.Link{Label: locale.T(ctx, key), Href: address(ctx, values(f).Encode()), Count: int64(count),
			Current: values(f).Encode() == values(v.Filter).Encode()}
	}
	c := v.Counts
	out := []ui.Link{
		standing("casework.view_open", requests.Filter{}, c.Open),
		standing("casework.view_mine", requests.Filter{Assignee: requests.Me}, c.Mine),
		standing("casework.view_overdue", requests.Filter{Overdue: true}, c.Overdue),
		standing("casework.view_nobody", requests.Filter{Assignee: requests.Nobody}, c.Nobody),
		standing("casework.view_closed", requests.Filter{Scope: requests.ScopeClosed}, 0),
	}
	for i, saved := range v.Views {
		f, _ := readQuery(saved.Query)
		link := ui.Link{Label: saved.Name, Href: address(ctx, values(f).Encode()), Current: values(f).Encode() == values(v.Filter).Encode()}
		if i < len(v.Sizes) && v.Sizes[i] > 0 {
			link.Count, link.Capped = int64(min(v.Sizes[i], requests.MaxSize)), v.Sizes[i] > requests.MaxSize
		}
		out = append(out, link)
	}
	return out
}

// saved is the saved view that the page shows now; nil where it shows none.
func (v listView) saved() *requests.View {
	for i, view := range v.Views {
		if f, _ := readQuery(view.Query); values(f).Encode() == values(v.Filter).Encode() {
			return &v.Views[i]
		}
	}
	return nil
}

// bar is the filter with its pills.
func (v listView) bar(ctx context.Context) ui.FilterBar {
	return ui.FilterBar{Action: ui.Path(ctx, listPath), Label: locale.T(ctx, "casework.filter"), Count: v.count(ctx),
		Pills: v.pills(ctx), Clear: ui.Path(ctx, listPath)}
}

// count says how many rows the filter leaves.
func (v listView) count(ctx context.Context) string {
	if v.Capped {
		return locale.T(ctx, "casework.count_capped", "N", locale.Number(ctx, int64(v.Count)))
	}
	return locale.T(ctx, "casework.count", "Count", v.Count)
}

// sorted is a column head that orders the list.
func (v listView) sorted(ctx context.Context, label, sort, direction string) ui.Column {
	c := ui.Column{Label: locale.T(ctx, label), Href: with(ctx, v.Filter, "sort", sort)}
	now := v.Filter.Sort
	if now == "" && v.Filter.Scope != requests.ScopeClosed && v.Filter.Scope != requests.ScopeAll && !requests.Over(v.Filter.State) {
		now = requests.SortDue
	}
	if now == sort {
		c.Sort = direction
	}
	return c
}

// heads are the columns that the reader chose, behind the number and the subject.
func (v listView) heads(ctx context.Context) []ui.Column {
	out := []ui.Column{v.sorted(ctx, "casework.reference", requests.SortNewest, "descending"), {Label: locale.T(ctx, "casework.subject")}}
	for i, name := range v.Columns {
		c := ui.Column{Label: locale.T(ctx, columnKey(name)), Number: name == "cost", Roomy: roomy(name, i, len(v.Columns))}
		switch name {
		case "due":
			c = v.sorted(ctx, columnKey(name), requests.SortDue, "ascending")
		case "changed":
			c = v.sorted(ctx, columnKey(name), requests.SortChanged, "descending")
		}
		out = append(out, c)
	}
	return out
}

// roomy are the columns that leave when the table is narrow: the service, and what stands
// behind the usual number of columns.
func roomy(name string, at, of int) bool {
	return name == "service" || name != "due" && name != "state" && at >= 4 && of > 5
}

// columnKey is what a column is called.
func columnKey(name string) string {
	switch name {
	case "received":
		return "casework.arrived"
	case "changed":
		return "workbench.changed"
	}
	return "casework." + name
}

func (v listView) columnChoices(ctx context.Context) []ui.Choice {
	var out []ui.Choice
	for _, name := range requests.Columns() {
		out = append(out, ui.Choice{Value: name, Label: locale.T(ctx, columnKey(name))})
	}
	return out
}

// record is where a row leads: its record beside the list.
func (v listView) record(ctx context.Context, publicID string) string {
	return ui.Path(ctx, listPath+"/"+publicID) + "?beside=" + url.QueryEscape(v.Query()) + "#panel"
}

// pager counts the rows; a list by keyset does not know how many stand before a page, so
// the address carries it for the reader's eyes.
func (v listView) pager(ctx context.Context) ui.Pager {
	rows := int64(len(v.Rows))
	p := ui.Pager{From: v.From, To: v.From + rows - 1, Total: int64(v.Count), Capped: v.Capped}
	if v.Next != "" {
		p.Next = address(ctx, query(v.Filter, requests.Place{After: v.Next})) + "&n=" + strconv.FormatInt(v.From+rows, 10)
	}
	if v.Prev != "" {
		p.Prev = address(ctx, query(v.Filter, requests.Place{Before: v.Prev})) + "&n=" + strconv.FormatInt(max(1, v.From-requests.PageSize), 10)
	}
	return p
}

// pick is what a row's box carries: the request and the version that its reader saw.
func pick(row requests.Row) string { return row.PublicID + ":" + strconv.Itoa(row.Version) }

// caption names the table to the ear: which rows, in which order.
func (v listView) caption(ctx context.Context) string {
	switch {
	case v.Filter.Sort == requests.SortChanged:
		return locale.T(ctx, "workbench.caption_changed")
	case v.sorted(ctx, "casework.due", requests.SortDue, "ascending").Sort != "":
		return locale.T(ctx, "casework.caption_due")
	}
	return locale.T(ctx, "casework.caption_newest")
}

// allName offers to pick all that match, where that is more than the page and not too many.
func (v listView) allName() string {
	if v.Capped || v.Count > requests.MaxBulk || v.Count <= len(v.Rows) {
		return ""
	}
	return "all"
}

// dueWords say how far the date is: "in 2 days", "3 days late".
func dueWords(ctx context.Context, r requests.Row, now time.Time) string {
	if !r.Late(now) {
		return locale.Relative(ctx, *r.DueAt)
	}
	if days := locale.DaysLate(ctx, *r.DueAt); days > 0 {
		return locale.T(ctx, "casework.days_late", "Count", days)
	}
	return locale.T(ctx, "casework.late")
}

// file is the list as a file of exactly its rows.
func (v listView) file(ctx context.Context, kind string) string {
	out := ui.Path(ctx, listPath+"."+kind)
	if q := values(v.Filter).Encode(); q != "" {
		out += "?" + q
	}
	return out
}

// words are what a plain column says of a row.
func (v listView) words(ctx context.Context, r requests.Row, column string) string {
	switch column {
	case "service":
		return r.Flow().Title.In(locale.Of(ctx).Lang)
	case "office":
		return labelOf(officeOptions(ctx, v.Offices), r.Office)
	case "country":
		return r.Country
	case "sector":
		return sectorName(ctx, r.Sector)
	case "cost":
		if r.Cost != nil && r.Currency != nil {
			return locale.Money(ctx, *r.Cost, *r.Currency)
		}
	case "received":
		return locale.ShortDate(ctx, clock.Own(ctx, r.SubmittedAt))
	}
	return ""
}
