package portal

func init() {
	fixtures["/{lang}/desk/imports {kind}"] = `select 'municipalities'`
	fixtures["/{lang}/desk/imports {import}"] = `
		with s as (
			insert into subjects (kind, org_id, public_id)
			select 'import', union_id(), 'importimportimportimportim' where not exists (select from subjects where public_id = 'importimportimportimportim')
			returning id, org_id
		), i as (
			insert into imports (id, org_id, kind, state, file, header, columns, total)
			select id, org_id, 'municipalities', 'ready', 'ornek.csv', '["Ad"]', '{name}', 0 from s
		)
		select 'importimportimportimportim'`
}

func init() {
	place := func(source string) string {
		return `select s.public_id from municipalities m join subjects s on s.id = m.id where m.source_id = '` + source + `'`
	}
	// Two places of different countries: whoever may merge is told why these two cannot be one.
	fixtures["/{lang}/desk/duplicates {a}"], fixtures["/{lang}/desk/duplicates {b}"] = place("gn:147105"), place("gn:749780")
	constants["{merge}"] = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
}
