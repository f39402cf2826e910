package formpages

import (
	"context"
	"net/http"
	"sort"
	"strings"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// carriage is the page on which a draft is carried to a newer version of its form.
type carriage struct {
	Record
	forms.Carriage
}

func (f *Form) plan(w http.ResponseWriter, r *http.Request) error {
	rec, err := f.record(r)
	if err != nil {
		return err
	}
	if !rec.Open || !rec.newer() {
		return page.Redirect(w, r, "%s", rec.Path)
	}
	plan, err := f.Plan(r.Context(), page.Actor(r), rec.PublicID)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, carryPage(carriage{rec, plan}))
}

func (f *Form) carry(w http.ResponseWriter, r *http.Request) error {
	rec, err := f.record(r)
	if err != nil {
		return err
	}
	err = f.Carry(r.Context(), page.Actor(r), rec.PublicID)
	if err != nil && !apperr.Is(err, apperr.Conflict) { // a colleague has carried it already
		return err
	}
	return page.Redirect(w, r, "%s", rec.Path)
}

// newer reports whether the form has a newer version than the draft.
func (rec Record) newer() bool {
	return rec.Carries && rec.Open && rec.Submission.Newest > rec.Submission.Definition.Version
}

// Differences are the questions that two versions do not share, of one kind, in words.
func Differences(ctx context.Context, all []forms.Difference, what forms.Change) []ui.SummaryRow {
	var out []ui.SummaryRow
	for _, d := range all {
		if d.What != what {
			continue
		}
		parts := make([]string, len(d.Parts))
		for i, part := range d.Parts {
			parts[i] = locale.T(ctx, "formpages.part."+string(part))
		}
		row := ui.SummaryRow{Label: d.Field.Label.Text(locale.Of(ctx).Lang), Value: strings.Join(parts, ", ")}
		if row.Value == "" {
			row.Value = locale.T(ctx, "formpages.kind."+string(d.Field.Kind))
		}
		out = append(out, row)
	}
	return out
}

// asideRows are answers that a newer version has no place for.
func asideRows(ctx context.Context, all []forms.Aside) []ui.SummaryRow {
	out := make([]ui.SummaryRow, len(all))
	for i, a := range all {
		out[i] = row(ctx, "", a.Field, a.Value, Links{})
	}
	return out
}

// put are the answers that were put aside, with their files.
func (v overview) put(ctx context.Context) []ui.SummaryRow {
	var all []forms.Aside
	for key, a := range v.Submission.Aside {
		a.Value.Files = v.Submission.Answers[key].Files
		if !a.Value.Empty() {
			all = append(all, a)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Field.Key < all[j].Field.Key })
	return asideRows(ctx, all)
}

// helpView is the page on which a city lets the union's staff write in its draft.
type helpView struct {
	Record
	Until string // as typed
	Fault string
}

// helpDays is how long help is offered for, until somebody chooses.
const helpDays = 7

func (f *Form) help(w http.ResponseWriter, r *http.Request) error {
	rec, err := f.record(r)
	if err != nil {
		return err
	}
	if !rec.Open || !rec.MayHelp {
		return page.Redirect(w, r, "%s", rec.Path)
	}
	until := today(r.Context()).AddDate(0, 0, helpDays)
	if rec.Help != nil {
		until = locale.Own(r.Context(), rec.Help.Until)
	}
	return page.Show(w, r, http.StatusOK, helpPage(helpView{Record: rec, Until: shortDay(r.Context(), until)}))
}

// shortDay is a day as it stands in a box.
func shortDay(ctx context.Context, day time.Time) string {
	if locale.Of(ctx).Lang == locale.EN {
		return day.Format("02/01/2006")
	}
	return day.Format("02.01.2006")
}

func (f *Form) letHelp(w http.ResponseWriter, r *http.Request) error {
	rec, err := f.record(r)
	if err != nil {
		return err
	}
	v := helpView{Record: rec, Until: r.PostFormValue("until")}
	iso, ok := forms.ParseDate(v.Until)
	if !ok {
		v.Fault = locale.T(r.Context(), "forms.no_date")
		return page.Show(w, r, http.StatusUnprocessableEntity, helpPage(v))
	}
	day, err := time.ParseInLocation(time.DateOnly, iso, locale.Of(r.Context()).Zone)
	if err != nil {
		return err
	}
	err = f.LetHelp(r.Context(), page.Actor(r), rec.PublicID, day.AddDate(0, 0, 1).Add(-time.Second)) // to the end of the day
	if apperr.Is(err, apperr.Invalid) {
		v.Fault = page.Message(r, err)
		return page.Show(w, r, http.StatusUnprocessableEntity, helpPage(v))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "%s", rec.Path)
}

func (f *Form) endHelp(w http.ResponseWriter, r *http.Request) error {
	rec, err := f.record(r)
	if err != nil {
		return err
	}
	if err := f.EndHelp(r.Context(), page.Actor(r), rec.PublicID); err != nil {
		return err
	}
	return page.Redirect(w, r, "%s", rec.Path)
}
