package citypages

import (
	"net/http"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/web/page"
)

// contactForm is an office or a person to write to.
type contactForm struct {
	Office string `form:"office"`
	Name   string `form:"name"`
	Email  string `form:"email"`
	Phone  string `form:"phone"`
	Lang   string `form:"lang"`
	Listed bool   `form:"listed"`
	Once   string `form:"once"`
}

type contactsView struct {
	contactForm
	List    []membership.Contact
	Section string
	May     bool
	Done    string
	Faults  page.Faults
}

func (h *Handler) contactsView(r *http.Request) (contactsView, error) {
	o, err := h.membership.Own(r.Context(), page.Actor(r))
	return contactsView{contactForm: contactForm{Office: "general", Lang: string(page.Lang(r)), Once: page.OnceKey()}, List: o.Contacts,
		Section: section(r), May: page.Actor(r).Can(identity.EditProfile)}, err
}

func (h *Handler) contacts(w http.ResponseWriter, r *http.Request) error {
	v, err := h.contactsView(r)
	if err != nil {
		return err
	}
	if what := r.URL.Query().Get("done"); what != "" && locale.Has(page.Lang(r), "people.done."+what) {
		v.Done = locale.T(r.Context(), "people.done."+what)
	}
	return page.Show(w, r, http.StatusOK, contactsPage(v))
}

func (h *Handler) addContact(w http.ResponseWriter, r *http.Request) error {
	var form contactForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	err := h.membership.AddContact(r.Context(), page.Actor(r), membership.ContactInput{Office: form.Office, Name: form.Name, Email: form.Email,
		Phone: form.Phone, Lang: form.Lang, Listed: form.Listed})
	if err == nil {
		return page.Redirect(w, r, "%s/contacts?done=contact", section(r))
	}
	faults, ours := page.FaultsOf(r, err)
	if apperr.Is(err, apperr.Conflict) {
		faults, ours = page.Faults{"email": page.Message(r, err)}, true
	}
	if !ours {
		return err
	}
	v, readErr := h.contactsView(r)
	if readErr != nil {
		return readErr
	}
	v.contactForm, v.Faults = form, faults
	return page.Show(w, r, http.StatusUnprocessableEntity, contactsPage(v))
}

func (h *Handler) dropContact(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "contact")
	if err != nil {
		return err
	}
	if err := h.membership.DropContact(r.Context(), page.Actor(r), id); err != nil {
		return err
	}
	return page.Redirect(w, r, "%s/contacts?done=contact_dropped", section(r))
}
