package requests

import "github.com/birlik/portal/internal/forms"

// Forms are the forms of the services that the portal ships with.
func Forms() []forms.Definition {
	out := []forms.Definition{Form()}
	for _, s := range Shipped() {
		if s.Form != FormKey {
			out = append(out, plainForm(s))
		}
	}
	return out
}
