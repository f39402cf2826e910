package projectpages

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/projects"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

func (h *Handler) deskList(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r, deskPath)
	if err != nil {
		return err
	}
	if page.Fragment(r) {
		return page.Show(w, r, http.StatusOK, results(v))
	}
	return page.Show(w, r, http.StatusOK, deskListPage(v))
}

// recordView is a project as staff see it.
type recordView struct {
	projects.Desk
	Slug    string // of its public page in the reader's language
	Title   string
	May     bool // change it
	Audit   bool
	Done    string
	Refused string
	Move    moveForm
	Faults  page.Faults
}

func (h *Handler) record(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	if what := r.URL.Query().Get("done"); what != "" && locale.Has(page.Lang(r), "projects.done."+what) {
		v.Done = locale.T(r.Context(), "projects.done."+what)
	}
	return page.Show(w, r, http.StatusOK, recordPage(v))
}

func (h *Handler) view(r *http.Request) (recordView, error) {
	publicID, err := page.PublicID(r, "record")
	if err != nil {
		return recordView{}, err
	}
	actor := page.Actor(r)
	v := recordView{May: actor.Can(identity.EditProjects), Audit: actor.Can(identity.ReadAudit)}
	if v.Desk, err = h.projects.Desk(r.Context(), actor, page.Lang(r), publicID); err != nil {
		return v, err
	}
	for _, s := range v.Statuses {
		if s.Source && v.Title == "" || s.Lang == string(page.Lang(r)) {
			v.Title, v.Slug = s.Title, s.Slug
		}
	}
	return v, nil
}

// moveForm leads a project on.
type moveForm struct {
	Move   string `form:"move"`
	Seq    int    `form:"seq"`
	Reason string `form:"reason"`
}

func (h *Handler) move(w http.ResponseWriter, r *http.Request) error {
	var form moveForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	err = h.projects.Move(r.Context(), page.Actor(r), v.PublicID, workflow.In{Move: form.Move, Seq: form.Seq, Reason: form.Reason})
	return h.answer(w, r, v, form, "moved", err)
}

// answer leads back to the record, or says there what stood in the way.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, v recordView, form moveForm, done string, err error) error {
	if err == nil {
		return page.Redirect(w, r, deskPath+"/%s?done=%s", v.PublicID, done)
	}
	status := page.Status(err)
	if status != http.StatusConflict && status != http.StatusUnprocessableEntity {
		return err
	}
	v.Move = form
	if faults, ok := page.FaultsOf(r, err); ok && faults[""] == "" {
		v.Faults = faults
	} else {
		v.Refused = page.Message(r, err)
	}
	return page.Show(w, r, status, recordPage(v))
}

// publishedForm shows or hides a project.
type publishedForm struct {
	Version int  `form:"version"`
	Shown   bool `form:"shown"`
}

func (h *Handler) setPublished(w http.ResponseWriter, r *http.Request) error {
	var form publishedForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	err = h.projects.SetPublished(r.Context(), page.Actor(r), v.PublicID, form.Version, form.Shown)
	return h.answer(w, r, v, moveForm{}, map[bool]string{true: "shown", false: "hidden"}[form.Shown], err)
}

// factsForm is what staff edit beside the texts.
type factsForm struct {
	Version int
	Place   string
	Starts  string
	Ends    string
	Target  map[string]string // by measure, as typed
	Reached map[string]string
}

func (h *Handler) factsOf(r *http.Request, p *projects.Project) factsForm {
	f := factsForm{Version: p.Version, Place: p.Place, Starts: day(r.Context(), p.StartsOn), Ends: day(r.Context(), p.EndsOn),
		Target: map[string]string{}, Reached: map[string]string{}}
	for _, i := range p.Indicators {
		f.Target[i.Name], f.Reached[i.Name] = locale.Decimal(r.Context(), i.Target, 1), locale.Decimal(r.Context(), i.Reached, 1)
	}
	return f
}

// day is how a date stands in a field, so that it can be typed back.
func day(ctx context.Context, t *time.Time) string {
	switch {
	case t == nil:
		return ""
	case locale.Of(ctx).Lang == locale.EN:
		return t.Format("02/01/2006")
	}
	return t.Format("02.01.2006")
}

// readFacts reads the posted form as it was typed.
func readFacts(r *http.Request) (factsForm, error) {
	version, err := page.Version(r)
	f := factsForm{Version: version, Place: page.Tidy(r.PostFormValue("place")), Starts: page.Tidy(r.PostFormValue("starts")),
		Ends: page.Tidy(r.PostFormValue("ends")), Target: map[string]string{}, Reached: map[string]string{}}
	for _, m := range projects.Measures() {
		if typed := page.Tidy(r.PostFormValue("target_" + m)); typed != "" {
			f.Target[m] = typed
		}
		if typed := page.Tidy(r.PostFormValue("reached_" + m)); typed != "" {
			f.Reached[m] = typed
		}
	}
	return f, err
}

