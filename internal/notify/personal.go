package notify

import "github.com/birlik/portal/internal/personal"

// Personal is what notifications keep about people. What a letter said may name others and
// stands in the person's own inbox.
func Personal() personal.Part {
	return personal.Part{
		Area: "letters",
		Lists: []personal.List{
			{Name: "letters", Query: `
				select e.name as about, e.at, n.state, n.sent_at, n.read_at from notifications n join notify_events e on e.id = n.event_id
				where n.user_id = @person order by n.id`},
			{Name: "choices", Query: `select topic, pace from notification_choices where user_id = @person order by topic`},
			{Name: "digests", Query: `select made_at from notify_digests where user_id = @person order by id`},
		},
		Forget: []string{
			`delete from notifications where user_id = @person`,
			`delete from notify_digests where user_id = @person`,
			`delete from notification_choices where user_id = @person`,
			`update notify_events set args = replace(args::text, to_json(@name::text)::text, to_json(@alias::text)::text)::jsonb where actor_id = @person`,
		},
		Keeps: []string{"notify_events.actor_id"},
	}
}
