package formpages

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// trialBox holds, in the page itself, what was answered in a trial so far.
const trialBox = "trial"

// Trial lets somebody go through a form without storing anything: what was answered travels
// with the pages.
type Trial struct {
	Definition forms.Definition
	Path       string // of the trial, without the language
	Home       string // where it leads back to, without the language
	Section    string // entry of the menu
	Cities     Cities // as in Form
}

// state is what was answered, to travel with the page.
func (t *Trial) state(a forms.Answers) string {
	all, _ := json.Marshal(a) // plain data: it cannot fail
	return string(all)
}

func (t *Trial) record(answers forms.Answers) Record {
	return Record{Submission: forms.Submission{Definition: t.Definition, Answers: answers}, Open: true, Path: t.Path, Home: t.Home, Section: t.Section,
		Desk: true, Beside: trialNote(*t), Currencies: []string{"TRY"}}
}

// Show answers with a page that nobody has answered yet; without a page, with the first.
func (t Trial) Show(w http.ResponseWriter, r *http.Request) error {
	rec := t.record(forms.Answers{})
	key := chi.URLParam(r, "page")
	if key == "" {
		route := t.Definition.Path(forms.Answers{})
		if len(route) == 0 {
			return page.Redirect(w, r, "%s", t.Home)
		}
		key = route[0].Page.Key
	}
	at, err := t.find(rec, key)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, questionPage(t.ask(at)))
}

// find is a page of the form; one that the answers do not lead to is shown with all it asks.
func (t *Trial) find(rec Record, key string) (step, error) {
	at, err := rec.find(key)
	if err == nil {
		return at, nil
	}
	for i, s := range t.Definition.Sections {
		for _, p := range s.Pages {
			if p.Key == key && len(p.Fields) > 0 {
				return step{Record: rec, Step: forms.Step{Section: i, Page: p, Fields: p.Fields}, Route: t.Definition.Path(rec.Submission.Answers)}, nil
			}
		}
	}
	return step{}, err
}

func (t Trial) ask(at step) question {
	return question{step: at, Answers: at.Submission.Answers, Trial: &t, MaxBytes: 1}
}

// Answer takes a page in and shows the next, or what is wrong.
func (t Trial) Answer(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return apperr.Wrap(err, apperr.Invalid, "error.text")
	}
	p := posted{values: r.PostForm}
	answers := forms.Answers{}
	_ = json.Unmarshal([]byte(p.get(trialBox)), &answers) // what is no answer counts as none
	rec := t.record(answers)
	key := chi.URLParam(r, "page")
	fields, ok := rec.fields(key)
	if !ok {
		return apperr.New(apperr.NotFound, "forms.not_found")
	}
	in := p.in(r, rec, key, fields)
	if err := t.Cities.settle(r, p, fields, in.Answers); err != nil {
		return err
	}
	dropRow(p, in)
	for field, v := range in.Answers {
		answers[field] = v
	}
	return t.goOn(w, r, p, rec, key)
}

func (t Trial) goOn(w http.ResponseWriter, r *http.Request, p posted, rec Record, key string) error {
	at, err := t.find(rec, key)
	if err != nil {
		return err
	}
	q, to := t.ask(at), p.get(goBox)
	switch {
	case aboutRows(to):
		q.More = moreRows(to)
		return page.Show(w, r, http.StatusOK, questionPage(q))
	case to == goBack && at.At > 0:
		return t.show(w, r, rec, at.Route[at.At-1].Page.Key)
	case to == goBack || to == goLater:
		return page.Redirect(w, r, "%s", t.Home)
	}
	q.Faults = t.Definition.CheckPage(rec.Submission.Answers, key, today(r.Context()))
	if len(q.Faults) > 0 {
		if err := t.Cities.meant(r, &q); err != nil {
			return err
		}
		return page.Show(w, r, http.StatusUnprocessableEntity, questionPage(q))
	}
	next := slices.IndexFunc(at.Route, func(s forms.Step) bool { return s.Page.Key == key }) + 1
	if next < len(at.Route) {
		return t.show(w, r, rec, at.Route[next].Page.Key)
	}
	return page.Show(w, r, http.StatusOK, trialEnd(rec))
}

func (t Trial) show(w http.ResponseWriter, r *http.Request, rec Record, key string) error {
	at, err := t.find(rec, key)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, questionPage(t.ask(at)))
}

// Outline is the way to each page of the trial, for lists.
func (t Trial) Outline(ctx context.Context, key string) string { return ui.Path(ctx, t.Path+"/"+key) }
