package mailingpages

import (
	"net/http"
	"net/url"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/mailings"
	"github.com/birlik/portal/web/page"
)

// editForm is what staff choose about a mailing.
type editForm struct {
	Kind    string   `form:"kind"`
	Filter  string   `form:"filter"` // the query of the members' list
	Offices []string `form:"offices"`
	Roles   []string `form:"roles"`
	Version int      `form:"version"`
}

func (f editForm) input() mailings.Input {
	q, err := url.ParseQuery(f.Filter)
	if err != nil {
		q = url.Values{} // what cannot be read narrows nothing, and the page says so in words
	}
	return mailings.Input{Kind: mailings.Kind(f.Kind), Filter: readFilter(q), Offices: f.Offices, Roles: f.Roles}
}

// editView is the form of a mailing.
type editView struct {
	Mailing mailings.Mailing // zero: a new one
	Form    editForm
	Words   string
	Once    string
	Faults  page.Faults
	Refused string
}

func (h *Handler) showNew(w http.ResponseWriter, r *http.Request) error {
	f := readFilter(r.URL.Query())
	v := editView{Form: editForm{Kind: string(mailings.Official), Filter: query(f), Offices: []string{"general"}}}
	return h.showForm(w, r, http.StatusOK, v)
}

func (h *Handler) showForm(w http.ResponseWriter, r *http.Request, status int, v editView) error {
	v.Words, v.Once = h.filterWords(r.Context(), page.Actor(r), v.Form.input().Filter), page.OnceKey()
	return page.Show(w, r, status, editPage(v))
}

// create begins a mailing, and leads to its text in the writer's language.
func (h *Handler) create(w http.ResponseWriter, r *http.Request) error {
	v := editView{}
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	id, err := h.mailings.Create(r.Context(), page.Actor(r), v.Form.input())
	if err == nil {
		return page.Redirect(w, r, "%s/%s/texts/%s", deskPath, id, page.Lang(r))
	}
	var invalid bool
	if v.Faults, invalid = page.FaultsOf(r, err); !invalid {
		return err
	}
	return h.showForm(w, r, http.StatusUnprocessableEntity, v)
}

func (h *Handler) showEdit(w http.ResponseWriter, r *http.Request) error {
	m, err := h.mailing(r)
	if err != nil {
		return err
	}
	return h.showForm(w, r, http.StatusOK, editView{Mailing: m, Form: formOf(m)})
}

func formOf(m mailings.Mailing) editForm {
	return editForm{Kind: string(m.Kind), Filter: query(m.Filter), Offices: m.Offices, Roles: m.Roles, Version: m.Version}
}

func (h *Handler) edit(w http.ResponseWriter, r *http.Request) error {
	m, err := h.mailing(r)
	if err != nil {
		return err
	}
	v := editView{Mailing: m}
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	err = h.mailings.Edit(r.Context(), page.Actor(r), m.PublicID, v.Form.Version, v.Form.input())
	if err == nil {
		return page.Redirect(w, r, "%s/%s?done=edited", deskPath, m.PublicID)
	}
	if apperr.Is(err, apperr.Conflict) { // the mailing as it stands, beside what was typed
		v.Refused, v.Form.Version = page.Message(r, err), m.Version
		return h.showForm(w, r, http.StatusConflict, v)
	}
	var invalid bool
	if v.Faults, invalid = page.FaultsOf(r, err); !invalid {
		return err
	}
	return h.showForm(w, r, http.StatusUnprocessableEntity, v)
}

// mailing is the one of the address. Errors: sign_in, forbidden, not found.
func (h *Handler) mailing(r *http.Request) (mailings.Mailing, error) {
	id, err := page.PublicID(r, "mailing")
	if err != nil {
		return mailings.Mailing{}, err
	}
	return h.mailings.Show(r.Context(), page.Actor(r), id)
}
