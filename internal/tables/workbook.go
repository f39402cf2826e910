package tables

import (
	"bytes"
	"errors"
	"regexp"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/birlik/portal/internal/apperr"
)

// maxUnzipped bounds what a workbook may grow to in memory: a small file can claim gigabytes.
const maxUnzipped = 200 << 20

// dated is a cell that its format shows as a date.
var dated = regexp.MustCompile(`\d{1,4}[./-](\d{1,2}|[A-Za-z]{3})[./-]\d{1,4}`)

func readWorkbook(content []byte, fits func(header []string) bool) (sheet, error) {
	if bytes.Contains(content[:min(len(content), 100)], []byte("mimetypeapplication/vnd.oasis")) {
		return sheet{}, apperr.New(apperr.Invalid, "tables.unknown_kind")
	}
	book, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: 16 << 20})
	if errors.Is(err, excelize.ErrWorkbookPassword) || errors.Is(err, excelize.ErrWorkbookFileFormat) {
		return sheet{}, apperr.Wrap(err, apperr.Invalid, "tables.old_or_locked")
	}
	if err != nil {
		return sheet{}, apperr.Wrap(err, apperr.Invalid, "tables.damaged")
	}
	defer book.Close()
	return chooseSheet(book, fits)
}

// chooseSheet reads the first sheet that somebody sees and whose header fits; without one,
// the first. The others are told of.
func chooseSheet(book *excelize.File, fits func(header []string) bool) (chosen sheet, err error) {
	others, fit := 0, fits == nil
	for _, name := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		lines, err := sheetLines(book, name)
		if err != nil {
			return sheet{}, err
		}
		if filled(lines) == 0 {
			continue
		}
		fitting := !fit && fits(trimEnd(lines[headerLine(lines)].Cells))
		if chosen.lines != nil {
			others++
		}
		if chosen.lines == nil || fitting {
			chosen = sheet{table: Table{Kind: "xlsx", Sheet: name}, lines: lines}
		}
		fit = fit || fitting
	}
	if others > 0 {
		chosen.table.Notes = append(chosen.table.Notes, Note{Key: "tables.other_sheets", Args: []any{"Count", others}})
	}
	return chosen, nil
}

// sheetLines reads a sheet twice: the values as they are stored, and as they are shown, by
// which dates are told from numbers.
func sheetLines(book *excelize.File, name string) ([]Row, error) {
	raw, err := book.Rows(name)
	if err != nil {
		return nil, nil // a sheet of charts has no rows
	}
	defer raw.Close()
	shown, err := book.Rows(name)
	if err != nil {
		return nil, apperr.Wrap(err, apperr.Invalid, "tables.damaged")
	}
	defer shown.Close()
	var lines []Row
	for number := 1; raw.Next() && shown.Next() && len(lines) < MaxRows+lookAhead; number++ {
		values, err := raw.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, apperr.Wrap(err, apperr.Invalid, "tables.damaged")
		}
		looks, err := shown.Columns()
		if err != nil {
			return nil, apperr.Wrap(err, apperr.Invalid, "tables.damaged")
		}
		for i, value := range values {
			if i < len(looks) && dated.MatchString(looks[i]) {
				value = day(value)
			}
			values[i] = clean(value)
		}
		lines = append(lines, Row{Number: number, Cells: values})
	}
	return lines, nil
}

// day writes a workbook's number of a day as a date; what is none stays.
func day(value string) string {
	serial, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return value
	}
	at, err := excelize.ExcelDateToTime(serial, false)
	if err != nil {
		return value
	}
	return at.Format(time.DateOnly)
}
