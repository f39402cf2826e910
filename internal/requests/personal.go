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
			{Name: "acts_on_many", Query: `select at, undone_at from bulk_acts where user_id = @person order by at`},
		},
		Hold: []string{`select id from requests where officer_id = @person and open order by id for update`},
		Blocks: []personal.Block{{Key: "privacy.block.requests",
			Query: `select reference from requests where officer_id = @person and open order by due_at, id limit 50`}},
		Forget: []string{
			`delete from saved_views where user_id = @person`,
			`update bulk_acts set label = @alias where label = @name and user_id = @person`,
		},
		Keeps: []string{"requests.created_by", "requests.officer_id", "bulk_acts.user_id"},
	}
}
