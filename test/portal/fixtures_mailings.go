package portal

func init() {
	const of = `select s.public_id from subjects s `
	// One that is written and not sent, so that its every page has something to show; once a
	// test has sent it off, any other.
	const draft = of + `join mailings m on m.id = s.id order by m.state = 'draft' desc, m.id limit 1`
	fixtures["{mailing}"] = draft
	fixtures["/{lang}/desk/mailings/{mailing}/recipients {mailing}"] = of + `join mailings m on m.id = s.id where m.state <> 'draft' order by m.id limit 1`
	fixtures["/{lang}/desk/mailings {record}"] = draft
	fixtures["{letter}"] = of + `join letters l on l.id = s.id join municipalities m on m.id = l.org_id where m.source_id = 'gn:147105' order by l.id limit 1`
}
