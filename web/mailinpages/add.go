package mailinpages

import (
	"net/http"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mailin"
	"github.com/birlik/portal/web/page"
)

// fitView is the look before a letter is added: the letter beside the case.
type fitView struct {
	mailin.Fit
	Outsider bool // the tick
	Faults   page.Faults
}

func (h *Handler) showAdd(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r)
	if err != nil {
		return err
	}
	if v.Number = page.Tidy(r.URL.Query().Get("number")); v.Number == "" {
		v.Faults = page.Faults{"number": locale.T(r.Context(), "error.required")}
		return page.Show(w, r, http.StatusOK, showPage(v)) // nothing was asked for yet
	}
	return h.fit(w, r, v, http.StatusOK, fitView{})
}

// fit shows a letter beside the case that was named; where there is none, the letter with why.
func (h *Handler) fit(w http.ResponseWriter, r *http.Request, v showView, status int, f fitView) (err error) {
	if f.Fit, err = h.mails.Fits(r.Context(), page.Actor(r), v.PublicID, v.Number); err != nil {
		return h.again(w, r, v, err)
	}
	f.Mail = v.Mail // with its words, also where nobody looked at it yet
	return page.Show(w, r, status, fitPage(f))
}

func (h *Handler) add(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r)
	if err != nil {
		return err
	}
	v.Number = page.Tidy(r.PostFormValue("number"))
	f := fitView{Outsider: r.PostFormValue("outsider") != ""}
	_, err = h.mails.Add(r.Context(), page.Actor(r), v.PublicID, v.Number, f.Outsider)
	if err == nil {
		return page.Redirect(w, r, deskPath+"/%s?done=added", v.PublicID)
	}
	if faults, ours := page.FaultsOf(r, err); ours && faults["outsider"] != "" {
		f.Faults = faults
		return h.fit(w, r, v, http.StatusUnprocessableEntity, f)
	}
	return h.again(w, r, v, err)
}

// back takes back that a letter was added.
func (h *Handler) back(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r)
	if err != nil {
		return err
	}
	if err := h.mails.TakeBack(r.Context(), page.Actor(r), v.PublicID); err != nil {
		return h.again(w, r, v, err)
	}
	return page.Redirect(w, r, deskPath+"/%s?done=back", v.PublicID)
}
