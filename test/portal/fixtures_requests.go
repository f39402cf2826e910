package portal

func init() {
	fixtures["/{lang}/m/{org}/requests {page}"] = `select 'title'`
	fixtures["/{lang}/m/{org}/requests {request}"] = `
		select s.public_id from requests r join subjects s on s.id = r.id join municipalities m on m.id = r.org_id
		where m.source_id = 'gn:147105' order by r.state = 'draft' desc, r.id limit 1`
	fixtures["/{lang}/m/{org}/requests/{request}/approve {request}"] = `
		select s.public_id from requests r join subjects s on s.id = r.id join municipalities m on m.id = r.org_id
		where m.source_id = 'gn:147105' and r.state = 'with_approver' order by r.id limit 1`
	fixtures["/{lang}/m/{org}/requests/{request}/sent {request}"] = `
		select s.public_id from requests r join subjects s on s.id = r.id join municipalities m on m.id = r.org_id
		where m.source_id = 'gn:147105' and r.open order by r.id limit 1`
}
