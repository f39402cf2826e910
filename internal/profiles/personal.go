package profiles

import "github.com/birlik/portal/internal/personal"

// Personal is what profiles say about people by their account: who edited, proposed,
// answered and confirmed. What a municipality says of itself is not about them.
func Personal() personal.Part {
	return personal.Part{Area: "profiles", Keeps: []string{"profiles.confirmed_by", "profile_parts.edited_by", "fact_proposals.proposed_by", "fact_proposals.answered_by"}}
}
