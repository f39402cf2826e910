package municipalities

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/birlik/portal/internal/locale"
)

func (l *loader) copyPlaces(ctx context.Context, records []Record) error {
	_, err := l.tx.CopyFrom(ctx, pgx.Identifier{"municipalities"},
		[]string{"id", "org_id", "source_id", "slug", "name", "name_latin", "standing", "country_id", "region_id", "district", "lat", "lon",
			"population", "population_year", "zone", "website", "note", "figures_at"},
		pgx.CopyFromSlice(len(records), func(i int) ([]any, error) {
			r := records[i]
			var population, year any
			if r.Population > 0 {
				population, year = r.Population, int32(r.PopulationYear)
			}
			return []any{l.ids[i], l.ids[i], r.SourceID, l.slug[i], r.Name, r.Latin, string(r.Standing), l.countries[r.Country],
				l.region[i], r.District, r.Lat, r.Lon, population, year, r.Zone, r.Website, r.Note, r.FiguresAt}, nil
		}))
	return err
}

func (l *loader) copyNames(ctx context.Context, records []Record) error {
	var rows [][]any
	for i, r := range records {
		for _, n := range r.names() {
			rows = append(rows, []any{l.ids[i], n.Name, n.Lang, n.Script, n.Kind})
		}
	}
	_, err := l.tx.CopyFrom(ctx, pgx.Identifier{"municipality_names"},
		[]string{"municipality_id", "name", "lang", "script", "kind"}, pgx.CopyFromRows(rows))
	return err
}

// names are the record's names once each, the official one first.
func (r Record) names() []Name {
	out := []Name{{Name: r.Name, Lang: "und", Script: Script(r.Name), Kind: Official}}
	at := map[string]int{r.Name: 0}
	for _, n := range r.Names {
		if known, ok := at[n.Name]; ok {
			if out[known].Lang == "und" {
				out[known].Lang = n.Lang
			}
			continue
		}
		at[n.Name] = len(out)
		out = append(out, n)
	}
	return out
}

// titles are what the record is listed by in every interface language.
func (r Record) titles() Titled {
	out := Titled{}
	for _, lang := range locale.Langs() {
		out[lang] = r.Titles[lang]
		if out[lang] == "" {
			out[lang] = r.Name
		}
	}
	return out
}

func (l *loader) copyTitles(ctx context.Context, records []Record) error {
	var rows [][]any
	for i, r := range records {
		titles := r.titles()
		for _, lang := range locale.Langs() {
			rows = append(rows, []any{l.ids[i], string(lang), titles[lang], string(r.Standing), l.countries[r.Country],
				l.region[i], bandOf(r.Population)})
		}
	}
	_, err := l.tx.CopyFrom(ctx, pgx.Identifier{"municipality_titles"},
		[]string{"municipality_id", "lang", "title", "standing", "country_id", "region_id", "band"}, pgx.CopyFromRows(rows))
	return err
}

// bandOf is the number of the band that the database computes too; the foreign key of
// municipality_titles holds both together.
func bandOf(population int64) int16 {
	if population == 0 {
		return 0
	}
	for i, b := range Bands()[1:] {
		if population >= b.From && (b.To == 0 || population < b.To) {
			return int16(i + 1)
		}
	}
	return 0
}

func (l *loader) copyFields(ctx context.Context, records []Record) error {
	var rows [][]any
	for i, r := range records {
		for _, code := range r.Fields {
			rows = append(rows, []any{l.ids[i], l.fields[code]})
		}
	}
	_, err := l.tx.CopyFrom(ctx, pgx.Identifier{"municipality_fields"},
		[]string{"municipality_id", "field_id"}, pgx.CopyFromRows(rows))
	return err
}

// copyFacts takes the members' standing over from the register that is loaded: the facts
// first, and what they say today.
func (l *loader) copyFacts(ctx context.Context, records []Record) error {
	var facts, standings [][]any
	for i, r := range records {
		if r.Standing == Reference {
			continue
		}
		joined, since := registerDay(r.Joined), registerDay(r.Joined)
		facts = append(facts, []any{l.ids[i], "admitted", "full", joined, "register"})
		if r.Standing != Active {
			since = registerDay(r.FiguresAt)
			facts = append(facts, []any{l.ids[i], string(r.Standing), nil, since, "register"})
		}
		standings = append(standings, []any{l.ids[i], "full", string(r.Standing), joined, since})
	}
	_, err := l.tx.CopyFrom(ctx, pgx.Identifier{"membership_facts"},
		[]string{"org_id", "fact", "kind", "effective_on", "source"}, pgx.CopyFromRows(facts))
	if err != nil {
		return err
	}
	_, err = l.tx.CopyFrom(ctx, pgx.Identifier{"memberships"},
		[]string{"org_id", "kind", "standing", "joined_on", "standing_on"}, pgx.CopyFromRows(standings))
	return err
}

// registerDay is a day of the register; one that it does not know lies before every other.
func registerDay(day time.Time) pgtype.Date {
	if day.IsZero() {
		return pgtype.Date{InfinityModifier: pgtype.NegativeInfinity, Valid: true}
	}
	return pgtype.Date{Time: day, Valid: true}
}
