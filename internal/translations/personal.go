package translations

import "github.com/birlik/portal/internal/personal"

// Personal is what people wrote for the union's pages; it is the union's.
func Personal() personal.Part {
	return personal.Part{
		Area: "texts",
		Lists: []personal.List{{Name: "written", Query: `
			select r.kind as record, r.public_id as record_id, t.lang as language, t.version, t.title, t.at
			from texts t join subjects r on r.id = t.subject_id where t.actor_id = @person order by t.at, t.subject_id`}},
		Keeps: []string{"texts.actor_id"},
	}
}
