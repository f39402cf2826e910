package requests

import "github.com/birlik/portal/internal/forms"

// eMunicipality asks where the municipality stands in six questions of four steps each, what
// software is there, and what is wanted (clause b, technical guidance on e-municipality).
func eMunicipality() forms.Definition {
	a := asker{"e_municipality", "requests.e_municipality."}
	level := func(key string) forms.Page { return a.page(a.one(key, "0", "1", "2", "3")) }
	c := a.of("software")
	software := c.rows(1, 30, c.text("name"),
		c.one("purpose", "site", "accounts", "papers", "taxes", "maps", "addresses", "complaints", "staff", "other"),
		c.one("licence", "bought", "rented", "free", "own", "unknown"), free(c.whole("users")))
	site := optional(a.line("site"))
	site.Autofill, site.From = "url", forms.Earlier+"site"
	return a.form(
		a.section("wish", a.title(),
			a.page(a.many("wanted", "site", "payments", "applications", "papers", "maps", "addresses", "mobile", "complaints", "data", "safety", "skills", "other")),
			a.description()),
		a.section("maturity", level("level_services"), level("level_work"), level("level_data"), level("level_network"),
			level("level_skills"), level("level_safety")),
		a.section("there", a.page(optional(software)), a.page(site), a.page(a.count("it_staff", "people", "10000"))),
		a.section("help",
			a.page(a.many("advice", "visit", "advice", "specification", "choice", "example", "training")),
			a.page(a.one("budget", "none", "asked", "set")),
			a.page(asked(a.money(fieldCost), forms.When("budget", "set")))),
		a.end(),
	)
}
