package requests

import (
	"slices"

	"github.com/birlik/portal/internal/forms"
)

// opinion asks for what a legal, financial or technical opinion is written from: the text,
// the question, who asks and in what hurry, and how far the answer may be known (clause d,
// opinions on request of governments and municipalities).
func opinion() forms.Definition {
	a := asker{"opinion", "requests.opinion."}
	written := forms.When("about", "law", "draft", "act")
	text := asked(optional(a.long("law_text", 5000)), written)
	text.RequiredIf = []forms.Condition{forms.Unless("law_file")}
	return a.form(
		a.section("subject",
			a.page(a.one("opinion_kind", "legal", "financial", "technical")),
			a.page(a.one("about", "law", "draft", "act", "practice")),
			a.title(),
			a.page(asked(a.line("law_name"), written)),
			a.page(asked(optional(a.files("law_file", 5)), written), text)),
		a.section("question", a.description(), a.page(optional(a.long("background", 3000))),
			a.page(a.one("court", "no", "yes", "unknown")),
			a.page(asked(a.long("court_text", 1000), forms.When("court", "yes")))),
		a.section("asker",
			a.page(a.one("asker", "mayor", "council", "department", "government", "other"), a.line("asker_name"))),
		a.section("answer", slices.Concat(a.urgency(), []forms.Page{a.answerLang(), a.page(a.one("privilege", "open", "unnamed", "closed"))})...),
		a.end(),
	)
}
