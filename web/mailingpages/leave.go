package mailingpages

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/mailings"
	"github.com/birlik/portal/web/page"
)

// leaveView is what a letter's link leads to.
type leaveView struct {
	mailings.Subscription
	Token string
	Back  bool // the address has just come back
}

// maxLeave bounds the body of a post that a mail program makes.
const maxLeave = 8 << 10

// askLeave shows a button and changes nothing: mail scanners open every link.
func (h *Handler) askLeave(w http.ResponseWriter, r *http.Request) error {
	v := leaveView{Token: chi.URLParam(r, "token")}
	var err error
	if v.Subscription, err = h.mailings.Subscription(r.Context(), v.Token); err != nil {
		return err
	}
	return showLeave(w, r, v)
}

// leave takes the address off the news. It answers the button of the page, and the one POST
// that a mail program sends for its reader (RFC 8058): without cookies, from no page, so that
// there is nothing that a foreign page could misuse; what it proves is the token.
func (h *Handler) leave(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxLeave)
	v := leaveView{Token: chi.URLParam(r, "token")}
	var err error
	if r.PostFormValue("List-Unsubscribe") != "One-Click" {
		return h.askLeave(w, r)
	}
	if v.Subscription, err = h.mailings.Unsubscribe(r.Context(), v.Token); err != nil {
		return err
	}
	return showLeave(w, r, v)
}

// comeBack lets the address have news again.
func (h *Handler) comeBack(w http.ResponseWriter, r *http.Request) error {
	v := leaveView{Token: chi.URLParam(r, "token"), Back: true}
	var err error
	if v.Subscription, err = h.mailings.Resubscribe(r.Context(), v.Token); err != nil {
		return err
	}
	return showLeave(w, r, v)
}

func showLeave(w http.ResponseWriter, r *http.Request, v leaveView) error {
	w.Header().Set("Cache-Control", "no-store")
	return page.Show(w, r, http.StatusOK, leavePage(v))
}
