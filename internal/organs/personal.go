package organs

import "github.com/birlik/portal/internal/personal"

// Personal is what assemblies say about people by their account: nothing but who drew a
// list and who ticked somebody off. Names of office stand in the record and stay.
func Personal() personal.Part {
	return personal.Part{Area: "organs", Keeps: []string{"assembly_lists.actor_id", "decision_publications.actor_id", "credentials.arrived_by"}}
}
