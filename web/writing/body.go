// Package writing is the one editor of a record's texts in its languages, and the one way
// in which written texts become pages. Areas declare what is particular to their records.
package writing

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"slices"

	"github.com/a-h/templ"
	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown reads CommonMark with tables. It knows no HTML: a tag is text like any other, so
// that nothing which somebody wrote is lost without a word.
var markdown = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(without(parser.DefaultBlockParsers(), parser.NewHTMLBlockParser())...),
		parser.WithInlineParsers(without(parser.DefaultInlineParsers(), parser.NewRawHTMLParser())...),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
		parser.WithASTTransformers(util.Prioritized(lower{}, 100)))),
	goldmark.WithExtensions(extension.Table, extension.Linkify))

func without(list []util.PrioritizedValue, one any) []util.PrioritizedValue {
	return slices.DeleteFunc(list, func(v util.PrioritizedValue) bool { return v.Value == one })
}

// lower keeps the page's h1 the only one: the highest heading of a text is an h2.
type lower struct{}

// Transform implements parser.ASTTransformer.
func (lower) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the walker never fails
		if h, ok := n.(*ast.Heading); ok && entering && h.Level == 1 {
			h.Level = 2
		}
		return ast.WalkContinue, nil
	})
}

// policy is what a text may hold when it leaves: no script, no style, pictures of our own
// files only. It is asked whatever the text passed on its way in.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "strong", "em", "br", "hr", "code", "pre", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto", "tel")
	p.AllowRelativeURLs(true)
	p.RequireNoFollowOnFullyQualifiedLinks(true)
	p.RequireNoReferrerOnFullyQualifiedLinks(true)
	p.AllowAttrs("src").Matching(regexp.MustCompile(`^/[a-z]{2}/files/[a-z2-7]{26}(\?size=(web|thumb))?$`)).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	return p
}

// HTML is a written text as a page shows it. It is safe whatever was written.
func HTML(source string) []byte {
	var out bytes.Buffer
	if err := markdown.Convert([]byte(source), &out); err != nil {
		return nil // a buffer takes everything
	}
	return policy.SanitizeBytes(out.Bytes())
}

// Body is HTML as a component: <div class="body">@writing.Body(text)</div>.
func Body(source string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := w.Write(HTML(source))
		return err
	})
}
