package caseworkpages

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/page"
)

// manyForm is an act on picked rows; In is the query of the list that they were picked in.
type manyForm struct {
	IDs     []string `form:"ids"`
	All     string   `form:"all"`
	Officer string   `form:"officer"`
	In      string   `form:"in"`
	Bulk    string   `form:"bulk"`
}

// nobody is what the choice of officers says to take requests from whoever has them.
const nobody = "none"

func (h *Handler) assignMany(w http.ResponseWriter, r *http.Request) error {
	var form manyForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	f, at := readQuery(form.In)
	picks, err := h.picks(r, form, f)
	if err != nil {
		return err
	}
	if form.Officer == "" {
		return h.again(w, r, f, at, listView{Faults: page.Faults{"officer": say(r, "casework.choose_officer")}})
	}
	officer := form.Officer
	if officer == nobody {
		officer = ""
	}
	bulk, err := h.requests.AssignMany(r.Context(), page.Actor(r), picks, officer)
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
	n, err := h.requests.Undo(r.Context(), page.Actor(r), form.Bulk)
	if err != nil {
		return err
	}
	f, at := readQuery(form.In)
	return back(w, r, f, at, "back", strconv.Itoa(n))
}

// viewForm gives a filter a name.
type viewForm struct {
	Name   string `form:"name"`
	Shared bool   `form:"shared"`
	In     string `form:"in"`
}

func (h *Handler) keepView(w http.ResponseWriter, r *http.Request) error {
	var form viewForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	f, at := readQuery(form.In)
	err := h.requests.KeepView(r.Context(), page.Actor(r), form.Name, values(f).Encode(), form.Shared)
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
