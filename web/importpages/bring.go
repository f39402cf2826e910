package importpages

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/tables"
	"github.com/birlik/portal/web/page"
)

// bringView is the page to bring a table.
type bringView struct {
	Kind   imports.Kind
	Paste  string
	Faults page.Faults
}

func (h *Handler) begin(w http.ResponseWriter, r *http.Request) error {
	kind, err := h.imports.Kind(page.Actor(r), chi.URLParam(r, "kind"))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, bringPage(bringView{Kind: kind}))
}

// maxForm is what the form may weigh: one table and what is pasted.
const maxForm = tables.MaxBytes + 1<<20

func (h *Handler) bring(w http.ResponseWriter, r *http.Request) error {
	kind, err := h.imports.Kind(page.Actor(r), chi.URLParam(r, "kind"))
	if err != nil {
		return err
	}
	b := imports.Brought{Kind: kind.Code}
	err = page.ReadFiles(w, r, maxForm, func(_, name string, content io.Reader) (err error) {
		b.File = name
		b.Content, err = io.ReadAll(io.LimitReader(content, tables.MaxBytes+1))
		return err
	})
	if err != nil {
		return err
	}
	v := bringView{Kind: kind, Paste: r.PostFormValue("paste")}
	field := "file"
	if len(b.Content) == 0 && b.File == "" {
		b.Content = []byte(v.Paste)
		if field = "paste"; strings.TrimSpace(v.Paste) == "" {
			return h.refuse(w, r, v, "file", apperr.New(apperr.Invalid, "imports.nothing_chosen"))
		}
	}
	i, err := h.imports.Bring(r.Context(), page.Actor(r), b)
	if apperr.Is(err, apperr.Invalid) {
		return h.refuse(w, r, v, field, err)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/imports/%s", i.PublicID)
}

// refuse shows the form again with the reason beside the field.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, v bringView, field string, err error) error {
	v.Faults = page.Faults{field: words(r, err)}
	return page.Show(w, r, http.StatusUnprocessableEntity, bringPage(v))
}

func words(r *http.Request, err error) string {
	var e *apperr.Error
	if errors.As(err, &e) {
		return locale.T(r.Context(), e.Key, e.Args...)
	}
	return locale.T(r.Context(), "error.check_fields")
}

// columnsView is the page on which a person says what each column holds.
type columnsView struct {
	Import  imports.Import
	Kind    imports.Kind
	Samples []imports.Line // the first rows
	Missing []string       // required fields that nothing gives
	Fault   string
}

func (h *Handler) columns(w http.ResponseWriter, r *http.Request) error {
	i, kind, err := h.find(r)
	if err != nil {
		return err
	}
	return h.showColumns(w, r, columnsView{Import: i, Kind: kind}, http.StatusOK)
}

func (h *Handler) showColumns(w http.ResponseWriter, r *http.Request, v columnsView, status int) (err error) {
	if v.Import.Stage != imports.Unmatched && v.Import.Stage != imports.Ready {
		return page.Redirect(w, r, "/desk/imports/%s", v.Import.PublicID)
	}
	v.Missing = h.imports.Missing(v.Import)
	if v.Samples, err = h.imports.Lines(r.Context(), page.Actor(r), v.Import, nil, 0, samples); err != nil {
		return err
	}
	return page.Show(w, r, status, columnsPage(v))
}

// samples is how many rows show what a column holds.
const samples = 3

func (h *Handler) rematch(w http.ResponseWriter, r *http.Request) error {
	i, kind, err := h.find(r)
	if err != nil {
		return err
	}
	version, err := page.Version(r)
	if err != nil {
		return err
	}
	columns, common := make([]string, len(i.Header)), map[string]string{}
	for n := range i.Header {
		columns[n] = r.PostFormValue("column_" + strconv.Itoa(n))
	}
	for _, f := range kind.Fields {
		if f.ForAll {
			common[f.Code] = page.Tidy(r.PostFormValue("all_" + f.Code))
		}
	}
	err = h.imports.Rematch(r.Context(), page.Actor(r), i.PublicID, version, columns, common)
	if apperr.Is(err, apperr.Invalid) {
		i.Columns, i.Common = columns, common
		return h.showColumns(w, r, columnsView{Import: i, Kind: kind, Fault: words(r, err)}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/imports/%s", i.PublicID)
}
