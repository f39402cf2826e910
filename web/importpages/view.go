package importpages

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/tables"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// listView is the list of imports with the kinds that may be brought.
type listView struct {
	postgres.Page[imports.Import]
	Kinds   []imports.Kind
	Dropped bool
}

// showView is one import with a page of its rows.
type showView struct {
	Import  imports.Import
	Kind    imports.Kind
	Now     time.Time
	Show    imports.State // which rows; empty: all
	Lines   []imports.Line
	Refused []imports.Line // that stand in the way of an undo
	After   int
	Next    int
	Already bool // the act was done before: its button was pressed twice
}

// all is the filter that shows every row where faulty ones come first by themselves.
const all = imports.State("all")

func (v showView) states() []imports.State {
	switch v.Show {
	case imports.Fresh, imports.Changed, imports.Same, imports.Faulty:
		return []imports.State{v.Show}
	}
	return nil
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func importPath(ctx context.Context, i imports.Import, rest string) string {
	return ui.Path(ctx, "/desk/imports/"+i.PublicID+rest)
}

func kindName(ctx context.Context, code string) string { return locale.T(ctx, "imports.kind."+code) }

// fileName is the file of an import, or that it was pasted.
func fileName(ctx context.Context, i imports.Import) string {
	if i.File == "" {
		return locale.T(ctx, "imports.pasted")
	}
	return i.File
}

func fieldName(ctx context.Context, code string) string { return locale.T(ctx, "imports.field."+code) }

// lead says in one line what was brought, when and by whom.
func (v showView) lead(ctx context.Context) string {
	parts := []string{fileName(ctx, v.Import), locale.T(ctx, "imports.rows", "Count", v.Import.Total), locale.DateTime(ctx, locale.Own(ctx, v.Import.CreatedAt))}
	if v.Import.ActorName != "" {
		parts = append(parts, v.Import.ActorName)
	}
	return strings.Join(parts, " · ")
}

func (v showView) address(ctx context.Context, show imports.State, after int) string {
	q := url.Values{}
	if show != "" {
		q.Set("show", string(show))
	}
	if after > 0 {
		q.Set("after", strconv.Itoa(after))
	}
	return importPath(ctx, v.Import, "?"+q.Encode())
}

func (v showView) tabs(ctx context.Context) ui.Tabs {
	i := v.Import
	tabs := ui.Tabs{Label: locale.T(ctx, "imports.which_rows")}
	add := func(state imports.State, key string, n int) {
		if n > 0 || state == all {
			tabs.Items = append(tabs.Items, ui.Link{Label: locale.T(ctx, key), Href: v.address(ctx, state, 0), Count: int64(n), Current: v.Show == state || state == all && v.Show == ""})
		}
	}
	add(imports.Faulty, "imports.tab_errors", i.Faulty)
	add(imports.Fresh, "imports.tab_new", i.New)
	add(imports.Changed, "imports.tab_changed", i.Changed)
	add(imports.Same, "imports.tab_same", i.Same)
	add(all, "imports.tab_all", i.Total)
	return tabs
}

// percent is how far the job has come.
func (v showView) percent() int {
	if v.Import.Total == 0 {
		return 0
	}
	return min(100, v.Import.Done*100/v.Import.Total)
}

func stageTone(i imports.Import) ui.Tone {
	if i.Stage == imports.Ready && i.Faulty > 0 {
		return ui.StatusStop
	}
	switch i.Stage {
	case imports.Stored:
		return ui.StatusDone
	case imports.Undone:
		return ui.StatusClosed
	case imports.Unmatched:
		return ui.StatusWait
	case imports.Ready:
		return ui.StatusReady
	}
	return ui.StatusWork
}

func stageName(ctx context.Context, i imports.Import) string {
	if i.Stage == imports.Ready && i.Faulty > 0 {
		return locale.T(ctx, "imports.stage.faulty")
	}
	return locale.T(ctx, "imports.stage."+string(i.Stage))
}

func rowTone(state imports.State) ui.Tone {
	switch state {
	case imports.Fresh:
		return ui.StatusReady
	case imports.Changed:
		return ui.StatusWork
	case imports.Faulty:
		return ui.StatusStop
	}
	return ui.StatusPlain
}

// dayFirst writes the day that a line of words begins with as the reader's language does.
func dayFirst(ctx context.Context, value string) string {
	day, words, ok := strings.Cut(value, " ")
	on, err := time.Parse(time.DateOnly, day)
	if !ok || err != nil {
		return value
	}
	return locale.ShortDate(ctx, on) + ": " + words
}

// said is a value as people read it: the words of a choice, the name of a country, a day and
// a number as the reader's language writes them; else what the table holds.
func said(ctx context.Context, f imports.Field, value string) string {
	field := f.Code
	switch {
	case field == "country":
		return locale.CountryName(ctx, value)
	case f.Kind == export.Day:
		if day, err := time.Parse(time.DateOnly, value); err == nil {
			return locale.ShortDate(ctx, day)
		}
	case f.Kind == export.Number && !strings.HasSuffix(field, "year"): // a year's thousands are not parted
		return locale.Digits(ctx, value)
	}
	if key := "imports.option." + field + "." + value; value != "" && locale.Has(locale.Of(ctx).Lang, key) {
		return locale.T(ctx, key)
	}
	return dayFirst(ctx, value)
}

func faultText(ctx context.Context, f imports.Fault) string {
	text := f.Text(locale.Of(ctx).Lang)
	if f.Field == "" {
		return text
	}
	return fieldName(ctx, f.Field) + ": " + text
}

func noteText(ctx context.Context, n tables.Note) string {
	text := locale.T(ctx, n.Key, n.Args...)
	if n.Row > 0 {
		return locale.T(ctx, "imports.row_n", "Row", n.Row) + ": " + text
	}
	return text
}

// fieldOptions are what a column may hold.
func fieldOptions(ctx context.Context, k imports.Kind) []ui.Option {
	var out []ui.Option
	for _, f := range k.Fields {
		if f.Ignored {
			continue
		}
		label := fieldName(ctx, f.Code)
		if f.Required {
			label = locale.T(ctx, "imports.needed", "Name", label)
		}
		out = append(out, ui.Option{Value: f.Code, Label: label})
	}
	return out
}

func choiceOptions(ctx context.Context, f imports.Field) []ui.Option {
	var out []ui.Option
	for _, code := range f.Options {
		out = append(out, ui.Option{Value: code, Label: said(ctx, f, code)})
	}
	return out
}

// sample is what the first rows hold in a column.
func (v columnsView) sample(column int) string {
	var out []string
	for _, line := range v.Samples {
		if column < len(line.Cells) && line.Cells[column] != "" {
			text := []rune(line.Cells[column])
			out = append(out, string(text[:min(len(text), 60)]))
		}
	}
	return strings.Join(out, " · ")
}

// daysLeft is how long the import can still be taken back.
func (v showView) daysLeft() int {
	return int(v.Import.StoredAt.Add(imports.UndoWithin).Sub(v.Now)/(24*time.Hour)) + 1
}

// rows sends the rows of a preview as a file: with what they came to, and their cells.
func (h *Handler) rows(format export.Format) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		i, kind, err := h.find(r)
		if err != nil {
			return err
		}
		v := showView{Import: i, Kind: kind, Show: imports.State(r.URL.Query().Get("show"))}
		return page.Download(w, r, rowsTable(r.Context(), i), format, func(each func(imports.Line) error) error {
			for after := 0; ; {
				lines, err := h.imports.Lines(r.Context(), page.Actor(r), i, v.states(), after, 1000)
				if err != nil || len(lines) == 0 {
					return err
				}
				for _, line := range lines {
					if err := each(line); err != nil {
						return err
					}
					after = line.Row
				}
			}
		})
	}
}

