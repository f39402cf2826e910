package accountpages

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/web/page"
)

type resetForm struct {
	Email string `form:"email"`
}

// resetView is the page that asks for a link, or says that it is on its way.
type resetView struct {
	Email  string
	Sent   bool
	Faults page.Faults
}

func (h *Handler) showReset(w http.ResponseWriter, r *http.Request) error {
	return page.Show(w, r, http.StatusOK, resetPage(resetView{}))
}

// askReset answers the same for every address.
func (h *Handler) askReset(w http.ResponseWriter, r *http.Request) error {
	var form resetForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	err := h.accounts.RequestReset(r.Context(), form.Email, page.Address(r))
	if faults, ok := page.FaultsOf(r, err); ok {
		return page.Show(w, r, http.StatusUnprocessableEntity, resetPage(resetView{Email: form.Email, Faults: faults}))
	}
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, resetPage(resetView{Email: form.Email, Sent: true}))
}

// newPasswordView is the page behind a reset link.
type newPasswordView struct {
	Link   accounts.Link
	Token  string
	Faults page.Faults
}

// open finds a link without using it up: mail programs and scanners open links, too. A
// dead one gets a page that says how to get another.
func (h *Handler) open(w http.ResponseWriter, r *http.Request, purpose accounts.Purpose) (link accounts.Link, token string, done bool, err error) {
	token = chi.URLParam(r, "token")
	link, err = h.accounts.OpenLink(r.Context(), purpose, token)
	return h.orDead(w, r, purpose, link, token, err)
}

func (h *Handler) orDead(w http.ResponseWriter, r *http.Request, purpose accounts.Purpose, link accounts.Link, token string, err error) (accounts.Link, string, bool, error) {
	if apperr.Is(err, apperr.NotFound) {
		return link, token, true, page.Show(w, r, http.StatusNotFound, deadLinkPage(purpose))
	}
	return link, token, err != nil, err
}

func (h *Handler) showNewPassword(w http.ResponseWriter, r *http.Request) error {
	link, token, done, err := h.open(w, r, accounts.Reset)
	if done {
		return err
	}
	return page.Show(w, r, http.StatusOK, newPasswordPage(newPasswordView{Link: link, Token: token}))
}

type newPasswordForm struct {
	Password page.Secret `form:"password"`
}

func (h *Handler) setNewPassword(w http.ResponseWriter, r *http.Request) error {
	var form newPasswordForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	link, token, done, err := h.open(w, r, accounts.Reset)
	if done {
		return err
	}
	err = h.accounts.ResetPassword(r.Context(), token, string(form.Password))
	if faults, ok := page.FaultsOf(r, err); ok {
		view := newPasswordView{Link: link, Token: token, Faults: faults}
		return page.Show(w, r, http.StatusUnprocessableEntity, newPasswordPage(view))
	}
	if _, _, done, err := h.orDead(w, r, accounts.Reset, link, token, err); done {
		return err
	}
	if err := h.sessions.End(r.Context()); err != nil {
		return err
	}
	return page.Redirect(w, r, "/sign-in?done=reset")
}

type invitationForm struct {
	Name     string      `form:"name"`
	Password page.Secret `form:"password"`
	Lang     string      `form:"lang"`
}

// invitationView is the page on which an invited person says who they are.
type invitationView struct {
	Link       accounts.Link
	Token      string
	Name, Lang string
	Faults     page.Faults
}

func (h *Handler) showInvitation(w http.ResponseWriter, r *http.Request) error {
	link, token, done, err := h.open(w, r, accounts.Invitation)
	if done {
		return err
	}
	return page.Show(w, r, http.StatusOK, invitationPage(invitationView{
		Link: link, Token: token, Name: link.Name, Lang: string(page.Lang(r))}))
}

// acceptInvitation stores name and password and signs the person in, on their language's
// pages: they have just proved to hold the inbox and have chosen the password.
func (h *Handler) acceptInvitation(w http.ResponseWriter, r *http.Request) error {
	var form invitationForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	link, token, done, err := h.open(w, r, accounts.Invitation)
	if done {
		return err
	}
	known, err := h.accounts.AcceptInvitation(r.Context(), token, accounts.Acceptance{
		Name: form.Name, Password: string(form.Password), Lang: form.Lang, Attempt: attempt(r)})
	if faults, ok := page.FaultsOf(r, err); ok {
		return page.Show(w, r, http.StatusUnprocessableEntity, invitationPage(invitationView{
			Link: link, Token: token, Name: form.Name, Lang: form.Lang, Faults: faults}))
	}
	if _, _, done, err := h.orDead(w, r, accounts.Invitation, link, token, err); done {
		return err
	}
	return h.begin(w, r, known, "/"+known.Lang+"/choose")
}

type strengthForm struct {
	Password page.Secret `form:"password"`
	Name     string      `form:"name"`
}

// measurePassword answers the meter while somebody types. Nothing is stored or logged.
func (h *Handler) measurePassword(w http.ResponseWriter, r *http.Request) error {
	var form strengthForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	actor := page.Actor(r)
	strength := accounts.Measure(string(form.Password), form.Name, actor.Name, actor.Email)
	return page.Show(w, r, http.StatusOK, strengthMeter(strength))
}
