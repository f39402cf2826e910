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
