package portal

func init() {
	const decidable = `select s.public_id from requests r join subjects s on s.id = r.id where r.state = 'board_decision' order by r.id limit 1`
	fixtures["/{lang}/desk/requests/{request}/moves/{move} {request}"] = decidable
	fixtures["/{lang}/desk/requests/{request}/moves/{move} {move}"] = `select 'back_to_review'`
	fixtures["/{lang}/desk/requests/{request}/advise {request}"] = `select s.public_id from requests r join subjects s on s.id = r.id where r.state = 'co_opinion' order by r.id limit 1`
	fixtures["/{lang}/desk/requests/{request}/decision {request}"] = decidable
	fixtures["/{lang}/desk/requests {request}"] = `select s.public_id from requests r join subjects s on s.id = r.id where r.state = 'in_review' order by r.id limit 1`
	fixtures["/{lang}/desk/requests {task}"] = `select 'aaaaaaaaaaaaaaaaaaaaaaaaaa'`
	fixtures["/{lang}/desk/requests {link}"] = `select 'aaaaaaaaaaaaaaaaaaaaaaaaaa'`
	fixtures["/{lang}/desk/requests {view}"] = `select 'aaaaaaaaaaaaaaaaaaaaaaaaaa'`
	fixtures["/{lang}/projects {slug}"] = `select t.slug from translations t join projects p on p.id = t.subject_id and p.published where t.lang = '{lang}' and t.live_version is not null order by p.id limit 1`
	fixtures["/{lang}/desk/projects {record}"] = `select s.public_id from projects p join subjects s on s.id = p.id where p.state = 'implementation' order by p.id limit 1`
	fixtures["/{lang}/desk/projects {tongue}"] = `select 'tr'`
}
