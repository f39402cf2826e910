package portal

func init() {
	const sent = `select s.public_id from requests r join subjects s on s.id = r.id join opinion_papers p on p.request_id = r.id where r.state = 'sent' order by r.id limit 1`
	for pattern, sql := range map[string]string{
		"/{lang}/opinions {slug}":                               `select slug from precedents where state = 'superseded' order by id limit 1`,
		"/{lang}/desk/precedents {precedent}":                   `select s.public_id from precedents p join subjects s on s.id = p.id order by p.id limit 1`,
		"/{lang}/desk/requests/{request}/opinion {request}":     sent,
		"/{lang}/desk/requests/{request}/opinion.pdf {request}": sent,
		"/{lang}/desk/requests/{request}/redaction {request}":   sent,
		// Nobody of the test's own city has an opinion: another's is not found.
		"/{lang}/m/{org}/requests/{request}/opinion.pdf {request}": sent,
	} {
		fixtures[pattern] = sql
	}
}
