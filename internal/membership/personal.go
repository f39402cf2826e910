package membership

import "github.com/birlik/portal/internal/personal"

// Personal is what the records of members say about people. Heads, delegates and board
// members are named by elections and councils: their offices are public and stay. An entry
// that names the person at their own address goes. An application is in the copy of whom it
// was begun by, and of whom it names at their address and who acts for its member.
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
				select coalesce(a.reference, '') as reference, a.state, a.name as applicant, a.created_at, a.submitted_at, n.named as named_as
				from applications a cross join lateral (
					select jsonb_agg(distinct jsonb_build_object('question', v.key) || (v.value -> 'person')) as named
					from submissions x cross join jsonb_each(x.data) v
					where x.subject_id = a.id and x.part = 'application' and lower(v.value #>> '{person,email}') = lower(@email)) n
				where lower(a.email) = lower(@email)
					or n.named is not null and a.place_id in (select org_id from mandates where user_id = @person) order by a.id`},
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
