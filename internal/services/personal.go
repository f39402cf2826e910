package services

import "github.com/birlik/portal/internal/personal"

// Personal is what the catalogue says about people: who published a version, and who writes
// the next one. Both are records of the union and stay.
func Personal() personal.Part {
	return personal.Part{
		Area: "services",
		Lists: []personal.List{{Name: "versions", Query: `
			select service, version, note, published_at from service_versions where actor_id = @person order by published_at`}},
		Keeps: []string{"service_versions.actor_id", "service_drafts.actor_id"},
	}
}
