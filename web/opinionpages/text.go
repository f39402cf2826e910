package opinionpages

import (
	"net/http"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/opinions"
	"github.com/birlik/portal/web/page"
)

// textForm is a new version of an opinion's text.
type textForm struct {
	Base  int    `form:"base"`
	Title string `form:"title"`
	Body  string `form:"body"`
}

// textView is the page on which an opinion is written.
type textView struct {
	opinions.File
	May    bool
	Form   textForm
	Theirs *opinions.Text // what a colleague stored meanwhile
	Faults page.Faults
	Done   string
}

func (h *Handler) readText(r *http.Request) (v textView, err error) {
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return v, err
	}
	v.May, v.Done = page.Actor(r).Can(identity.WriteOpinions), done(r)
	if v.File, err = h.opinions.Open(r.Context(), page.Actor(r), publicID); err != nil {
		return v, err
	}
	last := v.Last()
	v.Form = textForm{Base: last.Version, Title: last.Title, Body: last.Body}
	if last.Version == 0 {
		v.Form.Title = v.File.Case.Title
	}
	return v, nil
}

func (h *Handler) showText(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readText(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, textPage(v))
}

func (h *Handler) write(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readText(r)
	if err != nil {
		return err
	}
	last := v.Last()
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	err = h.opinions.Write(r.Context(), page.Actor(r), v.PublicID, opinions.Draft{Base: v.Form.Base, Title: v.Form.Title, Body: v.Form.Body})
	if err == nil {
		return page.Redirect(w, r, "%s/%s/opinion?done=written", casesPath, v.PublicID)
	}
	if apperr.Is(err, apperr.Conflict) && v.Writable() && last.Version != v.Form.Base {
		v.Theirs, v.Form.Base = &last, last.Version
		return page.Show(w, r, http.StatusConflict, textPage(v))
	}
	var invalid bool
	if v.Faults, invalid = page.FaultsOf(r, err); !invalid {
		return err
	}
	return page.Show(w, r, http.StatusUnprocessableEntity, textPage(v))
}
