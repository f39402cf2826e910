package privacypages

import (
	"net/http"
	"strconv"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/privacy"
	"github.com/birlik/portal/web/page"
)

// perPage is how many requests a page lists.
const perPage = 50

// listView is the staff's list of requests to be forgotten.
type listView struct {
	Page   postgres.Page[privacy.Erasure]
	Closed bool
	Now    time.Time
	Done   string
}

func (h *Handler) erasures(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := listView{Closed: q.Get("closed") == "1", Now: h.now(), Done: told(r)}
	var err error
	v.Page, err = h.privacy.List(r.Context(), page.Actor(r), privacy.Filter{Closed: v.Closed, After: q.Get("after"), Limit: perPage})
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, listPage(v))
}

// caseView is one request with what decides it.
type caseView struct {
	Case   privacy.Case
	Form   refusalForm
	Faults page.Faults
	Fault  string // what hindered the last try
	Now    time.Time
	Done   string
}

func (v caseView) open() bool { return v.Case.State == privacy.Open }

func (h *Handler) caseOf(r *http.Request) (v caseView, err error) {
	id, err := page.PublicID(r, "erasure")
	if err != nil {
		return v, err
	}
	v.Now, v.Done = h.now(), told(r)
	v.Case, err = h.privacy.Case(r.Context(), page.Actor(r), id)
	return v, err
}

func (h *Handler) handling(w http.ResponseWriter, r *http.Request) error {
	v, err := h.caseOf(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, casePage(v))
}

type refusalForm struct {
	Seq    int    `form:"seq"`
	Ground string `form:"ground"`
	Answer string `form:"answer"`
}

func (h *Handler) refuse(w http.ResponseWriter, r *http.Request) error {
	var form refusalForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	v, err := h.caseOf(r)
	if err != nil {
		return err
	}
	v.Form = form
	err = h.privacy.Refuse(r.Context(), page.Actor(r), v.Case.PublicID, privacy.Refusal{
		Seq: form.Seq, Ground: privacy.Ground(form.Ground), Answer: form.Answer})
	if faults, ok := page.FaultsOf(r, err); ok {
		v.Faults = faults
		return page.Show(w, r, http.StatusUnprocessableEntity, casePage(v))
	}
	return h.after(w, r, v, err, "refused")
}

func (h *Handler) carryOut(w http.ResponseWriter, r *http.Request) error {
	v, err := h.caseOf(r)
	if err != nil {
		return err
	}
	seq, err := strconv.Atoi(r.PostFormValue("seq"))
	if err != nil {
		return apperr.Wrap(err, apperr.Invalid, "error.check_fields")
	}
	if r.PostFormValue("sure") == "" {
		v.Faults = page.Faults{"sure": locale.T(r.Context(), "privacy.tick_sure")}
		return page.Show(w, r, http.StatusUnprocessableEntity, casePage(v))
	}
	return h.after(w, r, v, h.privacy.CarryOut(r.Context(), page.Actor(r), v.Case.PublicID, seq), "carried_out")
}

// after goes back to the list, or shows the request again with what is in the way.
func (h *Handler) after(w http.ResponseWriter, r *http.Request, v caseView, err error, done string) error {
	if conflict(err) {
		v.Fault = page.Message(r, err)
		return page.Show(w, r, http.StatusConflict, casePage(v))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/erasures?done=%s", done)
}
