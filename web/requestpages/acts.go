package requestpages

import (
	"net/http"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/page"
)

// ask gives a draft to who may send it.
func (h *Handler) ask(w http.ResponseWriter, r *http.Request) error {
	s, err := stepOf(r)
	if err != nil {
		return err
	}
	if err := h.requests.Ask(r.Context(), page.Actor(r), s.id, s.seq); err != nil {
		return h.refuse(w, r, s.id, err)
	}
	return done(w, r, s.id, "asked")
}

// send submits a draft, from its answers or from the approver's screen.
func (h *Handler) send(w http.ResponseWriter, r *http.Request) error {
	s, err := stepOf(r)
	if err != nil {
		return err
	}
	if _, err := h.requests.Send(r.Context(), page.Actor(r), s.id, s.seq); err != nil {
		return h.refuse(w, r, s.id, err)
	}
	return page.Redirect(w, r, "%s", below(r, s.id, "/sent"))
}

func (h *Handler) recall(w http.ResponseWriter, r *http.Request) error {
	s, err := stepOf(r)
	if err != nil {
		return err
	}
	if err := h.requests.Recall(r.Context(), page.Actor(r), s.id, s.seq); err != nil {
		return h.refuse(w, r, s.id, err)
	}
	return done(w, r, s.id, "recalled")
}

func (h *Handler) remind(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	if err := h.requests.Remind(r.Context(), page.Actor(r), id); err != nil {
		return h.refuse(w, r, id, err)
	}
	return done(w, r, id, "reminded")
}

// giveBack is the approver's word on what should be different.
func (h *Handler) giveBack(w http.ResponseWriter, r *http.Request) error {
	s, err := stepOf(r)
	if err != nil {
		return err
	}
	word := page.Tidy(r.PostFormValue("reason"))
	err = h.requests.Return(r.Context(), page.Actor(r), s.id, s.seq, word)
	if faults, ours := page.FaultsOf(r, err); ours {
		return h.showApproval(w, r, s.id, approvalForm{Word: word, Faults: named(faults, "reason")})
	}
	if err != nil {
		return h.refuse(w, r, s.id, err)
	}
	return done(w, r, s.id, "returned")
}

func (h *Handler) withdraw(w http.ResponseWriter, r *http.Request) error {
	s, err := stepOf(r)
	if err != nil {
		return err
	}
	word := page.Tidy(r.PostFormValue("reason"))
	err = h.requests.Withdraw(r.Context(), page.Actor(r), s.id, s.seq, word)
	if faults, ours := page.FaultsOf(r, err); ours {
		return h.showLeaving(w, r, s.id, approvalForm{Word: word, Faults: named(faults, "reason")})
	}
	if err != nil {
		return h.refuse(w, r, s.id, err)
	}
	return done(w, r, s.id, "withdrawn")
}

// named puts a fault of the whole form beside its one field.
func named(f page.Faults, field string) page.Faults {
	if message := f[""]; message != "" {
		return page.Faults{field: message}
	}
	return f
}

// refuse shows why an act was not done, where it can be mended: missing answers with the
// way to each, everything else on the request as it stands now.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, id string, err error) error {
	code, _ := apperr.CodeOf(err)
	switch code {
	case apperr.Invalid:
		p, readErr := h.requests.Paper(r.Context(), page.Actor(r), id)
		if readErr != nil {
			return readErr
		}
		if p.State != requests.Draft {
			return err
		}
		return page.Show(w, r, http.StatusUnprocessableEntity, record(p, page.Actor(r)).Incomplete(r.Context()))
	case apperr.Conflict, apperr.TooMany:
		return h.showCase(w, r, id, page.Status(err), caseForm{Refused: page.Message(r, err)})
	}
	return err
}
