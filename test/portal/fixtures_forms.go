package portal

func init() {
	constants["{form}"], constants["{what}"], constants["{part}"] = "project_support", "field", "kind"
	fixtures["/{lang}/desk/forms {number}"] = `select '1'`
	fixtures["/{lang}/desk/forms {page}"] = `select 'money'`
	fixtures["/{lang}/desk/drafts {page}"] = `select 'title'`
	fixtures["/{lang}/m/{org}/requests/{request}/form/carry {request}"] = `select s.public_id from requests r join subjects s on s.id = r.id
		join municipalities m on m.id = r.org_id where m.source_id = 'gn:147105' and r.state = 'draft' and r.service = 'funding_guidance' limit 1`
	fixtures["{helped}"] = `select s.public_id from form_helps h join subjects s on s.id = h.subject_id where h.ended_at is null order by h.id limit 1`
}
