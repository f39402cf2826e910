package requests

import (
	"slices"

	"github.com/birlik/portal/internal/forms"
)

// urbanGuidance takes a question about the city: topic, urgency and language decide who
// answers when, and the city says whether others may learn from the answer (clause a,
// urban guidance service). It declares nothing, for nothing is granted.
func urbanGuidance() forms.Definition {
	a := asker{"urban_guidance", "requests.urban_guidance."}
	return a.form(
		a.section("question",
			a.page(a.one("topic", "planning", "transport", "housing", "space", "heritage", "environment", "safety", "services", "management", "other")),
			a.title(), a.description(), a.page(optional(a.long("tried_text", 1500))),
			a.page(a.one("somewhere", "yes", "no")),
			a.page(asked(a.field(fieldPlace, forms.Place), forms.When("somewhere", "yes"))),
			a.page(optional(a.files("papers", 5)))),
		a.section("answer", slices.Concat(a.urgency(), []forms.Page{a.answerLang(), a.page(a.one("publish", "named", "unnamed", "no"))})...),
		a.section("end", a.contact()),
	)
}
