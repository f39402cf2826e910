package cataloguepages

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/web/page"
)

// copyForm is a new service that is made from another one.
type copyForm struct {
	TitleTR string `form:"title_tr"`
	TitleEN string `form:"title_en"`
	TitleRU string `form:"title_ru"`
	Slug    string `form:"slug"`
}

// copyView is the page on which it is named.
type copyView struct {
	Of     services.Record
	Form   copyForm
	Faults page.Faults
	Once   string
	Failed string
}

func (h *Handler) showCopy(w http.ResponseWriter, r *http.Request) error {
	v := copyView{Once: page.OnceKey()}
	var err error
	if v.Of, err = h.catalogue.Record(r.Context(), page.Actor(r), chi.URLParam(r, "slug")); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, copyPage(v))
}

func (h *Handler) copy(w http.ResponseWriter, r *http.Request) error {
	v := copyView{Once: page.OnceKey()}
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	f := v.Form
	from := chi.URLParam(r, "slug")
	slug, err := h.catalogue.Copy(r.Context(), page.Actor(r), from, services.Model{Slug: f.Slug,
		Title: services.Text{locale.TR: f.TitleTR, locale.EN: f.TitleEN, locale.RU: f.TitleRU}})
	if err == nil {
		return page.Redirect(w, r, listPath+"/%s?done=copied", slug)
	}
	status := page.Status(err)
	if status != http.StatusConflict && status != http.StatusUnprocessableEntity {
		return err
	}
	var ours bool
	if v.Faults, ours = page.FaultsOf(r, err); !ours {
		v.Failed = page.Message(r, err)
	}
	if v.Of, err = h.catalogue.Record(r.Context(), page.Actor(r), from); err != nil {
		return err
	}
	return page.Show(w, r, status, copyPage(v))
}
