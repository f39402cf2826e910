package letterpages

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/letters"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

type listView struct {
	Rows   []letters.Letter
	Next   string
	Filter letters.Search
	Year   int // of today
	May    bool
	Export bool
	Done   string
}

func readSearch(q url.Values) letters.Search {
	year, err := strconv.Atoi(q.Get("year"))
	if err != nil || year < 1990 || year > 2200 {
		year = 0 // what is no year narrows nothing
	}
	return letters.Search{Text: page.Tidy(q.Get("q")), Kind: letters.Kind(q.Get("kind")), Year: year, After: q.Get("after")}
}

func searchQuery(f letters.Search) string {
	q := url.Values{}
	if f.Kind != "" {
		q.Set("kind", string(f.Kind))
	}
	if f.Text != "" {
		q.Set("q", f.Text)
	}
	if f.Year != 0 {
		q.Set("year", strconv.Itoa(f.Year))
	}
	if f.After != "" {
		q.Set("after", f.After)
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	actor := page.Actor(r)
	v := listView{Filter: readSearch(r.URL.Query()), Year: h.now().In(h.zone).Year(), May: actor.Can(identity.WriteMembers), Export: actor.Can(identity.ExportRecords), Done: done(r)}
	var err error
	if v.Rows, v.Next, err = h.letters.List(r.Context(), actor, v.Filter); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, listPage(v))
}

func (v listView) with(change func(f *letters.Search)) string {
	f := v.Filter
	f.After = ""
	change(&f)
	return searchQuery(f)
}

func (v listView) bar(ctx context.Context) ui.FilterBar {
	bar := ui.FilterBar{Action: ui.Path(ctx, deskPath), Label: locale.T(ctx, "casework.filter"), Clear: ui.Path(ctx, deskPath)}
	if v.Filter.Text != "" {
		bar.Pills = append(bar.Pills, ui.Pill{Label: locale.T(ctx, "letters.number"), Value: v.Filter.Text, Remove: ui.Path(ctx, deskPath) + v.with(func(f *letters.Search) { f.Text = "" })})
	}
	if v.Filter.Kind != "" && locale.Has(locale.Of(ctx).Lang, "letters.kind."+string(v.Filter.Kind)) {
		bar.Pills = append(bar.Pills, ui.Pill{Label: locale.T(ctx, "letters.kind_label"), Value: kindName(ctx, v.Filter.Kind),
			Remove: ui.Path(ctx, deskPath) + v.with(func(f *letters.Search) { f.Kind = "" })})
	}
	if v.Filter.Year != 0 {
		bar.Pills = append(bar.Pills, ui.Pill{Label: locale.T(ctx, "letters.year_label"), Value: strconv.Itoa(v.Filter.Year),
			Remove: ui.Path(ctx, deskPath) + v.with(func(f *letters.Search) { f.Year = 0 })})
	}
	return bar
}

func (v listView) years() []ui.Option {
	var out []ui.Option
	for year := v.Year; year > v.Year-10; year-- {
		out = append(out, ui.Option{Value: strconv.Itoa(year), Label: strconv.Itoa(year)})
	}
	return out
}

func yearValue(f letters.Search) string {
	if f.Year == 0 {
		return ""
	}
	return strconv.Itoa(f.Year)
}

func (h *Handler) listFile(format export.Format) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return page.Download(w, r, table(r.Context()), format, func(each func(letters.Letter) error) error {
			return h.letters.Each(r.Context(), page.Actor(r), readSearch(r.URL.Query()), each)
		})
	}
}

// table is the register of letters as a file.
func table(ctx context.Context) export.Table[letters.Letter] {
	type row = letters.Letter
	text := func(key string, value func(row) string) export.Column[row] {
		return export.Column[row]{Name: locale.T(ctx, key), Value: value}
	}
	return export.Table[row]{Name: "letters", Columns: []export.Column[row]{
		text("letters.number", row.Reference),
		{Name: locale.T(ctx, "letters.issued_on"), Kind: export.Day, Value: func(l row) string { return export.Date(l.IssuedOn) }},
		text("letters.addressee", func(l row) string { return l.OrgName }),
		text("letters.kind_label", func(l row) string { return kindName(ctx, l.Kind) }),
		text("letters.subject", func(l row) string { return l.Title }),
		text("letters.language", func(l row) string { return l.Lang }),
		text("letters.decision", func(l row) string { return l.DecisionNo }),
		text("letters.corrects_label", func(l row) string { return l.Corrects }),
		{Name: locale.T(ctx, "letters.times_served"), Kind: export.Number, Value: func(l row) string { return strconv.Itoa(l.Served) }},
	}}
}

// ownView is a municipality's letters.
type ownView struct {
	Org  string
	Rows []letters.Letter
	Next string
}

func (h *Handler) own(w http.ResponseWriter, r *http.Request) error {
	v := ownView{Org: chi.URLParam(r, "org")}
	var err error
	if v.Rows, v.Next, err = h.letters.List(r.Context(), page.Actor(r), letters.Search{After: r.URL.Query().Get("after")}); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, ownPage(v))
}

func (v ownView) path(ctx context.Context, below string) string {
	return ui.Path(ctx, "/m/"+v.Org+"/letters"+below)
}
