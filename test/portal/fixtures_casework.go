package portal

func init() {
	fixtures["/{lang}/desk/requests {request}"] = `select s.public_id from requests r join subjects s on s.id = r.id where r.state = 'in_review' order by r.id limit 1`
	fixtures["/{lang}/desk/requests {view}"] = `select 'aaaaaaaaaaaaaaaaaaaaaaaaaa'`
}
