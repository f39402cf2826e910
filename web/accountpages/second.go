package accountpages

import (
	"net/http"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/web/page"
)

// attempt is who tries, as far as a request tells.
func attempt(r *http.Request) accounts.Attempt {
	return accounts.Attempt{From: page.Address(r), Agent: r.UserAgent()}
}

// goOnAs opens the session of whoever has signed in, or asks for the second factor first.
func (h *Handler) goOnAs(w http.ResponseWriter, r *http.Request, known accounts.Known, next string) error {
	if !known.Second {
		return h.begin(w, r, known, next)
	}
	token, err := h.accounts.StartSecond(r.Context(), known, next)
	if err != nil {
		return err
	}
	h.remember(w, stepSecond, token)
	return page.Redirect(w, r, "/sign-in/second")
}

// secondView is the page that asks for the second factor.
type secondView struct {
	Factors accounts.Factors
	Faults  page.Faults
}

// waiting finds the sign-in that waits for its second factor; where there is none any more
// it sends the browser back to signing in and reports true.
func (h *Handler) waiting(w http.ResponseWriter, r *http.Request) (accounts.Factors, bool, error) {
	factors, err := h.accounts.Second(r.Context(), h.stepToken(r, stepSecond))
	if apperr.Is(err, apperr.NotFound) {
		return factors, true, h.startOver(w, r)
	}
	return factors, err != nil, err
}

func (h *Handler) startOver(w http.ResponseWriter, r *http.Request) error {
	h.forget(w, stepSecond)
	return page.Redirect(w, r, "/sign-in?done=over")
}

func (h *Handler) showSecond(w http.ResponseWriter, r *http.Request) error {
	factors, done, err := h.waiting(w, r)
	if done {
		return err
	}
	return page.Show(w, r, http.StatusOK, secondPage(secondView{Factors: factors}))
}

type codeForm struct {
	Code string `form:"code"`
}

func (h *Handler) finishSecond(w http.ResponseWriter, r *http.Request) error {
	var form codeForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	factors, done, err := h.waiting(w, r)
	if done {
		return err
	}
	known, next, err := h.accounts.FinishSecond(r.Context(), h.stepToken(r, stepSecond), form.Code, attempt(r))
	if faults, ok := codeFaults(r, err); ok {
		return page.Show(w, r, page.Status(err), secondPage(secondView{Factors: factors, Faults: faults}))
	}
	if apperr.Is(err, apperr.NotFound) {
		return h.startOver(w, r)
	}
	if err != nil {
		return err
	}
	h.forget(w, stepSecond)
	return h.begin(w, r, known, next)
}

// codeFaults are the faults of a typed code; too many tries are one of them.
func codeFaults(r *http.Request, err error) (page.Faults, bool) {
	if apperr.Is(err, apperr.TooMany) {
		return page.Faults{"code": page.Message(r, err)}, true
	}
	return page.FaultsOf(r, err)
}

// linkForm asks for a link to sign in by.
type linkForm struct {
	Email string `form:"email"`
}

// askSignInLink answers the same for every address.
func (h *Handler) askSignInLink(w http.ResponseWriter, r *http.Request) error {
	var form linkForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	err := h.accounts.RequestSignIn(r.Context(), form.Email, page.Address(r))
	if faults, ok := page.FaultsOf(r, err); ok {
		view := h.signInView("")
		view.Email, view.Failed = form.Email, faults["email"]
		return page.Show(w, r, http.StatusUnprocessableEntity, signInPage(view))
	}
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, linkSentPage(form.Email))
}

// showSignInLink opens a link without using it up: mail programs and scanners do so, too.
func (h *Handler) showSignInLink(w http.ResponseWriter, r *http.Request) error {
	link, token, done, err := h.open(w, r, accounts.SignInLink)
	if done {
		return err
	}
	return page.Show(w, r, http.StatusOK, signInLinkPage(link, token))
}

func (h *Handler) signInByLink(w http.ResponseWriter, r *http.Request) error {
	link, token, done, err := h.open(w, r, accounts.SignInLink)
	if done {
		return err
	}
	known, err := h.accounts.SignInByLink(r.Context(), token, attempt(r))
	if _, _, done, err := h.orDead(w, r, accounts.SignInLink, link, token, err); done {
		return err
	}
	return h.goOnAs(w, r, known, "/"+known.Lang+"/choose")
}
