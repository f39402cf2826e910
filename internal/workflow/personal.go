package workflow

import "github.com/birlik/portal/internal/personal"

// Personal is what moves and decisions say about people: both are records and stay.
func Personal() personal.Part {
	return personal.Part{
		Area: "steps",
		Lists: []personal.List{{Name: "steps", Query: `
			select s.kind as record, s.public_id as record_id, m.move, m.reason, m.at
			from moves m join subjects s on s.id = m.subject_id where m.actor_id = @person order by m.at, m.subject_id, m.seq`}},
		Keeps: []string{"moves.actor_id", "decisions.actor_id"},
	}
}
