package caseworkpages

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/page"
)

// manyForm is an act on picked rows; In is the query of the list that they were picked in.
type manyForm struct {
	IDs  []string `form:"ids"`
	All  string   `form:"all"`
	Act  string   `form:"act"` // see readAct
	In   string   `form:"in"`
	Bulk string   `form:"bulk"`
}

// nobody is what the choice of acts says to take requests from whoever has them.
const nobody = "none"

// readAct reads a choice of the bulk bar: "assign:" and an officer or nobody, "office:" and a
// code, "urgent:1", "urgent:0", "due:" and an ISO day.
func (h *Handler) readAct(text string) (requests.Act, bool) {
	kind, value, ok := strings.Cut(text, ":")
	act := requests.Act{Kind: kind}
	switch kind {
	case requests.ActAssign:
		if act.Officer = value; value == nobody {
			act.Officer = ""
		}
	case requests.ActOffice:
		act.Office = value
	case requests.ActUrgent:
		act.Urgent = value == "1"
	case requests.ActDue:
		day, err := time.ParseInLocation(time.DateOnly, value, h.zone)
		act.Due, ok = day, ok && err == nil
	}
	return act, ok && value != ""
}

func (h *Handler) doMany(w http.ResponseWriter, r *http.Request) error {
	var form manyForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	f, at := readQuery(form.In)
	picks, err := h.picks(r, form, f)
	if err != nil {
		return err
	}
	act, ok := h.readAct(form.Act)
	if !ok {
		return h.again(w, r, f, at, listView{Faults: page.Faults{"act": say(r, "workbench.choose_act")}})
	}
	bulk, err := h.requests.DoMany(r.Context(), page.Actor(r), picks, act)
	if faults, ok := page.FaultsOf(r, err); ok {
		return h.again(w, r, f, at, listView{Faults: faults})
	}
	if err != nil {
		return err
	}
	return back(w, r, f, at, "bulk", bulk.ID)
}

// picks are the rows that were picked, or all that the filter leaves.
func (h *Handler) picks(r *http.Request, form manyForm, f requests.Filter) ([]requests.Pick, error) {
	if form.All == "1" {
		return h.requests.Picks(r.Context(), page.Actor(r), page.Lang(r), f)
	}
	var out []requests.Pick
	for _, id := range form.IDs {
		publicID, version, _ := strings.Cut(id, ":")
		n, err := strconv.Atoi(version)
		if err != nil {
			continue // not one of our boxes
		}
		out = append(out, requests.Pick{PublicID: publicID, Version: n})
	}
	return out, nil
}

// again shows the list with what was wrong.
func (h *Handler) again(w http.ResponseWriter, r *http.Request, f requests.Filter, at requests.Place, with listView) error {
	v, err := h.read(r, f, at)
	if err != nil {
		return err
	}
	v.Faults, v.View = with.Faults, with.View
	return page.Show(w, r, http.StatusUnprocessableEntity, listPage(v))
}

// back leads to the list that the act came from.
func back(w http.ResponseWriter, r *http.Request, f requests.Filter, at requests.Place, name, value string) error {
	q := query(f, at)
	if q != "" {
		q += "&"
	}
	if name == "" {
		http.Redirect(w, r, address(r.Context(), strings.TrimSuffix(q, "&")), http.StatusSeeOther)
		return nil
	}
	http.Redirect(w, r, address(r.Context(), q+name+"="+value), http.StatusSeeOther)
	return nil
}

func (h *Handler) undo(w http.ResponseWriter, r *http.Request) error {
	var form manyForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	if err := h.requests.Undo(r.Context(), page.Actor(r), form.Bulk); err != nil {
		return err
	}
	f, at := readQuery(form.In)
	return back(w, r, f, at, "bulk", form.Bulk)
}

// viewForm gives a filter a name.
type viewForm struct {
	Name     string `form:"name"`
	Audience string `form:"audience"` // see requests.KeepView
	In       string `form:"in"`
}

func (h *Handler) keepView(w http.ResponseWriter, r *http.Request) error {
	var form viewForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	f, at := readQuery(form.In)
	err := h.requests.KeepView(r.Context(), page.Actor(r), form.Name, values(f).Encode(), form.Audience)
	if faults, ok := page.FaultsOf(r, err); ok {
		return h.again(w, r, f, at, listView{Faults: faults, View: form})
	}
	if err != nil {
		return err
	}
	return back(w, r, f, requests.Place{}, "", "")
}

func (h *Handler) dropView(w http.ResponseWriter, r *http.Request) error {
	if err := h.requests.DropView(r.Context(), page.Actor(r), chi.URLParam(r, "view")); err != nil {
		return err
	}
	return page.Redirect(w, r, listPath)
}

// columnsForm is what a list shall show.
type columnsForm struct {
	Columns []string `form:"columns"`
	In      string   `form:"in"`
}

func (h *Handler) keepColumns(w http.ResponseWriter, r *http.Request) error {
	var form columnsForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	if err := h.requests.KeepColumns(r.Context(), page.Actor(r), form.Columns); err != nil {
		return err
	}
	f, at := readQuery(form.In)
	return back(w, r, f, at, "", "")
}
