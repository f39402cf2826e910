package caseworkpages

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/replies"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/cards"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// caseView is one request with everything that happened to it.
type caseView struct {
	requests.Case
	Now       time.Time
	Handle    bool // make the steps of the desk
	Fill      bool // the answers can still be filled in from its letter
	Decide    bool // record a decision
	Audit     bool // read the log
	In        string
	Prev      string // public identifiers of the neighbours in the list
	Next      string
	Answers   []ui.SummaryCard
	Files     []ui.File
	Papers    []stepPaper // the same, with what each is for
	Actor     identity.Actor
	Max       int64  // bytes of one file
	Done      string // what was just done
	Refused   string // why something was not done
	Say       sayForm
	Task      taskForm
	Places    map[int64]subject.Place // of the records that it is linked to
	Granted   cards.Supports
	Templates []replies.Template // to begin a message with
	Note      string             // about the text that is being written
	Faults    page.Faults
}

// show is the record's one address: beside its list where the address carries one, else alone.
func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	if what := q.Get("done"); what != "" && locale.Has(page.Lang(r), "casework.done."+what) {
		v.Done = locale.T(r.Context(), "casework.done."+what)
	}
	if !q.Has("beside") {
		return page.Show(w, r, http.StatusOK, casePage(v))
	}
	f, at := readQuery(q.Get("beside"))
	list, err := h.read(r, f, at)
	if err != nil {
		return err
	}
	list.Open = v.PublicID
	return page.Show(w, r, http.StatusOK, besidePage(list, v))
}

// view reads a case for its page; In is the list that the reader came from.
func (h *Handler) view(r *http.Request) (caseView, error) {
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return caseView{}, err
	}
	ctx, actor := r.Context(), page.Actor(r)
	v := caseView{Now: h.now(), Actor: actor, Max: h.documents.MaxBytes(), Handle: handles(actor), Decide: decides(actor), Audit: actor.Can(identity.ReadAudit)}
	if v.Case, err = h.requests.Case(ctx, actor, page.Lang(r), publicID); err != nil {
		return v, err
	}
	if v.In, err = h.neighbours(r, &v); err != nil {
		return v, err
	}
	if before := r.URL.Query().Get("before"); before != "" {
		if v.Happened, v.Earlier, err = h.requests.Happened(ctx, actor, publicID, before); err != nil {
			return v, err
		}
	}
	if err := h.tied(r, &v); err != nil {
		return v, err
	}
	if err := h.replies(r, &v); err != nil {
		return v, err
	}
	return v, h.papers(ctx, actor, &v)
}

// papers reads what was answered, and the files that came with the request.
func (h *Handler) papers(ctx context.Context, actor identity.Actor, v *caseView) error {
	paper, err := h.requests.Paper(ctx, actor, v.PublicID)
	if err != nil && !apperr.Is(err, apperr.NotFound) {
		return err
	}
	if err == nil {
		v.Fill = paper.Answerable()
		v.Answers = formpages.Summary(ctx, paper.Form.Definition, paper.Form.Answers, formpages.Links{File: func(id string) string { return filePath(ctx, id) }})
	}
	return h.files(ctx, actor, v)
}

// filePath is where staff open a file.
func filePath(ctx context.Context, publicID string) string {
	return ui.Path(ctx, "/desk/files/"+publicID)
}

// neighbours finds what stands beside the case in the list that the address carries.
func (h *Handler) neighbours(r *http.Request, v *caseView) (in string, err error) {
	q := r.URL.Query()
	if in = q.Get("in"); in == "" {
		in = q.Get("beside")
	}
	if r.Method == http.MethodPost {
		in = r.PostFormValue("in")
	}
	f, at := readQuery(in)
	in = query(f, at)
	v.Prev, v.Next, err = h.requests.Neighbours(r.Context(), page.Actor(r), page.Lang(r), f, v.PublicID)
	return in, err
}

// path is an address below the case, with the list that the reader came from.
func (v caseView) path(ctx context.Context, below string) string {
	return casePath(ctx, v.PublicID, below, v.In)
}

