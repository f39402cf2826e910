package portal

func init() {
	fixtures["{erasure}"] = `select s.public_id from erasures e join subjects s on s.id = e.id where e.state = 'open' order by e.due_at limit 1`
	fixtures["{export}"] = `select e.public_id from data_exports e join users u on u.id = e.user_id where u.email_key = 'desk@union.example' order by e.id limit 1`
	fixtures["/{lang}/privacy/ {number}"] = `select number::text from privacy_notices order by number limit 1`
	constants["{purpose}"] = "news"
}
