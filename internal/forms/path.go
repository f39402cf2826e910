package forms

import "slices"

// Step is one page that the answers lead to, with the fields that it asks.
type Step struct {
	Section int // counts from 0
	Page    Page
	Fields  []Field
}

// Route is the pages in the order in which they are asked.
type Route []Step

// Path walks the form once. Conditions look back only, and an answer that the walk did not
// reach steers nothing: people who change their mind are asked what follows from what they
// say now.
func (d Definition) Path(answers Answers) Route {
	var route Route
	reached := Answers{}
	for i, section := range d.Sections {
		for _, page := range section.Pages {
			step := Step{Section: i, Page: page}
			for _, f := range page.Fields {
				if !all(f.ShownIf, reached) {
					continue
				}
				step.Fields = append(step.Fields, f)
				if v := answers[f.Key]; !v.Empty() {
					reached[f.Key] = v
				}
			}
			if len(step.Fields) > 0 {
				route = append(route, step)
			}
		}
	}
	return route
}

// At finds a page of the route by its key.
func (r Route) At(page string) (int, bool) {
	i := slices.IndexFunc(r, func(s Step) bool { return s.Page.Key == page })
	return i, i >= 0
}

// Fields lists the fields of the whole route.
func (r Route) Fields() []Field {
	var out []Field
	for _, s := range r {
		out = append(out, s.Fields...)
	}
	return out
}

// keep is the answers that the route asks for; the others fall away at Submit.
func (r Route) keep(answers Answers) Answers {
	out := Answers{}
	for _, f := range r.Fields() {
		if v := answers[f.Key]; !v.Empty() {
			out[f.Key] = v
		}
	}
	return out
}

func all(conditions []Condition, reached Answers) bool {
	return !slices.ContainsFunc(conditions, func(c Condition) bool { return !c.holds(reached) })
}

func (c Condition) holds(reached Answers) bool {
	v, answered := reached[c.Field]
	if len(c.Is) > 0 {
		answered = answered && slices.ContainsFunc(c.Is, v.Has)
	}
	return answered != c.Not
}
