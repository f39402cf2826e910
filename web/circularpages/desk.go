package circularpages

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/circulars"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// listView is the staff's list.
type listView struct {
	circulars.Listing
	Filter circulars.Filter
	May    bool
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := listView{Filter: circulars.Filter{Kind: readKind(q.Get("kind")), Year: readYear(q.Get("year")), After: q.Get("after")},
		May: page.Actor(r).Can(identity.WriteCirculars)}
	var err error
	if v.Listing, err = h.circulars.List(r.Context(), page.Actor(r), string(page.Lang(r)), v.Filter); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, listPage(v))
}

// address is a list with a filter, at a path.
func address(ctx context.Context, path string, f circulars.Filter) string {
	q := url.Values{}
	if f.Kind != "" {
		q.Set("kind", string(f.Kind))
	}
	if f.Year != 0 {
		q.Set("year", strconv.Itoa(f.Year))
	}
	if f.After != "" {
		q.Set("after", f.After)
	}
	if len(q) == 0 {
		return ui.Path(ctx, path)
	}
	return ui.Path(ctx, path) + "?" + q.Encode()
}

// bar is the filter of a list of circulars by kind and year.
func bar(ctx context.Context, path string, f circulars.Filter) ui.FilterBar {
	out := ui.FilterBar{Action: ui.Path(ctx, path), Label: locale.T(ctx, "circulars.filter"), Clear: ui.Path(ctx, path)}
	if f.Kind != "" {
		out.Pills = append(out.Pills, ui.Pill{Label: locale.T(ctx, "circulars.kind_label"), Value: kindName(ctx, f.Kind), Remove: address(ctx, path, circulars.Filter{Year: f.Year})})
	}
	if f.Year != 0 {
		out.Pills = append(out.Pills, ui.Pill{Label: locale.T(ctx, "circulars.year"), Value: strconv.Itoa(f.Year), Remove: address(ctx, path, circulars.Filter{Kind: f.Kind})})
	}
	return out
}

func yearValue(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

func yearOptions(years []int) []ui.Option {
	var out []ui.Option
	for _, year := range years {
		out = append(out, ui.Option{Value: strconv.Itoa(year), Label: strconv.Itoa(year)})
	}
	return out
}

// far is how far the organisations are, in figures.
func far(ctx context.Context, p circulars.Progress) string {
	return locale.T(ctx, "circulars.far", "Done", locale.Number(ctx, int64(p.Confirmed)), "Total", locale.Number(ctx, int64(p.Total())))
}

// showView is one circular for staff.
type showView struct {
	circulars.Sheet
	In      string // language of the text that is shown
	ActorID int64
	Today   time.Time
	May     bool
	Export  bool
	Done    string
	Refused string
	Faults  page.Faults
	Why     string // typed
	Max     int64  // bytes of a file
	Once    string
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.sheet(r)
	if err != nil {
		return err
	}
	return h.answerShow(w, r, http.StatusOK, v)
}

func (h *Handler) answerShow(w http.ResponseWriter, r *http.Request, status int, v showView) error {
	if page.Fragment(r) {
		if !v.working() {
			w.Header().Set("HX-Refresh", "true") // what can be done now is another thing
		}
		return page.Show(w, r, http.StatusOK, work(v))
	}
	return page.Show(w, r, status, showPage(v))
}

// sheet reads what the pages of one circular show.
func (h *Handler) sheet(r *http.Request) (v showView, err error) {
	publicID, err := page.PublicID(r, "circular")
	if err != nil {
		return v, err
	}
	actor := page.Actor(r)
	v = showView{ActorID: actor.UserID, May: actor.Can(identity.WriteCirculars), Export: actor.Can(identity.ExportRecords), Done: done(r), Today: h.circulars.Today(),
		Max: h.documents.MaxBytes(), Once: page.OnceKey()}
	v.Sheet, err = h.circulars.Show(r.Context(), actor, string(page.Lang(r)), publicID)
	v.In = v.Circular.In(string(inLang(r))).Lang
	return v, err
}

// working reports whether a job is still telling or reminding.
func (v showView) working() bool { return v.Untold > 0 || v.Round != nil && !v.Round.Over }

// own reports whether the reader had a hand in it, and so cannot approve.
func (v showView) own() bool { return slices.Contains(v.Hands, v.ActorID) }

// writers are who wrote the text.
func (v showView) writers(ctx context.Context) string {
	names := make([]string, len(v.Writers))
	for i, name := range v.Writers {
		names[i] = locale.Person(ctx, name)
	}
	return strings.Join(names, ", ")
}

// undone are the languages whose readers are not told what to do though others are.
func (v showView) undone(ctx context.Context) string {
	var names []string
	for _, lang := range v.WithoutTodo() {
		names = append(names, locale.LanguageName(ctx, lang))
	}
	return strings.Join(names, ", ")
}

// leftOut names who got the circular that this one replaces, and will not get this one.
func (v showView) leftOut() string {
	names := strings.Join(v.LeftOut.Names, ", ")
	if v.LeftOut.Count > len(v.LeftOut.Names) {
		names += " …"
	}
	return names
}

func (v showView) title() string { return v.Circular.In(v.In).Title }

// tabs are the languages that the text is written in.
func (v showView) tabs(ctx context.Context) []ui.Link {
	var out []ui.Link
	for _, t := range v.Texts {
		out = append(out, ui.Link{Label: locale.LanguageName(ctx, t.Lang), Href: below(ctx, v.PublicID, "?in="+t.Lang), Current: t.Lang == v.In})
	}
	return out
}

// figures are the organisations by stage, each number leading to its rows.
func (v showView) figures(ctx context.Context) []ui.Figure {
	var out []ui.Figure
	for _, stage := range circulars.Stages() {
		out = append(out, ui.Figure{Value: locale.Number(ctx, int64(v.Progress.Of(stage))), Label: stageName(ctx, stage),
			Href: below(ctx, v.PublicID, "/recipients?stage="+strconv.Itoa(int(stage)))})
	}
	if v.Answers {
		out = append(out, ui.Figure{Value: locale.Number(ctx, int64(v.Answered)), Label: locale.T(ctx, "circulars.answers"), Href: below(ctx, v.PublicID, "/recipients?answered=1")})
	}
	return out
}

func stageName(ctx context.Context, stage circulars.Stage) string {
	return locale.T(ctx, "circulars.stage."+strconv.Itoa(int(stage)))
}

// who are the people who worked on the circular, and its facts.
func (v showView) who(ctx context.Context) []ui.SummaryRow {
	rows := append(facts(ctx, v.Circular), ui.SummaryRow{Label: locale.T(ctx, "circulars.writer"), Value: v.writers(ctx)})
	for _, x := range []struct{ key, name string }{{"circulars.approver", v.Approver}, {"circulars.issuer", v.Issuer}} {
		if x.name != "" {
			rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, x.key), Value: locale.Person(ctx, x.name)})
		}
	}
	return rows
}

