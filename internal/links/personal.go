package links

import "github.com/birlik/portal/internal/personal"

// Personal is which records somebody linked; the links stay with the records.
func Personal() personal.Part {
	return personal.Part{
		Area: "links",
		Lists: []personal.List{{Name: "links", Query: `
			select a.kind as record, a.public_id as record_id, b.kind as other, b.public_id as other_id, l.at
			from subject_links l join subjects a on a.id = l.a_id join subjects b on b.id = l.b_id where l.actor_id = @person order by l.id`}},
		Keeps: []string{"subject_links.actor_id"},
	}
}
