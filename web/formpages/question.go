package formpages

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/web/page"
)

// Where the buttons of a page lead, beside onwards.
const (
	goBack     = "back"
	goLater    = "later"
	goCentre   = "centre." // with the field: puts the place on the municipality
	goAddRow   = "more."   // with the table: one more row
	goRaiseRow = "up."     // with the table and the row: moves it up by one
	goDropRow  = "less."   // with the table and the row: takes it away
)

// fromCheck says that the reader came from the answers to mend one, and wants back there.
const fromCheck = "check"

// question is one page as it is shown.
type question struct {
	step
	Answers  forms.Answers // stored, or just typed
	Version  int
	Faults   []forms.Fault
	Refused  map[string]string // field → why a file was not taken
	Conflict []forms.Conflict
	More     map[string]string // table → the row that was just added to it
	Meant    map[string][]City // municipality → those that its name may mean
	Clashes  []forms.Clash     // with answers of other pages
	Trial    *Trial            // nothing is stored
	Ordered  bool              // rows of tables can be moved up
	From     string
	MaxBytes int64
}

func (f *Form) question(w http.ResponseWriter, r *http.Request) error {
	rec, err := f.record(r)
	if err != nil {
		return err
	}
	if !rec.Open {
		return page.Redirect(w, r, "%s", rec.Home)
	}
	at, err := rec.find(chi.URLParam(r, "page"))
	if err != nil {
		return err
	}
	q, err := f.ask(r, at)
	if err != nil {
		return err
	}
	q.Clashes = q.clashing(today(r.Context()))
	return page.Show(w, r, http.StatusOK, questionPage(q))
}

// clashing are the broken rules that the page shares with others.
func (q question) clashing(day time.Time) []forms.Clash {
	return q.Submission.Definition.Clashes(q.Submission.Answers, q.Page.Key, day)
}

// named is what a page of the form is called.
func (q question) named(ctx context.Context, key string) string {
	at, ok := q.Route.At(key)
	if !ok {
		return key
	}
	return question{step: step{Step: q.Route[at]}}.title(ctx)
}

// ask is a page with what is stored.
func (f *Form) ask(r *http.Request, at step) (question, error) {
	q := question{step: at, Answers: at.Submission.Answers, Version: at.Submission.Version, MaxBytes: f.MaxBytes}
	if r.URL.Query().Get("from") == fromCheck {
		q.From = fromCheck
	}
	if key, row, ok := strings.Cut(r.URL.Query().Get(rowQuery), "."); ok {
		q.More = map[string]string{key: row}
	}
	return q, f.Cities.meant(r, &q)
}

func (f *Form) answer(w http.ResponseWriter, r *http.Request) error {
	rec, err := f.record(r)
	if err != nil {
		return err
	}
	key := chi.URLParam(r, "page")
	fields, ok := rec.fields(key)
	if !ok {
		return apperr.New(apperr.NotFound, "forms.not_found")
	}
	p, err := f.read(w, r, fields)
	if err != nil {
		return err
	}
	in := p.in(r, rec, key, fields)
	if err := f.Cities.settle(r, p, fields, in.Answers); err != nil {
		return err
	}
	centre(p, in, rec)
	dropRow(p, in)
	saved, err := f.Save(r.Context(), page.Actor(r), rec.PublicID, in)
	if err != nil {
		return err
	}
	if r.Header.Get(draftHeader) != "" {
		return savedItself(w, r, saved)
	}
	return f.goOn(w, r, p, in, saved)
}

// fields are those of a page, wherever the answers lead; false where there is no such page.
func (rec Record) fields(key string) ([]forms.Field, bool) {
	for _, s := range rec.Submission.Definition.Sections {
		for _, p := range s.Pages {
			if p.Key == key {
				return p.Fields, true
			}
		}
	}
	return nil, false
}

// centre puts a place on the municipality, for those who have neither map nor coordinates.
func centre(p posted, in forms.In, rec Record) {
	key, ok := strings.CutPrefix(p.get(goBox), goCentre)
	if v, shown := in.Answers[key]; ok && shown && rec.Centre.Known {
		place := forms.Point{Lat: rec.Centre.Lat, Lon: rec.Centre.Lon, Known: true, Address: rec.Centre.Address}
		if v.Place != nil && v.Place.Address != "" {
			place.Address = v.Place.Address
		}
		in.Answers[key] = forms.Value{Place: &place}
	}
}

