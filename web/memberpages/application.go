package memberpages

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// caseView is one application with everything that happened to it.
type caseView struct {
	membership.Case
	Audit   bool
	Write   bool // letters
	Answers []ui.SummaryCard
	Files   []ui.File
	Done    string
	Refused string
	Faults  page.Faults
}

func (h *Handler) view(r *http.Request) (caseView, error) {
	id, err := page.PublicID(r, "application")
	if err != nil {
		return caseView{}, err
	}
	ctx, actor := r.Context(), page.Actor(r)
	v := caseView{Audit: actor.Can(identity.ReadAudit), Write: actor.Can(identity.WriteMembers)}
	if v.Case, err = h.membership.Case(ctx, actor, string(page.Lang(r)), id); err != nil {
		return v, err
	}
	file := func(id string) string { return ui.Path(ctx, "/desk/files/"+id) }
	v.Answers = formpages.Summary(ctx, v.Form.Definition, v.Form.Answers, formpages.Links{File: file})
	return v, h.db.Read(ctx, actor, func(q postgres.Querier) error {
		list, err := documents.Of(ctx, q, v.Ref())
		for _, d := range list {
			v.Files = append(v.Files, ui.File{ID: d.PublicID, Name: d.Name, About: locale.Size(ctx, d.Size) + " · " + locale.ShortDate(ctx, clock.Own(ctx, d.At)),
				Href: file(d.PublicID), Keep: true})
		}
		return err
	})
}

func (h *Handler) application(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	if what := r.URL.Query().Get("done"); what != "" && locale.Has(page.Lang(r), "members.done."+what) {
		v.Done = locale.T(r.Context(), "members.done."+what)
	}
	return page.Show(w, r, http.StatusOK, applicationPage(v))
}

// refused shows the application with why an act was not done.
func (h *Handler) refused(w http.ResponseWriter, r *http.Request, err error) error {
	status := page.Status(err)
	if status != http.StatusConflict && status != http.StatusUnprocessableEntity {
		return err
	}
	v, readErr := h.view(r)
	if readErr != nil {
		return readErr
	}
	v.Refused = page.Message(r, err)
	return page.Show(w, r, status, applicationPage(v))
}

func done(w http.ResponseWriter, r *http.Request, id, what string) error {
	return page.Redirect(w, r, applicationsPath+"/%s?done=%s", id, what)
}

// seqForm is a step that needs no more than a press.
type seqForm struct {
	Seq int `form:"seq"`
}

func (h *Handler) complete(w http.ResponseWriter, r *http.Request) error {
	var form seqForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	id, err := page.PublicID(r, "application")
	if err != nil {
		return err
	}
	if err := h.membership.Complete(r.Context(), page.Actor(r), id, form.Seq); err != nil {
		return h.refused(w, r, err)
	}
	return done(w, r, id, "complete")
}

type assignForm struct {
	Officer string `form:"officer"`
	Version int    `form:"version"`
}

func (h *Handler) assign(w http.ResponseWriter, r *http.Request) error {
	var form assignForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	id, err := page.PublicID(r, "application")
	if err != nil {
		return err
	}
	if err := h.membership.Assign(r.Context(), page.Actor(r), id, form.Version, form.Officer); err != nil {
		return h.refused(w, r, err)
	}
	return done(w, r, id, "assigned")
}

// returnForm asks the applicant to complete the application.
type returnForm struct {
	Seq    int    `form:"seq"`
	Reason string `form:"reason"`
}

func (h *Handler) showReturn(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err == nil && !v.Has("return") {
		err = apperr.New(apperr.Conflict, "workflow.moved_on")
	}
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, returnPage(v, returnForm{Seq: v.Seq}))
}

func (h *Handler) giveBack(w http.ResponseWriter, r *http.Request) error {
	var form returnForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	err = h.membership.Return(r.Context(), page.Actor(r), v.PublicID, form.Seq, form.Reason)
	if err == nil {
		return done(w, r, v.PublicID, "return")
	}
	faults, wrong := page.FaultsOf(r, err)
	if !wrong {
		return h.refused(w, r, err)
	}
	v.Faults = faults
	return page.Show(w, r, http.StatusUnprocessableEntity, returnPage(v, form))
}

// decisionForm records what a board decided; the Administrative Board's decision says who
// the member is and whom it sends, too.
type decisionForm struct {
	Seq       int      `form:"seq"`
	Outcome   string   `form:"outcome"`
	Number    string   `form:"number"`
	Date      string   `form:"date"`
	For       string   `form:"votes_for"`
	Against   string   `form:"votes_against"`
	Abstained string   `form:"votes_abstained"`
	Reason    string   `form:"reason"`
	Place     string   `form:"place"`
	Starts    string   `form:"starts"`
	Invite    []string `form:"invite"` // "approver", "editor"
}

func (h *Handler) showDecision(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err == nil && v.Board() == "" {
		err = apperr.New(apperr.Conflict, "workflow.moved_on")
	}
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, decisionPage(v, decisionForm{Seq: v.Seq, Place: v.likely(), Invite: []string{"approver", "editor"}}))
}

// likely is the place that an application is most probably about: the one of its name.
func (v caseView) likely() string {
	if len(v.Candidates) == 1 && v.Candidates[0].Standing != "active" && v.Candidates[0].Standing != "suspended" {
		return v.Candidates[0].PublicID
	}
	if len(v.Candidates) > 0 {
		return "" // to be chosen
	}
	return newPlace
}

// newPlace is the choice of a record that the register does not hold yet.
const newPlace = "new"

