// Package formpages holds the pages on which people answer any form: one topic a page, a
// list of what is left, the answers to check and to print. Everything works without a
// script: each move saves.
package formpages

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// Record is what a form is answered about, as its area shows it.
type Record struct {
	PublicID   string
	Submission forms.Submission
	Open       bool            // the answers may still be changed
	Path       string          // of the form, without the language: "/m/…/requests/…/form"
	Home       string          // of the record, without the language
	Uploads    string          // where files travel to by the tus protocol, without the language
	Files      string          // below which files are read, without the language
	Section    string          // entry of the menu
	Lang       string          // that the answers are written in, BCP 47
	Centre     forms.Point     // of the municipality; Address is its name
	Currencies []string        // the country's own, first of the list
	Finish     templ.Component // the acts below the checked answers
	Desk       bool            // the union's staff see it, at the desk
	Beside     templ.Component // what staff are told beside the questions
	Help       *forms.Help     // the city's consent that the union's staff write here
	MayHelp    bool            // the reader may give and end it
	Touched    []forms.Touch   // answers that the union's staff wrote last
	Title      string          // names the papers: "REQ-2026-00042"
	Carries    bool            // the draft may move to the form's newest version
}

// City is a municipality to choose, and where it lies.
type City struct {
	forms.City
	Hint string
}

// Cities finds the municipalities that a name may mean, best first.
type Cities func(ctx context.Context, actor identity.Actor, name string) ([]City, error)

// Form is one form that an area lets people answer. The area fills everything in.
type Form struct {
	// Open finds the record, if the actor may see it.
	Open func(ctx context.Context, actor identity.Actor, publicID string) (Record, error)
	// Save keeps one page.
	Save func(ctx context.Context, actor identity.Actor, publicID string, in forms.In) (forms.Saved, error)
	// Receive takes a file that came with the form; nil: there are none.
	Receive func(ctx context.Context, actor identity.Actor, name string, file io.Reader) (upload string, err error)
	// Plan says what carrying the draft to the form's newest version would do; nil: never asked.
	Plan func(ctx context.Context, actor identity.Actor, publicID string) (forms.Carriage, error)
	// Carry does it.
	Carry func(ctx context.Context, actor identity.Actor, publicID string) error
	// LetHelp lets the union's staff write in the draft until a day; nil: nobody is asked.
	LetHelp func(ctx context.Context, actor identity.Actor, publicID string, until time.Time) error
	// EndHelp takes that back.
	EndHelp func(ctx context.Context, actor identity.Actor, publicID string) error
	// Cities finds the municipalities that a name may mean, best first; nil: no form asks for one.
	Cities Cities
	// MaxBytes bounds one file.
	MaxBytes int64
	// Param names the record in the address: "request".
	Param string
}

// Routes mounts the form below its record.
func (f *Form) Routes(r chi.Router) {
	r.Method(http.MethodGet, "/", page.Handler(f.tasks))
	r.Method(http.MethodGet, "/check", page.Handler(f.check))
	r.Method(http.MethodGet, "/print", page.Handler(f.print))
	r.Method(http.MethodGet, "/answers.pdf", page.Handler(f.pdf))
	if f.Carry != nil {
		r.Method(http.MethodGet, "/carry", page.Handler(f.plan))
		r.Method(http.MethodPost, "/carry", page.Handler(f.carry))
	}
	if f.LetHelp != nil {
		r.Method(http.MethodGet, "/help", page.Handler(f.help))
		r.Method(http.MethodPost, "/help", page.Handler(f.letHelp))
		r.Method(http.MethodPost, "/help/end", page.Handler(f.endHelp))
	}
	r.Method(http.MethodGet, "/{page}", page.Handler(f.question))
	r.Method(http.MethodPost, "/{page}", page.Handler(f.answer))
}

// record finds the record of the address. Errors: not found, and what Open says.
func (f *Form) record(r *http.Request) (Record, error) {
	id, err := page.PublicID(r, f.Param)
	if err != nil {
		return Record{}, err
	}
	rec, err := f.Open(r.Context(), page.Actor(r), id)
	rec.Carries = f.Carry != nil && !rec.Desk
	rec.MayHelp = rec.MayHelp && f.LetHelp != nil
	return rec, err
}

// step is where the reader stands in the form.
type step struct {
	Record
	forms.Step
	Route forms.Route
	At    int
}

// find is the asked page, if the answers lead to it. Errors: not found.
func (rec Record) find(key string) (step, error) {
	route := rec.Submission.Definition.Path(rec.Submission.Answers)
	at, ok := route.At(key)
	if !ok {
		return step{}, apperr.New(apperr.NotFound, "forms.not_found")
	}
	return step{Record: rec, Step: route[at], Route: route, At: at}, nil
}

// at is the address of a page of the form.
func (rec Record) at(ctx context.Context, key string) string {
	if key == "" {
		return ui.Path(ctx, rec.Path)
	}
	return ui.Path(ctx, rec.Path+"/"+key)
}

// savedAt is when the draft was last saved, on the reader's clock; empty: never.
func (rec Record) savedAt(ctx context.Context) string {
	if rec.Submission.SavedAt == nil {
		return ""
	}
	return clock(ctx, *rec.Submission.SavedAt)
}

// clock is a time of today, or a day that is not today.
func clock(ctx context.Context, t time.Time) string {
	own, now := locale.Own(ctx, t), locale.Own(ctx, locale.Of(ctx).Now)
	if own.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return locale.Clock(ctx, own)
	}
	return locale.ShortDate(ctx, own) + " " + locale.Clock(ctx, own)
}

// today is the day on the reader's own clock.
func today(ctx context.Context) time.Time { return locale.Own(ctx, locale.Of(ctx).Now) }

// accept is what a field of files lets people choose.
func accept(f forms.Field) string {
	if f.Pictures {
		return documents.AcceptPictures
	}
	return documents.Accept
}
