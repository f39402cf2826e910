package duespages

import (
	"context"
	"net/http"
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

type yearsView struct {
	Years  []dues.Year
	May    bool
	New    string // the year that was typed
	Faults page.Faults
}

func (h *Handler) years(w http.ResponseWriter, r *http.Request) error {
	return h.showYears(w, r, http.StatusOK, yearText(h.today().Year()+1), nil)
}

func (h *Handler) showYears(w http.ResponseWriter, r *http.Request, status int, typed string, faults page.Faults) error {
	v := yearsView{May: page.Actor(r).Can(identity.EditDues), New: typed, Faults: faults}
	var err error
	if v.Years, err = h.dues.Years(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	return page.Show(w, r, status, yearsPage(v))
}

// newYear leads to the rules of a year; nothing is stored before they are.
func (h *Handler) newYear(w http.ResponseWriter, r *http.Request) error {
	text := page.Tidy(r.PostFormValue("year"))
	year, err := strconv.Atoi(text)
	if err != nil || year < 1990 || year > 2200 {
		return h.showYears(w, r, http.StatusUnprocessableEntity, text, page.Faults{"year": locale.T(r.Context(), "dues.fault.year")})
	}
	return page.Redirect(w, r, "%s/%d/rules", yearsPath, year)
}

// linesShown is how many lines of a dry run a page has.
const linesShown = 25

// yearView is a year's rules, in words, and what they would do.
type yearView struct {
	dues.DryRun
	Shown   []dues.Computed
	Faulty  []dues.Computed // the first of those that cannot be computed
	Query   string
	From    int
	Found   int
	Run     *dues.Run
	Untold  int // assessments that their members were not written to about
	May     bool
	Export  bool
	Once    string
	Done    string
	Refused string
}

// maxFaulty is how many lines that cannot be computed are named.
const maxFaulty = 20

func (h *Handler) year(w http.ResponseWriter, r *http.Request) error {
	return h.showYear(w, r, http.StatusOK, "")
}

func (h *Handler) showYear(w http.ResponseWriter, r *http.Request, status int, refused string) error {
	year, err := yearOf(r)
	if err != nil {
		return err
	}
	ctx, actor, q := r.Context(), page.Actor(r), r.URL.Query()
	v := yearView{May: actor.Can(identity.EditDues), Export: actor.Can(identity.ExportRecords), Once: page.OnceKey(), Done: done(r), Refused: refused, Query: page.Tidy(q.Get("q"))}
	if v.DryRun, err = h.dues.DryRun(ctx, actor, page.Lang(r), year); err != nil {
		if apperr.Is(err, apperr.NotFound) && v.May {
			return page.Redirect(w, r, "%s/%d/rules", yearsPath, year)
		}
		return err
	}
	if v.Run, err = h.dues.UnderWay(ctx, actor, year); err != nil {
		return err
	}
	if v.Untold, err = h.dues.Untold(ctx, actor, year); err != nil {
		return err
	}
	from, _ := strconv.Atoi(q.Get("from")) // what is no number begins at the first
	v.cut(from)
	return page.Show(w, r, status, yearPage(v))
}

// cut takes the lines that the page shows.
func (v *yearView) cut(from int) {
	list := v.Lines
	for _, line := range v.Lines {
		if line.Fault != "" && len(v.Faulty) < maxFaulty {
			v.Faulty = append(v.Faulty, line)
		}
	}
	if v.Query != "" {
		list = slices.DeleteFunc(slices.Clone(list), func(c dues.Computed) bool { return !matches(c, v.Query) })
	}
	v.Found = len(list)
	v.From = max(0, min(from, len(list)/linesShown*linesShown))
	v.Shown = list[v.From:min(len(list), v.From+linesShown)]
}

func (v yearView) path(ctx context.Context, below string) string {
	return ui.Path(ctx, yearsPath+"/"+yearText(v.Rules.Year)+below)
}

func (v yearView) pager(ctx context.Context) ui.Pager {
	p := ui.Pager{From: int64(v.From + 1), To: int64(v.From + len(v.Shown)), Total: int64(v.Found)}
	at := func(from int) string {
		q := "?from=" + strconv.Itoa(from)
		if v.Query != "" {
			q += "&" + queryOf("q", v.Query)
		}
		return v.path(ctx, q) + "#lines"
	}
	if v.From > 0 {
		p.Prev = at(max(0, v.From-linesShown))
	}
	if v.From+len(v.Shown) < v.Found {
		p.Next = at(v.From + linesShown)
	}
	return p
}

// totals are the figures of a dry run.
func (v yearView) totals(ctx context.Context) []ui.Figure {
	t := v.Totals
	items := []ui.Figure{{Label: locale.T(ctx, "dues.members"), Value: locale.Number(ctx, int64(t.Members))},
		{Label: locale.T(ctx, "dues.in_all"), Value: money(ctx, t.Base, v.Rules.Currency)}}
	for _, s := range t.Sums {
		if len(t.Sums) > 1 {
			items = append(items, ui.Figure{Label: locale.T(ctx, "dues.members_of", "Count", s.Count), Value: money(ctx, s.Amount, s.Currency)})
		}
	}
	if t.Issued > 0 {
		items = append(items, ui.Figure{Label: locale.T(ctx, "dues.issued_already"), Value: locale.Number(ctx, int64(t.Issued))})
	}
	return items
}

// left is how many assessments issuing would add.
func (v yearView) left() int {
	n := 0
	for _, line := range v.Lines {
		if !line.Issued && line.Fault == "" && line.Amount > 0 && line.Base > 0 {
			n++
		}
	}
	return n
}

// issue starts the run, and shows how far it comes.
func (h *Handler) issue(w http.ResponseWriter, r *http.Request) error {
	year, err := yearOf(r)
	if err != nil {
		return err
	}
	version, err := page.Version(r)
	if err != nil {
		return err
	}
	run, err := h.dues.Issue(r.Context(), page.Actor(r), year, version)
	if apperr.Is(err, apperr.Conflict) {
		return h.showYear(w, r, http.StatusConflict, page.Message(r, err))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "%s/runs/%s", deskPath, run)
}

// announce writes to the members about what was issued.
func (h *Handler) announce(w http.ResponseWriter, r *http.Request) error {
	year, err := yearOf(r)
	if err != nil {
		return err
	}
	_, err = h.dues.Announce(r.Context(), page.Actor(r), year)
	if apperr.Is(err, apperr.Conflict) {
		return h.showYear(w, r, http.StatusConflict, page.Message(r, err))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "%s/%d?done=announced", yearsPath, year)
}

// run is how far the issuing has come; a part of the page asks for itself again.
func (h *Handler) run(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "run")
	if err != nil {
		return err
	}
	run, err := h.dues.Run(r.Context(), page.Actor(r), id)
	if err != nil {
		return err
	}
	if page.Fragment(r) {
		return page.Show(w, r, http.StatusOK, runState(run))
	}
	return page.Show(w, r, http.StatusOK, runPage(run))
}

func runProgress(ctx context.Context, run dues.Run) ui.Progress {
	p := ui.Progress{ID: "run", Label: locale.T(ctx, "dues.run_label", "Year", yearText(run.Year)), Value: run.Percent(),
		Text: locale.T(ctx, "dues.run_text", "Done", locale.Number(ctx, int64(run.Done)), "Total", locale.Number(ctx, int64(run.Total)), "Count", run.Issued)}
	if run.State != "done" {
		p.Poll = ui.Path(ctx, deskPath+"/runs/"+run.PublicID)
	}
	return p
}

// rulesView is a year's rules as they are edited.
type rulesView struct {
	Year    int
	Form    rulesForm
	Faults  page.Faults
	Lines   []dues.LineFault
	Tried   *dues.DryRun // what the lines would do, where it was asked
	Refused string
	Theirs  *dues.Rules // what somebody stored meanwhile
}

type rulesForm struct {
	Version  int    `form:"version"`
	Currency string `form:"currency"`
	DueOn    string `form:"due_on"`
	RatesOn  string `form:"rates_on"`
	Text     string `form:"lines"`
	Note     string `form:"note"`
	Try      string `form:"try"`
}

// example is what a first set of rules begins with: it stands in docs/dues.md too.
const example = `{"rule":"members","for":{"kinds":["full","associate"],"standings":["active"]}}
{"rule":"band_group","bands":[{"below":50000,"amounts":{"high":"600","upper_middle":"400","lower_middle":"250","low":"150"}},{"below":250000,"amounts":{"high":"1500","upper_middle":"1000","lower_middle":"600","low":"350"}},{"amounts":{"high":"5000","upper_middle":"3500","lower_middle":"2000","low":"1200"}}]}
{"rule":"flat","amount":"300"}
{"rule":"prorata","by":"month"}
`

func (h *Handler) editRules(w http.ResponseWriter, r *http.Request) error {
	year, err := yearOf(r)
	if err != nil {
		return err
	}
	v := rulesView{Year: year}
	rules, err := h.dues.Rules(r.Context(), page.Actor(r), year)
	switch {
	case apperr.Is(err, apperr.NotFound):
		v.Form = rulesForm{Currency: "EUR", DueOn: "30.06." + yearText(year), RatesOn: "02.01." + yearText(year), Text: example}
		if before, err := h.dues.Rules(r.Context(), page.Actor(r), year-1); err == nil { // a new year begins with the old one's rules
			v.Form.Text, v.Form.Currency, v.Form.DueOn = before.Text(), before.Currency, shown(before.DueOn.AddDate(1, 0, 0))
		}
	case err != nil:
		return err
	default:
		v.Form = rulesForm{Version: rules.Version, Currency: rules.Currency, DueOn: shown(rules.DueOn), RatesOn: shown(rules.RatesOn), Text: rules.Text(), Note: ""}
	}
	return page.Show(w, r, http.StatusOK, rulesPage(v))
}

func (f rulesForm) input(year int) dues.RulesInput {
	return dues.RulesInput{Year: year, Version: f.Version, Currency: f.Currency, DueOn: readDay(f.DueOn), RatesOn: readDay(f.RatesOn), Text: f.Text, Note: f.Note}
}

func (h *Handler) saveRules(w http.ResponseWriter, r *http.Request) error {
	year, err := yearOf(r)
	if err != nil {
		return err
	}
	v := rulesView{Year: year}
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	if v.Form.Try != "" {
		return h.tryRules(w, r, v)
	}
	v.Lines, err = h.dues.SaveRules(r.Context(), page.Actor(r), v.Form.input(year))
	if err == nil {
		return page.Redirect(w, r, "%s/%d?done=rules", yearsPath, year)
	}
	if apperr.Is(err, apperr.Conflict) {
		return h.rulesConflict(w, r, v, err)
	}
	var invalid bool
	if v.Faults, invalid = page.FaultsOf(r, err); !invalid {
		return err
	}
	return page.Show(w, r, http.StatusUnprocessableEntity, rulesPage(v))
}

// rulesConflict shows what a colleague stored beside what was typed; saving again replaces it.
func (h *Handler) rulesConflict(w http.ResponseWriter, r *http.Request, v rulesView, err error) error {
	theirs, failure := h.dues.Rules(r.Context(), page.Actor(r), v.Year)
	if failure != nil {
		return failure
	}
	v.Refused, v.Theirs, v.Form.Version = page.Message(r, err), &theirs, theirs.Version
	return page.Show(w, r, http.StatusConflict, rulesPage(v))
}

// tryRules computes what the lines on the page would do, and stores nothing.
func (h *Handler) tryRules(w http.ResponseWriter, r *http.Request, v rulesView) error {
	lines, faults := dues.ParseLines(v.Form.Text)
	in := v.Form.input(v.Year)
	if v.Lines = faults; len(faults) > 0 || !dues.Currency(in.Currency) {
		v.Faults = page.Faults{"lines": locale.T(r.Context(), "dues.fault.some")}
		return page.Show(w, r, http.StatusUnprocessableEntity, rulesPage(v))
	}
	if in.RatesOn.IsZero() {
		in.RatesOn = time.Date(v.Year, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	run, err := h.dues.Try(r.Context(), page.Actor(r), page.Lang(r), dues.Rules{Year: v.Year, Currency: in.Currency, DueOn: in.DueOn, RatesOn: in.RatesOn, Lines: lines})
	if err != nil {
		return err
	}
	v.Tried = &run
	return page.Show(w, r, http.StatusOK, rulesPage(v))
}

// dryRunFile sends every line of a dry run.
func (h *Handler) dryRunFile(format export.Format) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		year, err := yearOf(r)
		if err != nil {
			return err
		}
		if err := page.Actor(r).May(identity.ExportRecords); err != nil {
			return err
		}
		run, err := h.dues.DryRun(r.Context(), page.Actor(r), page.Lang(r), year)
		if err != nil {
			return err
		}
		return page.Download(w, r, dryRunTable(r.Context(), year), format, func(each func(dues.Computed) error) error {
			for _, line := range run.Lines {
				if err := each(line); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func dryRunTable(ctx context.Context, year int) export.Table[dues.Computed] {
	type row = dues.Computed
	amount := func(c row, a dues.Amount) string {
		if c.Fault != "" {
			return ""
		}
		return a.String()
	}
	return export.Table[row]{Name: "dues-" + yearText(year) + "-dry-run", Columns: []export.Column[row]{
		{Name: "municipality", Value: func(c row) string { return c.Title }},
		{Name: "country_code", Value: func(c row) string { return c.Country }},
		{Name: "kind", Value: func(c row) string { return c.Kind }},
		{Name: "population", Kind: export.Number, Value: func(c row) string { return export.Integer(&c.Population) }},
		{Name: "income_group", Value: func(c row) string { return c.Group }},
		{Name: "amount", Kind: export.Number, Value: func(c row) string { return amount(c, c.Amount) }},
		{Name: "currency", Value: func(c row) string { return c.Currency }},
		{Name: "base_amount", Kind: export.Number, Value: func(c row) string { return amount(c, c.Base) }},
		{Name: "base_currency", Value: func(c row) string { return c.BaseCurrency }},
		{Name: "explanation", Value: func(c row) string { return why(ctx, c) }},
		{Name: "issued", Value: func(c row) string { return strconv.FormatBool(c.Issued) }},
	}}
}

// why explains a line of a dry run, or says what is missing.
func why(ctx context.Context, c dues.Computed) string {
	if c.Fault != "" {
		return locale.T(ctx, c.Fault)
	}
	return dues.Explain(ctx, c.Parts)
}
