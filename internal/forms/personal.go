package forms

import "github.com/birlik/portal/internal/personal"

// Personal is which answers people changed. The answers are the organisation's.
func Personal() personal.Part {
	return personal.Part{
		Area: "forms",
		Lists: []personal.List{{Name: "changed_answers", Query: `
			select s.kind as record, s.public_id as record_id, e.field, e.at
			from submission_edits e join submissions x on x.id = e.submission_id join subjects s on s.id = x.subject_id
			where e.actor_id = @person order by e.at, e.submission_id, e.field`}},
		Keeps: []string{"submission_edits.actor_id"},
	}
}
