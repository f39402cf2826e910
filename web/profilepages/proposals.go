package profilepages

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/profiles"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// proposalView is a proposal: to its municipality, or to staff with the boxes of an answer.
type proposalView struct {
	profiles.Case
	frame
	May      bool
	Done     string
	Verdicts map[profiles.Fact]profiles.Verdict // as they were typed
	Moved    bool                               // a colleague was quicker
}

func (h *Handler) proposalView(r *http.Request) (proposalView, error) {
	v := proposalView{frame: newFrame(r), Done: said(r), Verdicts: map[profiles.Fact]profiles.Verdict{}}
	id, err := page.PublicID(r, "proposal")
	if err != nil {
		return v, err
	}
	v.Case, err = h.profiles.Proposal(r.Context(), page.Actor(r), id)
	return v, err
}

func (h *Handler) proposal(w http.ResponseWriter, r *http.Request) error {
	v, err := h.proposalView(r)
	if err != nil {
		return err
	}
	v.May = v.State == profiles.Waiting && page.Actor(r).Can(identity.EditProfile)
	return page.Show(w, r, http.StatusOK, proposalPage(v))
}

func (h *Handler) withdraw(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "proposal")
	if err != nil {
		return err
	}
	seq, err := page.Version(r)
	if err != nil {
		return err
	}
	if err := h.profiles.Withdraw(r.Context(), page.Actor(r), id, seq); err != nil {
		return err
	}
	return done(w, r, newFrame(r).Section, "withdrawn")
}

func (h *Handler) deskProposal(w http.ResponseWriter, r *http.Request) error {
	v, err := h.proposalView(r)
	if err != nil {
		return err
	}
	v.May = v.State == profiles.Waiting && page.Actor(r).Can(identity.EditMembers)
	return page.Show(w, r, http.StatusOK, deskProposalPage(v))
}

// answer keeps staff's verdicts. Where the register or the proposal moved meanwhile, the page
// shows how they stand now with the verdicts as they were typed.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request) error {
	v, err := h.proposalView(r)
	if err != nil {
		return err
	}
	in, err := v.read(r)
	if err != nil {
		return err
	}
	err = h.profiles.Answer(r.Context(), page.Actor(r), v.PublicID, in)
	if err == nil {
		return page.Redirect(w, r, "/desk/proposals/%s?done=answered", v.PublicID)
	}
	faults, quicker, err := refused(r, err)
	if err != nil {
		return err
	}
	v.Faults, v.Verdicts, v.Moved, v.May = faults, in.Verdicts, quicker, v.State == profiles.Waiting
	status := http.StatusUnprocessableEntity
	if quicker {
		status = http.StatusConflict
	}
	return page.Show(w, r, status, deskProposalPage(v))
}

func (v proposalView) read(r *http.Request) (profiles.Answer, error) {
	in := profiles.Answer{Verdicts: map[profiles.Fact]profiles.Verdict{}}
	var err error
	if in.Version, err = page.Version(r); err != nil {
		return in, err
	}
	if in.Seq, err = strconv.Atoi(r.PostFormValue("seq")); err != nil {
		in.Seq = 0 // of no proposal: it moved on
	}
	for _, c := range v.Changes {
		in.Verdicts[c.Fact] = profiles.Verdict{Outcome: profiles.Outcome(r.PostFormValue("outcome_" + string(c.Fact))), Reason: page.Tidy(r.PostFormValue("reason_" + string(c.Fact)))}
	}
	return in, nil
}

// boxes are the names of an answer's boxes in the order of the page.
func (v proposalView) boxes() []string {
	var out []string
	for _, c := range v.Changes {
		out = append(out, "outcome_"+string(c.Fact), "reason_"+string(c.Fact))
	}
	return out
}

// moved reports that the register says otherwise than on the day of the proposal.
func (v proposalView) moved(c profiles.Change) bool {
	return c.Outcome == profiles.Open && len(profiles.Facts{c.Fact: c.Old}.Changed(profiles.Facts{c.Fact: v.Now[c.Fact]})) > 0
}

// queueView is the desk's queue of proposals.
type queueView struct {
	profiles.Queue
	Answered bool
}

func (h *Handler) queue(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := queueView{Answered: q.Get("view") == "answered"}
	var err error
	if v.Queue, err = h.profiles.Queue(r.Context(), page.Actor(r), v.Answered, q.Get("after")); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, queuePage(v))
}

func (v queueView) tabs(ctx context.Context) []ui.Link {
	return []ui.Link{
		{Label: locale.T(ctx, "profiles.queue_waiting"), Href: ui.Path(ctx, proposalsPath), Current: !v.Answered},
		{Label: locale.T(ctx, "profiles.queue_answered"), Href: ui.Path(ctx, proposalsPath+"?view=answered"), Current: v.Answered},
	}
}

const proposalsPath = "/desk/proposals"

// more leads on; empty at the end.
func (v queueView) more(ctx context.Context) string {
	if v.Next == "" {
		return ""
	}
	q := url.Values{"after": {v.Next}}
	if v.Answered {
		q.Set("view", "answered")
	}
	return ui.Path(ctx, proposalsPath) + "?" + q.Encode()
}

// Summary is a proposal in a line: which facts it is about.
func Summary(ctx context.Context, p profiles.Proposal) string {
	var out []string
	for _, c := range p.Changes {
		out = append(out, factName(ctx, c.Fact))
	}
	return strings.Join(out, ", ")
}
