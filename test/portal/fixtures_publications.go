package portal

func init() {
	const of = `select s.public_id from subjects s `
	for pattern, sql := range map[string]string{
		"{number}":                        `select max(number)::text from issues where published_at < 'infinity'`,
		"{article}":                       `select slug from translations where kind = 'article' and lang = '{lang}' and live_version is not null order by subject_id limit 1`,
		"/{lang}/desk/bulletins {record}": of + `join issues i on i.id = s.id order by i.number limit 1`,
		"/{lang}/desk/articles {record}":  of + `join articles a on a.id = s.id where a.published_at < 'infinity' order by a.id limit 1`,
		"/{lang}/desk/pages {record}":     of + `join site_pages p on p.id = s.id where p.code = 'about'`,
	} {
		fixtures[pattern] = sql
	}
	constants["{tongue}"] = "tr"
}
