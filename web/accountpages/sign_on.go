package accountpages

import (
	"net/http"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/web/page"
)

// startSignOn sends the browser to the union's identity provider. It is a link and no form:
// the policy of every page lets forms lead to the portal only.
func (h *Handler) startSignOn(w http.ResponseWriter, r *http.Request) error {
	location, token, err := h.accounts.StartSignOn(r.Context(), localPath(r.URL.Query().Get("next")))
	if apperr.Is(err, apperr.Unavailable) {
		return h.refuseSignOn(w, r, err)
	}
	if err != nil {
		return err
	}
	h.remember(w, stepSignOn, token)
	http.Redirect(w, r, location, http.StatusSeeOther)
	return nil
}

// finishSignOn is where the identity provider sends the browser back to.
func (h *Handler) finishSignOn(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	known, next, err := h.accounts.FinishSignOn(r.Context(), h.stepToken(r, stepSignOn), query.Get("state"), query.Get("code"), attempt(r))
	h.forget(w, stepSignOn)
	if err != nil {
		return h.refuseSignOn(w, r, err)
	}
	if next == "" {
		next = "/" + known.Lang + "/choose"
	}
	return h.goOnAs(w, r, known, next)
}

// refuseSignOn shows the sign-in page with what went wrong.
func (h *Handler) refuseSignOn(w http.ResponseWriter, r *http.Request, err error) error {
	if h.accounts.SignOnName() == "" {
		return err
	}
	if _, ours := apperr.CodeOf(err); !ours {
		return err
	}
	view := h.signInView("")
	view.Failed = page.Message(r, err)
	return page.Show(w, r, page.Status(err), signInPage(view))
}
