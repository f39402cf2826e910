package memberpages

import (
	"net/http"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/web/page"
)

// factForm records what becomes of a membership.
type factForm struct {
	What      string `form:"what"`
	Kind      string `form:"kind"`
	On        string `form:"on"`
	Notice    string `form:"notice"`
	Reason    string `form:"reason"`
	Organ     string `form:"organ"`
	Number    string `form:"number"`
	Date      string `form:"date"`
	For       string `form:"votes_for"`
	Against   string `form:"votes_against"`
	Abstained string `form:"votes_abstained"`
}

func (h *Handler) showFact(w http.ResponseWriter, r *http.Request) error {
	v, err := h.memberView(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, factPage(v, factForm{Kind: string(v.Kind), Organ: string(decisions.AdministrativeBoard)}))
}

func (h *Handler) recordFact(w http.ResponseWriter, r *http.Request) error {
	var form factForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	v, err := h.memberView(r)
	if err != nil {
		return err
	}
	record, faults := h.record(r, form)
	if len(faults) == 0 {
		err = h.membership.RecordFact(r.Context(), page.Actor(r), v.PublicID, record)
		if err == nil {
			return page.Redirect(w, r, membersPath+"/%s?done=fact", v.PublicID)
		}
		var wrong bool
		faults, wrong = page.FaultsOf(r, err)
		if apperr.Is(err, apperr.Conflict) {
			faults, wrong = page.Faults{"what": page.Message(r, err)}, true
		}
		if !wrong {
			return err
		}
	}
	v.Faults = faults
	return page.Show(w, r, http.StatusUnprocessableEntity, factPage(v, form))
}

// record reads the form: its days and votes are typed. A kind belongs to some facts only.
func (h *Handler) record(r *http.Request, form factForm) (membership.Record, page.Faults) {
	faults := page.Faults{}
	out := membership.Record{What: membership.What(form.What), Reason: form.Reason, Organ: decisions.Organ(form.Organ), Number: form.Number}
	if out.What == membership.FactKindChanged || out.What == membership.FactReadmitted {
		out.Kind = membership.Kind(form.Kind)
	}
	var ok bool
	if out.On, ok = h.readDay(form.On); !ok {
		faults["on"] = locale.T(r.Context(), "casework.day_format")
	}
	if out.Notice, ok = h.readDay(form.Notice); !ok {
		faults["notice"] = locale.T(r.Context(), "casework.day_format")
	}
	if out.Date, ok = h.readDay(form.Date); !ok {
		faults["date"] = locale.T(r.Context(), "casework.day_format")
	}
	var err error
	if out.Votes, err = votesOf(form.For, form.Against, form.Abstained); err != nil {
		faults["votes_for"] = locale.T(r.Context(), "membership.votes_wrong")
	}
	return out, faults
}
