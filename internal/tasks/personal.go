package tasks

import "github.com/birlik/portal/internal/personal"

// Personal is what tasks say about people. Duties that matter are handed over before: the
// records they belong to say so.
func Personal() personal.Part {
	return personal.Part{
		Area: "tasks",
		Lists: []personal.List{
			{Name: "tasks", Query: `
			select s.kind as record, s.public_id as record_id, t.key as task, t.state, t.opened_at, t.closed_at
			from tasks t join subjects s on s.id = t.subject_id where t.user_id = @person order by t.id`},
			{Name: "written", Query: `
				select s.kind as record, s.public_id as record_id, t.words, t.opened_at from tasks t join subjects s on s.id = t.subject_id
				where t.created_by = @person order by t.id`},
			{Name: "calendar", Query: `select made_at, read_at from calendar_feeds where user_id = @person`},
		},
		Forget: []string{`delete from calendar_feeds where user_id = @person`,
			`update tasks set state = 'dropped', closed_at = @now where user_id = @person and state = 'open'`},
		Keeps: []string{"tasks.user_id", "tasks.created_by", "tasks.closed_by"},
	}
}
