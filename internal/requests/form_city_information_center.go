package requests

import "github.com/birlik/portal/internal/forms"

// cityInformationCenter asks whom the centre shall answer, through which doors, about what
// and from which data (clause b, technical guidance on city information centres).
func cityInformationCenter() forms.Definition {
	a := asker{"city_information_center", "requests.city_information_center."}
	counter := forms.When("channels", "counter")
	return a.form(
		a.section("center", a.title(), a.description(),
			a.page(a.one("today", "nothing", "desk", "phone", "center")),
			a.page(a.many("channels", "counter", "phone", "site", "messages", "kiosk")),
			a.page(a.many("topics", "services", "complaints", "transport", "culture", "visitors", "maps", "figures", "emergencies", "other")),
			a.page(a.many("languages", "own", "tr", "ru", "en", "other"))),
		a.section("place",
			a.page(asked(a.one("room", "own", "rented", "none"), counter)),
			a.page(asked(optional(a.field(fieldPlace, forms.Place)), counter))),
		a.section("means",
			a.page(a.count("staff", "people", "10000")),
			a.page(optional(a.count("askers", "people", "10000000"))),
			a.page(a.many("data", "addresses", "parcels", "transport", "events", "population", "services", "none")),
			a.page(optional(a.money(fieldCost)))),
		a.section("help", a.page(a.many("advice", "plan", "software", "rules", "training", "example", "other"))),
		a.end(),
	)
}
