package portal

func init() {
	const of = `select s.public_id from circulars c join subjects s on s.id = c.id `
	// Reading shows one that is out; writing begins with the one that waits for its approval.
	const out = of + `order by (c.state = 'issued') desc, c.year, c.number limit 1`
	const draft = of + `order by (c.year is null) desc, c.id limit 1`
	fixtures["{circular}"] = out
	for _, below := range []string{"edit", "audience", "files", "ask", "approve", "issue"} {
		fixtures["/{lang}/desk/circulars/{circular}/"+below+" {circular}"] = draft
	}
	fixtures["{copy}"] = `select s.public_id from circular_copies x join subjects s on s.id = x.id
		where x.org_id = (select id from municipalities where source_id = 'gn:147105') order by x.open desc, x.seq desc limit 1`
	fixtures["/{lang}/circulars {slug}"] = `select year || '-' || number from circulars where public and state = 'issued' order by year, number limit 1`
}
