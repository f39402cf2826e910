// Package tables reads tables that come into the portal: CSV in any of the encodings that
// offices save, and XLSX. It finds the encoding, the separator, the sheet and the header,
// and says what it found, so that a person can judge; it never repairs in silence.
package tables

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/birlik/portal/internal/apperr"
)

// Limits of one table.
const (
	MaxBytes   = 20 << 20
	MaxRows    = 100_000
	MaxColumns = 200
	maxCell    = 10_000 // runes
)

// Table is a sheet: its header, the rows below it, and how it was read.
type Table struct {
	Header    []string
	Rows      []Row
	Kind      string // "csv" or "xlsx"
	Encoding  string // of a CSV, by its usual name
	Separator string // of a CSV
	Sheet     string // of a workbook
	Notes     []Note
}

// Row is one line of the sheet. Number is the one that a spreadsheet shows beside it.
// Cells has as many cells as the header.
type Row struct {
	Number int
	Cells  []string
}

// Note is a remark about the reading: a message key with its name, value pairs, and the row
// that it speaks of, or 0 for the whole table.
type Note struct {
	Row  int
	Key  string
	Args []any
}

// sheet is what a reader of one kind of file hands over: every line as it stands.
type sheet struct {
	table Table
	lines []Row
}

// Read reads a table from the bytes of a file; what the file is is found out from its
// content, never from its name. Numbers stay as they are written; dates of a workbook are
// written as 2026-11-25. Of a workbook it reads the first sheet.
// Errors: invalid, with the reason as message key.
func Read(content []byte) (Table, error) { return ReadFor(content, nil) }

// ReadFor is Read for somebody who knows what the header should say: of a workbook it reads
// the first sheet whose header fits, and the first one where none does.
func ReadFor(content []byte, fits func(header []string) bool) (Table, error) {
	if len(content) > MaxBytes {
		return Table{}, apperr.New(apperr.Invalid, "tables.too_large")
	}
	read := readCSV
	switch {
	case len(bytes.TrimSpace(content)) == 0:
		return Table{}, apperr.New(apperr.Invalid, "tables.empty")
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		read = func(content []byte) (sheet, error) { return readWorkbook(content, fits) }
	case bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")): // an old workbook, or one with a password
		return Table{}, apperr.New(apperr.Invalid, "tables.old_or_locked")
	case foreign.Match(content):
		return Table{}, apperr.New(apperr.Invalid, "tables.unknown_kind")
	}
	s, err := read(content)
	if err != nil {
		return Table{}, err
	}
	return s.settle()
}

// foreign matches the beginnings of what others call a table: HTML, XML, JSON, SYLK, DIF.
var foreign = regexp.MustCompile(`^\x{FEFF}?\s*(?:<|\{|\[\s*[\[{]|ID;P|TABLE\r?\n0,1)`)

// settle finds the header among the lines and takes the rows below it.
func (s sheet) settle() (Table, error) {
	t := s.table
	at := headerLine(s.lines)
	if at < 0 {
		return t, apperr.New(apperr.Invalid, "tables.empty")
	}
	if skipped := filled(s.lines[:at]); skipped > 0 {
		t.Notes = append(t.Notes, Note{Key: "tables.skipped_above", Args: []any{"Count", skipped}})
	}
	t.Header = trimEnd(s.lines[at].Cells)
	if len(t.Header) > MaxColumns {
		return t, apperr.New(apperr.Invalid, "tables.too_wide", "Count", MaxColumns)
	}
	for _, line := range s.lines[at+1:] {
		if err := t.take(line); err != nil {
			return t, err
		}
	}
	return t, nil
}

// take adds a line below the header: an empty one is left out, a line of totals is left out
// with a remark, one that is wider than the header is told.
func (t *Table) take(line Row) error {
	cells := trimEnd(line.Cells)
	if len(cells) == 0 {
		return nil
	}
	if total(cells) {
		t.Notes = append(t.Notes, Note{Row: line.Number, Key: "tables.skipped_total"})
		return nil
	}
	if len(cells) > len(t.Header) {
		t.Notes = append(t.Notes, Note{Row: line.Number, Key: "tables.too_many_cells"})
		cells = cells[:len(t.Header)]
	}
	if len(t.Rows) == MaxRows {
		return apperr.New(apperr.Invalid, "tables.too_long", "Count", MaxRows)
	}
	for len(cells) < len(t.Header) {
		cells = append(cells, "")
	}
	t.Rows = append(t.Rows, Row{Number: line.Number, Cells: cells})
	return nil
}

// clean makes a cell fit to compare and store: composed letters, no-break and double spaces
// as one, no control characters, no spaces around.
func clean(cell string) string {
	cell = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || r == 0x7f || r == '\ufeff' || r == '\u200b':
			return -1
		case r == '\u00a0' || r == '\u202f' || r == '\u2007':
			return ' '
		}
		return r
	}, strings.ReplaceAll(norm.NFC.String(cell), "\r\n", "\n"))
	cell = strings.TrimSpace(cell)
	if runes := []rune(cell); len(runes) > maxCell {
		cell = string(runes[:maxCell])
	}
	return cell
}

// trimEnd takes the empty cells off the end.
func trimEnd(cells []string) []string {
	n := len(cells)
	for n > 0 && cells[n-1] == "" {
		n--
	}
	return slices.Clone(cells[:n])
}
