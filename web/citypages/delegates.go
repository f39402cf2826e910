package citypages

import (
	"net/http"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/web/page"
)

// delegateForm is somebody whom the council named.
type delegateForm struct {
	Name       string `form:"name"`
	Email      string `form:"email"`
	Rank       string `form:"rank"`
	Resolution string `form:"resolution"`
	Starts     string `form:"starts"`
	Ends       string `form:"ends"`
	Once       string `form:"once"`
}

type delegateView struct {
	delegateForm
	Section string
	Faults  page.Faults
}

func (h *Handler) showDelegate(w http.ResponseWriter, r *http.Request) error {
	return page.Show(w, r, http.StatusOK, delegatePage(delegateView{delegateForm: delegateForm{Rank: "delegate", Once: page.OnceKey()}, Section: section(r)}))
}

func (h *Handler) addDelegate(w http.ResponseWriter, r *http.Request) error {
	var form delegateForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	v := delegateView{delegateForm: form, Section: section(r), Faults: page.Faults{}}
	in := membership.DelegateInput{Name: form.Name, Email: form.Email, Rank: form.Rank, Resolution: form.Resolution}
	var ok bool
	if in.Starts, ok = readDay(form.Starts, time.UTC); !ok {
		v.Faults["starts"] = locale.T(r.Context(), "casework.day_format")
	}
	if in.Ends, ok = readDay(form.Ends, time.UTC); !ok {
		v.Faults["ends"] = locale.T(r.Context(), "casework.day_format")
	}
	if len(v.Faults) == 0 {
		err := h.membership.AddDelegate(r.Context(), page.Actor(r), in)
		if err == nil {
			return h.done(w, r, "delegate")
		}
		if v.Faults, ok = page.FaultsOf(r, err); !ok {
			return err
		}
	}
	return page.Show(w, r, http.StatusUnprocessableEntity, delegatePage(v))
}

// endDelegateView asks once more before a delegate's time ends.
type endDelegateView struct {
	membership.Delegate
	Section string
}

func (h *Handler) showEndDelegate(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "delegate")
	if err != nil {
		return err
	}
	own, err := h.membership.Own(r.Context(), page.Actor(r))
	if err != nil {
		return err
	}
	for _, d := range own.Delegates {
		if d.PublicID == id && (d.Ends == nil || d.Ends.After(h.now())) {
			return page.Show(w, r, http.StatusOK, endDelegatePage(endDelegateView{d, section(r)}))
		}
	}
	return apperr.New(apperr.NotFound, "membership.not_found")
}

func (h *Handler) endDelegate(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "delegate")
	if err != nil {
		return err
	}
	if err := h.membership.EndDelegate(r.Context(), page.Actor(r), id); err != nil {
		return err
	}
	return h.done(w, r, "delegate_ended")
}
