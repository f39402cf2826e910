package duespages

import (
	"context"
	"net/http"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// rulesView is a year's rules as they are edited.
type rulesView struct {
	Year    int
	Form    rulesForm
	Rows    []ruleRow // the rules as fields; what is edited as text has none
	AsText  bool
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
	Act      string `form:"act"` // of the page's own buttons: add, up-2, down-2, remove-2, text, fields
	Add      string `form:"add_rule"`
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
	v.asFields(page.Lang(r))
	return page.Show(w, r, http.StatusOK, rulesPage(v))
}

// asFields shows the rules of the text as fields. Where something is wrong with a line, it
// stays text that says so: nothing of it is lost.
func (v *rulesView) asFields(lang locale.Lang) {
	lines, faults := dues.ParseLines(v.Form.Text)
	if v.AsText = len(faults) > 0; v.AsText {
		v.Lines = faults
		return
	}
	v.Rows = rowsOf(lines, lang)
}

// act does what a button of the page asks for, without storing anything.
func (v *rulesView) act(lang locale.Lang) {
	switch v.Form.Act {
	case "text":
		v.AsText = true
	case "fields":
		v.asFields(lang)
	default:
		v.Rows = rearrange(v.Rows, v.Form.Act, v.Form.Add)
	}
}

// take reads the rules that were sent, as fields or as text.
func (v *rulesView) take(r *http.Request) error {
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	var fields bool
	if v.Rows, fields = readRows(r.PostForm); !fields {
		v.AsText = true
		return nil
	}
	v.Form.Text = dues.Rules{Lines: linesOf(v.Rows, page.Lang(r))}.Text()
	return nil
}

// faultsAt are the faults of the rule at i; its card names it already.
func (v rulesView) faultsAt(i int) (out []dues.LineFault) {
	for _, f := range v.Lines {
		if f.Line == i+1 {
			out = append(out, dues.LineFault{Key: f.Key, Args: f.Args})
		}
	}
	return out
}

// general are the faults of the rules as a whole.
func (v rulesView) general() []dues.LineFault { return v.faultsAt(-1) }

// path is the page's address, with the place on it where it is to be opened.
func (v rulesView) path(ctx context.Context, place string) string {
	return ui.Path(ctx, yearsPath+"/"+yearText(v.Year)+"/rules") + place
}

// at is the address with the rule at i in view: after a button the page comes anew.
func (v rulesView) at(ctx context.Context, i int) string {
	return v.path(ctx, "#"+rowName(max(0, i), "rule"))
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
	if err := v.take(r); err != nil {
		return err
	}
	if v.Form.Act != "" {
		v.act(page.Lang(r))
		return page.Show(w, r, http.StatusOK, rulesPage(v))
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
