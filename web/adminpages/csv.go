package adminpages

import (
	"context"
	"net/http"

	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/web/page"
)

// exportLimit is the most rows of a file.
const exportLimit = 50_000

// logTable is the log as a file: times in the reader's zone, records by their titles.
func logTable(ctx context.Context, places map[int64]subject.Place) export.Table[audit.Line] {
	type line = audit.Line
	named := func(key string, value func(line) string) export.Column[line] {
		return export.Column[line]{Name: locale.T(ctx, key), Value: value}
	}
	when := named("admin.when", func(l line) string { return export.Time(l.At.In(locale.Of(ctx).Zone)) })
	when.Kind = export.Instant
	return export.Table[line]{Name: "audit", Columns: []export.Column[line]{
		when,
		named("admin.who", func(l line) string { return l.ActorName }),
		named("admin.for_whom", func(l line) string { return l.OrgName }),
		named("admin.what", func(l line) string { return l.Action }),
		named("admin.record_kind", func(l line) string { return string(l.Kind) }),
		named("admin.record", func(l line) string { return places[l.SubjectID].Title }),
		named("admin.details", func(l line) string { return string(l.Payload) }),
	}}
}

// writeLog sends the log for a spreadsheet.
func writeLog(w http.ResponseWriter, r *http.Request, lines []audit.Line, places map[int64]subject.Place) error {
	return page.Download(w, r, logTable(r.Context(), places), export.CSV, func(each func(audit.Line) error) error {
		for _, line := range lines {
			if err := each(line); err != nil {
				return err
			}
		}
		return nil
	})
}
