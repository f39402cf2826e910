package messages

import "github.com/birlik/portal/internal/personal"

// Personal is what people wrote to a record's parties, or noted there; it belongs to the record.
func Personal() personal.Part {
	return personal.Part{
		Area: "messages",
		Lists: []personal.List{{Name: "written", Query: `
			select s.kind as record, s.public_id as record_id, m.side, m.body as text, m.at
			from messages m join subjects s on s.id = m.subject_id where m.actor_id = @person order by m.id`}},
		Keeps: []string{"messages.actor_id"},
	}
}
