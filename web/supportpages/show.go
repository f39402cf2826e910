package supportpages

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/supports"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// showView is one support with its parts.
type showView struct {
	supports.File
	Today   time.Time
	Edit    bool
	Own     bool // its municipality reads it
	Done    string
	Refused string
	Part    partForm
	Faults  page.Faults
}

// path is an address below the support.
func (v showView) path(ctx context.Context, below string) string {
	return ui.Path(ctx, deskPath+"/"+v.PublicID+below)
}

// request is the page of the request that it was granted on.
func (v showView) request(ctx context.Context) string {
	if v.Own {
		return ui.Path(ctx, "/m/"+v.OrgPublicID+"/requests/"+v.Request)
	}
	return ui.Path(ctx, "/desk/requests/"+v.Request)
}

func (h *Handler) view(r *http.Request) (v showView, err error) {
	id, err := page.PublicID(r, "support")
	if err != nil {
		return v, err
	}
	actor := page.Actor(r)
	v = showView{Today: h.supports.Today(), Edit: actor.Can(identity.EditSupports), Own: actor.Side == identity.Member, Done: done(r)}
	v.File, err = h.supports.File(r.Context(), actor, id)
	return v, err
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, showPage(v))
}

func (h *Handler) ownSupport(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, ownSupportPage(v))
}

// facts are what the register says of a support.
func (v showView) facts(ctx context.Context) []ui.SummaryRow {
	out := []ui.SummaryRow{{Label: locale.T(ctx, "supports.kind"), Value: kindName(ctx, v.Kind)}}
	if v.Amount != "" {
		out = append(out, ui.SummaryRow{Label: locale.T(ctx, "supports.amount"), Value: money(ctx, v.Amount, v.Currency)},
			ui.SummaryRow{Label: locale.T(ctx, "supports.paid"), Value: money(ctx, v.Paid, v.Currency)})
	}
	if v.DecisionNo != "" {
		out = append(out, ui.SummaryRow{Label: locale.T(ctx, "supports.decision"), Value: v.DecisionNo})
	}
	return append(out, ui.SummaryRow{Label: locale.T(ctx, "supports.granted_on"), Value: locale.Date(ctx, v.GrantedOn)})
}

// remainder is the money that no instalment is planned for; empty where there is none.
func (v showView) remainder(ctx context.Context) string {
	if v.Left == "" || strings.Trim(v.Left, "0.") == "" {
		return ""
	}
	return money(ctx, v.Left, v.Currency)
}

// partForm is an instalment, a report, or the day on which one came true.
type partForm struct {
	DueOn    string `form:"due_on"`
	Amount   string `form:"amount"`
	ReportOn string `form:"report_on"`
	On       string `form:"on"`
	Act      string `form:"act"`
}

func (h *Handler) plan(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "planned", func(ctx context.Context, actor identity.Actor, id string, f partForm) error {
		day, _ := readDay(f.DueOn)
		return h.supports.Plan(ctx, actor, id, day, readAmount(r, f.Amount))
	})
}

func (h *Handler) owe(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "owed", func(ctx context.Context, actor identity.Actor, id string, f partForm) error {
		day, _ := readDay(f.ReportOn)
		return h.supports.Owe(ctx, actor, id, day)
	})
}

// happen says that a part came true on a day, or takes it away because it will not.
func (h *Handler) happen(what string, come func(context.Context, identity.Actor, string, string, time.Time) error) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		part, told := chi.URLParam(r, "part"), what
		if r.FormValue("act") == "drop" {
			told = "dropped"
		}
		return h.act(w, r, told, func(ctx context.Context, actor identity.Actor, id string, f partForm) error {
			if f.Act == "drop" {
				return h.supports.Drop(ctx, actor, id, part)
			}
			day, ok := readDay(f.On)
			if !ok {
				day = h.supports.Today()
			}
			if f.On != "" && !ok {
				return apperr.New(apperr.Conflict, "supports.day_wrong")
			}
			return come(ctx, actor, id, part, day)
		})
	}
}

// act changes a support and comes back to it; what was wrong is said there.
func (h *Handler) act(w http.ResponseWriter, r *http.Request, what string, fn func(context.Context, identity.Actor, string, partForm) error) error {
	var form partForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	id, err := page.PublicID(r, "support")
	if err != nil {
		return err
	}
	err = fn(r.Context(), page.Actor(r), id, form)
	if err == nil {
		return page.Redirect(w, r, deskPath+"/%s?done=%s", id, what)
	}
	faults, wrong := page.FaultsOf(r, err)
	if !wrong && !apperr.Is(err, apperr.Conflict) {
		return err
	}
	v, readErr := h.view(r)
	if readErr != nil {
		return readErr
	}
	if v.Part, v.Faults = form, faults; !wrong {
		v.Refused = page.Message(r, err)
	} else if faults["on"] != "" {
		v.Refused = faults["on"]
	}
	return page.Show(w, r, page.Status(err), showPage(v))
}
