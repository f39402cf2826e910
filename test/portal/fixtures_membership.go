package portal

func init() {
	fixtures["{application}"] = `select s.public_id from applications a join subjects s on s.id = a.id where a.state = 'executive_board' order by a.id limit 1`
	fixtures["{member}"] = `select s.public_id from municipalities m join subjects s on s.id = m.id where m.source_id = 'gn:147105'`
}
