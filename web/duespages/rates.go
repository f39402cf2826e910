package duespages

import (
	"net/http"
	"strings"

	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/web/page"
)

type ratesView struct {
	List   []dues.Rate
	May    bool
	Form   rateForm
	Faults page.Faults
	Done   string
}

type rateForm struct {
	Base   string `form:"base"`
	Quote  string `form:"quote"`
	Rate   string `form:"rate"`
	On     string `form:"on"`
	Source string `form:"source"`
}

func (h *Handler) rates(w http.ResponseWriter, r *http.Request) error {
	return h.showRates(w, r, http.StatusOK, ratesView{Form: rateForm{Base: "EUR", Quote: "TRY", On: shown(h.today())}, Done: done(r)})
}

func (h *Handler) showRates(w http.ResponseWriter, r *http.Request, status int, v ratesView) error {
	v.May = page.Actor(r).Can(identity.EditDues)
	var err error
	if v.List, err = h.dues.Rates(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	return page.Show(w, r, status, ratesPage(v))
}

func (h *Handler) addRate(w http.ResponseWriter, r *http.Request) error {
	var form rateForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	err := h.dues.AddRate(r.Context(), page.Actor(r), dues.RateInput{Base: strings.ToUpper(form.Base), Quote: strings.ToUpper(form.Quote),
		Rate: readNumber(form.Rate, page.Lang(r), 10), Source: form.Source, On: readDay(form.On)})
	if err == nil {
		return page.Redirect(w, r, "%s?done=rate", ratesPath)
	}
	faults, invalid := page.FaultsOf(r, err)
	if !invalid {
		return err
	}
	return h.showRates(w, r, http.StatusUnprocessableEntity, ratesView{Form: form, Faults: faults})
}
