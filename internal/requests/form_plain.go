package requests

import (
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/services"
)

// plainForm asks what every service needs to know: what about, and whom to ask.
func plainForm(s services.Shipped) forms.Definition {
	title := forms.Words{In: map[string]string{}}
	for lang, text := range s.Title {
		title.In[string(lang)] = text
	}
	return forms.Definition{Key: s.Form, Title: title, Sections: []forms.Section{
		section("project", titlePage(), textPage(fieldDescription)),
		section("end", contactPage(), declarationPage()),
	}}
}
