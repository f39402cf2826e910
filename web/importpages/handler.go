// Package importpages holds the staff's pages on which tables are brought in: a file or
// pasted cells, the matching of its columns, the preview, the storing and the undoing.
package importpages

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/web/page"
)

// pageSize is how many imports, or rows of one, a page shows.
const pageSize = 50

// Handler answers the pages below /{lang}/desk/imports.
type Handler struct {
	imports *imports.Service
	now     func() time.Time
}

// New makes the handler.
func New(service *imports.Service, now func() time.Time) *Handler {
	return &Handler{imports: service, now: now}
}

// Desk mounts the pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	r.Method(http.MethodGet, "/imports", page.Handler(h.list))
	r.Method(http.MethodGet, "/imports/new/{kind}", page.Handler(h.begin))
	r.Method(http.MethodPost, "/imports/new/{kind}", page.Handler(h.bring))
	r.Method(http.MethodGet, "/imports/{import}", page.Handler(h.show))
	r.Method(http.MethodGet, "/imports/{import}/columns", page.Handler(h.columns))
	r.Method(http.MethodPost, "/imports/{import}/columns", page.Handler(h.rematch))
	r.Method(http.MethodPost, "/imports/{import}/store", page.Handler(h.store))
	r.Method(http.MethodPost, "/imports/{import}/undo", page.Handler(h.undo))
	r.Method(http.MethodPost, "/imports/{import}/drop", page.Handler(h.drop))
	for _, format := range []export.Format{export.CSV, export.XLSX} {
		r.Method(http.MethodGet, "/imports/new/{kind}/template."+string(format), h.template(format))
		r.Method(http.MethodGet, "/imports/{import}/rows."+string(format), h.rows(format))
	}
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	actor := page.Actor(r)
	list, err := h.imports.List(r.Context(), actor, r.URL.Query().Get("after"), pageSize)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, listPage(listView{Page: list, Kinds: h.imports.Kinds(actor), Dropped: r.URL.Query().Get("done") == "dropped"}))
}

func (h *Handler) template(format export.Format) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		kind, err := h.imports.Kind(page.Actor(r), chi.URLParam(r, "kind"))
		if err != nil {
			return err
		}
		table, rows := kind.Template(page.Lang(r))
		return page.Download(w, r, table, format, rows)
	}
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	i, kind, err := h.find(r)
	if err != nil {
		return err
	}
	v := showView{Import: i, Kind: kind, Now: h.now(), Show: imports.State(r.URL.Query().Get("show")), Already: r.URL.Query().Get("done") == "already"}
	if page.Fragment(r) {
		return h.progress(w, r, v)
	}
	if i.Stage == imports.Unmatched {
		return page.Redirect(w, r, "/desk/imports/%s/columns", i.PublicID)
	}
	if i.Busy() {
		return page.Show(w, r, http.StatusOK, showPage(v))
	}
	if i.Failure == "imports.undo_refused" {
		if v.Refused, err = h.imports.Refused(r.Context(), page.Actor(r), i, pageSize); err != nil {
			return err
		}
	}
	if v.Show == "" && i.Faulty > 0 {
		v.Show = imports.Faulty
	}
	v.After = number(r.URL.Query().Get("after"))
	v.Lines, err = h.imports.Lines(r.Context(), page.Actor(r), i, v.states(), v.After, pageSize+1)
	if err != nil {
		return err
	}
	if len(v.Lines) > pageSize {
		v.Lines = v.Lines[:pageSize]
		v.Next = v.Lines[pageSize-1].Row
	}
	return page.Show(w, r, http.StatusOK, showPage(v))
}

// progress answers the bar that asks again; with the job's end the whole page is new.
func (h *Handler) progress(w http.ResponseWriter, r *http.Request, v showView) error {
	if !v.Import.Busy() {
		w.Header().Set("HX-Refresh", "true")
	}
	return page.Show(w, r, http.StatusOK, progressBar(v))
}

func (h *Handler) find(r *http.Request) (imports.Import, imports.Kind, error) {
	id, err := page.PublicID(r, "import")
	if err != nil {
		// Who may bring nothing learns that first.
		_, listErr := h.imports.List(r.Context(), page.Actor(r), "", 1)
		if listErr != nil {
			return imports.Import{}, imports.Kind{}, listErr
		}
		return imports.Import{}, imports.Kind{}, err
	}
	return h.imports.Find(r.Context(), page.Actor(r), id)
}

// act runs one of the acts on an import and comes back to its page.
func (h *Handler) act(w http.ResponseWriter, r *http.Request, do func(id string, version int) error) error {
	i, _, err := h.find(r)
	if err != nil {
		return err
	}
	version, err := page.Version(r)
	if err != nil {
		return err
	}
	err = do(i.PublicID, version)
	if imports.Already(err) {
		return page.Redirect(w, r, "/desk/imports/%s?done=already", i.PublicID)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/imports/%s", i.PublicID)
}

func (h *Handler) store(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, func(id string, version int) error {
		return h.imports.Store(r.Context(), page.Actor(r), id, version)
	})
}

func (h *Handler) undo(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, func(id string, version int) error {
		return h.imports.Undo(r.Context(), page.Actor(r), id, version)
	})
}

func (h *Handler) drop(w http.ResponseWriter, r *http.Request) error {
	i, _, err := h.find(r)
	if err != nil {
		return err
	}
	version, err := page.Version(r)
	if err != nil {
		return err
	}
	if err := h.imports.Drop(r.Context(), page.Actor(r), i.PublicID, version); err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/imports?done=dropped")
}
