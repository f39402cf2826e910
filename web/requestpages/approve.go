package requestpages

import (
	"context"
	"net/http"
	"time"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// approvalForm is a word that was typed on one of the small screens, to be shown again.
type approvalForm struct {
	Word   string
	Faults page.Faults
}

// approvalView is all that the approver needs on one screen of a telephone.
type approvalView struct {
	requests.Paper
	approvalForm
	Cards []ui.SummaryCard
	By    string // who asked
}

// approval is the approver's one screen. Opening it changes nothing.
func (h *Handler) approval(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	return h.showApproval(w, r, id, approvalForm{})
}

func (h *Handler) showApproval(w http.ResponseWriter, r *http.Request, id string, form approvalForm) error {
	ctx, actor := r.Context(), page.Actor(r)
	c, err := h.requests.Case(ctx, actor, page.Lang(r), id)
	if err != nil {
		return err
	}
	if c.State != requests.WithApprover || !actor.Can(identity.ApproveDraft) {
		return page.Redirect(w, r, "%s", below(r, id, "")) // there it says how it stands
	}
	v := approvalView{approvalForm: form, By: c.Steps[len(c.Steps)-1].ActorName}
	if v.Paper, err = h.requests.Paper(ctx, actor, id); err != nil {
		return err
	}
	v.Cards = formpages.Summary(ctx, v.Form.Definition, v.Form.Answers, formpages.Links{File: func(id string) string {
		return ui.Path(ctx, "/m/"+v.OrgPublicID+"/files/"+id)
	}})
	status := http.StatusOK
	if len(form.Faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return page.Show(w, r, status, approvalPage(v))
}

// sentView is the proof that a request was sent.
type sentView struct {
	*requests.Request
	Lately requests.Lately
}

func (h *Handler) sent(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	v := sentView{}
	if v.Request, err = h.requests.Open(r.Context(), page.Actor(r), id); err != nil {
		return err
	}
	if v.SubmittedAt == nil {
		return page.Redirect(w, r, "%s", below(r, id, ""))
	}
	if v.Lately, err = h.requests.Lately(r.Context(), v.Service); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, sentPage(v))
}

// promises are what happens next; the days are working days of the union's steps, so no
// date is promised that a holiday would break.
func (v sentView) promises(ctx context.Context) []ui.Moment {
	out := []ui.Moment{{Who: locale.Date(ctx, locale.Own(ctx, *v.SubmittedAt)), What: locale.T(ctx, "requests.promise_mail")}}
	for _, stage := range requests.Way(v.Flow(), locale.Of(ctx).Lang) {
		m := ui.Moment{What: stage.Label, Next: true}
		if stage.State == requests.Submitted && v.DueAt != nil {
			m.Who = locale.T(ctx, "requests.until", "Day", locale.Date(ctx, locale.Own(ctx, *v.DueAt)))
		} else if stage.Days > 0 {
			m.Ago = locale.T(ctx, "requests.workdays", "Count", stage.Days)
		}
		out = append(out, m)
	}
	return out
}

// lately is how long the latest decisions took; empty where there are too few to say.
func lately(ctx context.Context, l requests.Lately) string {
	const enough = 3
	if l.Count < enough {
		return ""
	}
	days := max(1, int((l.Median+12*time.Hour)/(24*time.Hour)))
	return locale.T(ctx, "requests.lately", "Count", days, "Since", locale.Date(ctx, locale.Own(ctx, l.Since)))
}

// leaving asks for a word before a request is given up.
func (h *Handler) leaving(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	return h.showLeaving(w, r, id, approvalForm{})
}

func (h *Handler) showLeaving(w http.ResponseWriter, r *http.Request, id string, form approvalForm) error {
	c, err := h.requests.Case(r.Context(), page.Actor(r), page.Lang(r), id)
	if err != nil {
		return err
	}
	if !c.Has("withdraw") {
		return page.Redirect(w, r, "%s", below(r, id, ""))
	}
	status := http.StatusOK
	if len(form.Faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return page.Show(w, r, status, leavingPage(c.Request, form))
}

func leavingTitle(ctx context.Context, r *requests.Request) string {
	if r.SubmittedAt == nil {
		return locale.T(ctx, "requests.drop_draft")
	}
	return locale.T(ctx, "requests.withdraw")
}

func (v approvalView) path(ctx context.Context, rest string) string {
	return ui.Path(ctx, v.MemberPath()+rest)
}

// facts are what the approver signs for, at a glance.
func (v approvalView) facts(ctx context.Context) []ui.SummaryRow {
	var out []ui.SummaryRow
	for _, key := range []string{"description", "place", "beneficiaries", "cost", "own"} {
		if f, ok := v.Form.Definition.Field(key); ok {
			out = append(out, ui.SummaryRow{Label: f.Label.Text(locale.Of(ctx).Lang), Values: formpages.Lines(ctx, f, v.Form.Answers[key])})
		}
	}
	return out
}
