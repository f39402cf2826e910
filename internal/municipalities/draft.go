package municipalities

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/birlik/portal/internal/tables"
)

// Draft is a row of an imported table, read but not yet compared with the register.
type Draft struct {
	Row            int
	SourceID       string
	Name           string
	Country        string // as written
	Region         string
	District       string
	Website        string
	Aliases        []string
	Lat, Lon       *float64
	Population     *int64
	PopulationYear *int
}

// RowFault is what is wrong with a cell: the row as a spreadsheet numbers it, the column and
// a message key.
type RowFault struct {
	Row    int
	Column Column
	Key    string
	Value  string
}

// ReadDrafts reads the rows of a table by the meaning of its columns. A row with a fault is
// told and left out; so is one that says the same as an earlier one.
func ReadDrafts(t tables.Table, columns []Column) ([]Draft, []RowFault) {
	var drafts []Draft
	var faults []RowFault
	for _, row := range t.Rows {
		r := rowReader{draft: Draft{Row: row.Number}}
		for i, cell := range row.Cells {
			if cell != "" && i < len(columns) {
				r.cell(columns[i], cell)
			}
		}
		r.whole()
		faults = append(faults, r.faults...)
		if len(r.faults) == 0 {
			drafts = append(drafts, r.draft)
		}
	}
	return drafts, faults
}

type rowReader struct {
	draft  Draft
	faults []RowFault
}

func (r *rowReader) fault(column Column, key, value string) {
	r.faults = append(r.faults, RowFault{Row: r.draft.Row, Column: column, Key: key, Value: value})
}

func (r *rowReader) cell(column Column, cell string) {
	d := &r.draft
	texts := map[Column]*string{ColumnName: &d.Name, ColumnCountry: &d.Country, ColumnRegion: &d.Region, ColumnDistrict: &d.District,
		ColumnSource: &d.SourceID, ColumnWebsite: &d.Website}
	if into, ok := texts[column]; ok {
		if len([]rune(cell)) > 200 {
			r.fault(column, "imports.too_long", cell)
			return
		}
		*into = strings.Join(strings.Fields(cell), " ")
		return
	}
	switch column {
	case ColumnAliases:
		for _, alias := range strings.Split(cell, "|") {
			if alias = strings.TrimSpace(alias); alias != "" {
				d.Aliases = append(d.Aliases, alias)
			}
		}
	case ColumnPopulation:
		d.Population = number(r, column, cell, wholeNumber, 1, 100_000_000)
	case ColumnYear:
		if year := number(r, column, cell, wholeNumber, 1900, 2200); year != nil {
			d.PopulationYear = new(int)
			*d.PopulationYear = int(*year)
		}
	case ColumnLat:
		d.Lat = number(r, column, cell, degrees, -90, 90)
	case ColumnLon:
		d.Lon = number(r, column, cell, degrees, -180, 180)
	}
}

// whole checks what no cell alone can tell.
func (r *rowReader) whole() {
	d := r.draft
	if d.Name == "" {
		r.fault(ColumnName, "imports.no_name", "")
	}
	if len(r.faults) == 0 && (d.Lat == nil) != (d.Lon == nil) {
		r.fault(ColumnLat, "imports.half_place", "")
	}
}

// number reads a cell and holds it to its bounds.
func number[T int64 | float64](r *rowReader, column Column, cell string, read func(string) (T, bool), least, most T) *T {
	n, ok := read(cell)
	if !ok {
		r.fault(column, "imports.no_number", cell)
		return nil
	}
	if n < least || n > most {
		r.fault(column, "imports.out_of_range", cell)
		return nil
	}
	return &n
}

// grouped is a whole number with its thousands parted by points, commas, spaces or quotes.
var grouped = regexp.MustCompile(`^\d{1,3}(?:([.,' \x{00a0}\x{202f}])\d{3})+$`)

// wholeNumber reads "1248988", "1.248.988", "1 248 988", "1248988.0".
func wholeNumber(s string) (int64, bool) {
	s = strings.TrimSpace(s)
	if grouped.MatchString(s) {
		s = strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, s)
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s, ".0"), ",0")
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// degrees reads "39.94319" and "39,94319".
func degrees(s string) (float64, bool) {
	if strings.Count(s, ",")+strings.Count(s, ".") > 1 {
		return 0, false
	}
	n, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(s), ",", ".", 1), 64)
	return n, err == nil
}
