package requests

import "github.com/birlik/portal/internal/forms"

// activitySupport asks for support of three kinds, and about money only those who ask for
// money: a budget by lines, the own share and what the union is asked for (closing clause,
// financial, technical and administrative support).
func activitySupport() forms.Definition {
	a := asker{"activity_support", "requests.activity_support."}
	technical, administrative := forms.When("support", "technical"), forms.When("support", "administrative")
	return a.ruled(a.form(
		a.section("activity",
			a.page(a.many("support", "financial", "technical", "administrative")),
			a.page(a.one("activity", "conference", "training", "festival", "exhibition", "sport", "campaign", "publication", "research", "other")),
			a.title(), a.description(),
			a.page(a.ahead("starts"), a.ahead("ends")),
			a.page(a.field(fieldPlace, forms.Place))),
		a.section("people", a.page(a.count("people", "people", "10000000")),
			a.page(a.one("abroad", "yes", "no")),
			a.page(asked(a.long("partners", 1000), forms.When("abroad", "yes")))),
		a.section("money", a.activityMoney()...),
		a.section("help",
			a.page(asked(a.many("technical", "speakers", "interpreters", "equipment", "online", "design", "other"), technical)),
			a.page(asked(a.long("technical_text", 1000), technical)),
			a.page(asked(a.many("administrative", "letter", "invitations", "logo", "announce", "partners", "other"), administrative)),
			a.page(a.one("before", "yes", "no")),
			a.page(asked(a.line("before_what"), forms.When("before", "yes"))),
			a.page(optional(a.files("programme", 5)))),
		a.end(),
	), forms.Rule{Key: "ends_after_start", Left: forms.Of("ends"), Is: forms.AtLeast, Right: forms.Of("starts"), At: "ends"},
		forms.Rule{Key: "within_budget", Left: forms.Of(fieldCost).Add(forms.Of(fieldOwn)), Is: forms.AtMost, Right: forms.SumOf("budget", "amount"), At: fieldOwn})
}

func (a asker) activityMoney() []forms.Page {
	financial := forms.When("support", "financial")
	c := a.of("budget")
	budget := c.rows(1, 40, c.text("item"), c.one("kind", "travel", "venue", "people", "materials", "promotion", "other"), c.amount("amount"))
	cost := a.money(fieldCost)
	cost.Min = "1"
	return []forms.Page{
		a.page(asked(budget, financial)),
		a.page(asked(cost, financial), asked(a.money(fieldOwn), financial)),
		a.page(asked(a.one("others", "none", "asked", "promised"), financial)),
	}
}
