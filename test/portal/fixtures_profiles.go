package portal

func init() {
	fixtures["{proposal}"] = `select s.public_id from fact_proposals p join subjects s on s.id = p.id join municipalities m on m.id = p.org_id
		where m.source_id = 'gn:147105' and p.state = 'waiting' order by p.id limit 1`
	fixtures["/{lang}/desk/members/{member}/facts {member}"] = `select s.public_id from municipalities m join subjects s on s.id = m.id where m.source_id = 'gn:147105'`
	constants["{tongue}"] = "en"
}
