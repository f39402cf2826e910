package municipalities

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// reindex writes the search rows of municipalities anew; one that was merged into another
// is taken out. Only the database's owner may call it.
func reindex(ctx context.Context, tx pgx.Tx, ids []int64) error {
	places, err := readFound(ctx, tx, ids)
	if err != nil {
		return err
	}
	entries := make([]search.Entry, len(ids))
	for i, id := range ids {
		entries[i] = search.Entry{Ref: subject.Ref{Kind: subject.Municipality, ID: id}}
		if place, ok := places[id]; ok {
			entries[i].Documents = place.documents()
		}
	}
	return search.Load(ctx, tx, entries)
}

// readFound reads what municipalities are found by.
func readFound(ctx context.Context, tx pgx.Tx, ids []int64) (map[int64]found, error) {
	countries, err := countryNames(ctx, tx)
	if err != nil {
		return nil, err
	}
	rows, _ := tx.Query(ctx, `
		select m.id, m.slug, m.source_id, c.code, r.name, m.district, coalesce(m.population, 0), union_id(),
			array(select n.name from municipality_names n where n.municipality_id = m.id order by n.kind <> 'official', n.name),
			(select jsonb_object_agg(t.lang, t.title) from municipality_titles t where t.municipality_id = m.id)
		from municipalities m join countries c on c.id = m.country_id join regions r on r.id = m.region_id
		where m.id = any ($1) and m.merged_into is null`, ids)
	out := map[int64]found{}
	var id int64
	var code string
	var f found
	var titles map[string]string
	_, err = pgx.ForEachRow(rows, []any{&id, &f.slug, &f.sourceID, &code, &f.region, &f.district, &f.population, &f.union, &f.names, &titles}, func() error {
		one := f
		one.countries, one.titles = countries[code], Titled{}
		for lang, title := range titles {
			one.titles[locale.Lang(lang)] = title
		}
		out[id], f.names, titles = one, nil, nil
		return nil
	})
	return out, err
}
