package opinions

import (
	"context"
	"strings"
	"time"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/pdf"
)

// PDF is the opinion as a paper to print.
func (p Paper) PDF() ([]byte, error) {
	lang := locale.Lang(p.Lang)
	if !locale.Known(p.Lang) {
		lang = locale.Default
	}
	ctx := locale.With(context.Background(), locale.Reader{Lang: lang, Zone: time.UTC})
	say := func(key string) string { return locale.Text(lang, key) }
	paper := pdf.New(pdf.Head{Lang: p.Lang, Title: p.Title, Sender: p.Sender, Note: p.Reference(), At: p.IssuedOn})
	paper.Right(locale.Date(ctx, p.IssuedOn))
	paper.Pairs([][2]string{{say("opinions.paper.number"), p.Reference()}, {say("opinions.paper.case"), p.CaseReference}, {say("opinions.paper.subject"), p.Title}})
	paper.Bold(p.Addressee)
	for _, paragraph := range Paragraphs(p.Body) {
		paper.Text(paragraph)
	}
	paper.Bold(say("opinions.paper.signed") + "\n" + strings.Join(p.Signers, "\n") + "\n" + p.Sender)
	return paper.Bytes()
}

// FileName is what the paper is called when it is kept: "OPN-2026-00042.pdf".
func (p Paper) FileName() string { return p.Reference() + ".pdf" }

// Paragraphs are the pieces of a text between its empty lines.
func Paragraphs(text string) []string {
	var out []string
	for _, piece := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if piece = strings.TrimSpace(piece); piece != "" {
			out = append(out, piece)
		}
	}
	return out
}