func (h *Handler) decide(w http.ResponseWriter, r *http.Request) error {
	var form decisionForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	ruling, faults := h.ruling(r, form)
	starts := h.admission(r, v, form, faults)
	if len(faults) == 0 {
		if err = h.carry(r, v, form, ruling, starts); err == nil {
			return done(w, r, v.PublicID, form.Outcome+"_"+string(v.State))
		}
		var wrong bool
		if faults, wrong = page.FaultsOf(r, err); !wrong {
			return h.refused(w, r, err)
		}
	}
	v.Faults = faults
	return page.Show(w, r, http.StatusUnprocessableEntity, decisionPage(v, form))
}

// carry does what the board decided.
func (h *Handler) carry(r *http.Request, v caseView, form decisionForm, ruling membership.Ruling, starts time.Time) error {
	ctx, actor := r.Context(), page.Actor(r)
	switch {
	case v.State == membership.ExecutiveBoard:
		return h.membership.Support(ctx, actor, v.PublicID, ruling)
	case ruling.Outcome == decisions.Decline:
		return h.membership.Decline(ctx, actor, v.PublicID, ruling)
	case ruling.Outcome != decisions.Approve:
		return apperr.Fields(map[string]string{"outcome": "requests.choose"})
	}
	if starts.IsZero() {
		starts = ruling.Date
	}
	return h.membership.Admit(ctx, actor, v.PublicID, membership.Admission{Ruling: ruling, Place: strings.TrimPrefix(form.Place, newPlace), Starts: starts, Invite: v.invited(form.Invite)})
}

// admission reads what only an admission asks, and adds what is wrong with it to the faults.
func (h *Handler) admission(r *http.Request, v caseView, form decisionForm, faults page.Faults) time.Time {
	if v.State != membership.AdministrativeBoard || form.Outcome != string(decisions.Approve) {
		return time.Time{}
	}
	starts, ok := h.readDay(form.Starts)
	if !ok {
		faults["starts"] = locale.T(r.Context(), "casework.day_format")
	}
	if v.Kind.Local() && form.Place == "" {
		faults["place"] = locale.T(r.Context(), "requests.choose")
	}
	return starts
}

// invited are the people of the application who shall act for the member.
func (v caseView) invited(chosen []string) []membership.NewPerson {
	var out []membership.NewPerson
	for _, who := range chosen {
		switch {
		case who == "approver":
			out = append(out, membership.NewPerson{Name: v.Facts.Approver.Name, Email: v.Facts.Approver.Email, Lang: v.Lang, Role: identity.MemberApprover})
		case who == "editor" && v.Facts.Editor.Email != "":
			out = append(out, membership.NewPerson{Name: v.Facts.Editor.Name, Email: v.Facts.Editor.Email, Lang: v.Lang, Role: identity.MemberEditor})
		}
	}
	return out
}

// ruling reads the form, and finds all that is wrong with it at once.
func (h *Handler) ruling(r *http.Request, form decisionForm) (membership.Ruling, page.Faults) {
	faults := page.Faults{}
	date, ok := h.readDay(form.Date)
	if !ok {
		faults["date"] = locale.T(r.Context(), "casework.day_format")
	}
	votes, err := votesOf(form.For, form.Against, form.Abstained)
	if err != nil {
		faults["votes_for"] = locale.T(r.Context(), "membership.votes_wrong")
	}
	ruling := membership.Ruling{Seq: form.Seq, Number: form.Number, Date: date, Votes: votes, Outcome: decisions.Outcome(form.Outcome), Reason: form.Reason}
	more, _ := page.FaultsOf(r, h.membership.Check(ruling))
	for field, message := range more {
		if faults[field] == "" { // what was typed wrongly is told as that
			faults[field] = message
		}
	}
	return ruling, faults
}

// votesOf are the counted votes; nil where none are typed.
func votesOf(typed ...string) (*decisions.Votes, error) {
	var n [3]int
	said := false
	for i, text := range typed {
		if text == "" {
			continue
		}
		said = true
		v, err := strconv.Atoi(text)
		if err != nil || v < 0 {
			return nil, errors.Join(err, strconv.ErrRange)
		}
		n[i] = v
	}
	if !said {
		return nil, nil
	}
	return &decisions.Votes{For: n[0], Against: n[1], Abstained: n[2]}, nil
}

func (h *Handler) letter(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "application")
	if err != nil {
		return err
	}
	content, name, err := h.membership.Letter(r.Context(), page.Actor(r), id)
	if err != nil {
		return err
	}
	return page.Attachment(w, r, name, "application/pdf", content)
}

// moments are the application's steps, and what comes next.
func (v caseView) moments(ctx context.Context) []ui.Moment {
	var out []ui.Moment
	for _, s := range v.Steps {
		if s.Move == "start" {
			continue
		}
		who := s.ActorName
		if who == "" {
			who = v.Name
		}
		out = append(out, ui.Moment{Who: who, What: locale.T(ctx, "members.did."+s.Move), Text: s.Reason, At: clock.Moment(ctx, s.At), Ago: clock.Ago(ctx, s.At),
			ISO: clock.ISO(s.At), Bad: s.To == membership.Declined || s.To == membership.Withdrawn})
	}
	if v.Application.Open() {
		next := ui.Moment{What: locale.T(ctx, "members.next."+string(v.State)), Next: true}
		if v.DueAt != nil {
			next.At, next.Ago, next.ISO = locale.Date(ctx, clock.Own(ctx, *v.DueAt)), clock.Ago(ctx, *v.DueAt), clock.ISO(*v.DueAt)
		}
		out = append(out, next)
	}
	return out
}
