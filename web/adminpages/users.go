package adminpages

import (
	"context"
	"net/http"
	"net/url"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// usersView is the list of users under its filter.
type usersView struct {
	Filter accounts.Filter
	Page   postgres.Page[accounts.Row]
	May    bool // invite and change
}

func (h *Handler) listUsers(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	f := accounts.Filter{Text: page.Tidy(query.Get("q")), Role: identity.Role(query.Get("role")),
		State: accounts.State(query.Get("state")), After: query.Get("after"), Limit: pageSize}
	actor := page.Actor(r)
	rows, err := h.accounts.Users(r.Context(), actor, f)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, usersPage(usersView{Filter: f, Page: rows, May: actor.Can(identity.ManageUsers)}))
}

// address is the list with one value of the filter replaced; the cursor is left out unless
// it is what changes.
func (v usersView) address(ctx context.Context, name, value string) string {
	q := url.Values{}
	for key, val := range map[string]string{"q": v.Filter.Text, "role": string(v.Filter.Role), "state": string(v.Filter.State)} {
		if val != "" {
			q.Set(key, val)
		}
	}
	q.Set(name, value)
	if value == "" {
		q.Del(name)
	}
	if len(q) == 0 {
		return ui.Path(ctx, "/desk/users")
	}
	return ui.Path(ctx, "/desk/users?"+q.Encode())
}

// pills are the filters in force.
func (v usersView) pills(ctx context.Context) []ui.Pill {
	var out []ui.Pill
	if v.Filter.Text != "" {
		out = append(out, ui.Pill{Label: locale.T(ctx, "admin.search"), Value: v.Filter.Text, Remove: v.address(ctx, "q", "")})
	}
	if v.Filter.Role != "" {
		out = append(out, ui.Pill{Label: locale.T(ctx, "admin.role"), Value: roleName(ctx, v.Filter.Role), Remove: v.address(ctx, "role", "")})
	}
	if v.Filter.State != "" {
		out = append(out, ui.Pill{Label: locale.T(ctx, "admin.state"), Value: stateName(ctx, v.Filter.State), Remove: v.address(ctx, "state", "")})
	}
	return out
}

// count says how many users the page shows.
func (v usersView) count(ctx context.Context) string {
	if v.Page.Next != "" {
		return locale.T(ctx, "admin.users_more", "N", locale.Number(ctx, int64(len(v.Page.Rows))))
	}
	return locale.T(ctx, "admin.users_count", "Count", len(v.Page.Rows))
}

// newUserView is the form to invite somebody.
type newUserView struct {
	Form   inviteForm
	Orgs   []accounts.Organisation // suggestions for what was typed
	Once   string
	Faults page.Faults
}

type inviteForm struct {
	Email   string `form:"email"`
	Name    string `form:"name"`
	Lang    string `form:"lang"`
	Role    string `form:"role"`
	Org     string `form:"org"`
	OrgText string `form:"org_text"`
	Ends    string `form:"ends"`
	Once    string `form:"once"`
}

func (h *Handler) newUser(w http.ResponseWriter, r *http.Request) error {
	return page.Show(w, r, http.StatusOK, newUserPage(newUserView{
		Form: inviteForm{Lang: string(page.Lang(r))}, Once: page.OnceKey()}))
}

func (h *Handler) inviteUser(w http.ResponseWriter, r *http.Request) error {
	var form inviteForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	actor := page.Actor(r)
	org, suggestions, err := h.organisation(r, form.Org, form.OrgText)
	if err != nil {
		return err
	}
	ends, ok := readDay(form.Ends, locale.Of(r.Context()).Zone)
	faults := page.Faults{}
	if !ok {
		faults["ends"] = locale.T(r.Context(), "admin.day_format")
	}
	publicID, err := "", error(nil)
	if ok {
		publicID, err = h.accounts.Invite(r.Context(), actor, accounts.Invitee{Email: form.Email, Name: form.Name,
			Lang: form.Lang, Role: identity.Role(form.Role), OrgPublic: org, Ends: dayAfter(ends)})
		if found, invalid := page.FaultsOf(r, err); invalid {
			faults = found
		} else if err != nil {
			return err
		}
	}
	if len(faults) > 0 {
		form.Org = org
		return page.Show(w, r, http.StatusUnprocessableEntity, newUserPage(newUserView{
			Form: form, Orgs: suggestions, Once: page.OnceKey(), Faults: faults}))
	}
	return page.Redirect(w, r, "/desk/users/%s?done=invited", publicID)
}

// organisation is the one chosen from the list, or, where only text came (no script), the
// one that the text finds alone; else it gives what the text suggests.
func (h *Handler) organisation(r *http.Request, chosen, text string) (publicID string, suggestions []accounts.Organisation, err error) {
	if chosen != "" || text == "" {
		return chosen, nil, nil
	}
	found, err := h.accounts.Organisations(r.Context(), page.Actor(r), text, page.Lang(r))
	if err != nil {
		return "", nil, err
	}
	if len(found) == 1 || len(found) > 1 && found[0].Name == text {
		return found[0].PublicID, found, nil
	}
	return "", found, nil
}

// suggestOrganisations answers the field that finds one while typing.
func (h *Handler) suggestOrganisations(w http.ResponseWriter, r *http.Request) error {
	found, err := h.accounts.Organisations(r.Context(), page.Actor(r), page.Tidy(r.URL.Query().Get("q")), page.Lang(r))
	if err != nil {
		return err
	}
	var options []ui.ComboOption
	for _, o := range found {
		options = append(options, ui.ComboOption{Value: o.PublicID, Label: o.Name})
	}
	return page.Show(w, r, http.StatusOK, ui.ComboOptions(options))
}

func roleName(ctx context.Context, role identity.Role) string {
	return locale.T(ctx, "accounts.role."+string(role))
}

func stateName(ctx context.Context, state accounts.State) string {
	return locale.T(ctx, "admin.state."+string(state))
}
