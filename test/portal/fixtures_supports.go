package portal

func init() {
	fixtures["{support}"] = `select s.public_id from supports x join subjects s on s.id = x.id join municipalities m on m.id = x.org_id
		where m.source_id = 'gn:147105' order by x.id limit 1`
	fixtures["/{lang}/desk/requests/{request}/support {request}"] = `select s.public_id from supports x join subjects s on s.id = x.request_id order by x.id limit 1`
	fixtures["/{lang}/desk/supports {part}"] = `select 'aaaaaaaaaaaaaaaaaaaaaaaaaa'`
	fixtures["/{lang}/desk/requests/{request}/files/{document} {request}"] = `
		select s.public_id from requests r join subjects s on s.id = r.id join documents d on d.subject_id = r.id order by d.id limit 1`
	fixtures["/{lang}/desk/requests/{request}/files/{document} {document}"] = `
		select d.public_id from documents d join requests r on r.id = d.subject_id order by d.id limit 1`
}
