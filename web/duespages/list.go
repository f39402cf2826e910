package duespages

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// listView is a page of assessments under its filter, with what is late above it.
type listView struct {
	dues.Listing
	Filter  dues.Filter
	Arrears dues.Arrears
	From    int64 // number of the first row, for the reader's eyes
	Today   time.Time
	May     bool
	Export  bool
	Done    string
}

func readFilter(q url.Values) dues.Filter {
	f := dues.Filter{Text: page.Tidy(q.Get("q")), Country: q.Get("country"), Currency: q.Get("currency")}
	if year, err := strconv.Atoi(q.Get("year")); err == nil && year >= 1990 && year <= 2200 { // what is no year filters nothing
		f.Year = year
	}
	if s := q.Get("state"); slices.Contains(dues.States(), s) {
		f.State = s
	}
	if a := dues.Age(q.Get("age")); slices.Contains(dues.Ages(), a) {
		f.Age = a
	}
	return f
}

func values(f dues.Filter) url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Year != 0 {
		q.Set("year", strconv.Itoa(f.Year))
	}
	set("q", f.Text)
	set("state", f.State)
	set("age", string(f.Age))
	set("country", f.Country)
	set("currency", f.Currency)
	return q
}

func address(ctx context.Context, path string, q url.Values) string {
	if len(q) == 0 {
		return ui.Path(ctx, path)
	}
	return ui.Path(ctx, path) + "?" + q.Encode()
}

// with is the list with one part of its filter replaced; the page starts over.
func with(ctx context.Context, f dues.Filter, name, value string) string {
	q := values(f)
	q.Set(name, value)
	if value == "" {
		q.Del(name)
	}
	return address(ctx, deskPath, q)
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	q, actor := r.URL.Query(), page.Actor(r)
	v := listView{Filter: readFilter(q), Today: h.today(), May: actor.Can(identity.EditDues), Export: actor.Can(identity.ExportRecords), Done: done(r)}
	if n, err := strconv.Atoi(q.Get("reminded")); err == nil && n > 0 {
		v.Done = locale.T(r.Context(), "dues.reminded_many", "Count", n)
	}
	v.From = 1
	if n, err := strconv.ParseInt(q.Get("n"), 10, 64); err == nil && n > 0 {
		v.From = n
	}
	var err error
	if v.Listing, err = h.dues.List(r.Context(), actor, page.Lang(r), v.Filter, dues.Place{After: q.Get("after"), Before: q.Get("before")}); err != nil {
		return err
	}
	if page.Fragment(r) {
		return page.Show(w, r, http.StatusOK, results(v))
	}
	if v.Arrears, err = h.dues.Arrears(r.Context(), actor); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, listPage(v))
}

// bar is the filter with its pills.
func (v listView) bar(ctx context.Context) ui.FilterBar {
	return ui.FilterBar{ID: "dues-filter", Action: ui.Path(ctx, deskPath), Label: locale.T(ctx, "dues.filter"), Count: locale.T(ctx, "dues.count", "Count", v.Count),
		Pills: v.pills(ctx), Clear: ui.Path(ctx, deskPath), Live: "rows"}
}

func (v listView) pills(ctx context.Context) []ui.Pill {
	var out []ui.Pill
	add := func(key, name, value string) {
		if value != "" {
			out = append(out, ui.Pill{Label: locale.T(ctx, key), Value: value, Remove: with(ctx, v.Filter, name, "")})
		}
	}
	add("dues.search", "q", v.Filter.Text)
	if v.Filter.Year != 0 {
		add("dues.year", "year", yearText(v.Filter.Year))
	}
	if v.Filter.State != "" {
		add("dues.state_label", "state", locale.T(ctx, "dues.filter."+v.Filter.State))
	}
	if v.Filter.Age != "" {
		add("dues.age_label", "age", ageName(ctx, v.Filter.Age))
	}
	for _, c := range v.Countries {
		if c.Code == v.Filter.Country {
			add("dues.country", "country", c.Title)
		}
	}
	add("dues.currency", "currency", v.Filter.Currency)
	return out
}

func (v listView) pager(ctx context.Context) ui.Pager {
	rows := int64(len(v.Rows))
	p := ui.Pager{From: v.From, To: v.From + rows - 1, Total: int64(v.Count)}
	step := func(name, cursor string, from int64) string {
		if cursor == "" {
			return ""
		}
		q := values(v.Filter)
		q.Set(name, cursor)
		q.Set("n", strconv.FormatInt(from, 10))
		return address(ctx, deskPath, q)
	}
	p.Next = step("after", v.Next, v.From+rows)
	p.Prev = step("before", v.Prev, max(1, v.From-dues.PageSize))
	return p
}

func (v listView) file(ctx context.Context, kind string) string {
	return address(ctx, deskPath+"."+kind, values(v.Filter))
}

