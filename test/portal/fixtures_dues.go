package portal

func init() {
	fixtures["{assessment}"] = `select s.public_id from dues_assessments a join subjects s on s.id = a.id join municipalities m on m.id = a.org_id
		where m.source_id = 'gn:147105' and a.year = 2026`
	fixtures["{payment}"] = `select p.public_id from dues_payments p join municipalities m on m.id = p.org_id where m.source_id = 'gn:147105' and p.amount > 0 order by p.id limit 1`
	fixtures["{run}"] = `select public_id from dues_runs order by id limit 1`
	fixtures["{file}"] = `select s.public_id from dues_bank_files f join subjects s on s.id = f.id order by f.id limit 1`
	fixtures["{line}"] = `select public_id from dues_bank_lines where state = 'open' order by id limit 1`
	constants["{year}"] = "2026"
}
