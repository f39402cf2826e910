package membership

import "github.com/birlik/portal/internal/personal"

// Personal is what the records of members say about people. Heads, delegates and board
// members are named by elections and councils: their offices are public and stay. An entry
// that names the person at their own address goes.
func Personal() personal.Part {
	return personal.Part{
		Area: "membership",
		Lists: []personal.List{
			{Name: "contacts", Query: `
				select o.name as organisation, c.office, c.name, c.email, c.phone, c.lang as language from contacts c join organisations o on o.id = c.org_id
				where lower(c.email) = lower(@email) and c.name = @name order by c.id`},
			{Name: "delegations", Query: `
				select o.name as organisation, d.name, d.email, d.rank, d.resolution, d.starts_on::text, d.ends_on::text
				from delegates d join organisations o on o.id = d.org_id where lower(d.email) = lower(@email) order by d.id`},
			{Name: "applications", Query: `
				select coalesce(a.reference, '') as reference, a.state, a.name as applicant, a.created_at, a.submitted_at
				from applications a where lower(a.email) = lower(@email) order by a.id`},
		},
		Hold: []string{`select id from applications where officer_id = @person and open order by id for update`},
		Blocks: []personal.Block{{Key: "privacy.block.applications",
			Query: `select reference from applications where officer_id = @person and open order by due_at, id limit 50`}},
		Forget: []string{
			`delete from contacts where lower(email) = lower(@email) and name = @name`,
			`update delegates set email = '', version = version + 1 where lower(email) = lower(@email)`,
		},
		Keeps: []string{"membership_facts.actor_id", "applications.officer_id"},
	}
}
