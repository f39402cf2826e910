package forms

import (
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/birlik/portal/internal/locale"
)

// Column is one question that every row of a table answers.
type Column struct {
	Key      string   `json:"key"`  // stable for ever within its table
	Kind     Kind     `json:"kind"` // Text, Number, Money, Date or One
	Label    Words    `json:"label"`
	Hint     Words    `json:"hint,omitzero"`
	Choices  []Choice `json:"choices,omitempty"`
	Optional bool     `json:"optional,omitempty"`
	Total    bool     `json:"total,omitempty"`     // of numbers and amounts: the sum stands below
	MaxChars int      `json:"max_chars,omitempty"` // 0: 200
	Min      string   `json:"min,omitempty"`       // as a field's
	Max      string   `json:"max,omitempty"`
	Whole    bool     `json:"whole,omitempty"`
	Unit     Words    `json:"unit,omitzero"`
	Bare     bool     `json:"bare,omitempty"`     // written without grouping: a year
	Currency string   `json:"currency,omitempty"` // the one that stands there until another is chosen
}

// Row is one row of a table. Its ID is made where the row is begun and stays with it, so
// that two writers, or one who sends twice, mean the same row.
type Row struct {
	ID    string           `json:"id"`
	Cells map[string]Value `json:"cells"` // by the column's key
}

// Empty reports whether no cell was answered.
func (r Row) Empty() bool {
	for _, v := range r.Cells {
		if !v.Empty() {
			return false
		}
	}
	return true
}

// Total is the sum of a column; an amount's with the currency of its column.
type Total struct {
	Column   Column
	Number   string
	Currency string
}

// RowBox names the hidden box that lists the identifiers of a table's rows in their order.
const RowBox = "_row"

// CellBox names the box of a cell, after the name of its table.
func CellBox(row, column string) string { return "." + row + "." + column }

// ColumnCurrencyBox names the box of a money column's one currency, after its table's name.
func ColumnCurrencyBox(column string) string { return "." + column + CurrencyBox }

// Column finds a column by its key.
func (f Field) Column(key string) (Column, bool) {
	i := slices.IndexFunc(f.Columns, func(c Column) bool { return c.Key == key })
	if i < 0 {
		return Column{}, false
	}
	return f.Columns[i], true
}

// RowLimits is how few and how many rows an answer may have.
func (f Field) RowLimits() (least, most int) {
	most = f.MaxRows
	if most == 0 {
		most = 50
	}
	return max(1, f.MinRows), most
}

// Cell is the column as the question of one row.
func (f Field) Cell(row string, c Column) Field {
	return Field{Key: f.Key + CellBox(row, c.Key), Kind: c.Kind, Label: c.Label, Hint: c.Hint, Choices: c.Choices, Optional: c.Optional,
		MaxChars: c.MaxChars, Min: c.Min, Max: c.Max, Whole: c.Whole, Unit: c.Unit, Bare: c.Bare, Currency: c.Currency}
}

// Totals are the sums of the columns that have one, over the cells that are understood.
func (f Field) Totals(v Value) []Total {
	var out []Total
	for _, c := range f.Columns {
		if !c.Total {
			continue
		}
		sum, money, _ := v.sum(c.Key)
		out = append(out, Total{Column: c, Number: decimal(sum), Currency: money})
	}
	return out
}

// sum adds up a column; ok: at least one cell holds a number.
func (v Value) sum(column string) (sum *big.Rat, currency string, ok bool) {
	sum = new(big.Rat)
	for _, row := range v.Rows {
		cell := row.Cells[column]
		n, understood := new(big.Rat).SetString(cell.Number)
		if understood {
			sum.Add(sum, n)
			currency, ok = cell.Currency, true
		}
	}
	return sum, currency, ok
}

// decimal writes a number in canonical form, to two decimals.
func decimal(n *big.Rat) string {
	s := n.FloatString(2)
	s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// readTable takes the rows in the order of their boxes. Empty rows fall away, and so do
// those beyond what a page can carry.
func (f Field) readTable(typed Typed, lang locale.Lang) Value {
	var v Value
	known := map[string]bool{}
	for _, id := range typed(f.Key + RowBox) {
		if !rowID(id) || known[id] || len(v.Rows) >= maxRows {
			continue
		}
		known[id] = true
		if row := f.readRow(id, typed, lang); !row.Empty() {
			v.Rows = append(v.Rows, row)
		}
	}
	return v
}

// maxRows bounds what is kept, beyond what may be sent.
const maxRows = 500

// rowID accepts what pages make for rows: short, and safe in names and addresses.
func rowID(id string) bool {
	return id != "" && len(id) <= 64 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == ""
}

func (f Field) readRow(id string, typed Typed, lang locale.Lang) Row {
	row := Row{ID: id, Cells: map[string]Value{}}
	for _, c := range f.Columns {
		cell := f.Cell(id, c)
		v := cell.Read(func(box string) []string {
			if box == cell.Key+CurrencyBox { // one for the whole column
				return typed(f.Key + ColumnCurrencyBox(c.Key))
			}
			return typed(box)
		}, lang, Value{})
		if !v.Empty() {
			row.Cells[c.Key] = v
		}
	}
	return row
}

// checkTable finds what is wrong with the number of rows and with each cell.
func (f Field) checkTable(v Value, today time.Time) []Fault {
	least, most := f.RowLimits()
	var out []Fault
	switch {
	case len(v.Rows) < least:
		out = f.fault("", "forms.few_rows", "Least", least)
	case len(v.Rows) > most:
		out = f.fault("", "forms.many_rows", "Most", most)
	}
	for i, row := range v.Rows {
		for _, c := range f.Columns {
			for _, fault := range f.Cell(row.ID, c).check(row.Cells[c.Key], !c.Optional, today) {
				fault.Field, fault.Box, fault.Row, fault.Column = f.Key, CellBox(row.ID, c.Key)+fault.Box, i+1, c.Label
				out = append(out, fault)
			}
		}
	}
	return out
}
