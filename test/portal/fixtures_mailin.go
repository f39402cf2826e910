package portal

func init() {
	fixtures["/{lang}/desk/mail {mail}"] = `select s.public_id from received_mails m join subjects s on s.id = m.id where m.state = 'held' order by m.id limit 1`
	fixtures["/{lang}/desk/mail/{mail}/drop {mail}"] = `select 'aaaaaaaaaaaaaaaaaaaaaaaaaa'`
	fixtures["/{lang}/desk/replies {reply}"] = `select s.public_id from reply_templates t join subjects s on s.id = t.id order by t.id limit 1`
}
