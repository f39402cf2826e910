package portal

func init() {
	fixtures["/{lang}/desk/intake {city}"] = `select s.public_id from municipalities m join subjects s on s.id = m.id where m.source_id = 'gn:147105'`
	const arrived = `select s.public_id from requests r join subjects s on s.id = r.id where r.channel = 'paper' order by r.id limit 1`
	for _, path := range []string{"answers", "answers-closed"} {
		fixtures["/{lang}/desk/requests/{request}/"+path+" {request}"] = arrived
	}
	fixtures["/{lang}/desk/requests/{request}/answers {page}"] = `select 'title'`
}
