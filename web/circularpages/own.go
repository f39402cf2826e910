package circularpages

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/circulars"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// maxText is how many characters of a search are looked at.
const maxText = 200

// ownView is an organisation's circulars.
type ownView struct {
	Org    string
	Rows   []circulars.Line
	Next   string
	Filter circulars.Search
	Today  time.Time
}

func (h *Handler) own(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	text := []rune(page.Tidy(q.Get("q")))
	v := ownView{Org: chi.URLParam(r, "org"), Today: h.circulars.Today(),
		Filter: circulars.Search{Text: string(text[:min(len(text), maxText)]), Kind: readKind(q.Get("kind")), After: q.Get("after")}}
	var err error
	if v.Rows, v.Next, err = h.circulars.Own(r.Context(), page.Actor(r), page.Lang(r), v.Filter); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, ownPage(v))
}

func (v ownView) with(ctx context.Context, change func(f *circulars.Search)) string {
	f := v.Filter
	f.After = ""
	change(&f)
	q := url.Values{}
	for name, value := range map[string]string{"q": f.Text, "kind": string(f.Kind), "after": f.After} {
		if value != "" {
			q.Set(name, value)
		}
	}
	path := ui.Path(ctx, "/m/"+v.Org+"/circulars")
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

func (v ownView) bar(ctx context.Context) ui.FilterBar {
	path := ui.Path(ctx, "/m/"+v.Org+"/circulars")
	bar := ui.FilterBar{Action: path, Label: locale.T(ctx, "circulars.filter"), Clear: path}
	if v.Filter.Text != "" {
		bar.Pills = append(bar.Pills, ui.Pill{Label: locale.T(ctx, "circulars.search"), Value: v.Filter.Text, Remove: v.with(ctx, func(f *circulars.Search) { f.Text = "" })})
	}
	if v.Filter.Kind != "" {
		bar.Pills = append(bar.Pills, ui.Pill{Label: locale.T(ctx, "circulars.kind_label"), Value: kindName(ctx, v.Filter.Kind), Remove: v.with(ctx, func(f *circulars.Search) { f.Kind = "" })})
	}
	return bar
}

// ownChip is how a circular stands with the organisation.
func ownChip(ctx context.Context, l circulars.Line, today time.Time) ui.StatusChip {
	switch {
	case l.State == circulars.Withdrawn:
		return ui.StatusChip{Tone: ui.StatusStop, Label: locale.T(ctx, "circulars.state.withdrawn")}
	case l.Replaced != "":
		return ui.StatusChip{Tone: ui.StatusClosed, Label: locale.T(ctx, "circulars.is_replaced")}
	case l.Stage == circulars.Confirmed:
		return ui.StatusChip{Tone: ui.StatusDone, Label: stageName(ctx, l.Stage)}
	case l.Late(today):
		return ui.StatusChip{Tone: ui.StatusLate, Label: locale.T(ctx, "circulars.late")}
	case l.Stage == circulars.Unopened:
		return ui.StatusChip{Tone: ui.StatusNew, Label: locale.T(ctx, "circulars.fresh")}
	}
	return ui.StatusChip{Tone: ui.StatusWait, Label: locale.T(ctx, "circulars.to_confirm")}
}

// ownNote is one line about a circular: number, day, kind, and by when.
func ownNote(ctx context.Context, l circulars.Line) string {
	parts := []string{l.Reference(), locale.Date(ctx, l.IssuedOn), kindName(ctx, l.Kind)}
	if l.Open && l.Due != nil {
		parts = append(parts, locale.T(ctx, byKey(l.Answers))+": "+locale.Date(ctx, *l.Due))
	}
	return strings.Join(parts, " · ")
}

// readView is one circular as its reader has it.
type readView struct {
	circulars.Copy
	Org     string
	In      string
	May     bool // confirm
	Late    bool
	Done    string
	Refused string
	Typed   string
	Faults  page.Faults
	Once    string
}

// read shows a copy, and notes who opened it: a person's own look, not a browser's that fetches
// ahead of it, nor a question for the head of the page.
func (h *Handler) read(w http.ResponseWriter, r *http.Request) error {
	v, err := h.copy(r)
	if err != nil {
		return err
	}
	if !v.Mine && r.Method == http.MethodGet && !strings.Contains(r.Header.Get("Sec-Purpose")+r.Header.Get("Purpose"), "prefetch") {
		if err := h.circulars.Open(r.Context(), page.Actor(r), v.Copy.PublicID); err != nil {
			return err
		}
	}
	return page.Show(w, r, http.StatusOK, readPage(v))
}

func (h *Handler) copy(r *http.Request) (v readView, err error) {
	publicID, err := page.PublicID(r, "copy")
	if err != nil {
		return v, err
	}
	v = readView{Org: chi.URLParam(r, "org"), May: page.Actor(r).Can(identity.AnswerCirculars), Done: done(r), Once: page.OnceKey()}
	if v.Copy, err = h.circulars.Get(r.Context(), page.Actor(r), publicID); err != nil {
		return v, err
	}
	v.Late = v.Open && v.Due != nil && v.Due.Before(h.circulars.Today())
	v.In, v.Typed = v.Circular.In(string(inLang(r))).Lang, v.Answer
	return v, nil
}

func (v readView) path(ctx context.Context, below string) string {
	return ui.Path(ctx, "/m/"+v.Org+"/circulars/"+v.Copy.PublicID+below)
}

// tabs are the languages that the text is written in.
func (v readView) tabs(ctx context.Context) []ui.Link {
	var out []ui.Link
	for _, t := range v.Texts {
		out = append(out, ui.Link{Label: locale.LanguageName(ctx, t.Lang), Href: v.path(ctx, "?in="+t.Lang), Current: t.Lang == v.In})
	}
	return out
}

func (h *Handler) confirm(w http.ResponseWriter, r *http.Request) error {
	publicID, err := page.PublicID(r, "copy")
	if err != nil {
		return err
	}
	answer := page.Tidy(r.PostFormValue("answer"))
	err = h.circulars.Confirm(r.Context(), page.Actor(r), publicID, answer)
	if err == nil {
		return page.Redirect(w, r, "/m/%s/circulars/%s?done=%s", chi.URLParam(r, "org"), publicID, "confirmed")
	}
	faults, invalid := page.FaultsOf(r, err)
	if !invalid && !apperr.Is(err, apperr.Conflict) {
		return err
	}
	v, readErr := h.copy(r)
	if readErr != nil {
		return readErr
	}
	v.Typed, v.Faults = answer, faults
	if invalid {
		return page.Show(w, r, http.StatusUnprocessableEntity, readPage(v))
	}
	v.Refused = page.Message(r, err)
	return page.Show(w, r, http.StatusConflict, readPage(v))
}

func (h *Handler) readPDF(w http.ResponseWriter, r *http.Request) error {
	v, err := h.copy(r)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "private, no-store")
	return paper(w, r, v.Circular)
}
