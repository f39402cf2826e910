package mailin

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/birlik/portal/internal/locale"
)

// clean is a text without what no eye sees: controls, and the marks that turn text around.
func clean(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u00a0", " ").Replace(strings.ToValidUTF8(s, "\ufffd"))
	return locale.Visible(s)
}

// visible is a text on one line, without what no eye sees.
func visible(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// line is visible, of a length.
func line(s string, most int) string { return shorten(visible(s), most) }

func shorten(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// silent are the elements whose text is for machines.
var silent = map[atom.Atom]bool{atom.Script: true, atom.Style: true, atom.Head: true, atom.Title: true, atom.Noscript: true,
	atom.Template: true, atom.Object: true, atom.Svg: true, atom.Math: true, atom.Iframe: true, atom.Textarea: true, atom.Select: true}

// breaks are the elements that begin on a line of their own.
var breaks = map[atom.Atom]bool{atom.P: true, atom.Div: true, atom.Br: true, atom.Li: true, atom.Tr: true, atom.H1: true, atom.H2: true, atom.H3: true,
	atom.H4: true, atom.Ul: true, atom.Ol: true, atom.Table: true, atom.Hr: true, atom.Pre: true, atom.Blockquote: true}

// mostHTML bounds the markup that is read; words rarely need as much.
const mostHTML = 4 << 20

// plainText is what a reader sees of markup, without the letters that it answers.
func plainText(markup []byte) string {
	root, err := html.Parse(bytes.NewReader(markup[:min(len(markup), mostHTML)]))
	if err != nil {
		return ""
	}
	var out strings.Builder
	words(&out, root)
	return tight(out.String())
}

// words writes the text of a node and of what is in it.
func words(out *strings.Builder, node *html.Node) {
	switch {
	case node.Type == html.TextNode:
		text := strings.Join(strings.Fields(node.Data), " ")
		if strings.TrimLeft(node.Data, " \t\r\n") != node.Data {
			space(out)
		}
		out.WriteString(text)
		if text != "" && strings.TrimRight(node.Data, " \t\r\n") != node.Data {
			space(out)
		}
	case node.Type == html.ElementNode && (silent[node.DataAtom] || quoting(node)):
		return
	case node.Type == html.ElementNode && breaks[node.DataAtom]:
		out.WriteString("\n")
		if node.DataAtom == atom.P {
			out.WriteString("\n")
		}
	}
	for child := range node.ChildNodes() {
		words(out, child)
	}
	if node.Type == html.ElementNode && breaks[node.DataAtom] && node.DataAtom != atom.Br {
		out.WriteString("\n")
	}
}

func space(out *strings.Builder) {
	if s := out.String(); s != "" && !strings.HasSuffix(s, " ") && !strings.HasSuffix(s, "\n") {
		out.WriteString(" ")
	}
}

// quoting reports what holds the letter before, and what no reader sees.
func quoting(node *html.Node) bool {
	if node.DataAtom == atom.Blockquote {
		return true
	}
	for _, a := range node.Attr {
		value := strings.ToLower(strings.ReplaceAll(a.Val, " ", ""))
		switch {
		case a.Key == "class" && (strings.Contains(value, "gmail_quote") || strings.Contains(value, "yahoo_quoted") || strings.Contains(value, "moz-cite-prefix")):
			return true
		case a.Key == "id" && (value == "appendonsend" || value == "divrplyfwdmsg" || value == "olk_src_body_section"):
			return true
		case a.Key == "style" && strings.Contains(value, "display:none"), a.Key == "hidden":
			return true
		}
	}
	return false
}

// tight leaves at most one empty line between two others, and no space around them.
func tight(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return spaced(lines)
}

// spaced joins lines with at most one empty line between two others.
func spaced(lines []string) string {
	var out []string
	for _, l := range lines {
		if l == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, l)
	}
	return strings.TrimRight(strings.Join(out, "\n"), "\n ")
}
