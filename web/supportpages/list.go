package supportpages

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/supports"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

type listView struct {
	supports.Listing
	Filter supports.Filter
	Today  time.Time
	Export bool
}

func readFilter(q url.Values) supports.Filter {
	f := supports.Filter{After: q.Get("after")}
	for _, k := range supports.Kinds() {
		if q.Get("kind") == string(k) {
			f.Kind = k
		}
	}
	if due := q.Get("due"); due == supports.DueReport || due == supports.DuePayment {
		f.Due = due
	}
	return f
}

// query is a filter as the end of an address.
func query(f supports.Filter) string {
	q := url.Values{}
	for name, value := range map[string]string{"kind": string(f.Kind), "due": f.Due, "after": f.After} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// with is the address of the list with a filter changed, from its first page on.
func (v listView) with(ctx context.Context, ending string, change func(f *supports.Filter)) string {
	f := v.Filter
	f.After = ""
	if change != nil {
		change(&f)
	}
	return ui.Path(ctx, deskPath+ending) + query(f)
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	v := listView{Filter: readFilter(r.URL.Query()), Today: h.supports.Today(), Export: page.Actor(r).Can(identity.ExportRecords)}
	var err error
	if v.Listing, err = h.supports.List(r.Context(), page.Actor(r), v.Filter); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, listPage(v))
}

func (v listView) bar(ctx context.Context) ui.FilterBar {
	bar := ui.FilterBar{Action: ui.Path(ctx, deskPath), Label: locale.T(ctx, "supports.filter"), Clear: ui.Path(ctx, deskPath)}
	if v.Filter.Kind != "" {
		bar.Pills = append(bar.Pills, ui.Pill{Label: locale.T(ctx, "supports.kind"), Value: kindName(ctx, v.Filter.Kind),
			Remove: v.with(ctx, "", func(f *supports.Filter) { f.Kind = "" })})
	}
	if v.Filter.Due != "" {
		bar.Pills = append(bar.Pills, ui.Pill{Label: locale.T(ctx, "supports.due"), Value: locale.T(ctx, "supports.due."+v.Filter.Due),
			Remove: v.with(ctx, "", func(f *supports.Filter) { f.Due = "" })})
	}
	return bar
}

func dueOptions(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: supports.DueReport, Label: locale.T(ctx, "supports.due."+supports.DueReport)},
		{Value: supports.DuePayment, Label: locale.T(ctx, "supports.due."+supports.DuePayment)}}
}

// state says what is next about a support: a late report, a late payment, a day to come.
func state(ctx context.Context, x supports.Support, today time.Time) ui.StatusChip {
	switch {
	case x.LateReport(today):
		return ui.StatusChip{Tone: ui.StatusLate, Label: locale.T(ctx, "supports.report_is_late")}
	case x.LatePayment(today):
		return ui.StatusChip{Tone: ui.StatusLate, Label: locale.T(ctx, "supports.payment_is_late")}
	case x.NextPay != nil && (x.NextReport == nil || !x.NextReport.Before(*x.NextPay)):
		return ui.StatusChip{Tone: ui.StatusWork, Label: locale.T(ctx, "supports.pays_on", "Day", locale.ShortDate(ctx, *x.NextPay))}
	case x.NextReport != nil:
		return ui.StatusChip{Tone: ui.StatusWait, Label: locale.T(ctx, "supports.reports_on", "Day", locale.ShortDate(ctx, *x.NextReport))}
	}
	return ui.StatusChip{Tone: ui.StatusClosed, Label: locale.T(ctx, "supports.nothing_due")}
}

// sums are the money of a list, one currency a line.
func sums(ctx context.Context, list []supports.Sum) []ui.SummaryRow {
	var out []ui.SummaryRow
	for _, s := range list {
		out = append(out, ui.SummaryRow{Label: s.Currency,
			Value: locale.T(ctx, "supports.sum", "Granted", locale.Money(ctx, s.Granted, s.Currency), "Paid", locale.Money(ctx, s.Paid, s.Currency))})
	}
	return out
}

func (h *Handler) listFile(format export.Format) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return page.Download(w, r, table(r.Context()), format, func(each func(supports.Support) error) error {
			return h.supports.Each(r.Context(), page.Actor(r), readFilter(r.URL.Query()), each)
		})
	}
}

// table is the register as a file.
func table(ctx context.Context) export.Table[supports.Support] {
	type row = supports.Support
	text := func(key string, value func(row) string) export.Column[row] {
		return export.Column[row]{Name: locale.T(ctx, key), Value: value}
	}
	day := func(key string, value func(row) *time.Time) export.Column[row] {
		return export.Column[row]{Name: locale.T(ctx, key), Kind: export.Day, Value: func(x row) string {
			if t := value(x); t != nil {
				return export.Date(*t)
			}
			return ""
		}}
	}
	return export.Table[row]{Name: "supports", Columns: []export.Column[row]{
		text("supports.request", func(x row) string { return x.Reference }),
		text("supports.title_label", func(x row) string { return x.Title }),
		text("supports.city", func(x row) string { return x.OrgName }),
		text("supports.kind", func(x row) string { return kindName(ctx, x.Kind) }),
		{Name: locale.T(ctx, "supports.amount"), Kind: export.Number, Value: func(x row) string { return x.Amount }},
		text("supports.currency", func(x row) string { return x.Currency }),
		{Name: locale.T(ctx, "supports.paid"), Kind: export.Number, Value: paid},
		text("supports.decision", func(x row) string { return x.DecisionNo }),
		day("supports.granted_on", func(x row) *time.Time { return &x.GrantedOn }),
		day("supports.next_payment", func(x row) *time.Time { return x.NextPay }),
		day("supports.next_report", func(x row) *time.Time { return x.NextReport }),
	}}
}

// paid is what was paid of money; nothing where no money was granted.
func paid(x supports.Support) string {
	if x.Amount == "" {
		return ""
	}
	return x.Paid
}

// ownView is a municipality's supports.
type ownView struct {
	supports.Listing
	Org   string
	Today time.Time
}

func (v ownView) path(ctx context.Context, below string) string {
	return ui.Path(ctx, "/m/"+v.Org+"/supports"+below)
}

func (h *Handler) own(w http.ResponseWriter, r *http.Request) error {
	v := ownView{Org: chi.URLParam(r, "org"), Today: h.supports.Today()}
	var err error
	if v.Listing, err = h.supports.List(r.Context(), page.Actor(r), supports.Filter{After: r.URL.Query().Get("after")}); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, ownPage(v))
}
