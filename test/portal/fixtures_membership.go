package portal

func init() {
	fixtures["{application}"] = `select s.public_id from applications a join subjects s on s.id = a.id where a.state = 'executive_board' order by a.id limit 1`
	fixtures["/{lang}/desk/members/ {member}"] = `select s.public_id from municipalities m join subjects s on s.id = m.id where m.source_id = 'gn:147105'`
	fixtures["/{lang}/members/ {member}"] = `select s.public_id from memberships ms join organisations o on o.id = ms.org_id and o.subject_kind = 'organisation' join subjects s on s.id = o.id order by o.id limit 1`
	fixtures["/{lang}/join/ {application}"] = `select s.public_id from applications a join subjects s on s.id = a.id where a.state = 'draft' order by a.id limit 1`
	fixtures["/{lang}/join/ {page}"] = `select 'kind'`
	// A mandate in force of somebody whom tests may change: ending it takes nothing from the people who ask.
	fixtures["{mandate}"] = `
		with who as (select id from users where email = 'nobody@union.example'), city as (select id from municipalities where source_id = 'gn:147105'),
		m as (
			insert into mandates (user_id, org_id, role) select who.id, city.id, 'member_editor' from who, city
			where not exists (select from mandates x where x.user_id = who.id and x.org_id = city.id and x.ends_at = 'infinity') returning id
		)
		select coalesce((select id from m), (select max(x.id) from mandates x, who where x.user_id = who.id and x.ends_at = 'infinity'))::text`
	fixtures["/dev/mail/ {id}"] = `select '999999'` // the demonstration sends letters of its own
	fixtures["{delegate}"] = `select 'delegatedelegatedelegatede'`
	fixtures["{contact}"] = `select 'contactcontactcontactconta'`
}
