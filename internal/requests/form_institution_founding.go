package requests

import (
	"slices"

	"github.com/birlik/portal/internal/forms"
)

// institutionFounding asks for the founding act's contents: what kind, who founds it, where,
// by what budget, led by whom (clauses c and d, institutions, institutes, libraries, schools).
func institutionFounding() forms.Definition {
	a := asker{"institution_founding", "requests.institution_founding."}
	c, years := a.of("founders"), a.of("budget_years")
	founders := c.rows(1, 20, c.text("founder"), c.one("kind", "own", "municipality", "state", "university", "association", "company", "other"),
		free(c.amount("gives")))
	budget := years.rows(1, 5, years.year("year"), years.amount("income"), years.amount("expense"))
	return a.form(
		a.section("institution",
			a.page(a.one("institution", "center", "institute", "library", "school", "courses", "culture", "other")),
			a.title(), a.description(), a.page(a.long("need", 1500)),
			a.page(a.one("legal_form", "department", "foundation", "association", "company", "public", "unknown"))),
		a.section("founders", a.page(founders), a.page(a.long("board", 1500))),
		a.section("means",
			a.page(a.field(fieldPlace, forms.Place)),
			a.page(a.one("building", "ready", "repair", "rented", "none")),
			a.page(a.count("staff", "people", "100000")),
			a.page(optional(a.count(fieldBeneficiaries, "people", "10000000"))),
			a.page(a.one("budget_known", "yes", "no")),
			a.page(asked(budget, forms.When("budget_known", "yes")))),
		a.section("consent", slices.Concat(a.council(), a.permission())...),
		a.section("help", a.page(a.many("advice", "act", "plan", "curriculum", "training", "partner", "books", "example", "other"))),
		a.end(),
	)
}
