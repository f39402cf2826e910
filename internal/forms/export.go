package forms

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// AnswerRow is one line of answers as a table: a submission, or one row of a table in it.
type AnswerRow struct {
	Record      string // public identifier of what was asked about
	Org         string
	Version     int
	SubmittedAt time.Time
	Answers     Answers
	Names       map[string]string // of files and municipalities, by field
	Row         int               // of a table, from 1
	Cells       map[string]Value
}

// AnswerSheet is the answers to a form as a table: one column a field, or, under a table's
// key, one line a row of it. Numbers stay numbers, and days stay days.
type AnswerSheet struct {
	Key   string // of the table; empty: the form itself
	Table export.Table[AnswerRow]
	Rows  export.Rows[AnswerRow]
}

// Answers hands out everything that was sent to a form, in whichever version.
// Errors: forbidden, not found.
func (b *Builder) Answers(ctx context.Context, actor identity.Actor, form string, lang locale.Lang) ([]AnswerSheet, error) {
	if err := actor.May(identity.ExportRecords); err != nil {
		return nil, err
	}
	var file Folder
	err := b.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		file, err = open(ctx, q, form)
		return err
	})
	if err == nil && len(file.Versions) == 0 {
		err = apperr.New(apperr.NotFound, "forms.not_found")
	}
	if err != nil {
		return nil, err
	}
	if err := b.db.InTx(ctx, actor, func(tx pgx.Tx) error { return b.record(ctx, tx, actor, "forms.exported", form, nil) }); err != nil {
		return nil, err
	}
	rows := func(each func(AnswerRow) error) error {
		return b.db.Read(ctx, actor, func(q postgres.Querier) error { return eachSent(ctx, q, form, each) })
	}
	sheets := []AnswerSheet{{Table: export.Table[AnswerRow]{Name: form, Columns: slices.Concat(standing(), answerColumns(file.everAsked(), lang))}, Rows: rows}}
	for _, f := range file.everAsked() {
		if f.Kind == Table {
			sheets = append(sheets, tableSheet(form, f, lang, rows))
		}
	}
	return sheets, nil
}

// everAsked lists the questions of all versions, the newest first, each once.
func (f Folder) everAsked() []Field {
	var out []Field
	known := map[string]bool{}
	for _, v := range f.Versions {
		for _, field := range v.Definition.Fields() {
			if !known[field.Key] {
				known[field.Key] = true
				out = append(out, field)
			}
		}
	}
	return out
}

