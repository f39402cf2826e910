package page

import (
	"log/slog"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5/middleware"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/locale"
)

// Download answers with a table as a file, row by row. Errors before the first byte are
// returned and answered as a page; later ones cut the connection, so that half a file is
// never taken for a whole one.
func Download[T any](w http.ResponseWriter, r *http.Request, table export.Table[T], format export.Format, rows export.Rows[T]) error {
	out := &attachment{ResponseWriter: w, mediaType: format.Type(), name: format.FileName(table.Name, locale.Of(r.Context()).Now)}
	err := table.Write(out, format, rows)
	if err == nil || !out.begun {
		return err
	}
	slog.ErrorContext(r.Context(), "a file broke off", "request_id", middleware.GetReqID(r.Context()), "path", LoggedPath(r), "error", err)
	panic(http.ErrAbortHandler)
}

// DownloadBook answers with several tables as one workbook, once all of them are whole.
func DownloadBook(w http.ResponseWriter, r *http.Request, name string, sheets []export.Sheet) error {
	out := &attachment{ResponseWriter: w, mediaType: export.XLSX.Type(), name: export.XLSX.FileName(name, locale.Of(r.Context()).Now)}
	return export.WriteBook(out, sheets...)
}

// attachment says what the file is with its first byte.
type attachment struct {
	http.ResponseWriter
	mediaType, name string
	begun           bool
}

func (a *attachment) Write(b []byte) (int, error) {
	if !a.begun {
		a.begun = true
		a.Header().Set("Content-Type", a.mediaType)
		a.Header().Set("Content-Disposition", `attachment; filename="`+a.name+`"`)
	}
	return a.ResponseWriter.Write(b)
}

// Attachment answers with one file that was made just now, to be kept by the reader.
func Attachment(w http.ResponseWriter, _ *http.Request, name, mediaType string, content []byte) error {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // the reader may have gone; nobody is left to tell
	return nil
}
