package mailings

import "github.com/birlik/portal/internal/personal"

// Personal is what mailings say about people: which ones went to them, and who wrote and
// sent them.
func Personal() personal.Part {
	return personal.Part{
		Area: "mailings",
		Lists: []personal.List{
			{Name: "received", Query: `
				select coalesce((select x.title from translations t join texts x on x.subject_id = t.subject_id and x.lang = t.lang and x.version = t.version
					where t.subject_id = r.mailing_id and t.lang = r.lang), '') as subject, r.email, r.lang, r.state, r.sent_at
				from mailing_recipients r where r.user_id = @person or r.email_key = lower(@email collate "C") order by r.id`},
			{Name: "no_news", Query: `select email_key as email, at from mailing_optouts where email_key = lower(@email collate "C")`},
		},
		Forget: []string{
			`delete from mailing_optouts where email_key = lower(@email collate "C") or recipient_id in (select id from mailing_recipients where user_id = @person)`,
			`delete from mailing_recipients where user_id = @person`,
			`delete from mailing_recipients where email_key = lower(@email collate "C")`,
		},
		Keeps: []string{"mailings.actor_id", "mailings.sent_by"},
	}
}
