package opinionpages

import (
	"context"
	"net/http"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/opinions"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

const governmentsPath = "/desk/governments"

// governmentForm is a new government as it is typed.
type governmentForm struct {
	Name    string `form:"name"`
	Lang    string `form:"lang"`
	Country string `form:"country"`
}

// governmentsView lists who may ask without being a member.
type governmentsView struct {
	Rows      []opinions.Government
	Countries []opinions.Choice
	May       bool
	Form      governmentForm
	Faults    page.Faults
	Done      string
}

func (h *Handler) readGovernments(r *http.Request) (v governmentsView, err error) {
	v = governmentsView{May: page.Actor(r).Can(identity.EditGovernments), Done: done(r), Form: governmentForm{Lang: string(page.Lang(r))}}
	v.Rows, v.Countries, err = h.opinions.Governments(r.Context(), page.Actor(r), page.Lang(r))
	return v, err
}

func (h *Handler) governments(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readGovernments(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, governmentsPage(v))
}

func (h *Handler) addGovernment(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readGovernments(r)
	if err != nil {
		return err
	}
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	_, err = h.opinions.AddGovernment(r.Context(), page.Actor(r), opinions.NewGovernment{Name: v.Form.Name, Lang: v.Form.Lang, Country: v.Form.Country})
	if err == nil {
		return page.Redirect(w, r, "%s?done=government", governmentsPath)
	}
	var invalid bool
	if v.Faults, invalid = page.FaultsOf(r, err); !invalid {
		return err
	}
	return page.Show(w, r, http.StatusUnprocessableEntity, governmentsPage(v))
}

func (v governmentsView) columns(ctx context.Context) []ui.Column {
	return []ui.Column{{Label: locale.T(ctx, "opinions.gov_name")}, {Label: locale.T(ctx, "opinions.country")},
		{Label: locale.T(ctx, "opinions.gov_people"), Number: true}, {Label: locale.T(ctx, "opinions.gov_asked"), Number: true}}
}

func (v governmentsView) countries() []ui.Option {
	var out []ui.Option
	for _, c := range v.Countries {
		out = append(out, ui.Option{Value: c.Code, Label: c.Title})
	}
	return out
}

func langOptions() []ui.Option {
	var out []ui.Option
	for _, lang := range locale.Langs() {
		out = append(out, ui.Option{Value: string(lang), Label: locale.OwnName(string(lang))})
	}
	return out
}
