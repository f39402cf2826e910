package cataloguepages

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// officesView is the list of offices with their people.
type officesView struct {
	Offices []services.Bureau
	Edit    bool
}

func (h *Handler) offices(w http.ResponseWriter, r *http.Request) error {
	v := officesView{Edit: page.Actor(r).Can(identity.ManageUsers)}
	var err error
	if v.Offices, err = h.catalogue.Staffed(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, officesPage(v))
}

// officeForm is an office as it is typed.
type officeForm struct {
	NameTR  string   `form:"name_tr"`
	NameEN  string   `form:"name_en"`
	NameRU  string   `form:"name_ru"`
	People  []string `form:"people"`
	Version int      `form:"version"`
}

func (f officeForm) input(code string) services.OfficeInput {
	return services.OfficeInput{Code: code, Names: text(f.NameTR, f.NameEN, f.NameRU), People: f.People, Version: f.Version}
}

// officeView is the form of an office, of a new one where Stored has no code.
type officeView struct {
	Stored   services.Bureau
	Staff    []services.Person
	Form     officeForm
	Faults   page.Faults
	Conflict bool
	Once     string
	Done     string
}

func (v officeView) isNew() bool { return v.Stored.Code == "" }

func (v officeView) people() []ui.Choice {
	out := make([]ui.Choice, len(v.Staff))
	for i, p := range v.Staff {
		out[i] = ui.Choice{Value: p.PublicID, Label: p.Name}
	}
	return out
}

func (h *Handler) newOffice(w http.ResponseWriter, r *http.Request) error {
	staff, err := h.catalogue.Staff(r.Context(), page.Actor(r))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, officePage(officeView{Staff: staff, Once: page.OnceKey()}))
}

func (h *Handler) addOffice(w http.ResponseWriter, r *http.Request) error {
	v := officeView{Once: page.OnceKey()}
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	code, err := h.catalogue.SaveOffice(r.Context(), page.Actor(r), v.Form.input(""))
	if err == nil {
		return page.Redirect(w, r, listPath+"/offices/%s?done=office", code)
	}
	faults, ours := page.FaultsOf(r, err)
	if !ours {
		return err
	}
	if v.Staff, err = h.catalogue.Staff(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	v.Faults = faults
	return page.Show(w, r, http.StatusUnprocessableEntity, officePage(v))
}

func (h *Handler) office(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readOffice(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, officePage(v))
}

func (h *Handler) readOffice(r *http.Request) (officeView, error) {
	v := officeView{Done: done(r)}
	var err error
	v.Stored, v.Staff, err = h.catalogue.Office(r.Context(), page.Actor(r), chi.URLParam(r, "office"))
	n := v.Stored.Names
	v.Form = officeForm{NameTR: n[locale.TR], NameEN: n[locale.EN], NameRU: n[locale.RU], Version: v.Stored.Version}
	for _, p := range v.Stored.People {
		v.Form.People = append(v.Form.People, p.PublicID)
	}
	return v, err
}

// saveOffice stores an edit; a stale one is shown beside what is stored.
func (h *Handler) saveOffice(w http.ResponseWriter, r *http.Request) error {
	var form officeForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	code := chi.URLParam(r, "office")
	_, err := h.catalogue.SaveOffice(r.Context(), page.Actor(r), form.input(code))
	if err == nil {
		return page.Redirect(w, r, listPath+"/offices/%s?done=office", code)
	}
	faults, ours := page.FaultsOf(r, err)
	if !ours && !apperr.Is(err, apperr.Conflict) {
		return err
	}
	v, readErr := h.readOffice(r)
	if readErr != nil {
		return readErr
	}
	status := http.StatusUnprocessableEntity
	if v.Faults = faults; !ours {
		status, v.Conflict = http.StatusConflict, true
		form.Version = v.Stored.Version
	}
	v.Form = form
	return page.Show(w, r, status, officePage(v))
}

// different are the fields in which what is stored and what was typed differ.
func (v officeView) different(label string) []ui.Change {
	var out []ui.Change
	n := v.Stored.Names
	for _, x := range []struct{ lang, old, now string }{{"tr", n[locale.TR], v.Form.NameTR}, {"en", n[locale.EN], v.Form.NameEN}, {"ru", n[locale.RU], v.Form.NameRU}} {
		if x.old != x.now {
			out = append(out, ui.Change{Field: label + " (" + x.lang + ")", Old: x.old, New: x.now})
		}
	}
	return out
}
