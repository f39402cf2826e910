package caseworkpages

import (
	"fmt"
	"net/http"
	"time"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/page"
)

// exported sends exactly the requests that the filter leaves, in the list's order.
func (h *Handler) exported(format export.Format) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		rows := func(each func(requests.Row) error) error {
			return h.requests.Each(r.Context(), page.Actor(r), page.Lang(r), readFilter(r.URL.Query()), each)
		}
		out := &lateHeader{ResponseWriter: w, set: func(header http.Header) {
			header.Set("Content-Type", format.Type())
			header.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s"`, format.FileName("requests", h.now().In(h.zone))))
		}}
		return h.table().Write(out, format, rows)
	}
}

// lateHeader says what a file is with its first byte: an error before that is answered as one.
type lateHeader struct {
	http.ResponseWriter
	set func(http.Header)
}

// Write implements io.Writer.
func (l *lateHeader) Write(p []byte) (int, error) {
	if l.set != nil {
		l.set(l.Header())
		l.set = nil
	}
	return l.ResponseWriter.Write(p)
}

// table declares the columns of the files; days are the union's.
func (h *Handler) table() export.Table[requests.Row] {
	day := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return export.Date(t.In(h.zone))
	}
	column := func(name string, kind export.Kind, value func(requests.Row) string) export.Column[requests.Row] {
		return export.Column[requests.Row]{Name: name, Kind: kind, Value: value}
	}
	return export.Table[requests.Row]{Name: "requests", Columns: []export.Column[requests.Row]{
		column("reference", export.Text, func(r requests.Row) string { return r.Reference }),
		column("title", export.Text, func(r requests.Row) string { return r.Title }),
		column("municipality", export.Text, func(r requests.Row) string { return r.OrgName }),
		column("country", export.Text, func(r requests.Row) string { return r.Country }),
		column("service", export.Text, func(r requests.Row) string { return r.Service }),
		column("office", export.Text, func(r requests.Row) string { return r.Office }),
		column("sector", export.Text, func(r requests.Row) string { return r.Sector }),
		column("kind", export.Text, func(r requests.Row) string { return r.Kind }),
		column("state", export.Text, func(r requests.Row) string { return string(r.State) }),
		column("urgent", export.Text, func(r requests.Row) string { return map[bool]string{true: "yes", false: "no"}[r.Urgent] }),
		column("officer", export.Text, func(r requests.Row) string { return r.OfficerName }),
		column("received", export.Day, func(r requests.Row) string { return day(&r.SubmittedAt) }),
		column("due", export.Day, func(r requests.Row) string { return day(r.DueAt) }),
		column("cost", export.Number, func(r requests.Row) string { return orEmpty(r.Cost) }),
		column("currency", export.Text, func(r requests.Row) string { return orEmpty(r.Currency) }),
	}}
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
