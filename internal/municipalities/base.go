package municipalities

import (
	"context"
	_ "embed" // the base data
	"encoding/csv"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/subject"
)

//go:embed data/countries.csv
var countriesCSV string

//go:embed data/fields.toml
var fieldsTOML string

// LoadBase fills the lists that every installation begins with: the countries of ISO 3166-1
// and the fields of the mandate. It adds what is missing by code and changes nothing that
// staff may have edited. Only the database's owner may call it.
func LoadBase(ctx context.Context, tx pgx.Tx) error {
	if err := loadCountries(ctx, tx); err != nil {
		return err
	}
	return loadFields(ctx, tx)
}

// nameLangs are the columns of countries.csv that hold names.
var nameLangs = []string{"tr", "en", "ru", "az", "kk", "ky", "uz", "tk"}

func loadCountries(ctx context.Context, tx pgx.Tx) error {
	rows, err := readCountries()
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	for _, r := range rows {
		queueCountry(batch, r)
	}
	return tx.SendBatch(ctx, batch).Close()
}

func readCountries() ([]map[string]string, error) {
	lines, err := csv.NewReader(strings.NewReader(countriesCSV)).ReadAll()
	if err != nil {
		return nil, err
	}
	out := make([]map[string]string, 0, len(lines)-1)
	for _, line := range lines[1:] {
		row := make(map[string]string, len(line))
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		out = append(out, row)
	}
	return out, nil
}

func queueCountry(batch *pgx.Batch, r map[string]string) {
	batch.Queue(`
		with s as (
			insert into subjects (kind, org_id, public_id)
			select 'country', union_id(), $1 where not exists (select from countries where code = $2)
			returning id, org_id
		)
		insert into countries (id, org_id, code, iso, currency, calling_code, zone, note)
		select id, org_id, $2, $2, $3, $4, $5, $6 from s`,
		subject.NewPublicID(), r["iso_a2"], orElse(r["currency"], "XXX"), r["calling_code"], orElse(r["main_timezone"], "UTC"), r["note"])
	for _, lang := range nameLangs {
		if name := r["name_"+lang]; name != "" {
			batch.Queue(`insert into country_names (country_id, lang, name)
				select id, $2, $3 from countries where code = $1 on conflict do nothing`, r["iso_a2"], lang, name)
		}
	}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// baseField is one field in fields.toml.
type baseField struct {
	Code       string            `toml:"code"`
	OfInterest *bool             `toml:"of_interest"` // true where it is not said
	Clauses    []baseClause      `toml:"clause"`
	Title      map[string]string `toml:"title"`
	Summary    map[string]string `toml:"summary"`
}

type baseClause struct {
	Number int    `toml:"number"`
	TR     string `toml:"tr"`
	EN     string `toml:"en"`
	RU     string `toml:"ru"`
}

func loadFields(ctx context.Context, tx pgx.Tx) error {
	var file struct {
		Fields []baseField `toml:"field"`
	}
	if _, err := toml.Decode(fieldsTOML, &file); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	for i, f := range file.Fields {
		queueField(batch, i+1, f)
	}
	return tx.SendBatch(ctx, batch).Close()
}

func queueField(batch *pgx.Batch, position int, f baseField) {
	batch.Queue(`
		with s as (
			insert into subjects (kind, org_id, public_id)
			select 'field', union_id(), $1 where not exists (select from fields where code = $2)
			returning id, org_id
		)
		insert into fields (id, org_id, code, position, of_interest) select id, org_id, $2, $3, $4 from s`,
		subject.NewPublicID(), f.Code, position, f.OfInterest == nil || *f.OfInterest)
	for _, lang := range locale.Langs() {
		batch.Queue(`insert into field_texts (field_id, lang, title, summary)
			select id, $2, $3, $4 from fields where code = $1 on conflict do nothing`,
			f.Code, string(lang), f.Title[string(lang)], f.Summary[string(lang)])
	}
	for _, c := range f.Clauses {
		queueClause(batch, f.Code, c)
	}
}

func queueClause(batch *pgx.Batch, field string, c baseClause) {
	batch.Queue(`insert into clauses (field_id, number) select id, $2 from fields where code = $1 on conflict do nothing`, field, c.Number)
	for lang, text := range map[locale.Lang]string{locale.TR: c.TR, locale.EN: c.EN, locale.RU: c.RU} {
		batch.Queue(`insert into clause_texts (clause_id, lang, text)
			select id, $2, $3 from clauses where number = $1 on conflict do nothing`, c.Number, string(lang), text)
	}
}
