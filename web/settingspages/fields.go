package settingspages

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/web/page"
)

// fieldsView is the list in its order.
type fieldsView struct {
	Rows []municipalities.Field
	Done string
}

func (h *Handler) fields(w http.ResponseWriter, r *http.Request) error {
	rows, err := h.municipalities.Fields(r.Context(), page.Actor(r))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, fieldsPage(fieldsView{Rows: rows, Done: done(r)}))
}

// move puts a field one place up or down and shows the list again.
func (h *Handler) move(up bool) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := h.municipalities.MoveField(r.Context(), page.Actor(r), chi.URLParam(r, "field"), up); err != nil {
			return err
		}
		return page.Redirect(w, r, "/desk/settings/fields?done=moved")
	}
}

// fieldForm is a field as it is typed.
type fieldForm struct {
	Code       string
	TitleTR    string `form:"title_tr"`
	TitleEN    string `form:"title_en"`
	TitleRU    string `form:"title_ru"`
	SummaryTR  string `form:"summary_tr"`
	SummaryEN  string `form:"summary_en"`
	SummaryRU  string `form:"summary_ru"`
	OfInterest string `form:"of_interest"`
	Listed     string `form:"listed"`
	Version    int    `form:"version"`
}

func fieldFormOf(f municipalities.Field) fieldForm {
	return fieldForm{Code: f.Code, TitleTR: f.Titles[locale.TR], TitleEN: f.Titles[locale.EN], TitleRU: f.Titles[locale.RU],
		SummaryTR: f.Summaries[locale.TR], SummaryEN: f.Summaries[locale.EN], SummaryRU: f.Summaries[locale.RU],
		OfInterest: ticked(f.OfInterest), Listed: ticked(f.Listed), Version: f.Version}
}

// ticked is a checkbox's value.
func ticked(on bool) string {
	if on {
		return "1"
	}
	return ""
}

func (f fieldForm) field() municipalities.Field {
	return municipalities.Field{Code: f.Code, OfInterest: f.OfInterest != "", Listed: f.Listed != "", Version: f.Version,
		Titles:    municipalities.Titled{locale.TR: f.TitleTR, locale.EN: f.TitleEN, locale.RU: f.TitleRU},
		Summaries: municipalities.Titled{locale.TR: f.SummaryTR, locale.EN: f.SummaryEN, locale.RU: f.SummaryRU}}
}

// fieldView is the form of one field, new where Stored has no code.
type fieldView struct {
	Stored   municipalities.Field
	Form     fieldForm
	Faults   page.Faults
	Conflict bool
	Once     string
	Done     string
}

func (v fieldView) isNew() bool { return v.Stored.Code == "" }

func (h *Handler) newField(w http.ResponseWriter, r *http.Request) error {
	return page.Show(w, r, http.StatusOK, fieldPage(fieldView{Form: fieldForm{OfInterest: "1", Listed: "1"}, Once: page.OnceKey()}))
}

func (h *Handler) addField(w http.ResponseWriter, r *http.Request) error {
	v := fieldView{Once: page.OnceKey()}
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	code, err := h.municipalities.AddField(r.Context(), page.Actor(r), v.Form.field())
	if err == nil {
		return page.Redirect(w, r, "/desk/settings/fields/%s?done=added", code)
	}
	status, _, faults, err := refusal(r, err)
	if err != nil {
		return err
	}
	v.Faults = faults
	return page.Show(w, r, status, fieldPage(v))
}

func (h *Handler) field(w http.ResponseWriter, r *http.Request) error {
	f, err := h.municipalities.Field(r.Context(), page.Actor(r), chi.URLParam(r, "field"))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, fieldPage(fieldView{Stored: f, Form: fieldFormOf(f), Done: done(r)}))
}

// saveField stores an edit; a stale one is shown beside what is stored.
func (h *Handler) saveField(w http.ResponseWriter, r *http.Request) error {
	var v fieldView
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	v.Form.Code = chi.URLParam(r, "field")
	err := h.municipalities.SaveField(r.Context(), page.Actor(r), v.Form.field())
	if err == nil {
		return page.Redirect(w, r, "/desk/settings/fields/%s?done=saved", v.Form.Code)
	}
	var status int
	if status, v.Conflict, v.Faults, err = refusal(r, err); err != nil {
		return err
	}
	if v.Stored, err = h.municipalities.Field(r.Context(), page.Actor(r), v.Form.Code); err != nil {
		return err
	}
	if v.Conflict {
		v.Form.Version = v.Stored.Version // saving again replaces what is shown
	}
	return page.Show(w, r, status, fieldPage(v))
}
