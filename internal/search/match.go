package search

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/subject"
)

// wholeNames looks for names that are, or begin with, the whole text. The beginnings are
// looked for twice: in the order of the alphabet, which finds the few names of a rare
// beginning, and among the heaviest names, which finds the many of a common one in order.
func (f *finder) wholeNames(ctx context.Context) error {
	rows, _ := f.db.Query(ctx, `
		select k.kind, h.subject_id, h.tier, h.standing
		from unnest($1::text[]) s (scope), unnest($2::text[]) k (kind), lateral (
			(select w.subject_id, (array[0, 1, 4, 6, 9])[w.class + 1] as tier, w.standing
			from search_words w
			where w.scope = s.scope collate "C" and w.kind = k.kind collate "C" and w.word = $3
			order by w.class, w.standing limit $5)
			union all
			(select w.subject_id, (array[2, 3, 5, 7, 10])[w.class + 1], w.standing
			from (select w.subject_id, w.class, w.standing from search_words w
				where w.scope = s.scope collate "C" and w.kind = k.kind collate "C" and w.word > $3 and w.word < $4
				order by w.word limit 500) w
			order by w.class, w.standing limit $5)
			union all
			(select w.subject_id, (array[2, 3])[w.class + 1], w.standing
			from (select w.subject_id, w.class, w.standing, w.word from search_words w
				where w.scope = s.scope collate "C" and w.kind = k.kind collate "C" and w.class <= 1
				order by w.standing limit 2000) w
			where w.word > $3 and w.word < $4
			order by w.class, w.standing limit $5)
		) h`, f.scopes, f.kinds, f.joined, after(f.joined), f.query.Limit)
	return f.collect(rows)
}

// allWords looks for subjects that hold every word of the text, each whole or as a
// beginning, in any order. It starts from each word's first 400 subjects and asks them for
// the other words.
func (f *finder) allWords(ctx context.Context) error {
	ends := make([]string, len(f.words))
	for i, w := range f.words {
		ends[i] = after(w)
	}
	rows, _ := f.db.Query(ctx, `
		select k.kind, h.subject_id, 8 + least(h.class, 4), h.standing
		from unnest($1::text[]) s (scope), unnest($2::text[]) k (kind), lateral (
			select c.subject_id, min(c.class) as class, min(c.standing) as standing
			from unnest($3::text[], $4::text[]) t (word, ends), lateral (
				select w.subject_id, w.class, w.standing from search_words w
				where w.scope = s.scope collate "C" and w.kind = k.kind collate "C"
					and w.word >= t.word collate "C" and w.word < t.ends collate "C"
				order by w.word, w.class, w.standing limit 400) c
			where not exists (
				select from unnest($3::text[], $4::text[]) o (word, ends)
				where o.word <> t.word and not exists (
					select from search_words w
					where w.subject_id = c.subject_id and w.scope = s.scope collate "C"
						and w.word >= o.word collate "C" and w.word < o.ends collate "C"))
			group by c.subject_id
			order by 2, 3 limit $5
		) h`, f.scopes, f.kinds, f.words, ends, f.query.Limit)
	return f.collect(rows)
}

// nearNames looks for names that are a typing error away.
func (f *finder) nearNames(ctx context.Context) error {
	words, err := f.guesses(ctx)
	if err != nil || len(words) == 0 {
		return err
	}
	rows, _ := f.db.Query(ctx, `
		select k.kind, h.subject_id, 20 + h.class, h.standing
		from unnest($1::text[]) s (scope), unnest($2::text[]) k (kind), lateral (
			select w.subject_id, w.class, w.standing
			from unnest($3::text[]) g (word), lateral (
				select w.subject_id, w.class, w.standing from search_words w
				where w.scope = s.scope collate "C" and w.kind = k.kind collate "C" and w.word = g.word collate "C"
				order by w.class, w.standing limit $4) w
			order by w.class, w.standing limit $4
		) h`, f.scopes, f.kinds, words, f.query.Limit)
	return f.collect(rows)
}

func (f *finder) collect(rows pgx.Rows) error {
	var kind string
	var h Hit
	_, err := pgx.ForEachRow(rows, []any{&kind, &h.Ref.ID, &h.tier, &h.standing}, func() error {
		h.Ref.Kind = subject.Kind(kind)
		h.Near = h.tier >= 20
		f.keep(h)
		return nil
	})
	return err
}

// show fetches what the list says of each match. A subject that stands in two of the
// actor's scopes shows the more private document, which leads to the working page.
func (f *finder) show(ctx context.Context) ([]Hit, error) {
	hits := f.best()
	ids := make([]int64, len(hits))
	for i, h := range hits {
		ids[i] = h.Ref.ID
	}
	rows, _ := f.db.Query(ctx, `
		select distinct on (d.subject_id) d.subject_id, d.lang, d.title, d.names, d.excerpt, d.reference, d.path
		from search_documents d
		where d.scope = any ($1) and d.subject_id = any ($2)
		order by d.subject_id, d.scope = 'public', d.lang = $3 desc, d.lang desc`, f.scopes, ids, string(f.query.Lang))
	shown := make(map[int64]Hit, len(hits))
	var d Hit
	var names []string
	_, err := pgx.ForEachRow(rows, []any{&d.Ref.ID, &d.Lang, &d.Title, &names, &d.Excerpt, &d.Reference, &d.Path}, func() error {
		d.Name = f.matchedName(d.Title, names)
		shown[d.Ref.ID] = d
		return nil
	})
	out := hits[:0]
	for _, h := range hits {
		if d, ok := shown[h.Ref.ID]; ok { // gone meanwhile: changed by another transaction
			d.Ref, d.Near, d.tier, d.standing = h.Ref, h.Near, h.tier, h.standing
			out = append(out, d)
		}
	}
	return out, err
}
