package forms

import (
	"slices"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/locale"
)

// gone is what an editor is told whose section, page or question a colleague took away.
func gone() error { return apperr.New(apperr.NotFound, "forms.element_gone") }

// section finds a section by its key, to change it.
func (d *Definition) section(key string) *Section {
	for i := range d.Sections {
		if d.Sections[i].Key == key {
			return &d.Sections[i]
		}
	}
	return nil
}

// pageAt finds a page to change, and the section that holds it.
func (d *Definition) pageAt(key string) (*Section, int) {
	for i := range d.Sections {
		at := slices.IndexFunc(d.Sections[i].Pages, func(p Page) bool { return p.Key == key })
		if at >= 0 {
			return &d.Sections[i], at
		}
	}
	return nil, -1
}

// fieldAt finds a field to change, and the page that asks it.
func (d *Definition) fieldAt(key string) (*Page, int) {
	for i := range d.Sections {
		for j := range d.Sections[i].Pages {
			p := &d.Sections[i].Pages[j]
			if at := slices.IndexFunc(p.Fields, func(f Field) bool { return f.Key == key }); at >= 0 {
				return p, at
			}
		}
	}
	return nil, -1
}

// Page finds a page by its key.
func (d Definition) Page(key string) (Page, bool) { return d.page(key) }

// PageOf is the key of the page that asks a field.
func (d Definition) PageOf(field string) (page string, ok bool) {
	p, at := d.fieldAt(field)
	if at < 0 {
		return "", false
	}
	return p.Key, true
}

// Rule finds a rule by its key.
func (d Definition) Rule(key string) (Rule, bool) {
	i := slices.IndexFunc(d.Rules, func(r Rule) bool { return r.Key == key })
	if i < 0 {
		return Rule{}, false
	}
	return d.Rules[i], true
}

// PutSection adds a section at the end, or changes its words.
func (d *Definition) PutSection(key string, title Words) {
	if s := d.section(key); s != nil {
		s.Title = title
		return
	}
	d.Sections = append(d.Sections, Section{Key: key, Title: title})
}

// PutPage adds a page to the end of a section, or changes its words.
// Errors: not found (the section is gone).
func (d *Definition) PutPage(section string, page Page) error {
	if s, at := d.pageAt(page.Key); s != nil {
		s.Pages[at].Title, s.Pages[at].Lead = page.Title, page.Lead
		return nil
	}
	s := d.section(section)
	if s == nil {
		return gone()
	}
	s.Pages = append(s.Pages, page)
	return nil
}

// PutField adds a question to the end of a page, or changes it where it stands.
// Errors: not found (the page is gone).
func (d *Definition) PutField(page string, field Field) error {
	if p, at := d.fieldAt(field.Key); p != nil {
		p.Fields[at] = field
		return nil
	}
	s, at := d.pageAt(page)
	if s == nil {
		return gone()
	}
	s.Pages[at].Fields = append(s.Pages[at].Fields, field)
	return nil
}

// PutRule adds a rule, or changes it.
func (d *Definition) PutRule(rule Rule) {
	if i := slices.IndexFunc(d.Rules, func(r Rule) bool { return r.Key == rule.Key }); i >= 0 {
		d.Rules[i] = rule
		return
	}
	d.Rules = append(d.Rules, rule)
}

// DropSection takes an empty section away. Errors: not found, conflict (it has pages).
func (d *Definition) DropSection(key string) error {
	s := d.section(key)
	switch {
	case s == nil:
		return gone()
	case len(s.Pages) > 0:
		return apperr.New(apperr.Conflict, "forms.section_not_empty")
	}
	d.Sections = slices.DeleteFunc(d.Sections, func(x Section) bool { return x.Key == key })
	return nil
}

// DropPage takes a page away with its questions. Errors: not found.
func (d *Definition) DropPage(key string) error {
	s, at := d.pageAt(key)
	if s == nil {
		return gone()
	}
	s.Pages = slices.Delete(s.Pages, at, at+1)
	return nil
}

// DropField takes a question away; answers to published versions stay readable there.
// Errors: not found.
func (d *Definition) DropField(key string) error {
	p, at := d.fieldAt(key)
	if p == nil {
		return gone()
	}
	p.Fields = slices.Delete(p.Fields, at, at+1)
	return nil
}

// DropRule takes a rule away. Errors: not found.
func (d *Definition) DropRule(key string) error {
	if _, ok := d.Rule(key); !ok {
		return gone()
	}
	d.Rules = slices.DeleteFunc(d.Rules, func(r Rule) bool { return r.Key == key })
	return nil
}

// MoveSection moves a section by one place; at the end it stays. Errors: not found.
func (d *Definition) MoveSection(key string, by int) error {
	at := slices.IndexFunc(d.Sections, func(s Section) bool { return s.Key == key })
	if at < 0 {
		return gone()
	}
	swap(d.Sections, at, by)
	return nil
}

// MovePage moves a page by one place; from the end of its section on into the next one.
// Errors: not found.
func (d *Definition) MovePage(key string, by int) error {
	s, at := d.pageAt(key)
	if s == nil {
		return gone()
	}
	if swap(s.Pages, at, by) {
		return nil
	}
	from := slices.IndexFunc(d.Sections, func(x Section) bool { return x.Key == s.Key })
	to := from + by
	if to < 0 || to >= len(d.Sections) {
		return nil
	}
	page := s.Pages[at]
	s.Pages = slices.Delete(s.Pages, at, at+1)
	d.Sections[to].Pages = enter(d.Sections[to].Pages, page, by)
	return nil
}

// MoveField moves a question by one place; from the end of its page on to the next one.
// Errors: not found.
func (d *Definition) MoveField(key string, by int) error {
	p, at := d.fieldAt(key)
	if p == nil {
		return gone()
	}
	if swap(p.Fields, at, by) {
		return nil
	}
	next := d.neighbour(p.Key, by)
	if next == nil {
		return nil
	}
	field := p.Fields[at]
	p.Fields = slices.Delete(p.Fields, at, at+1)
	next.Fields = enter(next.Fields, field, by)
	return nil
}

// neighbour is the page before or after another, across sections.
func (d *Definition) neighbour(page string, by int) *Page {
	var all []*Page
	at := -1
	for i := range d.Sections {
		for j := range d.Sections[i].Pages {
			if d.Sections[i].Pages[j].Key == page {
				at = len(all)
			}
			all = append(all, &d.Sections[i].Pages[j])
		}
	}
	if at < 0 || at+by < 0 || at+by >= len(all) {
		return nil
	}
	return all[at+by]
}

// swap moves an element by one place, and reports whether there was room.
func swap[T any](list []T, at, by int) bool {
	to := at + by
	if to < 0 || to >= len(list) {
		return false
	}
	list[at], list[to] = list[to], list[at]
	return true
}

// enter puts an element at the end from which it comes in.
func enter[T any](list []T, x T, by int) []T {
	if by > 0 {
		return append([]T{x}, list...)
	}
	return append(list, x)
}

// MissingIn lists the interface languages that a text lacks; none for a text that nobody
// has begun.
func (w Words) MissingIn() []locale.Lang {
	var out []locale.Lang
	for _, lang := range locale.Langs() {
		if len(w.In) > 0 && w.In[string(lang)] == "" {
			out = append(out, lang)
		}
	}
	return out
}
