package supportpages

import (
	"net/http"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/supports"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// grantForm is what staff write about a support.
type grantForm struct {
	Kind      string `form:"kind"`
	Title     string `form:"title"`
	Amount    string `form:"amount"`
	Currency  string `form:"amount_currency"`
	GrantedOn string `form:"granted_on"`
	Note      string `form:"note"`
	Version   int    `form:"version"`
}

// formView is the form of a support, a new one or one that is corrected.
type formView struct {
	grantForm
	Heading string // message key
	Action  string
	Back    ui.Link
	From    supports.Origin // of a new one
	Faults  page.Faults
	Refused string
}

// input is what was typed; money goes only with an amount.
func (f grantForm) input(r *http.Request) supports.Input {
	day, _ := readDay(f.GrantedOn)
	in := supports.Input{Kind: supports.Kind(f.Kind), Title: page.Tidy(f.Title), GrantedOn: day, Note: page.Tidy(f.Note)}
	if in.Amount = readAmount(r, f.Amount); in.Amount != "" {
		in.Currency = f.Currency
	} else if f.Amount != "" {
		in.Currency = f.Currency // what is no amount is told, not left out
	}
	return in
}

func (h *Handler) granting(r *http.Request) (v formView, err error) {
	id, err := page.PublicID(r, "request")
	if err != nil {
		return v, err
	}
	if v.From, err = h.supports.Origin(r.Context(), page.Actor(r), id); err != nil {
		return v, err
	}
	if !v.From.Grants {
		return v, apperr.New(apperr.Conflict, "supports.not_granting")
	}
	back := ui.Path(r.Context(), "/desk/requests/"+id)
	v.Heading, v.Action, v.Back = "supports.new", back+"/support", ui.Link{Label: v.From.Reference, Href: back}
	return v, nil
}

func (h *Handler) showGrant(w http.ResponseWriter, r *http.Request) error {
	v, err := h.granting(r)
	if err != nil {
		return err
	}
	v.grantForm = grantForm{Kind: string(supports.Financial), Title: v.From.Title, Amount: v.From.Amount, Currency: v.From.Currency,
		GrantedOn: typed(r.Context(), h.supports.Today())}
	return page.Show(w, r, http.StatusOK, formPage(v))
}

func (h *Handler) grant(w http.ResponseWriter, r *http.Request) error {
	v, err := h.granting(r)
	if err != nil {
		return err
	}
	if err := page.Decode(r, &v.grantForm); err != nil {
		return err
	}
	id, err := h.supports.Grant(r.Context(), page.Actor(r), v.From.PublicID, v.input(r))
	if err == nil {
		return page.Redirect(w, r, deskPath+"/%s?done=granted", id)
	}
	return again(w, r, v, err)
}

// again shows the form with what is wrong.
func again(w http.ResponseWriter, r *http.Request, v formView, err error) error {
	faults, wrong := page.FaultsOf(r, err)
	if !wrong && !apperr.Is(err, apperr.Conflict) {
		return err
	}
	if v.Faults = faults; !wrong {
		v.Refused = page.Message(r, err)
	}
	return page.Show(w, r, page.Status(err), formPage(v))
}

func (h *Handler) editing(r *http.Request) (formView, error) {
	s, err := h.view(r)
	if err != nil {
		return formView{}, err
	}
	return formView{Heading: "supports.edit", Action: s.path(r.Context(), "/edit"), Back: ui.Link{Label: s.Title, Href: s.path(r.Context(), "")},
		grantForm: grantForm{Kind: string(s.Kind), Title: s.Title, Amount: s.Amount, Currency: s.Currency, GrantedOn: typed(r.Context(), s.GrantedOn),
			Note: s.Note, Version: s.Version}}, nil
}

func (h *Handler) showEdit(w http.ResponseWriter, r *http.Request) error {
	v, err := h.editing(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, formPage(v))
}

func (h *Handler) edit(w http.ResponseWriter, r *http.Request) error {
	v, err := h.editing(r)
	if err != nil {
		return err
	}
	if err := page.Decode(r, &v.grantForm); err != nil {
		return err
	}
	id, err := page.PublicID(r, "support")
	if err != nil {
		return err
	}
	if err := h.supports.Edit(r.Context(), page.Actor(r), id, v.Version, v.input(r)); err != nil {
		return again(w, r, v, err)
	}
	return page.Redirect(w, r, deskPath+"/%s?done=edited", id)
}