// eachSent walks through what was sent, the oldest first.
func eachSent(ctx context.Context, q postgres.Querier, form string, each func(AnswerRow) error) error {
	rows, err := q.Query(ctx, `
		select s.public_id, o.name, x.form_version, x.submitted_at, x.data, coalesce(n.names, '{}')
		from submissions x join subjects s on s.id = x.subject_id join organisations o on o.id = x.org_id
		left join lateral (
			select jsonb_object_agg(y.field, y.names) names from (
				select r.field, string_agg(coalesce(t.name, d.name), '; ' order by r.position) names from submission_refs r
				left join organisations t on t.id = r.subject_id
				left join document_versions d on d.document_id = r.document_id and d.n = 1
				where r.submission_id = x.id group by r.field) y) n on true
		where x.form = $1 and x.submitted_at is not null order by x.id`, form)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var row AnswerRow
		if err := rows.Scan(&row.Record, &row.Org, &row.Version, &row.SubmittedAt, &row.Answers, &row.Names); err != nil {
			return err
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// standing are the columns that every sheet begins with.
func standing() []export.Column[AnswerRow] {
	return []export.Column[AnswerRow]{
		{Name: "record", Value: func(r AnswerRow) string { return r.Record }},
		{Name: "organisation", Value: func(r AnswerRow) string { return r.Org }},
		{Name: "sent_at", Kind: export.Instant, Value: func(r AnswerRow) string { return r.SubmittedAt.Format(time.RFC3339) }},
		{Name: "form_version", Kind: export.Number, Value: func(r AnswerRow) string { return strconv.Itoa(r.Version) }},
	}
}

func tableSheet(form string, f Field, lang locale.Lang, rows export.Rows[AnswerRow]) AnswerSheet {
	columns := append(standing(), export.Column[AnswerRow]{Name: "row", Kind: export.Number, Value: func(r AnswerRow) string { return strconv.Itoa(r.Row) }})
	for _, c := range f.Columns {
		columns = append(columns, valueColumns(f.Cell("", c), c.Key, lang, func(r AnswerRow) Value { return r.Cells[c.Key] })...)
	}
	each := func(each func(AnswerRow) error) error {
		return rows(func(r AnswerRow) error {
			for i, row := range r.Answers[f.Key].Rows {
				r.Row, r.Cells = i+1, row.Cells
				if err := each(r); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return AnswerSheet{Key: f.Key, Table: export.Table[AnswerRow]{Name: form + "-" + f.Key, Columns: columns}, Rows: each}
}

func answerColumns(fields []Field, lang locale.Lang) []export.Column[AnswerRow] {
	var out []export.Column[AnswerRow]
	for _, f := range fields {
		switch f.Kind {
		case File, Municipality:
			out = append(out, export.Column[AnswerRow]{Name: f.Key, Value: func(r AnswerRow) string { return r.Names[f.Key] }})
		case Table:
			out = append(out, totalColumns(f)...)
		default:
			out = append(out, valueColumns(f, f.Key, lang, func(r AnswerRow) Value { return r.Answers[f.Key] })...)
		}
	}
	return out
}

// totalColumns stand for a table in the form's own sheet: how many rows, and their sums.
func totalColumns(f Field) []export.Column[AnswerRow] {
	out := []export.Column[AnswerRow]{{Name: f.Key + "_rows", Kind: export.Number, Value: func(r AnswerRow) string { return strconv.Itoa(len(r.Answers[f.Key].Rows)) }}}
	for i, t := range f.Totals(Value{}) {
		name := f.Key + "_" + t.Column.Key
		total := func(r AnswerRow) Total { return f.Totals(r.Answers[f.Key])[i] }
		out = append(out, export.Column[AnswerRow]{Name: name, Kind: export.Number, Value: func(r AnswerRow) string { return total(r).Number }})
		if t.Column.Kind == Money {
			out = append(out, export.Column[AnswerRow]{Name: name + CurrencyBox, Value: func(r AnswerRow) string { return total(r).Currency }})
		}
	}
	return out
}

// valueColumns are the columns of one answer, typed as it is.
func valueColumns(f Field, name string, lang locale.Lang, of func(AnswerRow) Value) []export.Column[AnswerRow] {
	column := func(suffix string, kind export.Kind, value func(Value) string) export.Column[AnswerRow] {
		return export.Column[AnswerRow]{Name: name + suffix, Kind: kind, Value: func(r AnswerRow) string { return value(of(r)) }}
	}
	number := column("", export.Number, func(v Value) string { return v.Number })
	switch f.Kind {
	case Number:
		return []export.Column[AnswerRow]{number}
	case Money:
		return []export.Column[AnswerRow]{number, column(CurrencyBox, export.Text, func(v Value) string { return v.Currency })}
	case Date:
		return []export.Column[AnswerRow]{column("", export.Day, func(v Value) string { return v.Date })}
	case Place:
		return []export.Column[AnswerRow]{
			column(LatBox, export.Number, func(v Value) string { return v.degree(func(p Point) float64 { return p.Lat }) }),
			column(LonBox, export.Number, func(v Value) string { return v.degree(func(p Point) float64 { return p.Lon }) }),
			column(AddressBox, export.Text, func(v Value) string { return v.point().Address })}
	case Person:
		person := func(suffix string, part func(Contact) string) export.Column[AnswerRow] {
			return column(suffix, export.Text, func(v Value) string { return part(v.contact()) })
		}
		return []export.Column[AnswerRow]{person(NameBox, func(c Contact) string { return c.Name }), person(PositionBox, func(c Contact) string { return c.Position }),
			person(EmailBox, func(c Contact) string { return c.Email }), person(PhoneBox, func(c Contact) string { return c.Phone })}
	case Declaration:
		return []export.Column[AnswerRow]{column("", export.Text, func(v Value) string { return strconv.FormatBool(v.Agreed) })}
	case One, Many:
		return []export.Column[AnswerRow]{column("", export.Text, func(v Value) string { return f.chosen(v, lang) })}
	}
	return []export.Column[AnswerRow]{column("", export.Text, func(v Value) string { return v.Text })}
}

// chosen are the chosen answers in words; a choice that is gone stands as its value.
func (f Field) chosen(v Value, lang locale.Lang) string {
	values := v.List
	if v.Text != "" {
		values = []string{v.Text}
	}
	out := make([]string, len(values))
	for i, value := range values {
		out[i] = value
		if at := slices.IndexFunc(f.Choices, func(c Choice) bool { return c.Value == value }); at >= 0 {
			out[i] = f.Choices[at].Label.Text(lang)
		}
	}
	return strings.Join(out, "; ")
}

func (v Value) point() Point {
	if v.Place == nil {
		return Point{}
	}
	return *v.Place
}

func (v Value) degree(of func(Point) float64) string {
	if p := v.point(); p.Known {
		return strconv.FormatFloat(of(p), 'f', -1, 64)
	}
	return ""
}

func (v Value) contact() Contact {
	if v.Person == nil {
		return Contact{}
	}
	return *v.Person
}