// savedItself answers the script that saves while somebody types.
func savedItself(w http.ResponseWriter, r *http.Request, saved forms.Saved) error {
	if len(saved.Conflicts) > 0 {
		w.WriteHeader(http.StatusConflict) // the page keeps the text, and shows both when it is sent
		return nil
	}
	now := today(r.Context())
	w.Header().Set("X-Saved-At", clock(r.Context(), now))
	if saved.Alone { // else the page still shows what a colleague has changed
		w.Header().Set("X-Version", strconv.Itoa(saved.Version))
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// goOn leads from a saved page to where its button points; what is wrong keeps who goes
// forwards, and nobody who goes back.
func (f *Form) goOn(w http.ResponseWriter, r *http.Request, p posted, in forms.In, saved forms.Saved) error {
	rec, err := f.record(r)
	if err != nil {
		return err
	}
	at, err := rec.find(in.Page)
	if err != nil {
		return page.Redirect(w, r, "%s", rec.Path) // what is asked changed meanwhile
	}
	q, err := f.ask(r, at)
	if err != nil {
		return err
	}
	q.Version = max(q.Version, saved.Version)
	if len(saved.Conflicts) > 0 {
		q.Conflict = saved.Conflicts
		return page.Show(w, r, http.StatusConflict, conflictPage(q))
	}
	q.Refused = refused(r, p, saved)
	to := p.get(goBox)
	if p.get(removeBox) != "" || strings.HasPrefix(to, goCentre) || strings.HasPrefix(to, goDropRow) {
		return page.Redirect(w, r, "%s", q.self())
	}
	if key, ok := strings.CutPrefix(to, goAddRow); ok {
		return page.Redirect(w, r, "%s", q.withRow(key))
	}
	if to != goBack && to != goLater {
		q.Faults = rec.Submission.Definition.CheckPage(rec.Submission.Answers, in.Page, today(r.Context()))
	}
	if len(q.Faults) > 0 || len(q.Refused) > 0 {
		q.Clashes = slices.DeleteFunc(q.clashing(today(r.Context())), func(c forms.Clash) bool { return !c.Here })
		return page.Show(w, r, http.StatusUnprocessableEntity, questionPage(q))
	}
	return page.Redirect(w, r, "%s", q.next(r, to))
}

// refused are the sentences about files that were not taken.
func refused(r *http.Request, p posted, saved forms.Saved) map[string]string {
	out := map[string]string{}
	for key, message := range saved.Refused {
		out[key] = page.Message(r, apperr.New(apperr.Invalid, message))
	}
	for key, err := range p.refused {
		out[key] = page.Message(r, err)
	}
	return out
}

// self is the page's own address, without the language.
func (q question) self() string {
	if q.From != "" {
		return q.Path + "/" + q.Page.Key + "?from=" + q.From
	}
	return q.Path + "/" + q.Page.Key
}

// next is where the pressed button leads, without the language.
func (q question) next(r *http.Request, to string) string {
	day := today(r.Context())
	switch {
	case to == goLater:
		return q.Path
	case to == goBack && q.From == fromCheck:
		return q.Path + "/check"
	case to == goBack && q.At > 0:
		return q.Path + "/" + q.Route[q.At-1].Page.Key
	case to == goBack:
		return q.Path
	case q.From == fromCheck: // what follows from a changed answer is asked before going back
		rest := slices.IndexFunc(q.Route, func(s forms.Step) bool { return q.state(s, day) != done })
		if rest < 0 {
			return q.Path + "/check"
		}
		return q.Path + "/" + q.Route[rest].Page.Key + "?from=" + fromCheck
	case q.At+1 < len(q.Route):
		return q.Path + "/" + q.Route[q.At+1].Page.Key
	}
	return q.Path + "/check"
}

// fault is the sentence about a box; "" where it is well.
func (q question) fault(f forms.Field, box string) *forms.Fault {
	for i, fault := range q.Faults {
		if fault.ID() == f.Key+box {
			return &q.Faults[i]
		}
	}
	return nil
}

// currency is what the amount is in, the country's own until somebody chooses.
func (q question) currency(v forms.Value, f forms.Field) string {
	own := ""
	if len(q.Currencies) > 0 {
		own = q.Currencies[0]
	}
	return cmp.Or(v.Currency, f.Currency, own)
}
