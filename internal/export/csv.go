package export

import (
	"encoding/csv"
	"io"
	"strings"
)

// mark tells spreadsheets that the file is UTF-8.
const mark = "\ufeff"

func (t Table[T]) writeCSV(w io.Writer, rows Rows[T]) error {
	out := csv.NewWriter(w)
	begun := false
	begin := func() error {
		begun = true
		if _, err := io.WriteString(w, mark); err != nil {
			return err
		}
		return out.Write(t.names())
	}
	cells := make([]string, len(t.Columns))
	err := rows(func(row T) error {
		if !begun {
			if err := begin(); err != nil {
				return err
			}
		}
		for i, c := range t.Columns {
			cells[i] = c.Value(row)
			if c.Kind == Text {
				cells[i] = harmless(cells[i])
			}
		}
		return out.Write(cells)
	})
	if err != nil {
		return err
	}
	if !begun {
		if err := begin(); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (t Table[T]) names() []string {
	out := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = harmless(c.Name)
	}
	return out
}

// harmless keeps a spreadsheet from reading a text as a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
