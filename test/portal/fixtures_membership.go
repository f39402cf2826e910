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
			where not exists (select from mandates x where x.user_id = who.id and x.org_id = city.id and x.ends_at = 'infinity')
		)
		select s.public_id || '-member_editor' from subjects s join who on s.id = who.id`
	fixtures["/dev/mail/ {id}"] = `select '999999'` // the demonstration sends letters of its own
	fixtures["{delegate}"] = `
		with city as (select id from municipalities where source_id = 'gn:147105'),
		d as (
			insert into delegates (public_id, org_id, name, rank, resolution, starts_on)
			select translate(left(md5(random()::text), 26), '0189', 'wxyz'), id, 'Biten Görev', 'alternate', '2026/9', current_date - 1 from city
			where not exists (select from delegates x where x.org_id = city.id and x.name = 'Biten Görev' and x.ends_on is null) returning public_id
		)
		select coalesce((select public_id from d), (select max(x.public_id) from delegates x where x.name = 'Biten Görev' and x.ends_on is null))`
	fixtures["{contact}"] = `select 'contactcontactcontactconta'`
}
