package absencepages

import (
	"net/http"
	"net/url"

	"github.com/birlik/portal/internal/absences"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// handoverView is what somebody has, and to whom it shall go.
type handoverView struct {
	From       *absences.Colleague // whose cases they are
	Own        bool
	Manage     bool
	Colleagues []absences.Colleague
	Rows       []requests.Row
	Form       handoverForm
	Faults     page.Faults
}

// handoverForm gives cases to a colleague. From is whose they are: empty for the reader's own.
type handoverForm struct {
	From string   `form:"from"`
	To   string   `form:"to"`
	All  bool     `form:"all"`
	IDs  []string `form:"ids"`
	Note string   `form:"note"`
}

func (h *Handler) showHandover(w http.ResponseWriter, r *http.Request) error {
	v, err := h.holdings(r, r.URL.Query().Get("from"))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, handoverPage(v))
}

// holdings reads what somebody has; a colleague's only for whoever manages absences.
func (h *Handler) holdings(r *http.Request, from string) (handoverView, error) {
	ctx, actor := r.Context(), page.Actor(r)
	v := handoverView{Manage: actor.Can(identity.ManageAbsences), Form: handoverForm{From: from, All: true}}
	board, err := h.absences.Board(ctx, actor)
	if err != nil {
		return v, err
	}
	if v.Colleagues = board.Colleagues; !v.Manage {
		from = ""
	}
	for i, c := range v.Colleagues {
		if from == c.PublicID || from == "" && c.ID == actor.UserID {
			v.From, v.Own = &v.Colleagues[i], c.ID == actor.UserID
		}
	}
	if v.From == nil {
		return v, nil
	}
	v.Rows, err = h.requests.Holdings(ctx, actor, page.Lang(r), v.From.PublicID)
	return v, err
}

// handOver gives the chosen cases to a colleague, with a note in each; the list tells what
// came of it, and can take it back for a while.
func (h *Handler) handOver(w http.ResponseWriter, r *http.Request) error {
	var f handoverForm
	if err := page.Decode(r, &f); err != nil {
		return err
	}
	v, err := h.holdings(r, f.From)
	if err != nil {
		return err
	}
	v.Form = f
	if f.To == "" || v.From != nil && f.To == v.From.PublicID {
		v.Faults = page.Faults{"to": locale.T(r.Context(), "absences.no_deputy")}
		return page.Show(w, r, http.StatusUnprocessableEntity, handoverPage(v))
	}
	done, err := h.requests.DoMany(r.Context(), page.Actor(r), v.picks(), requests.Act{Kind: requests.ActAssign, Officer: f.To, Note: f.Note})
	if err == nil {
		http.Redirect(w, r, ui.Path(r.Context(), "/desk/requests")+"?assignee="+url.QueryEscape(f.To)+"&bulk="+done.ID, http.StatusSeeOther)
		return nil
	}
	var ours bool
	if v.Faults, ours = page.FaultsOf(r, err); !ours {
		return err
	}
	return page.Show(w, r, http.StatusUnprocessableEntity, handoverPage(v))
}

// picks are the cases that were chosen, among those that the person has.
func (v handoverView) picks() []requests.Pick {
	chosen := map[string]bool{}
	for _, id := range v.Form.IDs {
		chosen[id] = true
	}
	var out []requests.Pick
	for _, row := range v.Rows {
		if v.Form.All || chosen[row.PublicID] {
			out = append(out, requests.Pick{PublicID: row.PublicID, Version: row.Version})
		}
	}
	return out
}
