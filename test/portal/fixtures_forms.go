package portal

func init() {
	constants["{form}"], constants["{what}"], constants["{part}"] = "project_support", "field", "kind"
	fixtures["/{lang}/desk/forms {number}"] = `select '1'`
	fixtures["/{lang}/desk/forms {page}"] = `select 'money'`
	fixtures["/{lang}/desk/drafts {page}"] = `select 'title'`
	fixtures["{helped}"] = `select s.public_id from form_helps h join subjects s on s.id = h.subject_id where h.ended_at is null order by h.id limit 1`
}
