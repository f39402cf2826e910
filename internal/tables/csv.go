package tables

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"github.com/birlik/portal/internal/apperr"
)

// separators are those that offices use, the commoner first.
var separators = []rune{';', ',', '\t', '|'}

func readCSV(content []byte) (sheet, error) {
	text, name, err := decode(content)
	if err != nil {
		return sheet{}, err
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	separator, from := named(text)
	if separator == 0 {
		separator = bestSeparator(text)
	}
	s := sheet{table: Table{Kind: "csv", Encoding: name, Separator: string(separator)}}
	s.lines, err = parse(text[from:], separator, MaxRows+lookAhead)
	if from > 0 {
		for i := range s.lines {
			s.lines[i].Number++
		}
	}
	return s, err
}

// named reads the line "sep=;" that Excel writes, and how long it is.
func named(text string) (separator rune, length int) {
	line, _, found := strings.Cut(text, "\n")
	if rest, ok := strings.CutPrefix(strings.ToLower(line), "sep="); ok && found && len([]rune(rest)) == 1 {
		return []rune(rest)[0], len(line) + 1
	}
	return 0, 0
}

// bestSeparator chooses the one by which most of the first lines fall into the same number
// of cells, the most cells where several do.
func bestSeparator(text string) rune {
	best, most := separators[0], 0
	for _, separator := range separators {
		lines, err := parse(text, separator, lookAhead)
		if err != nil && len(lines) == 0 {
			continue
		}
		widths := map[int]int{}
		for _, line := range lines {
			widths[len(trimEnd(line.Cells))]++
		}
		for width, n := range widths {
			if score := (width - 1) * n; score > most {
				best, most = separator, score
			}
		}
	}
	return best
}

// parse reads at most so many lines. A quote in the middle of a cell is only a quote.
func parse(text string, separator rune, most int) ([]Row, error) {
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma, reader.FieldsPerRecord, reader.LazyQuotes = separator, -1, true
	var lines []Row
	inside := 0 // lines that ended within a cell: a spreadsheet shows a record as one row
	for len(lines) < most {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return lines, apperr.Wrap(err, apperr.Invalid, "tables.damaged")
		}
		number, _ := reader.FieldPos(0)
		number -= inside
		for i := range cells {
			inside += strings.Count(cells[i], "\n")
			cells[i] = clean(cells[i])
		}
		lines = append(lines, Row{Number: number, Cells: cells})
	}
	return lines, nil
}
