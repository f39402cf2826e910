package requests

import "github.com/birlik/portal/internal/forms"

// fundingGuidance asks what a funder would ask first: what for, how much, how ready, and,
// where a credit is sought, whether the municipality may borrow (clause b, guidance to
// national and international grants, funds and credits).
func fundingGuidance() forms.Definition {
	a := asker{"funding_guidance", "requests.funding_guidance."}
	credit := forms.When("funding", "credit")
	sector := a.field(fieldSector, forms.One)
	sector.Choices = choices(Sectors(), "requests.sector.")
	return a.ruled(a.form(
		a.section("project", a.title(), a.description(), a.page(sector),
			a.page(a.many("ready", "study", "design", "estimate", "permits", "land", "council", "none"))),
		a.section("money",
			a.page(a.many("funding", "grant", "credit", "guarantee", "expertise", "unknown")),
			a.costs(),
			a.page(asked(a.one("borrowing", "free", "asks", "never", "unknown"), credit)),
			a.page(asked(a.one("security", "revenue", "property", "treasury", "none", "unknown"), credit)),
			a.page(a.one("start", "this_year", "next_year", "later", "open"))),
		a.section("team",
			a.page(a.one("tried", "yes", "no")),
			a.page(asked(a.long("tried_text", 1500), forms.When("tried", "yes"))),
			a.page(a.one("writers", "team", "person", "none")),
			a.page(a.many("write_in", "own", "tr", "ru", "en", "other"))),
		a.end(),
	), forms.Rule{Key: "own_within_cost", Left: forms.Of(fieldOwn), Is: forms.AtMost, Right: forms.Of(fieldCost), At: fieldOwn})
}

// costs are the whole and the municipality's share, on one page as they are compared.
func (a asker) costs() forms.Page {
	cost := a.money(fieldCost)
	cost.Min = "1"
	return a.page(cost, a.money(fieldOwn))
}
