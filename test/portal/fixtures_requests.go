package portal

func init() {
	fixtures["/{lang}/m/{org}/requests {page}"] = `select 'title'`
	fixtures["/{lang}/m/{org}/requests {request}"] = `
		select s.public_id from requests r join subjects s on s.id = r.id join municipalities m on m.id = r.org_id
		where m.source_id = 'gn:147105' order by r.state = 'draft' desc, r.id limit 1`
}
