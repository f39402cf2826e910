package opinions

import "github.com/birlik/portal/internal/personal"

// Personal is what opinions say about people by their account: who wrote a version, and who
// worked on what the public reads. A signed opinion is a record and stays.
func Personal() personal.Part {
	return personal.Part{Area: "opinions", Lists: []personal.List{
		{Name: "opinion_texts", Query: `
			select r.reference, t.version, t.title, t.at from opinion_texts t join requests r on r.id = t.request_id where t.actor_id = @person order by t.at`},
	}, Keeps: []string{"opinion_texts.actor_id", "redactions.actor_id"}}
}
