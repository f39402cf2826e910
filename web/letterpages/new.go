package letterpages

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/letters"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// newForm is what staff type about a letter. To keeps whom it goes to while the form is
// filled in: the query that the page was opened with.
type newForm struct {
	To        string `form:"to"`
	Kind      string `form:"kind"`
	Lang      string `form:"lang"`
	Decision  string `form:"decision"`
	Day       string `form:"day"`
	Office    string `form:"office"`
	Signatory string `form:"signatory"`
	TitleTR   string `form:"title_tr"`
	BodyTR    string `form:"body_tr"`
	TitleEN   string `form:"title_en"`
	BodyEN    string `form:"body_en"`
	TitleRU   string `form:"title_ru"`
	BodyRU    string `form:"body_ru"`
	Then      string `form:"then"` // "change": back to the form
}

// text is the title and the text of a language.
func (f newForm) text(lang locale.Lang) letters.Text {
	switch lang {
	case locale.TR:
		return letters.Text{Title: f.TitleTR, Body: f.BodyTR}
	case locale.RU:
		return letters.Text{Title: f.TitleRU, Body: f.BodyRU}
	}
	return letters.Text{Title: f.TitleEN, Body: f.BodyEN}
}

func (f newForm) query() url.Values {
	q, err := url.ParseQuery(f.To)
	if err != nil {
		return url.Values{} // shows as all members, in words
	}
	return q
}

// to is whom the letters go to, from the query.
func (f newForm) to() letters.To {
	q := f.query()
	if q.Get("all") == "1" {
		return letters.To{All: true}
	}
	get := func(name string) string { return page.Tidy(q.Get(name)) }
	if record := get("record"); record != "" {
		return letters.To{Record: record}
	}
	return letters.To{Filter: letters.Filter{Text: get("q"), Kind: get("kind"), Standing: get("standing"), Country: get("country"), Size: get("size"), Late: get("late") != ""}}
}

func (f newForm) input() letters.Input {
	in := letters.Input{Kind: letters.Kind(f.Kind), Decision: f.Decision, Day: readDay(f.Day), Office: f.Office, Signatory: f.Signatory, Lang: f.Lang,
		Corrects: f.query().Get("corrects"), Texts: map[locale.Lang]letters.Text{}}
	for _, lang := range locale.Langs() {
		text := f.text(lang)
		if in.Kind != letters.General {
			text.Title = ""
		}
		if text.Title+text.Body != "" {
			in.Texts[lang] = text
		}
	}
	if !in.Kind.NeedsDay() {
		in.Day = time.Time{}
	}
	return in
}

// hidden are the form's fields as a page carries them on.
func (f newForm) hidden() [][2]string {
	return [][2]string{{"to", f.To}, {"kind", f.Kind}, {"lang", f.Lang}, {"decision", f.Decision}, {"day", f.Day}, {"office", f.Office}, {"signatory", f.Signatory},
		{"title_tr", f.TitleTR}, {"body_tr", f.BodyTR}, {"title_en", f.TitleEN}, {"body_en", f.BodyEN}, {"title_ru", f.TitleRU}, {"body_ru", f.BodyRU}}
}

type newView struct {
	Form      newForm
	First     string // of the addressees
	Count     int
	Decisions []decisions.Cited
	Faults    page.Faults
	Refused   string
}

func (h *Handler) showNew(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := newForm{Kind: string(letters.General), Office: letters.Offices()[0], To: r.URL.RawQuery}
	if about := letters.Kind(q.Get("about")); locale.Has(page.Lang(r), "letters.kind."+string(about)) {
		f.Kind = string(about)
	}
	f.Decision, f.Day = page.Tidy(q.Get("decision")), page.Tidy(q.Get("day"))
	if f.to().Nobody() {
		return h.choose(w, r, http.StatusOK, nil)
	}
	return h.showForm(w, r, http.StatusOK, newView{Form: f})
}

