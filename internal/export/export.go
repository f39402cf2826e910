// Package export writes tables that leave the portal. A table declares its columns once;
// every format says the same, row by row, however long the table is.
package export

import (
	"io"
	"strconv"
	"time"

	"github.com/birlik/portal/internal/apperr"
)

// Kind says how a column's values are written and read by a spreadsheet.
type Kind int

// The kinds of columns.
const (
	Text    Kind = iota
	Number       // an exact decimal with a point: "1234.50"
	Day          // 2026-11-24
	Instant      // RFC 3339
)

// Column is one column of a table of T. Value is the cell in the form of its kind, empty
// where nothing is known.
type Column[T any] struct {
	Name  string // as data files name it
	Kind  Kind
	Value func(T) string
}

// Table is what leaves, declared once for every format.
type Table[T any] struct {
	Name    string // of the file and the sheet: "municipalities"
	Columns []Column[T]
}

// Rows hands every row to each, and stops with the first error. A service's export method
// is one, once its actor and filter are given.
type Rows[T any] func(each func(T) error) error

// Format is a kind of file.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Type is the format's media type.
func (f Format) Type() string {
	if f == XLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// FileName is the name of a file made at a moment: municipalities-2026-11-24.csv.
func (f Format) FileName(table string, at time.Time) string {
	return table + "-" + at.Format(time.DateOnly) + "." + string(f)
}

// Write writes the rows to w. Nothing is written before the first row has come, so that an
// error of the query can still be answered as one; no rows leave the heading alone.
// Errors: what rows and w fail with; not found for a format that is none.
func (t Table[T]) Write(w io.Writer, format Format, rows Rows[T]) error {
	switch format {
	case CSV:
		return t.writeCSV(w, rows)
	case XLSX:
		return t.writeXLSX(w, rows)
	}
	return apperr.New(apperr.NotFound, "error.not_found")
}

// Integer is a whole number as a cell; nothing where n is nil.
func Integer[N ~int | ~int32 | ~int64](n *N) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(int64(*n), 10)
}

// Date is a day as a cell; nothing where it is zero.
func Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// Time is a moment as a cell, in the zone that t carries; nothing where it is zero.
func Time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
