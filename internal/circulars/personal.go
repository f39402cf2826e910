package circulars

import "github.com/birlik/portal/internal/personal"

// Personal is what circulars say about people by their account: who wrote, approved and issued
// them, who opened one, and who confirmed or answered one for an organisation. An
// organisation's receipt is a record and stays.
func Personal() personal.Part {
	return personal.Part{Area: "circulars", Lists: []personal.List{
		{Name: "circulars_read", Query: `
			select c.year || '/' || c.number as circular, x.name as organisation, r.opened_at, r.confirmed_at
			from circular_receipts r join circular_copies x on x.id = r.copy_id join circulars c on c.id = x.circular_id where r.user_id = @person order by r.opened_at`},
		{Name: "circulars_answered", Query: `
			select c.year || '/' || c.number as circular, x.name as organisation, x.answer, x.answered_at
			from circular_copies x join circulars c on c.id = x.circular_id where x.answered_by = @person order by x.answered_at`},
		{Name: "circulars_written", Query: `
			select t.title, t.lang, t.version, t.at from circular_texts t where t.actor_id = @person order by t.at`},
	}, Keeps: []string{"circulars.created_by", "circulars.edited_by", "circulars.approved_by", "circulars.issued_by", "circulars.withdrawn_by", "circular_texts.actor_id",
		"circular_copies.confirmed_by", "circular_copies.answered_by", "circular_receipts.user_id", "circular_reminders.actor_id"}}
}
