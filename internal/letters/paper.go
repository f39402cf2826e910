package letters

import (
	"context"
	"time"

	"github.com/birlik/portal/internal/docx"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/pdf"
)

// paper is what letters are written on: one text, two kinds of file.
type paper interface {
	Right(text string)
	Pairs(rows [][2]string)
	Bold(text string)
	Text(text string)
	Heading(text string)
	Bytes() ([]byte, error)
}

// shares are the widths of the columns of a table of dues.
var shares = []float64{0.26, 0.12, 0.2, 0.21, 0.21}

// PDF is the letter as a paper to print.
func (l Letter) PDF() ([]byte, error) {
	p := pdf.New(pdf.Head{Lang: l.Lang, Title: l.Title, Sender: l.Sender, Note: l.Reference(), At: l.IssuedOn})
	l.write(p, func(rows [][]string) {
		columns := make([]pdf.Column, len(rows[0]))
		for i, name := range rows[0] {
			columns[i] = pdf.Column{Name: name, Share: shares[i], Right: i > 2}
		}
		p.Table(columns, rows[1:])
	})
	return p.Bytes()
}

// DOCX is the letter as a file to go on with.
func (l Letter) DOCX() ([]byte, error) {
	p := docx.New(docx.Head{Lang: l.Lang, Title: l.Title, Sender: l.Sender, Note: l.Reference(), At: l.IssuedOn})
	l.write(p, func(rows [][]string) {
		columns := make([]docx.Column, len(rows[0]))
		for i, name := range rows[0] {
			columns[i] = docx.Column{Name: name, Share: shares[i], Right: i > 2}
		}
		p.Table(columns, rows[1:])
	})
	return p.Bytes()
}

// write puts the letter on a paper from top to bottom.
func (l Letter) write(p paper, table func(rows [][]string)) {
	lang := locale.Lang(l.Lang)
	ctx := locale.With(context.Background(), locale.Reader{Lang: lang, Zone: time.UTC})
	say := func(key string, args ...any) string { return locale.Text(lang, key, args...) }
	p.Right(locale.Date(ctx, l.IssuedOn))
	rows := [][2]string{{say("letters.head.number"), l.Reference()}, {say("letters.head.subject"), l.Title}}
	if l.Corrects != "" {
		rows = append(rows, [2]string{say("letters.head.corrects"), l.Corrects})
	}
	if l.DecisionNo != "" {
		rows = append(rows, [2]string{say("letters.head.decision"), l.DecisionNo})
	}
	p.Pairs(rows)
	p.Bold(l.Addressee)
	before, after := l.Parts()
	for _, text := range before {
		p.Text(text)
	}
	if len(l.Rows) > 1 {
		table(l.Rows)
	}
	for _, text := range after {
		p.Text(text)
	}
	sign := say("letters.office." + l.Office)
	if l.Signatory != "" {
		sign = l.Signatory + "\n" + sign
	}
	p.Bold(sign + "\n" + l.Sender)
}