func rowsTable(ctx context.Context, i imports.Import) export.Table[imports.Line] {
	type line = imports.Line
	t := export.Table[line]{Name: i.Kind + "-rows", Columns: []export.Column[line]{
		{Name: locale.T(ctx, "imports.row"), Kind: export.Number, Value: func(l line) string { return strconv.Itoa(l.Row) }},
		{Name: locale.T(ctx, "imports.row_came_to"), Value: func(l line) string { return locale.T(ctx, "imports.row_state."+string(l.State)) }},
		{Name: locale.T(ctx, "imports.what"), Value: func(l line) string {
			var parts []string
			for _, f := range l.Faults {
				parts = append(parts, faultText(ctx, f))
			}
			return strings.Join(parts, " ")
		}},
	}}
	for n, heading := range i.Header {
		t.Columns = append(t.Columns, export.Column[line]{Name: heading, Value: func(l line) string {
			if n < len(l.Cells) {
				return l.Cells[n]
			}
			return ""
		}})
	}
	return t
}

func rowColumns(ctx context.Context) []ui.Column {
	return []ui.Column{{Label: locale.T(ctx, "imports.row"), Number: true}, {Label: locale.T(ctx, "imports.record")},
		{Label: locale.T(ctx, "imports.what")}, {Label: locale.T(ctx, "imports.state")}}
}

// fieldOf is a field of a kind; of one that it does not declare the code alone.
func fieldOf(kind imports.Kind, code string) imports.Field {
	if f, ok := kind.Field(code); ok {
		return f
	}
	return imports.Field{Code: code}
}

// values are those of a new record in one line.
func values(ctx context.Context, kind imports.Kind, changes []imports.Change) string {
	var out []string
	for _, c := range changes {
		if c.Field != "name" { // it is the record's title
			out = append(out, fieldName(ctx, c.Field)+" "+said(ctx, fieldOf(kind, c.Field), c.After))
		}
	}
	return strings.Join(out, " · ")
}
