package formpages

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/pdf"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// Sheaf is what a paper of answers says of itself.
type Sheaf struct {
	Title  string // above the answers: the form's
	Name   string // names the record: "REQ-2026-00042"
	Sender string // the union's name
	Note   string // below the title: sent when, or a draft
	At     time.Time
}

// longAnswer is from how many characters an answer stands below its question, not beside it.
const longAnswer = 300

// Paper writes answers as a PDF in the reader's language, every page in the order of asking.
func Paper(ctx context.Context, head Sheaf, d forms.Definition, answers forms.Answers) ([]byte, error) {
	lang := locale.Of(ctx).Lang
	paper := pdf.New(pdf.Head{Lang: string(lang), Title: head.Title, Sender: head.Sender, Note: head.Name, At: head.At})
	paper.Heading(head.Title)
	paper.Text(strings.TrimSpace(head.Name + "\n" + head.Note))
	last := -1
	for _, step := range d.Path(answers) {
		if step.Section != last {
			last = step.Section
			paper.Bold(d.Sections[last].Title.Text(lang))
		}
		for _, f := range step.Fields {
			answerOnPaper(ctx, paper, f, answers[f.Key])
		}
	}
	return paper.Bytes()
}

func answerOnPaper(ctx context.Context, paper *pdf.Paper, f forms.Field, v forms.Value) {
	label := f.Label.Text(locale.Of(ctx).Lang)
	switch text := strings.Join(Lines(ctx, f, v), "\n"); {
	case v.Empty():
		paper.Pairs([][2]string{{label, locale.T(ctx, "formpages.not_answered")}})
	case len(v.Rows) > 0:
		paper.Bold(label)
		rowsOnPaper(ctx, paper, f, v)
	case utf8.RuneCountInString(text) > longAnswer:
		paper.Pairs([][2]string{{label, ""}})
		paper.Text(text)
	default:
		paper.Pairs([][2]string{{label, text}})
	}
}

func rowsOnPaper(ctx context.Context, paper *pdf.Paper, f forms.Field, v forms.Value) {
	lang := locale.Of(ctx).Lang
	columns := make([]pdf.Column, len(f.Columns))
	for i, c := range f.Columns {
		columns[i] = pdf.Column{Name: c.Label.Text(lang), Share: 1 / float64(len(f.Columns)), Right: numeric(c)}
	}
	var rows [][]string
	for _, row := range v.Rows {
		cells := make([]string, len(f.Columns))
		for i, c := range f.Columns {
			cells[i] = cellLines(ctx, f, row, c)
		}
		rows = append(rows, cells)
	}
	paper.Table(columns, rows)
	var sums [][2]string
	for _, t := range f.Totals(v) {
		sums = append(sums, [2]string{locale.T(ctx, "formpages.total", "Column", t.Column.Label.Text(lang)), shownTotal(ctx, t)})
	}
	if len(sums) > 0 {
		paper.Pairs(sums)
	}
}

// pdf answers with the answers on paper.
func (f *Form) pdf(w http.ResponseWriter, r *http.Request) error {
	rec, err := f.record(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	lang := page.Lang(r)
	d := rec.Submission.Definition
	head := Sheaf{Title: d.Title.Text(lang), Name: rec.Title, Sender: ui.ShellOf(ctx).Union.Name[lang], Note: overview{Record: rec}.standing(ctx), At: locale.Of(ctx).Now}
	content, err := Paper(ctx, head, d, rec.Submission.Answers)
	if err != nil {
		return err
	}
	return page.Attachment(w, r, cmp.Or(fold.Slug(rec.Title), fold.Slug(head.Title), "answers")+".pdf", "application/pdf", content)
}
