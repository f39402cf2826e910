package forms

import "github.com/birlik/portal/internal/personal"

// Personal is which answers people changed. The answers are the organisation's.
func Personal() personal.Part {
	return personal.Part{
		Area: "forms",
		Lists: []personal.List{{Name: "changed_answers", Query: `
			select s.kind as record, s.public_id as record_id, e.field, e.at
			from submission_edits e join submissions x on x.id = e.submission_id join subjects s on s.id = x.subject_id
			where e.actor_id = @person order by e.at, e.submission_id, e.field`},
			{Name: "allowed_help", Query: `
			select s.kind as record, s.public_id as record_id, h.given_at, h.until, h.ended_at from form_helps h join subjects s on s.id = h.subject_id
			where h.given_by = @person or h.ended_by = @person order by h.given_at`},
			{Name: "published_forms", Query: `
			select form, version, published_at from form_versions where published_by = @person order by published_at`}},
		Keeps: []string{"submission_edits.actor_id", "form_helps.given_by", "form_helps.ended_by", "form_versions.published_by", "form_drafts.created_by", "form_drafts.changed_by"},
	}
}
