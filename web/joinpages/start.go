package joinpages

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/web/page"
)

// startForm begins an application.
type startForm struct {
	Email string `form:"email"`
}

// welcomeView is the first page.
type welcomeView struct {
	startForm
	Lost   bool // came without a link that works
	Faults page.Faults
}

func (h *Handler) welcome(w http.ResponseWriter, r *http.Request) error {
	return page.Show(w, r, http.StatusOK, welcomePage(welcomeView{}))
}

// start makes a draft, mails its link, and lets this browser go on at once.
func (h *Handler) start(w http.ResponseWriter, r *http.Request) error {
	var form startForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	started, err := h.membership.Start(r.Context(), form.Email, string(page.Lang(r)), page.Address(r))
	if faults, ours := page.FaultsOf(r, err); ours {
		return page.Show(w, r, http.StatusUnprocessableEntity, welcomePage(welcomeView{startForm: form, Faults: faults}))
	}
	if apperr.Is(err, apperr.TooMany) {
		return page.Show(w, r, http.StatusTooManyRequests, welcomePage(welcomeView{startForm: form, Faults: page.Faults{"email": page.Message(r, err)}}))
	}
	if err != nil {
		return err
	}
	h.keep(w, started.Token)
	return page.Redirect(w, r, "/join/%s?done=started", started.PublicID)
}

// showOpen is where a mailed link leads. Looking changes nothing, so that a mail scanner
// uses nothing up.
func (h *Handler) showOpen(w http.ResponseWriter, r *http.Request) error {
	token := chi.URLParam(r, "token")
	if _, _, err := h.membership.Enter(r.Context(), token); err != nil {
		if apperr.Is(err, apperr.NotFound) {
			return lost(w, r)
		}
		return err
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	return page.Show(w, r, http.StatusOK, openPage(token))
}

func (h *Handler) open(w http.ResponseWriter, r *http.Request) error {
	token := chi.URLParam(r, "token")
	id, _, err := h.membership.Enter(r.Context(), token)
	if apperr.Is(err, apperr.NotFound) {
		return lost(w, r)
	}
	if err != nil {
		return err
	}
	h.keep(w, token)
	return page.Redirect(w, r, "/join/%s", id)
}
