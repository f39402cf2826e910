package matrix

// plantCirculars writes the word where Şuşa must not find it: in a circular that went to
// Çanakkale alone, in what Çanakkale answered to one that both got, and in the list of whom it
// goes to.
func (x crawler) plantCirculars() {
	x.t.Helper()
	var n int
	x.p.Query(&n, `
		with other as (select m.org_id from mandates m join users u on u.id = m.user_id where u.email = 'editor@canakkale.example' limit 1),
		writer as (select id from users where email = 'desk@union.example'), second as (select id from users where email = 'head@union.example'),
		s as (insert into subjects (kind, org_id, public_id) values ('circular', union_id(), rpad('kanaryagenelge', 26, 'a')) returning id, org_id),
		c as (
			insert into circulars (id, org_id, kind, state, year, number, issued_on, issued_at, total, audience, created_by, edited_by, approved_by)
			select s.id, s.org_id, 'legal', 'issued', 2026, 900, current_date, now(), 1, jsonb_build_object('named', array[$1]), w.id, w.id, h.id from s, writer w, second h returning id),
		t as (insert into circular_texts (circular_id, version, lang, title, body, todo, actor_id) select c.id, 1, 'tr', $1, $1, $1, w.id from c, writer w returning 1),
		cs as (insert into subjects (kind, org_id, public_id) select 'circular_copy', org_id, rpad('kanaryanusha', 26, 'a') from other returning id, org_id),
		x as (insert into circular_copies (id, org_id, circular_id, seq, name) select cs.id, cs.org_id, c.id, 202600900, $1 from cs, c returning 1),
		a as (
			update circular_copies y set answer = $1, answered_by = u.id, answered_at = now() from users u
			where u.email = 'editor@canakkale.example' and y.org_id = (select org_id from other) returning 1)
		select (select count(*) from x) + (select count(*) from a) from t`, canary)
	if n < 2 {
		x.t.Fatalf("%d places have the word", n)
	}
}
