package requestpages

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/cards"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// caseForm is what was written on the case's page, to be shown again.
type caseForm struct {
	Body    string
	Kept    ui.Checkboxes // files that are here already
	Rate    rateForm
	Refused string // why an act was not done
	Faults  page.Faults
}

// caseView is one request with everything that its municipality may see of it.
type caseView struct {
	requests.Case
	caseForm
	Now     time.Time
	Actor   identity.Actor
	Granted cards.Supports
	Answers []ui.SummaryCard
	Files   []ui.File // sent with messages
	Ready   int       // of a draft's pages
	Pages   int
	Done    string
	Max     int64 // bytes of one file
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	return h.showCase(w, r, id, http.StatusOK, caseForm{})
}

func (h *Handler) showCase(w http.ResponseWriter, r *http.Request, id string, status int, form caseForm) error {
	v, err := h.readCase(r, id)
	if err != nil {
		return err
	}
	v.caseForm = form
	return page.Show(w, r, status, casePage(v))
}

func (h *Handler) readCase(r *http.Request, id string) (caseView, error) {
	ctx, actor := r.Context(), page.Actor(r)
	v := caseView{Now: h.now(), Actor: actor, Max: h.documents.MaxBytes()}
	var err error
	if v.Case, err = h.requests.Case(ctx, actor, page.Lang(r), id); err != nil {
		return v, err
	}
	if v.Unread() && actor.Side == identity.Member {
		if err := h.requests.Seen(ctx, actor, id); err != nil {
			return v, err
		}
	}
	if what := r.URL.Query().Get("done"); what != "" && locale.Has(page.Lang(r), "requests.done."+what) {
		v.Done = locale.T(ctx, "requests.done."+what)
	}
	if before := r.URL.Query().Get("before"); before != "" {
		if v.Happened, v.Earlier, err = h.requests.Happened(ctx, actor, id, before); err != nil {
			return v, err
		}
	}
	if h.Supports != nil {
		if v.Granted, err = h.Supports(ctx, actor, v.Case); err != nil {
			return v, err
		}
	}
	p, err := h.requests.Paper(ctx, actor, id)
	if err != nil {
		return v, err
	}
	rec := record(p, actor)
	v.Ready, v.Pages = rec.Progress(ctx)
	v.Answers = formpages.Summary(ctx, p.Form.Definition, p.Form.Answers, formpages.Links{File: v.file(ctx)})
	return v, h.db.Read(ctx, actor, func(q postgres.Querier) error {
		list, err := documents.Of(ctx, q, v.Ref())
		for _, d := range list {
			v.Files = append(v.Files, ui.File{Name: d.Name, Href: v.file(ctx)(d.PublicID), More: v.history(ctx, d),
				About: locale.Size(ctx, d.Size) + " · " + locale.ShortDate(ctx, locale.Own(ctx, d.At))})
		}
		return err
	})
}

// path is an address below the request.
func (v caseView) path(ctx context.Context, rest string) string {
	return ui.Path(ctx, v.MemberPath()+rest)
}

// file is where the municipality opens a file.
func (v caseView) file(ctx context.Context) func(string) string {
	return func(id string) string { return ui.Path(ctx, "/m/"+v.OrgPublicID+"/files/"+id) }
}

// title is what the request is called; a draft may have no name yet.
func title(ctx context.Context, r *requests.Request) string {
	if r.Summary.Title == "" {
		return locale.T(ctx, "requests.untitled")
	}
	return r.Summary.Title
}

// returned is the word with which the approver gave the draft back; nil where nobody did.
func (v caseView) returned() *workflow.Step {
	if v.State != requests.Draft || len(v.Steps) == 0 {
		return nil
	}
	if last := &v.Steps[len(v.Steps)-1]; last.From == requests.WithApprover && last.Reason != "" {
		return last
	}
	return nil
}

