package letters

import "github.com/birlik/portal/internal/personal"

// Personal is what official letters say about people by their account: who issued and who
// served them. A letter is a record and stays.
func Personal() personal.Part {
	return personal.Part{Area: "official_letters", Keeps: []string{"letters.actor_id", "letter_servings.actor_id"}}
}
