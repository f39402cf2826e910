package mailin

import "github.com/birlik/portal/internal/personal"

// Personal is what people wrote by e-mail, and which letters staff decided about. A letter
// that became a message belongs to the record; the message keeps its words.
func Personal() personal.Part {
	return personal.Part{
		Area: "mail",
		Lists: []personal.List{{Name: "letters", Query: `
			select m.at, m.from_address as "from", m.title as subject, m.body as text, m.state from received_mails m
			where m.user_id = @person or m.from_address = (select u.email_key from users u where u.id = @person) order by m.id`}},
		Forget: []string{
			`delete from received_mails where user_id = @person and state <> 'added'`,
			`delete from received_mails where from_address = (select u.email_key from users u where u.id = @person) and state <> 'added'`,
			`update received_mails set sha256 = null, body = '', title = '', from_name = '', files = 0, user_id = null, from_address = 'forgotten-' || id
				where user_id = @person or from_address = (select u.email_key from users u where u.id = @person)`,
		},
		Keeps: []string{"received_mails.handled_by"},
	}
}
