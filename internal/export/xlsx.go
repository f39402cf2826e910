package export

import (
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/birlik/portal/internal/apperr"
)

const (
	maxSheetRows = 1_048_576 // of the format, the heading included
	maxCell      = 32_767    // characters
	exactDigits  = 15        // that a spreadsheet's numbers keep
)

// Sheet is one table of a workbook, with its rows.
type Sheet interface {
	name() string
	fill(file *excelize.File, sheet string) error
}

// SheetOf puts a table and its rows together, for a workbook of several.
func SheetOf[T any](table Table[T], rows Rows[T]) Sheet { return sheetOf[T]{table, rows} }

type sheetOf[T any] struct {
	Table[T]
	rows Rows[T]
}

func (s sheetOf[T]) name() string { return s.Name }

func (s sheetOf[T]) fill(file *excelize.File, sheet string) error {
	return s.Table.fill(file, sheet, s.rows)
}

// WriteBook writes several tables as the sheets of one XLSX workbook, when all are whole.
func WriteBook(w io.Writer, sheets ...Sheet) error {
	file := excelize.NewFile()
	defer file.Close()
	for i, s := range sheets {
		name := sheetName(s.name(), i)
		if i == 0 {
			if err := file.SetSheetName("Sheet1", name); err != nil {
				return err
			}
		} else if _, err := file.NewSheet(name); err != nil {
			return err
		}
		if err := s.fill(file, name); err != nil {
			return err
		}
	}
	return file.Write(w)
}

// sheetName is a name as the format takes it: 31 characters at most, none twice.
func sheetName(name string, n int) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return '-'
		}
		return r
	}, name))
	if len(runes) > 26 {
		runes = runes[:26]
	}
	if n == 0 {
		return string(runes)
	}
	return strconv.Itoa(n+1) + " " + string(runes)
}

// writeXLSX collects the sheet on disk, row by row, and writes the file when it is whole.
func (t Table[T]) writeXLSX(w io.Writer, rows Rows[T]) error {
	file := excelize.NewFile()
	defer file.Close()
	if err := t.fill(file, "Sheet1", rows); err != nil {
		return err
	}
	return file.Write(w)
}

// fill writes the rows to a sheet that is there.
func (t Table[T]) fill(file *excelize.File, sheet string, rows Rows[T]) error {
	stream, err := file.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	day, err := file.NewStyle(&excelize.Style{NumFmt: 14}) // a date as the reader's program writes it
	if err != nil {
		return err
	}
	heading := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		heading[i] = c.Name
	}
	if err := stream.SetRow("A1", heading); err != nil {
		return err
	}
	n := 1
	if err := rows(func(row T) error {
		n++
		if n > maxSheetRows {
			return apperr.New(apperr.Invalid, "site.too_many_rows")
		}
		return stream.SetRow("A"+strconv.Itoa(n), t.cells(row, day))
	}); err != nil {
		return err
	}
	return stream.Flush()
}

func (t Table[T]) cells(row T, day int) []any {
	out := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = cell(c.Kind, c.Value(row), day)
	}
	return out
}

// cell is a value with its type. What the format cannot hold exactly stays text, and a text
// is never a formula, because its cell says that it is text.
func cell(kind Kind, value string, day int) any {
	switch {
	case value == "":
		return nil
	case kind == Number && digits(value) <= exactDigits:
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			return n
		}
	case kind == Day:
		if d, err := time.Parse(time.DateOnly, value); err == nil {
			return excelize.Cell{StyleID: day, Value: d}
		}
	}
	return printable(value)
}

func digits(number string) int {
	return len(strings.TrimLeft(strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number), "0"))
}

// printable takes off what XML cannot hold, and what is longer than a cell.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > maxCell {
		return string(runes[:maxCell])
	}
	return s
}
