package accountpages

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/birlik/portal/internal/accounts"
)

// held is an answer that is not sent yet.
type held struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (h *held) Header() http.Header         { return h.header }
func (h *held) Write(b []byte) (int, error) { return h.body.Write(b) }
func (h *held) WriteHeader(status int)      { h.status = status }

// fillIn puts a kept post into the form of a page that sends to the same place, and says so
// above it. It reports false where the page has no such form.
func fillIn(r *http.Request, source []byte, post accounts.KeptPost) ([]byte, bool) {
	document, err := html.Parse(bytes.NewReader(source))
	if err != nil {
		return nil, false
	}
	form := formFor(document, r.URL.Path, post)
	if form == nil {
		return nil, false
	}
	fields := url.Values{}
	for name, values := range post.Fields {
		fields[name] = slices.Clone(values)
	}
	known := map[string]bool{}
	for control := range form.Descendants() {
		if name := attribute(control, "name"); name != "" {
			known[name] = true
			fill(control, name, fields)
		}
	}
	for name, values := range post.Fields {
		if !known[name] { // what a script had added, such as an upload
			for _, value := range values {
				form.AppendChild(hidden(name, value))
			}
		}
	}
	markSending(form, r.URL.Path)
	if err := announce(r, form, post); err != nil {
		return nil, false
	}
	var out bytes.Buffer
	err = html.Render(&out, document)
	return out.Bytes(), err == nil
}

// formFor finds the form that posts to where the text was going; of several the one that
// has most of its fields.
func formFor(document *html.Node, here string, post accounts.KeptPost) *html.Node {
	var best *html.Node
	most := 0
	for node := range document.Descendants() {
		if node.DataAtom != atom.Form || !strings.EqualFold(attribute(node, "method"), "post") || !sendsTo(node, here, post.Path) {
			continue
		}
		names := map[string]bool{}
		for control := range node.Descendants() {
			if name := attribute(control, "name"); post.Fields.Has(name) {
				names[name] = true
			}
		}
		if len(names) > most {
			best, most = node, len(names)
		}
	}
	return best
}

// sendsTo reports a form, or one of its buttons, whose address is path.
func sendsTo(form *html.Node, here, path string) bool {
	action := attribute(form, "action")
	if action == "" {
		action = here
	}
	if u, err := url.Parse(action); err == nil && u.Path == path {
		return true
	}
	for control := range form.Descendants() {
		if u, err := url.Parse(attribute(control, "formaction")); err == nil && u.Path == path {
			return true
		}
	}
	return false
}

// markSending has the form, and every button with an address of its own, say that they send
// what was given back.
func markSending(form *html.Node, here string) {
	action := attribute(form, "action")
	if action == "" {
		action = here
	}
	set(form, "action", withKept(action))
	for control := range form.Descendants() {
		if to := attribute(control, "formaction"); to != "" {
			set(control, "formaction", withKept(to))
		}
	}
}

// fill gives one control its value; of a name that comes several times, one after another.
func fill(control *html.Node, name string, fields url.Values) {
	values := fields[name]
	switch control.DataAtom {
	case atom.Textarea:
		for child := control.FirstChild; child != nil; child = control.FirstChild {
			control.RemoveChild(child)
		}
		if len(values) > 0 {
			control.AppendChild(&html.Node{Type: html.TextNode, Data: values[0]})
			fields[name] = values[1:]
		}
	case atom.Select:
		for option := range control.Descendants() {
			if option.DataAtom == atom.Option {
				mark(option, "selected", slices.Contains(values, attribute(option, "value")))
			}
		}
	case atom.Input:
		fillInput(control, name, fields)
	}
}

func fillInput(control *html.Node, name string, fields url.Values) {
	values := fields[name]
	switch attribute(control, "type") {
	case "checkbox", "radio":
		mark(control, "checked", slices.Contains(values, attribute(control, "value")))
	case "file", "password", "submit", "button", "image", "reset":
	default:
		if len(values) > 0 {
			set(control, "value", values[0])
			fields[name] = values[1:]
		}
	}
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func set(node *html.Node, name, value string) {
	mark(node, name, false)
	node.Attr = append(node.Attr, html.Attribute{Key: name, Val: value})
}

// mark sets an attribute that needs no value, or takes it off.
func mark(node *html.Node, name string, on bool) {
	node.Attr = slices.DeleteFunc(node.Attr, func(a html.Attribute) bool { return a.Key == name })
	if on {
		node.Attr = append(node.Attr, html.Attribute{Key: name})
	}
}

func hidden(name, value string) *html.Node {
	return &html.Node{Type: html.ElementNode, DataAtom: atom.Input, Data: "input", Attr: []html.Attribute{
		{Key: "type", Val: "hidden"}, {Key: "name", Val: name}, {Key: "value", Val: value}}}
}

// announce says above the form that the text is back.
func announce(r *http.Request, form *html.Node, post accounts.KeptPost) error {
	var b bytes.Buffer
	if err := keptNotice(post).Render(r.Context(), &b); err != nil {
		return err
	}
	nodes, err := html.ParseFragment(&b, &html.Node{Type: html.ElementNode, DataAtom: atom.Div, Data: "div"})
	for _, node := range slices.Backward(nodes) {
		form.InsertBefore(node, form.FirstChild)
	}
	return err
}
