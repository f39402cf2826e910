package accountpages

import (
	"net/http"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/web/page"
)

// proveView is the page that asks once more who this is.
type proveView struct {
	Factors  accounts.Factors
	Password bool // a password will do
	Next     string
	Email    string
	Faults   page.Faults
}

func (h *Handler) proveOf(r *http.Request, next string) (proveView, error) {
	visit := visitOf(r.Context())
	factors, err := h.accounts.Factors(r.Context(), page.Actor(r))
	return proveView{Factors: factors, Password: factors.Password && (visit.Factor || !factors.Any()), Next: localPath(next),
		Email: page.Actor(r).Email}, err
}

func (h *Handler) showProve(w http.ResponseWriter, r *http.Request) error {
	view, err := h.proveOf(r, r.URL.Query().Get("next"))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, provePage(view))
}

type proveForm struct {
	Password page.Secret `form:"password"`
	Code     string      `form:"code"`
	Next     string      `form:"next"`
}

func (h *Handler) prove(w http.ResponseWriter, r *http.Request) error {
	var form proveForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	view, err := h.proveOf(r, form.Next)
	if err != nil {
		return err
	}
	byFactor, err := h.accounts.Prove(r.Context(), page.Actor(r), accounts.Proof{
		Password: string(form.Password), Code: form.Code, From: page.Address(r), HasFactor: visitOf(r.Context()).Factor})
	if apperr.Is(err, apperr.TooMany) {
		view.Faults = page.Faults{"": page.Message(r, err)}
		return page.Show(w, r, page.Status(err), provePage(view))
	}
	if faults, ok := page.FaultsOf(r, err); ok {
		view.Faults = faults
		return page.Show(w, r, http.StatusUnprocessableEntity, provePage(view))
	}
	if err != nil {
		return err
	}
	if err := h.again(r, byFactor); err != nil {
		return err
	}
	next := view.Next
	if path := h.restore(w, r, page.Actor(r).UserID); path != "" {
		next = path
	}
	return h.goOn(w, r, next)
}

// historyView lists attempts to sign in.
type historyView struct{ Entries []accounts.SignInEntry }

func (h *Handler) showHistory(w http.ResponseWriter, r *http.Request) error {
	entries, err := h.accounts.History(r.Context(), page.Actor(r))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, historyPage(historyView{entries}))
}

func (h *Handler) endOtherSessions(w http.ResponseWriter, r *http.Request) error {
	if err := h.accounts.EndOtherSessions(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	return page.Redirect(w, r, "/account/sessions?ended=others")
}