// ageCount is how many assessments an age has.
func (v listView) ageCount(age dues.Age) (n int) {
	for _, s := range v.Arrears.Ages[age] {
		n += s.Count
	}
	return n
}

func stateOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, s := range dues.States() {
		out = append(out, ui.Option{Value: s, Label: locale.T(ctx, "dues.filter."+s)})
	}
	return out
}

func ageOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, a := range dues.Ages() {
		out = append(out, ui.Option{Value: string(a), Label: ageName(ctx, a)})
	}
	return out
}

func yearOptions(years []int) []ui.Option {
	var out []ui.Option
	for _, y := range years {
		out = append(out, ui.Option{Value: yearText(y), Label: yearText(y)})
	}
	return out
}

func countryOptions(list []dues.Choice) []ui.Option {
	var out []ui.Option
	for _, c := range list {
		out = append(out, ui.Option{Value: c.Code, Label: c.Title})
	}
	return out
}

// listFile sends exactly the assessments that the filter leaves.
func (h *Handler) listFile(format export.Format) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return page.Download(w, r, assessmentsTable(r.Context(), h.today()), format, func(each func(dues.Assessment) error) error {
			return h.dues.Each(r.Context(), page.Actor(r), page.Lang(r), readFilter(r.URL.Query()), each)
		})
	}
}

// assessmentsTable names its columns as data files do; the explanation is in the reader's words.
func assessmentsTable(ctx context.Context, today time.Time) export.Table[dues.Assessment] {
	type row = dues.Assessment
	return export.Table[row]{Name: "dues", Columns: []export.Column[row]{
		{Name: "reference", Value: func(a row) string { return a.Reference }},
		{Name: "year", Kind: export.Number, Value: func(a row) string { return yearText(a.Year) }},
		{Name: "municipality", Value: func(a row) string { return a.OrgTitle }},
		{Name: "country_code", Value: func(a row) string { return a.Country }},
		{Name: "amount", Kind: export.Number, Value: func(a row) string { return a.Amount.String() }},
		{Name: "currency", Value: func(a row) string { return a.Currency }},
		{Name: "paid", Kind: export.Number, Value: func(a row) string { return a.Paid.String() }},
		{Name: "waived", Kind: export.Number, Value: func(a row) string { return a.Waived.String() }},
		{Name: "open", Kind: export.Number, Value: func(a row) string { return a.Open.String() }},
		{Name: "due_on", Kind: export.Day, Value: func(a row) string { return export.Date(a.DueOn) }},
		{Name: "days_late", Kind: export.Number, Value: func(a row) string { return strconv.Itoa(a.DaysLate(today)) }},
		{Name: "issued_on", Kind: export.Day, Value: func(a row) string { return export.Date(a.IssuedAt) }},
		{Name: "base_amount", Kind: export.Number, Value: func(a row) string { return a.Base.String() }},
		{Name: "base_currency", Value: func(a row) string { return a.BaseCurrency }},
		{Name: "explanation", Value: func(a row) string { return dues.Explain(ctx, a.Parts) }},
	}}
}

// remindView is whom a reminder to many would reach.
type remindView struct {
	dues.Reminding
	Filter  dues.Filter
	Refused string
	Once    string
}

func (h *Handler) toRemind(w http.ResponseWriter, r *http.Request) error {
	return h.showReminding(w, r, http.StatusOK, readFilter(r.URL.Query()), "")
}

func (h *Handler) showReminding(w http.ResponseWriter, r *http.Request, status int, f dues.Filter, refused string) error {
	v := remindView{Filter: f, Refused: refused, Once: page.OnceKey()}
	var err error
	if v.Reminding, err = h.dues.ToRemind(r.Context(), page.Actor(r), f); err != nil {
		return err
	}
	return page.Show(w, r, status, remindPage(v))
}

func (h *Handler) remindAll(w http.ResponseWriter, r *http.Request) error {
	q, err := url.ParseQuery(r.PostFormValue("in"))
	if err != nil {
		q = url.Values{}
	}
	f := readFilter(q)
	n, err := h.dues.RemindAll(r.Context(), page.Actor(r), f)
	if apperr.Is(err, apperr.Conflict) {
		return h.showReminding(w, r, http.StatusConflict, f, page.Message(r, err))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "%s?reminded=%d", deskPath, n)
}

// remindLink leads to a reminder to all that the filter leaves, or to all that is late.
func remindLink(ctx context.Context, v listView) ui.Link {
	if !v.May {
		return ui.Link{}
	}
	f := v.Filter
	if f.State != dues.Late && f.Age == "" {
		f = dues.Filter{State: dues.Late}
	}
	return ui.Link{Label: locale.T(ctx, "dues.remind_these"), Href: address(ctx, deskPath+"/remind", values(f))}
}
