package portal

func init() {
	fixtures["{application}"] = `select s.public_id from applications a join subjects s on s.id = a.id where a.state = 'executive_board' order by a.id limit 1`
	fixtures["/{lang}/desk/members/ {member}"] = `select s.public_id from municipalities m join subjects s on s.id = m.id where m.source_id = 'gn:147105'`
	fixtures["/{lang}/join/ {application}"] = `select s.public_id from applications a join subjects s on s.id = a.id where a.state = 'draft' order by a.id limit 1`
	fixtures["/{lang}/join/ {page}"] = `select 'kind'`
	fixtures["{mandate}"] = `select m.id::text from mandates m join users u on u.id = m.user_id where u.email = 'editor@shusha.example' order by m.id limit 1`
	fixtures["{delegate}"] = `select 'delegatedelegatedelegatede'`
	fixtures["{contact}"] = `select 'contactcontactcontactconta'`
}
