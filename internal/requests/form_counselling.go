package requests

import "github.com/birlik/portal/internal/forms"

// counselling asks what belongs to one of four areas of social work, and to that alone
// (clause c, counselling and project support). People are counted, never named.
func counselling() forms.Definition {
	a := asker{"counselling", "requests.counselling."}
	return a.form(
		a.section("matter", a.page(a.one("area", "health", "social", "sport", "environment")), a.title(), a.description()),
		a.section("area", a.health(), a.healthPlace(), a.social(), a.sport(), a.sportPlace(), a.environment(), a.measured(), a.measuredFile()),
		a.section("wish",
			a.page(optional(a.count(fieldBeneficiaries, "people", "100000000"))),
			a.page(a.many("advice", "talk", "visit", "programme", "training", "project", "example")),
			a.page(asked(optional(a.money(fieldCost)), forms.When("advice", "project"))),
			a.page(a.one("meet", "online", "here", "there", "open")),
			a.page(optional(a.files("papers", 5)))),
		a.end(),
	)
}

func inArea(area string) forms.Condition { return forms.When("area", area) }

func (a asker) health() forms.Page {
	return a.page(asked(a.many("health_topics", "prevention", "clinics", "elderly", "mind", "food", "animals", "other"), inArea("health")))
}

func (a asker) healthPlace() forms.Page {
	return a.page(asked(a.one("health_place", "own", "state", "none"), inArea("health")))
}

func (a asker) social() forms.Page {
	return a.page(asked(a.many("social_groups", "children", "youth", "women", "elderly", "disabled", "newcomers", "poor", "other"), inArea("social")),
		asked(a.one("social_service", "running", "planned", "none"), inArea("social")))
}

func (a asker) sport() forms.Page {
	return a.page(asked(a.line("sport_branches"), inArea("sport")),
		asked(a.many("sport_ages", "children", "youth", "adults", "elderly", "disabled"), inArea("sport")))
}

func (a asker) sportPlace() forms.Page {
	return a.page(asked(a.one("sport_place", "good", "repair", "none"), inArea("sport")))
}

func (a asker) environment() forms.Page {
	return a.page(asked(a.many("environment_topics", "waste", "air", "water", "green", "climate", "animals", "other"), inArea("environment")))
}

func (a asker) measured() forms.Page {
	return a.page(asked(a.one("measured", "regularly", "sometimes", "none"), inArea("environment")))
}

func (a asker) measuredFile() forms.Page {
	return a.page(asked(optional(a.files("measured_file", 3)), inArea("environment"), forms.When("measured", "regularly", "sometimes")))
}
