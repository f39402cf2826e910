package requests

import (
	"slices"

	"github.com/birlik/portal/internal/forms"
)

// businessCorporation asks for what a municipality's company rests on: its form, who owns
// it, the plan by years, the council's decision and the permission that the law wants
// (clause b of the statute, consultancy for business corporations).
func businessCorporation() forms.Definition {
	a := asker{"business_corporation", "requests.business_corporation."}
	return a.ruled(a.form(
		a.section("company", a.title(), a.description(), a.page(a.long("reason", 1500)),
			a.page(a.one("field", "water", "waste", "transport", "energy", "housing", "tourism", "markets", "food", "digital", "other")),
			a.page(a.one("company_form", "joint_stock", "limited", "partnership", "cooperative", "public", "unknown")),
			a.page(a.one("stage", "idea", "papers", "exists"))),
		a.section("owners", a.owners()...),
		a.section("plan", a.plan()...),
		a.section("consent", slices.Concat(a.council(), a.permission())...),
		a.section("help", a.page(a.many("advice", "articles", "plan", "legal", "money", "partner", "example", "training", "other"))),
		a.end(),
	), forms.Rule{Key: "shares_whole", Left: forms.SumOf("shares", "share"), Is: forms.Equal, Right: forms.Fixed("100")})
}

// owners asks for the shares only where they are spoken of: an idea may have none yet.
func (a asker) owners() []forms.Page {
	c := a.of("shares")
	shares := c.rows(1, 20, c.text("owner"), c.one("kind", "own", "municipality", "state", "company", "abroad", "people", "other"), c.percent("share"))
	return []forms.Page{
		a.page(a.one("owners_known", "settled", "spoken", "none")),
		a.page(asked(shares, forms.When("owners_known", "settled", "spoken"))),
		a.page(optional(a.money("capital"))),
	}
}

// plan asks for three figures a year; who has a finished plan adds its file.
func (a asker) plan() []forms.Page {
	some := forms.When("plan_state", "ready", "draft")
	c := a.of("plan_years")
	years := c.rows(1, 10, c.year("year"), c.amount("income"), c.amount("expense"), free(c.whole("jobs")))
	file := asked(a.files("plan_file", 3), some)
	file.RequiredIf = []forms.Condition{forms.When("plan_state", "ready")}
	return []forms.Page{
		a.page(a.one("plan_state", "ready", "draft", "none")),
		a.page(asked(years, some)),
		a.page(file),
		a.page(a.many("money_from", "budget", "loan", "grant", "partner", "state", "fees", "unknown")),
	}
}