// facts makes the input, with the faults of what could not be understood.
func (f factsForm) facts(r *http.Request) (projects.Facts, page.Faults) {
	faults := page.Faults{}
	out := projects.Facts{Version: f.Version, Place: f.Place}
	date := func(name, typed string) *time.Time {
		if typed == "" {
			return nil
		}
		iso, ok := forms.ParseDate(typed)
		t, err := time.Parse(time.DateOnly, iso)
		if !ok || err != nil {
			faults[name] = locale.T(r.Context(), "projects.day_format")
			return nil
		}
		return &t
	}
	out.Starts, out.Ends = date("starts", f.Starts), date("ends", f.Ends)
	for _, m := range projects.Measures() {
		target, reached := f.number(r, faults, "target_"+m, f.Target[m]), f.number(r, faults, "reached_"+m, f.Reached[m])
		if f.Target[m] != "" || f.Reached[m] != "" {
			out.Indicators = append(out.Indicators, projects.Indicator{Name: m, Target: target, Reached: reached})
		}
	}
	return out, faults
}

func (f factsForm) number(r *http.Request, faults page.Faults, name, typed string) float64 {
	if typed == "" {
		return 0
	}
	digits, ok := forms.ParseNumber(typed, page.Lang(r), 1)
	n, err := strconv.ParseFloat(digits, 64)
	if !ok || err != nil {
		faults[name] = locale.T(r.Context(), "projects.number_wrong")
	}
	return n
}

func (h *Handler) showFacts(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, factsPage(v, h.factsOf(r, v.Project), nil))
}

// saveFacts stores them; a stale edit is shown beside what is stored.
func (h *Handler) saveFacts(w http.ResponseWriter, r *http.Request) error {
	form, err := readFacts(r)
	if err != nil {
		return err
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	facts, faults := form.facts(r)
	if len(faults) == 0 {
		err = h.projects.SaveFacts(r.Context(), page.Actor(r), v.PublicID, facts)
		if err == nil {
			return page.Redirect(w, r, deskPath+"/%s?done=saved", v.PublicID)
		}
		if apperr.Is(err, apperr.Conflict) {
			theirs := h.factsOf(r, v.Project)
			form.Version = theirs.Version // saving again replaces what is shown
			return page.Show(w, r, http.StatusConflict, factsPage(v, form, &theirs))
		}
		var wrong bool
		if faults, wrong = page.FaultsOf(r, err); !wrong {
			return err
		}
	}
	v.Faults = faults
	return page.Show(w, r, http.StatusUnprocessableEntity, factsPage(v, form, nil))
}

// changes are the fields in which two versions of the facts differ.
func (f factsForm) changes(ctx context.Context, theirs factsForm) []ui.Change {
	var out []ui.Change
	add := func(label, was, is string) {
		if was != is {
			out = append(out, ui.Change{Field: label, Old: was, New: is})
		}
	}
	add(locale.T(ctx, "projects.place"), theirs.Place, f.Place)
	add(locale.T(ctx, "projects.starts"), theirs.Starts, f.Starts)
	add(locale.T(ctx, "projects.ends"), theirs.Ends, f.Ends)
	for _, m := range projects.Measures() {
		add(measureName(ctx, m)+" – "+locale.T(ctx, "projects.target"), theirs.Target[m], f.Target[m])
		add(measureName(ctx, m)+" – "+locale.T(ctx, "projects.reached_field"), theirs.Reached[m], f.Reached[m])
	}
	return out
}

// faultFields are the fields of the facts in their order, for the summary of faults.
func faultFields() []string {
	out := []string{"place", "starts", "ends"}
	for _, m := range projects.Measures() {
		out = append(out, "target_"+m, "reached_"+m)
	}
	return out
}

// measured are the measures that the form shows: those in use first, then the others.
func (f factsForm) measured() (used, free []string) {
	for _, m := range projects.Measures() {
		if slices.Contains(slices.Collect(maps.Keys(f.Target)), m) || f.Reached[m] != "" {
			used = append(used, m)
		} else {
			free = append(free, m)
		}
	}
	return used, free
}

// moments are the project's steps with who made them.
func (v recordView) moments(ctx context.Context) []ui.Moment {
	var out []ui.Moment
	for _, s := range v.Steps {
		out = append(out, ui.Moment{Who: s.ActorName, What: locale.T(ctx, "projects.did."+s.Move), Text: s.Reason,
			At: locale.Date(ctx, locale.Own(ctx, s.At)), Ago: locale.Relative(ctx, s.At), ISO: s.At.UTC().Format(time.RFC3339), Bad: s.To == projects.Cancelled})
	}
	return out
}