func casePath(ctx context.Context, publicID, below, in string) string {
	out := ui.Path(ctx, listPath+"/"+publicID+below)
	if in != "" {
		out += "?in=" + url.QueryEscape(in)
	}
	return out
}

// beside is the record of a neighbour beside the list.
func (v caseView) beside(ctx context.Context, publicID string) string {
	if publicID == "" {
		return ""
	}
	return ui.Path(ctx, listPath+"/"+publicID) + "?beside=" + url.QueryEscape(v.In) + "#panel"
}

// alone is the full record of a neighbour.
func (v caseView) alone(ctx context.Context, publicID string) string {
	if publicID == "" {
		return ""
	}
	return casePath(ctx, publicID, "", v.In)
}

// refused shows the case with why an act was not done: what stood in its way is on the page.
func (h *Handler) refused(w http.ResponseWriter, r *http.Request, err error) error {
	status := page.Status(err)
	if status != http.StatusConflict && status != http.StatusUnprocessableEntity {
		return err
	}
	v, viewErr := h.view(r)
	if viewErr != nil {
		return viewErr
	}
	v.Refused = page.Message(r, err)
	return page.Show(w, r, status, casePage(v))
}

// done leads back to the case and says there what was done.
func done(w http.ResponseWriter, r *http.Request, publicID, what string) error {
	target := casePath(r.Context(), publicID, "", r.PostFormValue("in"))
	mark := "?"
	if strings.Contains(target, "?") {
		mark = "&"
	}
	http.Redirect(w, r, target+mark+"done="+what, http.StatusSeeOther)
	return nil
}

// say is a message of the page in the reader's language.
func say(r *http.Request, key string) string { return locale.T(r.Context(), key) }

// moments are the case's steps, newest last, and what comes next.
func (v caseView) moments(ctx context.Context) []ui.Moment {
	var out []ui.Moment
	for _, s := range v.Steps {
		if v.SubmittedAt != nil && s.At.Before(v.SubmittedAt.Add(-time.Second)) && requests.Private(s.To) {
			continue // how the municipality made its draft is its own
		}
		out = append(out, ui.Moment{Who: nameOr(ctx, s.ActorName), What: locale.T(ctx, "casework.did."+s.Move), Text: s.Reason,
			At: clock.Moment(ctx, s.At), Ago: clock.Ago(ctx, s.At), ISO: clock.ISO(s.At), Bad: bad(s.To)})
	}
	if v.Open() {
		next := ui.Moment{What: locale.T(ctx, "casework.next."+string(v.State)), Next: true}
		if v.DueAt != nil {
			next.At, next.Ago, next.ISO = locale.Date(ctx, clock.Own(ctx, *v.DueAt)), clock.Ago(ctx, *v.DueAt), clock.ISO(*v.DueAt)
		}
		out = append(out, next)
	}
	return out
}

func bad(s workflow.State) bool {
	return s == requests.Declined || s == requests.Withdrawn
}

// talk is what was written about the case, notes among staff included.
func (v caseView) talk(ctx context.Context) ui.Thread {
	out := ui.Thread{Label: locale.T(ctx, "casework.talk")}
	for _, m := range v.Messages {
		out.Messages = append(out.Messages, ui.Message{ID: messageID(strconv.FormatInt(m.ID, 10)), Who: nameOr(ctx, cards.Writer(m)), For: m.OrgName, At: clock.When(ctx, m.At), ISO: clock.ISO(m.At),
			Body: m.Body, Internal: m.Side == messages.Note, Status: v.delivered(ctx, m), Failed: v.failed(m), How: cards.ByMail(ctx, m), More: v.letter(ctx, m),
			Files: cards.MessageFiles(ctx, m, func(id string) string { return filePath(ctx, id) }, v.history)})
	}
	return out
}

// letter leads to the letter that a message came as.
func (v caseView) letter(ctx context.Context, m messages.Message) ui.Link {
	if m.Mail == "" || !v.Handle {
		return ui.Link{}
	}
	return ui.Link{Label: locale.T(ctx, "mailin.see_whole"), Href: ui.Path(ctx, "/desk/mail/"+m.Mail)}
}

// conflict reports an edit of what somebody changed meanwhile.
func conflict(err error) bool { return apperr.Is(err, apperr.Conflict) }
