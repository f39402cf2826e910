package formpages

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// suggestions is where the box looks while somebody types; every municipality is public.
const suggestions = "/municipalities/suggest"

// settle finds the municipalities that a page asks for by name. What is not found stays as
// it was typed. A page that saves itself guesses nothing: somebody is still typing.
func (find Cities) settle(r *http.Request, p posted, fields []forms.Field, answers forms.Answers) error {
	typed := func(box string) []string { return p.values[box] }
	for _, f := range fields {
		v, asked := answers[f.Key]
		if f.Kind != forms.Municipality || !asked || v.Empty() || find == nil {
			continue
		}
		wanted := f.Wanted(typed)
		found, err := find(r.Context(), page.Actor(r), wanted.Name)
		if err != nil {
			return err
		}
		cities := make([]forms.City, len(found))
		for i, c := range found {
			cities[i] = c.City
		}
		if city := wanted.Among(cities, r.Header.Get(draftHeader) == ""); city != nil {
			answers[f.Key] = forms.Value{City: city}
		}
	}
	return nil
}

// meant lists what the names may mean that are not settled yet, by field.
func (find Cities) meant(r *http.Request, q *question) error {
	for _, f := range q.Fields {
		name := q.Answers[f.Key].Raw[""]
		if f.Kind != forms.Municipality || name == "" || find == nil {
			continue
		}
		found, err := find(r.Context(), page.Actor(r), name)
		if err != nil {
			return err
		}
		if q.Meant == nil {
			q.Meant = map[string][]City{}
		}
		q.Meant[f.Key] = found
	}
	return nil
}

// city is the box of a municipality; below it, those that a name may mean.
func (b box) city(ctx context.Context) templ.Component {
	fault := b.fault(b.Field, "")
	c := ui.Combobox{Name: b.Field.Key, Label: b.Label, Hint: b.Hint, Error: say(ctx, fault), Text: b.Value.Raw[""],
		Source: ui.Path(ctx, suggestions), Optional: b.Option, Large: b.Large}
	if city := b.Value.City; city != nil {
		c.Value, c.Text = city.Key, city.Name
	}
	if c.Hint == "" {
		c.Hint = locale.T(ctx, "formpages.city_hint")
	}
	return cityBox(c, b.Field.Key+forms.PickBox, b.picks())
}

func (b box) picks() []ui.Choice {
	found := b.Meant[b.Field.Key]
	out := make([]ui.Choice, len(found))
	for i, c := range found {
		out[i] = ui.Choice{Value: c.Key, Label: c.Name, Hint: c.Hint}
	}
	return out
}
