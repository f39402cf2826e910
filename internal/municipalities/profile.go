package municipalities

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// profile reads one municipality with its names and fields, in three queries whatever it holds.
func (r repository) profile(ctx context.Context, lang locale.Lang, slug string) (Profile, error) {
	var p Profile
	var successor *int64
	err := r.db.QueryRow(ctx, `
		select m.id, m.source_id, m.slug, m.name, m.standing, m.district, m.lat, m.lon, m.population, m.population_year, m.zone,
			m.website, m.note, m.figures_at, m.version, m.successor_id, coalesce(x.slug, ''), t.title, c.code, cn.name, r.slug, r.name
		from municipalities m
		join municipality_titles t on t.municipality_id = m.id and t.lang = $2
		join countries c on c.id = m.country_id
		join country_names cn on cn.country_id = c.id and cn.lang = $2
		join regions r on r.id = m.region_id
		left join municipalities x on x.id = m.merged_into
		where m.slug = $1`, slug, string(lang)).Scan(
		&p.ID, &p.SourceID, &p.Slug, &p.Name, &p.Standing, &p.District, &p.Lat, &p.Lon, &p.Population, &p.PopulationYear, &p.Zone,
		&p.Website, &p.Note, &p.FiguresAt, &p.Version, &successor, &p.MergedInto, &p.Title, &p.Country.Code, &p.Country.Title, &p.Region.Code, &p.Region.Title)
	if err != nil {
		return p, postgres.Explain(err, "municipalities.not_found")
	}
	if p.Names, err = r.names(ctx, p.ID); err != nil {
		return p, err
	}
	if p.Fields, err = r.fieldsOf(ctx, lang, p.ID); err != nil {
		return p, err
	}
	if successor != nil {
		rows, err := r.byID(ctx, lang, Filter{}, []int64{*successor})
		if row, ok := rows[*successor]; ok {
			p.Successor = &row
		}
		return p, err
	}
	return p, nil
}

// names lists a municipality's names: the official ones first, then by script and spelling.
func (r repository) names(ctx context.Context, id int64) ([]Name, error) {
	rows, _ := r.db.Query(ctx, `
		select name, lang, script, kind from municipality_names where municipality_id = $1
		order by kind <> 'official', script = 'Zyyy', script, name collate "und-x-icu"`, id)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Name])
}

func (r repository) fieldsOf(ctx context.Context, lang locale.Lang, id int64) ([]Choice, error) {
	return r.choices(ctx, `
		select x.code, ft.title from municipality_fields mf
		join fields x on x.id = mf.field_id
		join field_texts ft on ft.field_id = x.id and ft.lang = $2
		where mf.municipality_id = $1 and x.listed order by x.position`, id, string(lang))
}

// memberCountries lists the countries that have members, as the language orders them.
func (r repository) memberCountries(ctx context.Context, lang locale.Lang) ([]Choice, error) {
	return r.choices(ctx, `
		select c.code, n.name from countries c join country_names n on n.country_id = c.id and n.lang = $1
		where exists (select from municipality_titles t where t.country_id = c.id and t.lang = $1 and t.standing = 'active')
		order by n.name collate "`+locale.Collation(lang)+`"`, string(lang))
}

// regionsOf are a country's regions; one that only applicants have typed is not offered.
func (r repository) regionsOf(ctx context.Context, country string) ([]Choice, error) {
	return r.choices(ctx, `
		select r.slug, r.name from regions r join countries c on c.id = r.country_id
		where c.code = $1 and (exists (select from municipalities m where m.region_id = r.id and m.source_id not like 'app:%')
			or not exists (select from municipalities m where m.region_id = r.id))
		order by r.name collate "und-x-icu", r.id limit 500`, country)
}

func (r repository) fieldChoices(ctx context.Context, lang locale.Lang) ([]Choice, error) {
	return r.choices(ctx, `
		select x.code, ft.title from fields x join field_texts ft on ft.field_id = x.id and ft.lang = $1
		where x.listed and x.of_interest order by x.position`, string(lang))
}

func (r repository) choices(ctx context.Context, sql string, args ...any) ([]Choice, error) {
	rows, _ := r.db.Query(ctx, sql, args...)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Choice])
}
