package portal

func init() {
	fixtures["/{lang}/events/ {slug}"] = `select slug from translations where kind = 'event' and slug = 'kis-yollari-erzurum' and lang = 'tr'`
	fixtures["/{lang}/desk/events/ {record}"] = `select s.public_id from translations t join subjects s on s.id = t.subject_id where t.kind = 'event' and t.slug = 'kis-yollari-erzurum' and t.lang = 'tr'`
}