// step is one act on a circular in the version that its page showed.
func (h *Handler) step(done string, act func(ctx context.Context, actor identity.Actor, publicID string, version int) error) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		publicID, err := page.PublicID(r, "circular")
		if err != nil {
			return err
		}
		version, err := page.Version(r)
		if err != nil {
			return err
		}
		return h.after(w, r, publicID, done, act(r.Context(), page.Actor(r), publicID, version))
	}
}

// after leads back to the circular, which says what was done, or why it was not.
func (h *Handler) after(w http.ResponseWriter, r *http.Request, publicID, done string, err error) error {
	faults, invalid := page.FaultsOf(r, err)
	if !apperr.Is(err, apperr.Conflict) && !invalid {
		if err != nil {
			return err
		}
		return page.Redirect(w, r, "%s/%s?done=%s", deskPath, publicID, done)
	}
	v, readErr := h.sheet(r)
	if readErr != nil {
		return readErr
	}
	if v.Why = page.Tidy(r.PostFormValue("why")); invalid {
		v.Faults = faults
		return page.Show(w, r, http.StatusUnprocessableEntity, showPage(v))
	}
	v.Refused = page.Message(r, err)
	return page.Show(w, r, http.StatusConflict, showPage(v))
}

func (h *Handler) remind(w http.ResponseWriter, r *http.Request) error {
	publicID, err := page.PublicID(r, "circular")
	if err != nil {
		return err
	}
	_, err = h.circulars.Remind(r.Context(), page.Actor(r), publicID)
	return h.after(w, r, publicID, "reminded", err)
}

func (h *Handler) withdraw(w http.ResponseWriter, r *http.Request) error {
	publicID, err := page.PublicID(r, "circular")
	if err != nil {
		return err
	}
	return h.after(w, r, publicID, "withdrawn", h.circulars.Withdraw(r.Context(), page.Actor(r), publicID, page.Tidy(r.PostFormValue("why"))))
}

func (h *Handler) pdf(w http.ResponseWriter, r *http.Request) error {
	v, err := h.sheet(r)
	if err != nil {
		return err
	}
	if !v.State.Out() {
		return apperr.New(apperr.NotFound, "circulars.not_found") // a paper without a number would pass for one
	}
	w.Header().Set("Cache-Control", "private, no-store")
	return paper(w, r, v.Circular)
}

// issueView is the last look before a circular gets its number.
type issueView struct {
	showView
	Reach circulars.Reach
}

func (h *Handler) askIssue(w http.ResponseWriter, r *http.Request) error {
	v, err := h.sheet(r)
	if err != nil {
		return err
	}
	if v.State.Out() {
		return page.Redirect(w, r, "%s/%s", deskPath, v.PublicID)
	}
	reach, err := h.circulars.Reach(r.Context(), page.Actor(r), string(page.Lang(r)), v.PublicID, "")
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, issuePage(issueView{v, reach}))
}
