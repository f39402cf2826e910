package portal

func init() {
	fixtures["/{lang}/events/ {slug}"] = `select t.slug from translations t join translations tr using (subject_id) where tr.kind = 'event' and tr.slug = 'kis-yollari-erzurum' and tr.lang = 'tr' and t.lang = '{lang}'`
	fixtures["/{lang}/desk/events/ {record}"] = `select s.public_id from translations t join subjects s on s.id = t.subject_id where t.kind = 'event' and t.slug = 'kis-yollari-erzurum' and t.lang = 'tr'`
}
