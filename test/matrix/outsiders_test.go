package matrix

import (
	"net/http"
	"testing"

	"github.com/birlik/portal/test/portal"
)

// outsiders are people who know the address of a city's pages and have no business there:
// somebody of a government, a consultant whose time is over, and somebody who was
// declined: an account without any office. To each the city answers as to a stranger.
var outsiders = []struct {
	who, email, made string
	ended            bool // was of the city once
}{
	{"government", "office@valilik.example", "", false},
	{"expired consultant", "danisman@shusha.example", `
		with m as (
			insert into mandates (user_id, org_id, role, starts_at, ends_at)
			select u.id, c.id, 'member_consultant', now() - interval '2 years', now() - interval '1 hour'
			from users u, municipalities c where u.email = $1 and c.source_id = 'gn:147105' returning id)
		select count(*) from m`, true},
	{"declined", "basvuran@valilik.example", `select count(*) from users where email = $1`, false},
}

// person makes somebody with the password of the demonstration.
const person = `
	with e as (select * from users where email = 'editor@shusha.example'), s as (
		insert into subjects (kind, org_id, public_id) values ('user', union_id(), left(translate(md5($1), '0189', 'wxyz'), 26)) returning id, org_id
	), u as (
		insert into users (id, org_id, email, email_key, name, password_hash, password_at)
		select s.id, s.org_id, $1, $1, 'Dışarıdan Biri', e.password_hash, now() from s, e returning id
	)
	select count(*) from u`

// TestOutsidersAreStrangers asks every page of the cities and of the desk as each outsider.
func TestOutsidersAreStrangers(t *testing.T) {
	p := portal.Start(t, "PORTAL_TRUSTED_PROXIES=127.0.0.1/32")
	all := rows(t)
	for _, o := range outsiders {
		var n int
		if o.made != "" {
			p.Query(&n, person, o.email)
			if p.Query(&n, o.made, o.email); n != 1 {
				t.Fatalf("%s was not made", o.who)
			}
		}
		x := &tester{p: p, clients: map[string]*http.Client{o.who: p.Client(o.email)}}
		for _, route := range portal.Routes(t) {
			if route[0] != http.MethodGet {
				continue
			}
			want := all[route[0]+" "+route[1]].cells[2]
			// Somebody who was of the city is told that their time is over, a stranger nothing at all.
			got := x.verdict(t, x.clients[o.who], route[0], p.Fill(route[1]))
			if got != want && !(o.ended && want == none && got == no) {
				t.Errorf("%s as %s: %s, want %s", route[1], o.who, got, want)
			}
		}
	}
}