// remindable is from when on the approver can be reminded again.
func (v caseView) remindable() time.Time {
	last := v.Now
	if v.AskedAt != nil {
		last = *v.AskedAt
	}
	if v.RemindedAt != nil {
		last = *v.RemindedAt
	}
	return last.Add(requests.RemindEvery)
}

// mayWithdraw reports whether the reader may end the request.
func (v caseView) mayWithdraw() bool { return v.Has("withdraw") }

// timeline is what happened on both sides, as far as it is the municipality's to read, and
// what comes next.
func (v caseView) timeline(ctx context.Context) ui.Timeline {
	words := cards.Happened{Moves: "audit.request.", Nobody: locale.T(ctx, "requests.portal"), File: v.file(ctx), Message: func(id string) string { return "#" + messageID(id) }}
	out := ui.Timeline{Moments: words.Moments(ctx, v.Happened), OnPage: true}
	if v.Open() && v.Promised() != nil && v.State != requests.Draft {
		out.Moments = append(out.Moments, ui.Moment{What: locale.T(ctx, "requests.next."+string(shown(v.State))), Next: true,
			At: locale.Date(ctx, locale.Own(ctx, *v.Promised())), Ago: locale.Relative(ctx, *v.Promised()), ISO: clock.ISO(*v.Promised())})
	}
	if v.Earlier != "" {
		out.Earlier = ui.Link{Label: locale.T(ctx, "casefile.earlier"), Href: v.path(ctx, "?before="+v.Earlier+"#happened")}
	}
	return out
}

// messageID is where a message stands on the page.
func messageID(id string) string { return "message-" + id }

// history leads to what a file has been; named by its version where it has several. A draft's
// files belong to its form.
func (v caseView) history(ctx context.Context, d documents.Document) ui.Link {
	if v.SubmittedAt == nil {
		return ui.Link{}
	}
	label := locale.T(ctx, "casefile.versions")
	if d.Version > 1 {
		label = locale.T(ctx, "casefile.version", "N", d.Version)
	}
	return ui.Link{Label: label, Href: v.path(ctx, "/files/"+d.PublicID)}
}

// talk is what was written between the municipality and the union.
func (v caseView) talk(ctx context.Context) ui.Thread {
	out := ui.Thread{Label: locale.T(ctx, "requests.talk")}
	for _, m := range v.Messages {
		out.Messages = append(out.Messages, ui.Message{ID: messageID(strconv.FormatInt(m.ID, 10)), Who: writer(ctx, cards.Writer(m)), For: m.OrgName, At: clock.Moment(ctx, m.At), ISO: clock.ISO(m.At), Body: m.Body,
			How: cards.ByMail(ctx, m), Files: cards.MessageFiles(ctx, m, v.file(ctx), v.history)})
	}
	return out
}

// facts stand beside the case.
func (v caseView) facts(ctx context.Context) []ui.SummaryRow {
	day := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return locale.Date(ctx, locale.Own(ctx, *t))
	}
	rows := []ui.SummaryRow{{Label: locale.T(ctx, "requests.fact.state"), Content: chip(ctx, v.Request)}, {Label: locale.T(ctx, "requests.fact.service"), Value: v.Flow().Title.In(locale.Of(ctx).Lang)}}
	add := func(label, value string) {
		if value != "" {
			rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, label), Value: value})
		}
	}
	if v.Elsewhere() {
		add("requests.came_by", cameBy(ctx, v.Arrival))
		add("requests.earlier_reference", v.EarlierReference)
	}
	add("requests.fact.sent", day(v.SubmittedAt))
	add("requests.fact.officer", v.OfficerName)
	if v.Open() && v.SubmittedAt != nil {
		add("requests.fact.due", day(v.Promised()))
	}
	add("requests.fact.closed", day(v.ClosedAt))
	return rows
}

// filesHint says what may come with a message.
func (v caseView) filesHint(ctx context.Context) string {
	return locale.T(ctx, "requests.files_hint", "Count", messages.MaxFiles, "Size", locale.Size(ctx, v.Max))
}
