package joinpages

import (
	"context"
	"net/http"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// newForm makes the pages on which the questions are answered.
func newForm(service *membership.Service, files *documents.Service) *formpages.Form {
	open := func(ctx context.Context, actor identity.Actor, publicID string) (formpages.Record, error) {
		p, err := service.Paper(ctx, actor, string(locale.Of(ctx).Lang), publicID)
		if err != nil {
			return formpages.Record{}, err
		}
		return record(p), nil
	}
	return &formpages.Form{Open: open, Save: service.SavePage, Receive: files.Receive, MaxBytes: files.MaxBytes(), Param: "application"}
}

func record(p membership.Paper) formpages.Record {
	home := p.Path()
	rec := formpages.Record{PublicID: p.PublicID, Submission: p.Form, Open: p.Editable(), Path: home + "/form", Home: home, Uploads: home + "/uploads",
		Files: home + "/files", Section: home, Lang: p.Lang, Finish: finish(p), Centre: forms.Point{}}
	if p.Currency != "" {
		rec.Currencies = []string{p.Currency}
	}
	return rec
}

// homeView is an application as its applicant sees it.
type homeView struct {
	membership.Paper
	Ready, All int    // pages of the form
	Done       string // what was just done
	Refused    string
	Word       string
	Faults     page.Faults
}

func (h *Handler) view(r *http.Request) (homeView, error) {
	id, err := page.PublicID(r, "application")
	if err != nil {
		return homeView{}, err
	}
	v := homeView{}
	if v.Paper, err = h.membership.Paper(r.Context(), page.Actor(r), string(page.Lang(r)), id); err != nil {
		return v, err
	}
	v.Ready, v.All = record(v.Paper).Progress(r.Context())
	return v, nil
}

func (h *Handler) home(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	if what := r.URL.Query().Get("done"); what != "" && locale.Has(page.Lang(r), "membership.done."+what) {
		v.Done = locale.T(r.Context(), "membership.done."+what, "Email", v.Email)
	}
	return page.Show(w, r, http.StatusOK, homePage(v))
}

// send submits the checked answers.
func (h *Handler) send(w http.ResponseWriter, r *http.Request) error {
	id, seq, err := stepOf(r)
	if err != nil {
		return err
	}
	err = h.membership.Submit(r.Context(), page.Actor(r), id, seq)
	if err == nil {
		return page.Redirect(w, r, "/join/%s?done=sent", id)
	}
	return h.refuse(w, r, err)
}

// refuse shows why an act was not done, where it can be mended.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) error {
	v, readErr := h.view(r)
	if readErr != nil {
		return readErr
	}
	switch {
	case apperr.Is(err, apperr.Invalid) && v.Editable():
		return page.Show(w, r, http.StatusUnprocessableEntity, record(v.Paper).Incomplete(r.Context()))
	case apperr.Is(err, apperr.Conflict):
		v.Refused = page.Message(r, err)
		return page.Show(w, r, http.StatusConflict, homePage(v))
	}
	return err
}

func (h *Handler) showWithdraw(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	if !v.Open() {
		return page.Redirect(w, r, "%s", v.Path())
	}
	return page.Show(w, r, http.StatusOK, withdrawPage(v))
}

func (h *Handler) withdraw(w http.ResponseWriter, r *http.Request) error {
	id, seq, err := stepOf(r)
	if err != nil {
		return err
	}
	word := page.Tidy(r.PostFormValue("reason"))
	err = h.membership.Withdraw(r.Context(), page.Actor(r), id, seq, word)
	if err == nil {
		return page.Redirect(w, r, "/join/%s?done=withdrawn", id)
	}
	if faults, ours := page.FaultsOf(r, err); ours {
		v, readErr := h.view(r)
		if readErr != nil {
			return readErr
		}
		v.Word, v.Faults = word, faults
		return page.Show(w, r, http.StatusUnprocessableEntity, withdrawPage(v))
	}
	return h.refuse(w, r, err)
}

// letter is the union's letter of admission.
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

// moments are the steps of the application, and what comes next.
func (v homeView) moments(ctx context.Context) []ui.Moment {
	var out []ui.Moment
	for _, s := range v.Steps {
		out = append(out, ui.Moment{What: locale.T(ctx, "membership.did."+s.Move), Text: s.Reason, At: clock.Moment(ctx, s.At), Ago: clock.Ago(ctx, s.At),
			ISO: clock.ISO(s.At), Bad: s.To == membership.Declined || s.To == membership.Withdrawn || s.To == membership.Incomplete})
	}
	if v.Application.Open() {
		next := ui.Moment{What: locale.T(ctx, "membership.next."+string(v.State)), Next: true}
		if v.DueAt != nil {
			next.At, next.ISO = locale.Date(ctx, clock.Own(ctx, *v.DueAt)), clock.ISO(*v.DueAt)
		}
		out = append(out, next)
	}
	return out
}
