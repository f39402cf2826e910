package formpages

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// overview is what is done and what is left of a form.
type overview struct {
	Record
	Route  forms.Route
	States []state // of the route's pages
	Faults []forms.Fault
	Tried  bool // somebody wanted to send it as it is
	Print  bool
}

func (f *Form) overview(r *http.Request) (overview, error) {
	rec, err := f.record(r)
	return rec.overview(today(r.Context())), err
}

func (rec Record) overview(day time.Time) overview {
	v := overview{Record: rec, Route: rec.Submission.Definition.Path(rec.Submission.Answers)}
	for _, s := range v.Route {
		v.States = append(v.States, rec.state(s, day))
	}
	v.Faults = rec.Submission.Definition.Check(rec.Submission.Answers, day)
	return v
}

func (f *Form) tasks(w http.ResponseWriter, r *http.Request) error {
	v, err := f.overview(r)
	if err != nil {
		return err
	}
	if !v.Open {
		return page.Redirect(w, r, "%s", v.Home)
	}
	return page.Show(w, r, http.StatusOK, tasksPage(v))
}

func (f *Form) check(w http.ResponseWriter, r *http.Request) error {
	v, err := f.overview(r)
	if err != nil {
		return err
	}
	if !v.Open {
		return page.Redirect(w, r, "%s", v.Home)
	}
	return page.Show(w, r, http.StatusOK, checkPage(v))
}

func (f *Form) print(w http.ResponseWriter, r *http.Request) error {
	v, err := f.overview(r)
	if err != nil {
		return err
	}
	v.Print = true
	return page.Show(w, r, http.StatusOK, printPage(v))
}

// Incomplete draws the checked answers with all that is still missing, for the area that was
// asked to send them; show it with 422.
func (rec Record) Incomplete(ctx context.Context) templ.Component {
	v := rec.overview(today(ctx))
	v.Tried = true
	return checkPage(v)
}

// Progress is how many of the pages to come are done, for lists of drafts.
func (rec Record) Progress(ctx context.Context) (ready, all int) {
	v := rec.overview(today(ctx))
	return v.ready(), len(v.Route)
}

func (v overview) ready() (n int) {
	for _, s := range v.States {
		if s == done {
			n++
		}
	}
	return n
}

// complete reports whether nothing keeps the answers from being sent.
func (v overview) complete() bool { return len(v.Faults) == 0 }

// onwards is where to go on: the first page that is not done, else the check.
func (v overview) onwards(ctx context.Context) string {
	i := slices.IndexFunc(v.States, func(s state) bool { return s != done })
	if i < 0 {
		return v.at(ctx, "check")
	}
	return v.at(ctx, v.Route[i].Page.Key)
}

// part is one section of the form with its pages.
type part struct {
	Title string
	Items []ui.Task
}

func (v overview) parts(ctx context.Context) []part {
	var out []part
	last := -1
	for i, s := range v.Route {
		if s.Section != last {
			last = s.Section
			out = append(out, part{Title: v.Submission.Definition.Sections[last].Title.Text(locale.Of(ctx).Lang)})
		}
		task := ui.Task{Label: s.Page.Title.Text(locale.Of(ctx).Lang), Href: v.at(ctx, s.Page.Key)}
		task.Tone, task.Status = v.States[i].words(ctx)
		p := &out[len(out)-1]
		p.Items = append(p.Items, task)
	}
	return out
}

func (s state) words(ctx context.Context) (ui.Tone, string) {
	switch s {
	case done:
		return ui.StatusDone, locale.T(ctx, "formpages.state_done")
	case unread:
		return ui.StatusReady, locale.T(ctx, "formpages.state_unread")
	case begun:
		return ui.StatusWork, locale.T(ctx, "formpages.state_begun")
	}
	return ui.StatusPlain, locale.T(ctx, "formpages.state_untouched")
}

// last is the end of the list: the check, once there is something to check.
func (v overview) last(ctx context.Context) ui.Task {
	task := ui.Task{Label: locale.T(ctx, "formpages.check_title"), Hint: locale.T(ctx, "formpages.cannot_check"),
		Tone: ui.StatusClosed, Status: locale.T(ctx, "formpages.state_later")}
	if v.complete() {
		task.Href, task.Hint, task.Tone, task.Status = v.at(ctx, "check"), "", ui.StatusReady, locale.T(ctx, "formpages.state_ready")
	}
	return task
}

// links lead from each answer to its question and to its files.
func (v overview) links(ctx context.Context) Links {
	to := Links{File: func(id string) string { return ui.Path(ctx, v.Files+"/"+id) }}
	if v.Open && !v.Print {
		to.Change = func(key string) string { return v.at(ctx, key) + "?from=" + fromCheck }
	}
	return to
}

// missing lists what keeps the answers from being sent, each with the way to it.
func (v overview) missing(ctx context.Context) ui.ErrorSummary {
	out := ui.ErrorSummary{Title: locale.T(ctx, "formpages.missing", "Count", len(v.Faults))}
	for _, fault := range v.Faults {
		i := slices.IndexFunc(v.Route, func(s forms.Step) bool {
			return slices.ContainsFunc(s.Fields, func(f forms.Field) bool { return f.Key == fault.Field })
		})
		if i >= 0 {
			href := v.at(ctx, v.Route[i].Page.Key) + "?from=" + fromCheck + "#" + fault.ID()
			out.Errors = append(out.Errors, ui.FieldError{Field: fault.ID(), Message: located(ctx, fault), Href: href})
		}
	}
	return out
}

// savedLine says when the draft was last saved.
func (v overview) savedLine(ctx context.Context) string {
	if at := v.savedAt(ctx); at != "" {
		return locale.T(ctx, "ui.saved_at", "Time", at)
	}
	return ""
}

// standing says on paper what the answers are: sent, or a draft of a moment.
func (v overview) standing(ctx context.Context) string {
	if at := v.Submission.SubmittedAt; at != nil {
		return locale.T(ctx, "formpages.sent_at", "When", locale.DateTime(ctx, locale.Own(ctx, *at)))
	}
	return locale.T(ctx, "formpages.draft_of", "When", locale.DateTime(ctx, today(ctx)))
}

// out is where the paper view leads back to.
func (v overview) out(ctx context.Context) string {
	if v.Open {
		return v.at(ctx, "check")
	}
	return ui.Path(ctx, v.Home)
}
