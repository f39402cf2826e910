package settingspages

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/web/page"
)

// countriesView is the list under its filter.
type countriesView struct {
	Text, State string // State is "on", "off" or empty
	Rows        []municipalities.Country
	All         int
}

func (h *Handler) countries(w http.ResponseWriter, r *http.Request) error {
	all, err := h.municipalities.Countries(r.Context(), page.Actor(r), page.Lang(r))
	if err != nil {
		return err
	}
	v := countriesView{Text: page.Tidy(r.URL.Query().Get("q")), State: r.URL.Query().Get("state"), All: len(all)}
	for _, c := range all {
		if v.fits(c) {
			v.Rows = append(v.Rows, c)
		}
	}
	if page.Fragment(r) {
		return page.Show(w, r, http.StatusOK, countryList(v))
	}
	return page.Show(w, r, http.StatusOK, countriesPage(v))
}

// fits compares by any spelling of a name; the list is short enough to be read whole.
func (v countriesView) fits(c municipalities.Country) bool {
	if v.State == "on" && !c.Listed || v.State == "off" && c.Listed {
		return false
	}
	wanted := fold.Key(v.Text)
	if wanted == "" || strings.EqualFold(v.Text, c.Code) {
		return true
	}
	for _, name := range c.Names {
		if strings.Contains(fold.Key(name), wanted) {
			return true
		}
	}
	return false
}

// countryForm is a country as it is typed.
type countryForm struct {
	Code        string `form:"code"`
	NameTR      string `form:"name_tr"`
	NameEN      string `form:"name_en"`
	NameRU      string `form:"name_ru"`
	ISO         string `form:"iso"`
	Currency    string `form:"currency"`
	CallingCode string `form:"calling_code"`
	Zone        string `form:"zone"`
	Note        string `form:"note"`
	Listed      string `form:"listed"`
	Version     int    `form:"version"`
}

func formOf(c municipalities.Country) countryForm {
	return countryForm{Code: c.Code, NameTR: c.Names[locale.TR], NameEN: c.Names[locale.EN], NameRU: c.Names[locale.RU], ISO: c.ISO,
		Currency: c.Currency, CallingCode: c.CallingCode, Zone: c.Zone, Note: c.Note, Listed: ticked(c.Listed), Version: c.Version}
}

func (f countryForm) country() municipalities.Country {
	return municipalities.Country{Code: strings.ToUpper(f.Code), ISO: strings.ToUpper(f.ISO), Currency: strings.ToUpper(f.Currency),
		CallingCode: f.CallingCode, Zone: f.Zone, Note: f.Note, Listed: f.Listed != "", Version: f.Version,
		Names: municipalities.Titled{locale.TR: f.NameTR, locale.EN: f.NameEN, locale.RU: f.NameRU}}
}

// countryView is the form of one country, new where Stored has no code.
type countryView struct {
	Stored   municipalities.Country
	Form     countryForm
	Faults   page.Faults
	Conflict bool
	Once     string
	Done     string
}

func (v countryView) isNew() bool { return v.Stored.Code == "" }

func (h *Handler) newCountry(w http.ResponseWriter, r *http.Request) error {
	return page.Show(w, r, http.StatusOK, countryPage(countryView{Form: countryForm{Listed: "1"}, Once: page.OnceKey()}))
}

func (h *Handler) addCountry(w http.ResponseWriter, r *http.Request) error {
	v := countryView{Once: page.OnceKey()}
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	c := v.Form.country()
	err := h.municipalities.AddCountry(r.Context(), page.Actor(r), c)
	if err == nil {
		return page.Redirect(w, r, "/desk/settings/countries/%s?done=added", c.Code)
	}
	status, _, faults, err := refusal(r, err)
	if err != nil {
		return err
	}
	v.Faults = faults
	return page.Show(w, r, status, countryPage(v))
}

func (h *Handler) country(w http.ResponseWriter, r *http.Request) error {
	c, err := h.municipalities.Country(r.Context(), page.Actor(r), chi.URLParam(r, "country"))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, countryPage(countryView{Stored: c, Form: formOf(c), Done: done(r)}))
}

// saveCountry stores an edit; a stale one is shown beside what is stored.
func (h *Handler) saveCountry(w http.ResponseWriter, r *http.Request) error {
	var v countryView
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	v.Form.Code = chi.URLParam(r, "country")
	err := h.municipalities.SaveCountry(r.Context(), page.Actor(r), v.Form.country())
	if err == nil {
		return page.Redirect(w, r, "/desk/settings/countries/%s?done=saved", v.Form.Code)
	}
	var status int
	if status, v.Conflict, v.Faults, err = refusal(r, err); err != nil {
		return err
	}
	if v.Stored, err = h.municipalities.Country(r.Context(), page.Actor(r), v.Form.Code); err != nil {
		return err
	}
	if v.Conflict {
		v.Form.Version = v.Stored.Version // saving again replaces what is shown
	}
	return page.Show(w, r, status, countryPage(v))
}
