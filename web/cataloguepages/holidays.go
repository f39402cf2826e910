package cataloguepages

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/workdays"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// daysView is a country's year.
type daysView struct {
	workdays.Year
	Form   dayForm
	Faults page.Faults
	Done   string
}

// dayForm is one day as it is typed.
type dayForm struct {
	Country string `form:"country"`
	Year    int    `form:"year"`
	Day     string `form:"day"`
	Works   bool   `form:"works"`
	NameTR  string `form:"name_tr"`
	NameEN  string `form:"name_en"`
	NameRU  string `form:"name_ru"`
}

// years that can be looked at: the ones around today.
func (h *Handler) years() []ui.Option {
	var out []ui.Option
	for y := h.now().In(h.zone).Year() - 1; y <= h.now().In(h.zone).Year()+2; y++ {
		out = append(out, ui.Option{Value: strconv.Itoa(y), Label: strconv.Itoa(y)})
	}
	return out
}

func (h *Handler) days(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	year, err := strconv.Atoi(q.Get("year"))
	if err != nil {
		year = h.now().In(h.zone).Year()
	}
	v, err := h.readDays(r, strings.ToUpper(q.Get("country")), year)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, daysPage(v, h.years()))
}

func (h *Handler) readDays(r *http.Request, country string, year int) (daysView, error) {
	v := daysView{Done: done(r)}
	var err error
	v.Year, err = h.holidays.Year(r.Context(), page.Actor(r), page.Lang(r), country, year)
	return v, err
}

func (h *Handler) addDay(w http.ResponseWriter, r *http.Request) error {
	var form dayForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	day, ok := h.readDay(form.Day)
	err := h.holidays.Add(r.Context(), page.Actor(r), workdays.Entry{Country: form.Country, On: day, Works: form.Works,
		Names: map[locale.Lang]string{locale.TR: form.NameTR, locale.EN: form.NameEN, locale.RU: form.NameRU}})
	if err == nil {
		return backToDays(w, r, form.Country, day.Year(), "day")
	}
	faults, ours := page.FaultsOf(r, err)
	if !ours {
		return err
	}
	if !ok {
		faults["day"] = locale.T(r.Context(), "casework.day_format")
	}
	v, err := h.readDays(r, form.Country, form.Year)
	if err != nil {
		return err
	}
	v.Form, v.Faults = form, faults
	return page.Show(w, r, http.StatusUnprocessableEntity, daysPage(v, h.years()))
}

func (h *Handler) removeDay(w http.ResponseWriter, r *http.Request) error {
	var form dayForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	day, _ := h.readDay(form.Day)
	if err := h.holidays.Remove(r.Context(), page.Actor(r), form.Country, day); err != nil {
		return err
	}
	return backToDays(w, r, form.Country, form.Year, "day_gone")
}

func backToDays(w http.ResponseWriter, r *http.Request, country string, year int, what string) error {
	q := url.Values{"country": {country}, "year": {strconv.Itoa(year)}, "done": {what}}
	return page.Redirect(w, r, "/desk/settings/holidays?%s", q.Encode())
}

// countries are those of the register; the chosen one stands first where it is none of them.
func (v daysView) countries() []ui.Option {
	var out []ui.Option
	for _, c := range v.Countries {
		out = append(out, ui.Option{Value: c.Code, Label: c.Title})
	}
	if !slices.ContainsFunc(out, func(o ui.Option) bool { return o.Value == v.Country }) {
		out = append([]ui.Option{{Value: v.Country, Label: v.Country}}, out...)
	}
	return out
}
