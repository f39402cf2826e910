package requests

import "github.com/birlik/portal/internal/personal"

// Personal is what requests say about people: who began one, and whose hands it is in.
func Personal() personal.Part {
	return personal.Part{
		Area: "requests",
		Lists: []personal.List{
			{Name: "requests", Query: `
				select coalesce(r.reference, '') as reference, o.name as organisation, r.service, r.title, r.state, r.created_at, r.submitted_at
				from requests r join organisations o on o.id = r.org_id where r.created_by = @person order by r.id`},
			{Name: "in_your_hands", Query: `
				select r.reference, r.state, r.submitted_at from requests r where r.officer_id = @person and r.submitted_at is not null order by r.id`},
			{Name: "saved_views", Query: `select list, name, query, shared, created_at from saved_views where user_id = @person order by id`},
			{Name: "checklists", Query: `
				select r.reference, c.item, c.at from request_checks c join requests r on r.id = c.request_id where c.user_id = @person order by c.at`},
			{Name: "opinions", Query: `
				select r.reference, c.office, case when c.asked_by = @person then c.question end as question, c.asked_at,
					case when c.answered_by = @person then c.answer end as answer, c.answered_at
				from co_opinions c join requests r on r.id = c.request_id where @person in (c.asked_by, c.answered_by) order by c.id`},
			{Name: "signatures", Query: `
				select r.reference, x.at from request_signatures x join requests r on r.id = x.request_id where x.user_id = @person order by x.at`},
			{Name: "feedback", Query: `
				select r.reference, f.stars, f.words, f.at from request_feedback f join requests r on r.id = f.request_id where f.user_id = @person order by f.at`},
			{Name: "acts_on_many", Query: `select at, act, undone_at from bulk_acts where user_id = @person order by at`},
			{Name: "list_columns", Query: `select columns from inbox_columns where user_id = @person`},
		},
		Hold: []string{`select id from requests where officer_id = @person and open order by id for update`},
		Blocks: []personal.Block{{Key: "privacy.block.requests",
			Query: `select reference from requests where officer_id = @person and open order by due_at, id limit 50`}},
		Forget: []string{
			`delete from saved_views where user_id = @person`,
			`delete from inbox_columns where user_id = @person`,
			`update bulk_acts set label = @alias where label = @name and user_id = @person`,
		},
		Keeps: []string{"requests.created_by", "requests.officer_id", "bulk_acts.user_id", "request_checks.user_id", "request_signatures.user_id",
			"co_opinions.asked_by", "co_opinions.answered_by", "request_feedback.user_id"},
	}
}
