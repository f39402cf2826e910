package imports

import (
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/locale"
)

// Template is the table to fill in for a kind, its header in the reader's language, with a
// row that shows how it is filled.
func (k Kind) Template(lang locale.Lang) (export.Table[[]string], export.Rows[[]string]) {
	table := export.Table[[]string]{Name: k.Code}
	var example []string
	for _, f := range k.Fields {
		if f.Ignored {
			continue
		}
		at := len(example)
		example = append(example, f.Example)
		table.Columns = append(table.Columns, export.Column[[]string]{Name: locale.Text(lang, "imports.field."+f.Code), Kind: f.Kind,
			Value: func(cells []string) string { return cells[at] }})
	}
	return table, func(each func([]string) error) error { return each(example) }
}
