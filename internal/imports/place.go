package imports

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
)

// The columns by which a row of any kind names a municipality.
const (
	PlaceName    = "municipality"
	PlaceCountry = "country"
	PlaceRegion  = "region"
	PlaceSource  = "source_id"
)

// PlaceFields are the columns by which a row names a municipality. Name and source number
// stand for each other; country and region are needed where several have the name.
func PlaceFields() []Field {
	return []Field{
		{Code: PlaceName, Required: true, Example: "Şuşa", Words: []string{"belediye adı", "belediye", "şehir", "kent", "city", "town", "member", "üye", "город", "муниципалитет", "bələdiyyə"}},
		{Code: PlaceCountry, ForAll: true, Example: "AZ", Words: []string{"ülke", "ülke kodu", "country code", "страна", "ölkə"}},
		{Code: PlaceRegion, Words: []string{"il", "bölge", "province", "область", "регион"}},
		{Code: PlaceSource, Words: []string{"source id", "kaynak no"}},
	}
}

// Place is how a row names a municipality.
type Place struct{ Name, Country, Region, Source string }

// PlaceOf reads it.
func PlaceOf(row Row) Place {
	return Place{Name: row.Get(PlaceName), Country: row.Get(PlaceCountry), Region: row.Get(PlaceRegion), Source: row.Get(PlaceSource)}
}

// Found is the municipality that a row names, or why it is none.
type Found struct {
	ID    int64
	Name  string
	Fault Fault // its Key is empty where the municipality was found
}

// FindPlaces finds the municipalities of many rows at once; wire.go fills it.
type FindPlaces func(ctx context.Context, q postgres.Querier, places []Place) ([]Found, error)

// Find finds the municipality of each row. Rows without any stay at 0 and without a fault.
func (find FindPlaces) Find(ctx context.Context, q postgres.Querier, rows []Row) ([]Found, error) {
	places := make([]Place, len(rows))
	for i, row := range rows {
		places[i] = PlaceOf(row)
	}
	return find(ctx, q, places)
}

// InUse says which of some records something else points at, whatever the schema holds.
// tables are those that the ids are keys of; own are the tables whose rows come and go with
// the record.
func InUse(ctx context.Context, q postgres.Querier, tables, own []string, ids []int64) (map[int64]bool, error) {
	rows, _ := q.Query(ctx, `
		select distinct k.conrelid::regclass::text, a.attname::text
		from pg_constraint k
		cross join unnest(k.conkey, k.confkey) x (here, there)
		join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.here
		join pg_attribute b on b.attrelid = k.confrelid and b.attnum = x.there and b.attname = 'id'
		where k.contype = 'f' and k.confrelid = any ($2::text[]::regclass[])
			and not (k.conrelid::regclass::text = any ($1)) order by 1, 2`, slices.Concat(own, tables, always), tables)
	type column struct{ Table, Name string }
	columns, err := pgx.CollectRows(rows, pgx.RowToStructByPos[column])
	if err != nil {
		return nil, err
	}
	out := map[int64]bool{}
	for _, c := range columns {
		name := pgx.Identifier{c.Name}.Sanitize()
		rows, _ := q.Query(ctx, `select distinct `+name+` from `+c.Table+` where `+name+` = any ($1)`, ids)
		found, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return nil, err
		}
		for _, id := range found {
			out[id] = true
		}
	}
	return out, nil
}

// always are the tables that speak of every record and hinder nothing.
var always = []string{"subjects", "audit_entries", "search_documents", "search_words", "search_documents_org", "search_documents_public",
	"search_documents_staff", "search_words_org", "search_words_public", "search_words_staff"}
