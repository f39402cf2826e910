package portal

func init() {
	const assembly = ` from meetings m join subjects s on s.id = m.id where m.organ = 'general_assembly' and m.state = 'planned'`
	for pattern, sql := range map[string]string{
		"/{lang}/organs/ {slug}":           `select 'executive-board'`,
		"/{lang}/desk/organs/ {slug}":      `select 'executive-board'`,
		"{member}":                         `select public_id from organ_members where organ = 'executive_board' order by id limit 1`,
		"/{lang}/desk/meetings/ {record}":  `select s.public_id` + assembly,
		"{item}":                           `select i.public_id from meetings m join agenda_items i on i.meeting_id = m.id where m.organ = 'general_assembly' and m.state = 'planned' order by i.position limit 1`,
		"{person}":                         `select c.public_id from credentials c join meetings m on m.id = c.meeting_id where m.state = 'planned' order by c.id limit 1`,
		"/{lang}/decisions/ {record}":      `select s.public_id from decision_publications p join subjects s on s.id = p.decision_id order by p.decision_id limit 1`,
		"/{lang}/desk/decisions/ {record}": `select s.public_id from decision_publications p join subjects s on s.id = p.decision_id order by p.decision_id limit 1`,
	} {
		fixtures[pattern] = sql
	}
}
