package adminpages

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/web/page"
)

// userView is one user's page: who they are, what they may do, what happened.
type userView struct {
	Account accounts.Account
	Now     time.Time
	May     bool // change something
	Oneself bool
	Done    string // what was just done
	Refused string // why something was not done
	History []audit.Line

	Edit       editForm
	EditFaults page.Faults
	Conflict   bool // edited meanwhile: Account is what is stored, Edit what was typed
	Give       giveForm
	GiveFaults page.Faults
	Orgs       []accounts.Organisation
}

type editForm struct {
	Name    string `form:"name"`
	Email   string `form:"email"`
	Version int    `form:"version"`
}

type giveForm struct {
	Role    string `form:"role"`
	Org     string `form:"org"`
	OrgText string `form:"org_text"`
	Starts  string `form:"starts"`
	Ends    string `form:"ends"`
}

func (h *Handler) showUser(w http.ResponseWriter, r *http.Request) error {
	view, err := h.view(r)
	if err != nil {
		return err
	}
	if done := r.URL.Query().Get("done"); done != "" && locale.Has(page.Lang(r), "admin.done."+done) {
		view.Done = locale.T(r.Context(), "admin.done."+done)
	}
	return page.Show(w, r, http.StatusOK, userPage(view))
}

// view reads what every form of a user's page is shown on.
func (h *Handler) view(r *http.Request) (userView, error) {
	publicID, err := page.PublicID(r, "user")
	if err != nil {
		return userView{}, err
	}
	actor := page.Actor(r)
	account, err := h.accounts.User(r.Context(), actor, publicID)
	if err != nil {
		return userView{}, err
	}
	view := userView{Account: account, Now: h.now(), May: actor.Can(identity.ManageUsers) && !locale.IsFormer(account.Name), Oneself: account.ID == actor.UserID,
		Edit: editForm{Name: account.Name, Email: account.Email, Version: account.Version}}
	if actor.Can(identity.ReadAudit) {
		err = h.db.Read(r.Context(), actor, func(q postgres.Querier) (err error) {
			view.History, err = audit.Of(r.Context(), q, account.Ref(), 0, 10)
			return err
		})
	}
	return view, err
}

// saveUser stores name and address; a stale edit is shown beside what is stored.
func (h *Handler) saveUser(w http.ResponseWriter, r *http.Request) error {
	var form editForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	view, err := h.view(r)
	if err != nil {
		return err
	}
	err = h.accounts.SaveUser(r.Context(), page.Actor(r), view.Account.PublicID, accounts.Edit(form))
	if err == nil {
		return h.done(w, r, "saved")
	}
	view.Edit = form
	status := http.StatusUnprocessableEntity
	if apperr.Is(err, apperr.Conflict) {
		status, view.Conflict = http.StatusConflict, true
		view.Edit.Version = view.Account.Version // saving again replaces what is shown
	} else if faults, ok := page.FaultsOf(r, err); ok {
		view.EditFaults = faults
	} else {
		return err
	}
	return page.Show(w, r, status, userPage(view))
}

// giveRole gives a staff role, or a mandate where the role is a member's.
func (h *Handler) giveRole(w http.ResponseWriter, r *http.Request) error {
	var form giveForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	view, err := h.view(r)
	if err != nil {
		return err
	}
	view.Give = form
	org, suggestions, err := h.organisation(r, form.Org, form.OrgText)
	if err != nil {
		return err
	}
	view.Give.Org, view.Orgs = org, suggestions
	input, faults := form.read(r.Context(), org)
	if len(faults) == 0 {
		err := h.accounts.Give(r.Context(), page.Actor(r), view.Account.PublicID, input)
		if err == nil {
			return h.done(w, r, "given")
		}
		if apperr.Is(err, apperr.Conflict) {
			faults = page.Faults{"role": page.Message(r, err)}
		} else if found, ok := page.FaultsOf(r, err); ok {
			faults = found
		} else {
			return err
		}
	}
	view.GiveFaults = faults
	return page.Show(w, r, http.StatusUnprocessableEntity, userPage(view))
}

// read makes the input from the form: the first day counts from its beginning, the last
// day to its end.
func (f giveForm) read(ctx context.Context, org string) (accounts.GrantInput, page.Faults) {
	zone := locale.Of(ctx).Zone
	input := accounts.GrantInput{Role: identity.Role(f.Role), OrgPublic: org}
	faults := page.Faults{}
	starts, ok := readDay(f.Starts, zone)
	if !ok {
		faults["starts"] = locale.T(ctx, "admin.day_format")
	} else if starts != nil {
		input.Starts = *starts
	}
	ends, ok := readDay(f.Ends, zone)
	if !ok {
		faults["ends"] = locale.T(ctx, "admin.day_format")
	}
	input.Ends = dayAfter(ends)
	return input, faults
}

type endForm struct {
	Role   string `form:"role"`
	Org    string `form:"org"`
	Starts string `form:"starts"`
}

func (h *Handler) endRole(w http.ResponseWriter, r *http.Request) error {
	var form endForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	starts, err := time.Parse(time.RFC3339Nano, form.Starts)
	if err != nil {
		return apperr.New(apperr.NotFound, "error.not_found")
	}
	key := accounts.GrantKey{Role: identity.Role(form.Role), OrgPublic: form.Org, Starts: starts}
	return h.actOn(w, r, "ended", func(ctx context.Context, a identity.Actor, id string) error {
		return h.accounts.End(ctx, a, id, key)
	})
}

func (h *Handler) inviteAgain(w http.ResponseWriter, r *http.Request) error {
	return h.actOn(w, r, "invited", h.accounts.Reinvite)
}

func (h *Handler) sendReset(w http.ResponseWriter, r *http.Request) error {
	return h.actOn(w, r, "reset", h.accounts.SendReset)
}

func (h *Handler) signOutUser(w http.ResponseWriter, r *http.Request) error {
	return h.actOn(w, r, "signed_out", h.accounts.SignOutUser)
}

// dropFactors takes lost second factors away from somebody whom the administrator knows by
// another way.
func (h *Handler) dropFactors(w http.ResponseWriter, r *http.Request) error {
	return h.actOn(w, r, "factors", h.accounts.DropFactors)
}

func (h *Handler) switchOff(w http.ResponseWriter, r *http.Request) error {
	return h.actOn(w, r, "off", func(ctx context.Context, a identity.Actor, id string) error {
		return h.accounts.SetActive(ctx, a, id, false)
	})
}

func (h *Handler) switchOn(w http.ResponseWriter, r *http.Request) error {
	return h.actOn(w, r, "on", func(ctx context.Context, a identity.Actor, id string) error {
		return h.accounts.SetActive(ctx, a, id, true)
	})
}

// actOn carries out one act and returns to the user's page; what stands in its way is said
// there.
func (h *Handler) actOn(w http.ResponseWriter, r *http.Request, done string, act func(context.Context, identity.Actor, string) error) error {
	publicID, err := page.PublicID(r, "user")
	if err != nil {
		return err
	}
	if err = act(r.Context(), page.Actor(r), publicID); err == nil {
		return h.done(w, r, done)
	}
	if !apperr.Is(err, apperr.Conflict) {
		return err
	}
	view, viewErr := h.view(r)
	if viewErr != nil {
		return viewErr
	}
	view.Refused = page.Message(r, err)
	return page.Show(w, r, http.StatusConflict, userPage(view))
}

func (h *Handler) done(w http.ResponseWriter, r *http.Request, done string) error {
	return page.Redirect(w, r, "/desk/users/%s?done=%s", chi.URLParam(r, "user"), done)
}
