package portal

func init() {
	fixtures["/{lang}/services {slug}"] = `select 'business-corporation'`
	// A service whose next version somebody writes, so that each page of the draft has something to show.
	const drafted = `
		with d as (
			insert into service_drafts (service, base, definition, actor_id)
			select s.code, s.live, v.definition, u.id from services s join service_versions v on v.service = s.code and v.version = s.live, users u
			where s.slug = 'opinion' and u.email = 'head@union.example' on conflict do nothing returning 1
		)
		select 'opinion' from (select count(*) from d) x`
	for pattern, sql := range map[string]string{
		"/{lang}/desk/services {slug}":    drafted,
		"/{lang}/desk/services {version}": `select '1'`,
		"/{lang}/desk/services {state}":   `select 'in_review'`,
		"/{lang}/desk/services {move}":    `select 'send'`,
		"/{lang}/desk/services {office}":  `select 'legal'`,
		"/{lang}/m/{org}/services {slug}": `select 'opinion'`,
	} {
		fixtures[pattern] = sql
	}
}
