package adminpages

import (
	"encoding/csv"
	"net/http"
	"strings"
	"time"

	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/subject"
)

// exportLimit is the most rows of a file.
const exportLimit = 50_000

// writeCSV writes the log for a spreadsheet: UTF-8 with its mark, times as ISO in the
// reader's zone.
func writeCSV(w http.ResponseWriter, r *http.Request, lines []audit.Line, places map[int64]subject.Place) error {
	ctx := r.Context()
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="audit-`+locale.Of(ctx).Now.Format("2006-01-02")+`.csv"`)
	if _, err := w.Write([]byte("\ufeff")); err != nil {
		return nil // the reader has gone
	}
	out := csv.NewWriter(w)
	_ = out.Write([]string{locale.T(ctx, "admin.when"), locale.T(ctx, "admin.who"), locale.T(ctx, "admin.for_whom"),
		locale.T(ctx, "admin.what"), locale.T(ctx, "admin.record_kind"), locale.T(ctx, "admin.record"), locale.T(ctx, "admin.details")})
	for _, line := range lines {
		_ = out.Write([]string{line.At.In(locale.Of(ctx).Zone).Format(time.RFC3339), cell(line.ActorName), cell(line.OrgName),
			cell(line.Action), string(line.Kind), cell(places[line.SubjectID].Title), cell(string(line.Payload))})
	}
	out.Flush() // a failed write means that the reader has gone
	return nil
}

// cell keeps a spreadsheet from taking a text for a formula.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
