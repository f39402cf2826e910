// Package htmlcheck finds what is not valid in a page: the rules of the HTML standard that a
// browser silently repairs, and our own (nothing inline, one h1, a language).
package htmlcheck

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// void elements have no end tag (HTML standard, 13.1.2).
var void = words("area base br col embed hr img input link meta source track wbr")

// optional end tags that we leave to the parser anyway.
var optional = words("li dt dd p option tr td th thead tbody tfoot colgroup body html head")

// phrasing elements that must not hold blocks.
var blocks = words("address article aside blockquote details dialog div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul")
var inlineOnly = words("p h1 h2 h3 h4 h5 h6 span b strong em small button label summary time abbr")

// phrasingWithHeadings may hold a heading although it takes no other block.
var headings = words("h1 h2 h3 h4 h5 h6")

// references are attributes that name ids of the same page.
var references = []string{"for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-errormessage", "list", "form", "popovertarget"}

func words(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

type page struct {
	faults     []string
	open       []string // elements that are open, outermost first
	ids        map[string]bool
	refs       []string // "attribute id"
	h1         int
	lastRank   int
	hasTitle   bool
	inSVG      int
	isFragment bool
}

// Page lists what is wrong with a whole page; none is the right answer.
func Page(source string) []string {
	p := &page{ids: map[string]bool{}}
	if !strings.HasPrefix(strings.ToLower(strings.TrimSpace(source)), "<!doctype html>") {
		p.fault("the page does not begin with <!doctype html>")
	}
	p.read(source)
	p.finish()
	return p.faults
}

// Fragment lists what is wrong with a part of a page that is swapped in.
func Fragment(source string) []string {
	p := &page{ids: map[string]bool{}, isFragment: true}
	p.read(source)
	return p.faults
}

func (p *page) fault(format string, args ...any) {
	p.faults = append(p.faults, fmt.Sprintf(format, args...))
}

func (p *page) read(source string) {
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken:
			p.start(z.Token(), false)
		case html.SelfClosingTagToken:
			p.start(z.Token(), true)
		case html.EndTagToken:
			p.end(z.Token().Data)
		}
	}
}

func (p *page) start(t html.Token, selfClosed bool) {
	p.attributes(t)
	if p.inSVG == 0 {
		p.nesting(t.Data)
		p.element(t)
	}
	if void[t.Data] || selfClosed && p.inSVG > 0 {
		return
	}
	if selfClosed && t.Data != "svg" {
		p.fault("<%s/> closes itself, which HTML does not know", t.Data)
		return
	}
	if t.Data == "svg" || p.inSVG > 0 {
		p.inSVG++
	}
	p.open = append(p.open, t.Data)
}

func (p *page) end(name string) {
	if void[name] {
		p.fault("</%s> ends an element that has no end", name)
		return
	}
	for i := len(p.open) - 1; i >= 0; i-- {
		if p.open[i] != name {
			if !optional[p.open[i]] {
				p.fault("</%s> comes while <%s> is open (in %s)", name, p.open[i], strings.Join(p.open, " "))
				return
			}
			continue
		}
		if p.inSVG > 0 {
			p.inSVG--
		}
		p.open = p.open[:i]
		return
	}
	p.fault("</%s> ends nothing", name)
}

func (p *page) attributes(t html.Token) {
	seen := map[string]bool{}
	for _, a := range t.Attr {
		if seen[a.Key] {
			p.fault("<%s> has %s twice", t.Data, a.Key)
		}
		seen[a.Key] = true
		switch {
		case a.Key == "style", strings.HasPrefix(a.Key, "on"):
			p.fault("<%s> has an inline %s", t.Data, a.Key)
		case a.Key == "id":
			if a.Val == "" || strings.ContainsAny(a.Val, " \t\n") || p.ids[a.Val] {
				p.fault("the id %q is empty, has a space or stands twice", a.Val)
			}
			p.ids[a.Val] = true
		case a.Key == "href" && strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:"):
			p.fault("a link runs a script")
		case slices.Contains(references, a.Key):
			for _, id := range strings.Fields(a.Val) {
				p.refs = append(p.refs, a.Key+" "+id)
			}
		}
	}
}

// nesting holds interactive elements apart and blocks out of phrases.
func (p *page) nesting(name string) {
	interactive := words("a button select textarea input label details")
	for _, above := range p.open {
		if above == "a" && interactive[name] && name != "label" && name != "input" || above == "button" && interactive[name] || above == "form" && name == "form" {
			p.fault("<%s> stands inside <%s>", name, above)
		}
	}
	if len(p.open) == 0 {
		return
	}
	parent := p.open[len(p.open)-1]
	switch {
	case inlineOnly[parent] && blocks[name] && (parent != "summary" || !headings[name]) && (parent != "p" || name != "p"):
		p.fault("<%s> stands inside <%s>", name, parent)
	case (parent == "ul" || parent == "ol") && name != "li" && name != "script" && name != "template":
		p.fault("<%s> stands straight in <%s>", name, parent)
	case parent == "dl" && name != "dt" && name != "dd" && name != "div":
		p.fault("<%s> stands straight in <dl>", name)
	case parent == "table" && !slices.Contains([]string{"caption", "colgroup", "thead", "tbody", "tfoot"}, name):
		p.fault("<%s> stands straight in <table>", name)
	}
}

func (p *page) element(t html.Token) {
	switch t.Data {
	case "html":
		p.need(t, "lang")
	case "title":
		p.hasTitle = true
	case "h1", "h2", "h3", "h4", "h5", "h6":
		p.heading(int(t.Data[1] - '0'))
	case "img":
		p.need(t, "alt")
		p.need(t, "src")
	case "script":
		if attribute(t, "src") == "" && attribute(t, "type") != "application/ld+json" && attribute(t, "type") != "application/json" {
			p.fault("a script stands in the page")
		}
	case "style":
		p.fault("a style stands in the page")
	case "form":
		if attribute(t, "action") == "" && has(t, "action") {
			p.fault("a form has an empty action")
		}
	}
}

func (p *page) heading(rank int) {
	if rank == 1 {
		p.h1++
	}
	if p.lastRank > 0 && rank > p.lastRank+1 {
		p.fault("a heading of rank %d follows one of rank %d", rank, p.lastRank)
	}
	p.lastRank = rank
}

func (p *page) need(t html.Token, name string) {
	if !has(t, name) {
		p.fault("<%s> has no %s", t.Data, name)
	}
}

func has(t html.Token, name string) bool {
	return slices.ContainsFunc(t.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func (p *page) finish() {
	if p.h1 != 1 {
		p.fault("the page has %d h1", p.h1)
	}
	if !p.hasTitle {
		p.fault("the page has no title")
	}
	for _, ref := range p.refs {
		name, id, _ := strings.Cut(ref, " ")
		if !p.ids[id] {
			p.fault("%s names %q, which is nowhere", name, id)
		}
	}
	for _, name := range p.open {
		if !optional[name] {
			p.fault("<%s> is never closed", name)
		}
	}
}
