package duespages

import (
	"context"
	"net/http"
	"slices"
	"strconv"

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
