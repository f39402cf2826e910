package circulars

import (
	"context"
	"time"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/pdf"
)

// PDF is the circular as a paper to print, in the language that a reader gets.
func (c Circular) PDF(reader locale.Lang) ([]byte, error) {
	t := c.In(string(reader))
	lang := locale.Lang(t.Lang)
	ctx := locale.With(context.Background(), locale.Reader{Lang: lang, Zone: time.UTC})
	say := func(key string, args ...any) string { return locale.Text(lang, key, args...) }
	issued := time.Time{}
	if c.IssuedOn != nil {
		issued = *c.IssuedOn
	}
	p := pdf.New(pdf.Head{Lang: t.Lang, Title: t.Title, Sender: c.Sender[lang], Note: c.Reference(), At: issued})
	p.Right(locale.Date(ctx, issued))
	p.Pairs(c.head(ctx, t, say))
	if c.State == Withdrawn {
		p.Bold(say("circulars.withdrawn_title") + "\n" + c.Why)
	}
	for _, paragraph := range Paragraphs(t.Body) {
		p.Text(paragraph)
	}
	if t.Todo != "" {
		p.Heading(say("circulars.todo"))
		for _, paragraph := range Paragraphs(t.Todo) {
			p.Text(paragraph)
		}
	}
	if c.Refs != "" {
		p.Heading(say("circulars.refs"))
		p.Text(c.Refs)
	}
	p.Bold(c.Sender[lang])
	return p.Bytes()
}

// head is what stands above the text.
func (c Circular) head(ctx context.Context, t Text, say func(string, ...any) string) [][2]string {
	rows := [][2]string{{say("circulars.number"), c.Reference()}, {say("circulars.kind_label"), say("circulars.kind." + string(c.Kind))}, {say("circulars.subject"), t.Title}}
	if c.Due != nil {
		key := "circulars.read_by"
		if c.Answers {
			key = "circulars.answer_by"
		}
		rows = append(rows, [2]string{say(key), locale.Date(ctx, *c.Due)})
	}
	if c.Replaces.Reference != "" {
		rows = append(rows, [2]string{say("circulars.replaces"), c.Replaces.Reference})
	}
	if c.Replaced.Reference != "" {
		rows = append(rows, [2]string{say("circulars.replaced_by"), c.Replaced.Reference})
	}
	return rows
}

// FileName is what the paper is called when it is kept: "circular-2026-14.pdf".
func (c Circular) FileName() string { return "circular-" + c.Slug() + ".pdf" }
