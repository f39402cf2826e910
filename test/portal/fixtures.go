package portal

import (
	"regexp"
	"strings"

	"github.com/birlik/portal/web/static"
)

// fixtures fill a placeholder of a pattern by asking the database. The city is Şuşa, for
// which editor@shusha.example acts and editor@canakkale.example does not. A key may begin
// with the pattern that it holds for.
var fixtures = map[string]string{
	"{org}":    `select s.public_id from municipalities m join subjects s on s.id = m.id where m.source_id = 'gn:147105'`,
	"{user}":   `select s.public_id from users u join subjects s on s.id = u.id where u.email = 'nobody@union.example'`,
	"{record}": `select s.public_id from users u join subjects s on s.id = u.id where u.email = 'nobody@union.example'`,
}

// constants fill the placeholders that name no record, or one that cannot be there.
var constants = map[string]string{
	"{status}": "404", "{kind}": "user", "{token}": strings.Repeat("a", 26), "{session}": strings.Repeat("a", 26),
	"{passkey}": strings.Repeat("a", 26),
	"{id}":      "1", "*": strings.TrimPrefix(static.URL("icon.svg"), static.Prefix),
}

var hole = regexp.MustCompile(`\{[a-z_]+\}|\*`)

// Fill makes a path of a route's pattern, in Turkish.
func (p *Portal) Fill(pattern string) string { return p.FillIn("tr", pattern) }

// FillIn makes a path of a route's pattern in a language of the portal. A fixture's {lang}
// stands for it: the address of a text is another one in each language.
func (p *Portal) FillIn(lang, pattern string) string {
	p.t.Helper()
	p.nobody()
	return hole.ReplaceAllStringFunc(pattern, func(name string) string {
		if name == "{lang}" {
			return lang
		}
		if sql := p.fixture(pattern, name); sql != "" {
			var value string
			p.Query(&value, strings.ReplaceAll(sql, "{lang}", lang))
			return value
		}
		value, ok := constants[name]
		if !ok {
			p.t.Errorf("%s: no fixture for %s", pattern, name)
		}
		return value
	})
}

// fixture is the question that fills a placeholder, the closest one to the pattern.
func (p *Portal) fixture(pattern, name string) string {
	best, sql := "", fixtures[name]
	for key, question := range fixtures {
		before, rest, scoped := strings.Cut(key, " ")
		if scoped && rest == name && strings.HasPrefix(pattern, before) && len(before) > len(best) {
			best, sql = before, question
		}
	}
	return sql
}

// nobody is a person that tests may change and switch off.
func (p *Portal) nobody() {
	if p.seeded {
		return
	}
	p.seeded = true
	var done int
	p.Query(&done, `
		with s as (
			insert into subjects (kind, org_id, public_id)
			values ('user', union_id(), 'nobodynobodynobodynobodyno') returning id, org_id
		), u as (
			insert into users (id, org_id, email, email_key, name)
			select id, org_id, 'nobody@union.example', 'nobody@union.example', 'Nobody' from s
		)
		select 1`)
}
