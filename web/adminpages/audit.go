package adminpages

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// auditForm is the filter of the log, as it stands in the address.
type auditForm struct {
	Who, Kind, From, Till string
	Before                int64
}

func auditFormOf(q url.Values) auditForm {
	before, _ := strconv.ParseInt(q.Get("before"), 10, 64) // none where it is no number
	return auditForm{Who: page.Tidy(q.Get("who")), Kind: q.Get("kind"), From: page.Tidy(q.Get("from")),
		Till: page.Tidy(q.Get("till")), Before: before}
}

// filter reads the days in the reader's zone; a day that is none is told by its field.
func (f auditForm) filter(ctx context.Context) (audit.Filter, page.Faults) {
	out := audit.Filter{Actor: f.Who, Kind: subject.Kind(f.Kind), Before: f.Before, Limit: pageSize + 1}
	faults := page.Faults{}
	zone := locale.Of(ctx).Zone
	for _, field := range []struct {
		name, typed string
		set         func(day *time.Time)
	}{
		{"from", f.From, func(d *time.Time) { out.From = *d }},
		{"till", f.Till, func(d *time.Time) { out.Till = *dayAfter(d) }},
	} {
		day, ok := readDay(field.typed, zone)
		if !ok {
			faults[field.name] = locale.T(ctx, "admin.day_format")
		} else if day != nil {
			field.set(day)
		}
	}
	return out, faults
}

// address is the log's address at path under the filter, older than an entry (0: newest).
func (f auditForm) address(ctx context.Context, path string, before int64) string {
	q := url.Values{}
	for key, value := range map[string]string{"who": f.Who, "kind": f.Kind, "from": f.From, "till": f.Till} {
		if value != "" {
			q.Set(key, value)
		}
	}
	if before > 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	if len(q) == 0 {
		return ui.Path(ctx, path)
	}
	return ui.Path(ctx, path+"?"+q.Encode())
}

// auditView is the log of all records under its filter.
type auditView struct {
	Form   auditForm
	Lines  []audit.Line
	Places map[int64]subject.Place
	Older  int64 // entry before which the next page begins; 0: none
	Faults page.Faults
}

func (h *Handler) listAudit(w http.ResponseWriter, r *http.Request) error {
	actor := page.Actor(r)
	if err := actor.May(identity.ReadAudit); err != nil {
		return err
	}
	view := auditView{Form: auditFormOf(r.URL.Query())}
	filter, faults := view.Form.filter(r.Context())
	if len(faults) > 0 {
		view.Faults = faults
		return page.Show(w, r, http.StatusUnprocessableEntity, auditPage(view))
	}
	lines, err := h.find(r.Context(), actor, filter)
	if err != nil {
		return err
	}
	if len(lines) > pageSize {
		lines = lines[:pageSize]
		view.Older = lines[pageSize-1].ID
	}
	view.Lines = lines
	if view.Places, err = h.places(r, lines); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, auditPage(view))
}

func (h *Handler) find(ctx context.Context, actor identity.Actor, filter audit.Filter) (lines []audit.Line, err error) {
	err = h.db.Read(ctx, actor, func(q postgres.Querier) error {
		lines, err = audit.Find(ctx, q, filter)
		return err
	})
	return lines, err
}

// places names the records of the lines, as far as their areas can.
func (h *Handler) places(r *http.Request, lines []audit.Line) (map[int64]subject.Place, error) {
	ids := map[subject.Kind][]int64{}
	for _, line := range lines {
		ids[line.Kind] = append(ids[line.Kind], line.SubjectID)
	}
	out := map[int64]subject.Place{}
	for kind, list := range ids {
		locate := h.Locators[kind]
		if locate == nil {
			continue
		}
		found, err := locate(r.Context(), string(page.Lang(r)), list)
		if err != nil {
			return nil, err
		}
		for id, place := range found {
			out[id] = place
		}
	}
	return out, nil
}

// recordView is the log of one record.
type recordView struct {
	Kind  subject.Kind
	Place subject.Place
	Lines []audit.Line
	Older int64
}

// showAudit answers who changed one record, and when.
func (h *Handler) showAudit(w http.ResponseWriter, r *http.Request) error {
	actor := page.Actor(r)
	if err := actor.May(identity.ReadAudit); err != nil {
		return err
	}
	publicID, err := page.PublicID(r, "record")
	if err != nil {
		return err
	}
	view := recordView{Kind: subject.Kind(chi.URLParam(r, "kind"))}
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64) // none where it is no number
	err = h.db.Read(r.Context(), actor, func(q postgres.Querier) error {
		ref, err := audit.Subject(r.Context(), q, view.Kind, publicID)
		if err != nil {
			return err
		}
		view.Lines, err = audit.Of(r.Context(), q, ref, before, pageSize+1)
		if err != nil {
			return err
		}
		places, err := h.places(r, []audit.Line{{Kind: ref.Kind, SubjectID: ref.ID}})
		view.Place = places[ref.ID]
		return err
	})
	if err != nil {
		return err
	}
	if len(view.Lines) > pageSize {
		view.Lines = view.Lines[:pageSize]
		view.Older = view.Lines[pageSize-1].ID
	}
	return page.Show(w, r, http.StatusOK, recordPage(view))
}

// exportAudit writes the filtered log as CSV, newest first.
func (h *Handler) exportAudit(w http.ResponseWriter, r *http.Request) error {
	actor := page.Actor(r)
	for _, p := range []identity.Permission{identity.ReadAudit, identity.ExportRecords} {
		if err := actor.May(p); err != nil {
			return err
		}
	}
	filter, faults := auditFormOf(r.URL.Query()).filter(r.Context())
	if len(faults) > 0 {
		return apperr.New(apperr.Invalid, "admin.day_format")
	}
	filter.Limit, filter.Before = exportLimit, 0
	lines, err := h.find(r.Context(), actor, filter)
	if err != nil {
		return err
	}
	places, err := h.places(r, lines)
	if err != nil {
		return err
	}
	return writeLog(w, r, lines, places)
}
