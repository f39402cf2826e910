package citypages

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/web/page"
)

// peopleView is who acts for the municipality, and whom it sends.
type peopleView struct {
	membership.Own
	Section  string
	Mandates []accounts.Held
	Now      time.Time
	May      bool // give and end roles
	Done     string
}

func (h *Handler) view(r *http.Request) (peopleView, error) {
	actor := page.Actor(r)
	v := peopleView{Section: section(r), Now: h.now(), May: actor.Can(identity.EditPeople)}
	var err error
	if v.Own, err = h.membership.Own(r.Context(), actor); err != nil {
		return v, err
	}
	v.Mandates, err = h.accounts.Mandates(r.Context(), actor, actor.OrgID)
	return v, err
}

func (h *Handler) people(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	if what := r.URL.Query().Get("done"); what != "" && locale.Has(page.Lang(r), "people.done."+what) {
		v.Done = locale.T(r.Context(), "people.done."+what)
	}
	return page.Show(w, r, http.StatusOK, peoplePage(v))
}

func (h *Handler) done(w http.ResponseWriter, r *http.Request, what string) error {
	return page.Redirect(w, r, "%s/people?done=%s", section(r), what)
}

// inviteForm lets somebody act for the municipality.
type inviteForm struct {
	Email string   `form:"email"`
	Name  string   `form:"name"`
	Lang  string   `form:"lang"`
	Role  string   `form:"role"`
	Areas []string `form:"areas"`
	Ends  string   `form:"ends"`
	Once  string   `form:"once"`
}

// inviteView is the form with what is wrong with it.
type inviteView struct {
	inviteForm
	Section string
	Faults  page.Faults
}

func (h *Handler) showInvite(w http.ResponseWriter, r *http.Request) error {
	v := inviteView{inviteForm: inviteForm{Lang: string(page.Lang(r)), Role: string(identity.MemberEditor), Once: page.OnceKey()}, Section: section(r)}
	return page.Show(w, r, http.StatusOK, invitePage(v))
}

func (h *Handler) invite(w http.ResponseWriter, r *http.Request) error {
	var form inviteForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	v := inviteView{inviteForm: form, Section: section(r)}
	in := accounts.SeatInput{Email: form.Email, Name: form.Name, Lang: form.Lang, Role: identity.Role(form.Role), Areas: form.Areas}
	zone, err := h.accounts.OrgZone(r.Context(), page.Actor(r))
	if err != nil {
		return err
	}
	last, ok := readDay(form.Ends, zone)
	if !ok {
		v.Faults = page.Faults{"ends": locale.T(r.Context(), "casework.day_format")}
		return page.Show(w, r, http.StatusUnprocessableEntity, invitePage(v))
	}
	if !last.IsZero() {
		ends := last.AddDate(0, 0, 1) // the last day counts, to its midnight in the city's zone
		in.Ends = &ends
	}
	err = h.accounts.InviteSeat(r.Context(), page.Actor(r), in)
	if err == nil {
		return h.done(w, r, "invited")
	}
	faults, ours := page.FaultsOf(r, err)
	if apperr.Is(err, apperr.Conflict) || apperr.Is(err, apperr.TooMany) {
		faults, ours = page.Faults{"email": page.Message(r, err)}, true
	}
	if !ours {
		return err
	}
	v.Faults = faults
	return page.Show(w, r, http.StatusUnprocessableEntity, invitePage(v))
}

// endView asks once more before a role ends.
type endView struct {
	accounts.Held
	Section string
	Word    string
	Faults  page.Faults
}

// held finds a mandate in force of the own municipality. Errors: not found.
func (h *Handler) held(r *http.Request) (endView, error) {
	list, err := h.accounts.Mandates(r.Context(), page.Actor(r), page.Actor(r).OrgID)
	if err != nil {
		return endView{}, err
	}
	for _, m := range list {
		if m.Key() == chi.URLParam(r, "mandate") && !m.Over(h.now()) {
			return endView{Held: m, Section: section(r)}, nil
		}
	}
	return endView{}, apperr.New(apperr.NotFound, "accounts.role_not_found")
}

func (h *Handler) showEnd(w http.ResponseWriter, r *http.Request) error {
	v, err := h.held(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, endPage(v))
}

func (h *Handler) end(w http.ResponseWriter, r *http.Request) error {
	v, err := h.held(r)
	if err != nil {
		return err
	}
	v.Word = page.Tidy(r.PostFormValue("reason"))
	err = h.accounts.EndSeat(r.Context(), page.Actor(r), v.ID, v.Word)
	switch {
	case err == nil && v.UserID == page.Actor(r).UserID:
		return page.Redirect(w, r, "/choose") // what they gave up may have been this very page
	case err == nil:
		return h.done(w, r, "ended")
	case apperr.Is(err, apperr.Conflict):
		v.Faults = page.Faults{"reason": page.Message(r, err)}
		return page.Show(w, r, http.StatusConflict, endPage(v))
	}
	faults, ours := page.FaultsOf(r, err)
	if !ours {
		return err
	}
	v.Faults = faults
	return page.Show(w, r, http.StatusUnprocessableEntity, endPage(v))
}
