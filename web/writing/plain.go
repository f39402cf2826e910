package writing

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Plain is a written text for readers without HTML: its words in order, lists with their
// marks, links with their addresses, and no sign that only Markdown needs.
func Plain(source string) string {
	p := plain{[]byte(source)}
	return p.blocks(markdown.Parser().Parse(text.NewReader(p.source)), "\n\n")
}

type plain struct{ source []byte }

// blocks are the blocks below a node, one after the other.
func (p plain) blocks(n ast.Node, between string) string {
	var out []string
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		if block := p.block(child); block != "" {
			out = append(out, block)
		}
	}
	return strings.Join(out, between)
}

func (p plain) block(n ast.Node) string {
	switch n := n.(type) {
	case *ast.List:
		return p.list(n)
	case *ast.Blockquote:
		return "> " + strings.ReplaceAll(p.blocks(n, "\n\n"), "\n", "\n> ")
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		return strings.TrimRight(string(n.Lines().Value(p.source)), "\n")
	case *ast.ThematicBreak:
		return "* * *"
	case *tables.Table:
		return p.blocks(n, "\n")
	case *tables.TableHeader, *tables.TableRow:
		return p.blocks(n, " | ")
	}
	return strings.TrimSpace(p.inline(n))
}

func (p plain) list(list *ast.List) string {
	var out []string
	number := list.Start
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "- "
		if list.IsOrdered() {
			mark = strconv.Itoa(number) + ". "
			number++
		}
		indent := "\n" + strings.Repeat(" ", len(mark))
		out = append(out, mark+strings.ReplaceAll(p.blocks(item, "\n"), "\n", indent))
	}
	return strings.Join(out, "\n")
}

// inline is the text of what stands in a line.
func (p plain) inline(n ast.Node) string {
	var b strings.Builder
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		switch child := child.(type) {
		case *ast.Text:
			b.WriteString(unescaped(child.Value(p.source)))
			if child.SoftLineBreak() || child.HardLineBreak() {
				b.WriteByte('\n')
			}
		case *ast.String:
			b.Write(child.Value)
		case *ast.Link:
			b.WriteString(linked(p.inline(child), string(child.Destination)))
		case *ast.AutoLink:
			b.Write(child.Label(p.source))
		default:
			b.WriteString(p.inline(child))
		}
	}
	return b.String()
}

// linked is a link's words with its address, once where they are the same.
func linked(words, address string) string {
	if words == address || "mailto:"+words == address || words == "" {
		return address
	}
	return words + " (" + address + ")"
}

func unescaped(b []byte) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(b))))
}