// chooseView is where staff say whom a letter goes to.
type chooseView struct {
	Text   string
	Found  []letters.Found
	Faults page.Faults
}

// choose asks for the addressee, before there is a form.
func (h *Handler) choose(w http.ResponseWriter, r *http.Request, status int, faults page.Faults) error {
	v := chooseView{Text: page.Tidy(r.URL.Query().Get("find")), Faults: faults}
	if v.Text != "" {
		var err error
		if v.Found, err = h.letters.FindAddressees(r.Context(), page.Actor(r), string(page.Lang(r)), v.Text); err != nil {
			return err
		}
	}
	return page.Show(w, r, status, choosePage(v))
}

func (h *Handler) showForm(w http.ResponseWriter, r *http.Request, status int, v newView) error {
	var err error
	if v.First, v.Count, err = h.letters.Addressees(r.Context(), page.Actor(r), v.Form.to()); err != nil {
		return err
	}
	if v.Decisions, err = h.letters.Decisions(r.Context(), page.Actor(r), v.Form.Decision); err != nil {
		return err
	}
	return page.Show(w, r, status, newPage(v))
}

// lookView is a letter as it would be, before it is issued.
type lookView struct {
	letters.Preview
	Form newForm
	Once string
}

// look composes the letters and shows the first; nothing is stored.
func (h *Handler) look(w http.ResponseWriter, r *http.Request) error {
	var form newForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	if form.Then == "change" {
		return h.showForm(w, r, http.StatusOK, newView{Form: form})
	}
	p, err := h.letters.Preview(r.Context(), page.Actor(r), form.to(), form.input())
	if err != nil {
		return h.again(w, r, form, err)
	}
	return page.Show(w, r, http.StatusOK, lookPage(lookView{Preview: p, Form: form, Once: page.OnceKey()}))
}

// again shows the form as it was typed with what is wrong about it.
func (h *Handler) again(w http.ResponseWriter, r *http.Request, form newForm, err error) error {
	if apperr.Is(err, apperr.Conflict) {
		return h.showForm(w, r, http.StatusConflict, newView{Form: form, Refused: page.Message(r, err)})
	}
	faults, invalid := page.FaultsOf(r, err)
	if !invalid {
		return err
	}
	if form.to().Nobody() {
		return h.choose(w, r, http.StatusUnprocessableEntity, faults)
	}
	return h.showForm(w, r, http.StatusUnprocessableEntity, newView{Form: form, Faults: faults})
}

func (h *Handler) issue(w http.ResponseWriter, r *http.Request) error {
	var form newForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	ids, err := h.letters.Issue(r.Context(), page.Actor(r), form.to(), form.input())
	if err != nil {
		return h.again(w, r, form, err)
	}
	if len(ids) == 1 {
		return page.Redirect(w, r, "%s/%s?done=issued", deskPath, ids[0])
	}
	return page.Redirect(w, r, "%s?done=issued_many", deskPath)
}

func decisionOptions(ctx context.Context, list []decisions.Cited) []ui.Option {
	var out []ui.Option
	for _, d := range list {
		out = append(out, ui.Option{Value: d.PublicID, Label: d.Names.In(locale.Of(ctx).Lang) + " · " + d.Number + " · " + locale.ShortDate(ctx, d.Date) + " · " + d.Text})
	}
	return out
}

func kindOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, k := range letters.Kinds() {
		out = append(out, ui.Option{Value: string(k), Label: kindName(ctx, k)})
	}
	return out
}

func officeOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, o := range letters.Offices() {
		out = append(out, ui.Option{Value: o, Label: locale.T(ctx, "letters.office."+o)})
	}
	return out
}

func langOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, lang := range locale.Langs() {
		out = append(out, ui.Option{Value: string(lang), Label: locale.LanguageName(ctx, string(lang))})
	}
	return out
}

func kindName(ctx context.Context, k letters.Kind) string {
	return locale.T(ctx, "letters.kind."+string(k))
}
