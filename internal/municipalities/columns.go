package municipalities

import (
	"github.com/birlik/portal/internal/fold"
)

// Column is what a column of an imported table holds.
type Column string

// The columns that a table of municipalities may have. Ignored ones have no place in the
// register; a column that nobody knows is the empty one.
const (
	ColumnName       Column = "name"
	ColumnCountry    Column = "country" // code or name, in any language of the portal
	ColumnRegion     Column = "region"
	ColumnDistrict   Column = "district"
	ColumnPopulation Column = "population"
	ColumnYear       Column = "population_year"
	ColumnLat        Column = "lat"
	ColumnLon        Column = "lon"
	ColumnSource     Column = "source_id"
	ColumnWebsite    Column = "website"
	ColumnAliases    Column = "alt_names" // parted by |
	ColumnIgnored    Column = "ignored"
)

// headings are what offices call the columns, in the languages of the region.
var headings = map[Column][]string{
	ColumnName: {"belediye adı", "belediye", "ad", "adı", "şehir", "kent", "resmi ad", "name", "official name", "municipality", "city", "town",
		"название", "наименование", "город", "муниципалитет", "bələdiyyə", "bələdiyyənin adı", "şəhər", "shahar", "nomi", "қала", "шаар", "аталышы"},
	ColumnCountry:  {"ülke", "ülke kodu", "ülke adı", "country", "country code", "страна", "код страны", "ölkə", "davlat", "ел", "өлкө"},
	ColumnRegion:   {"il", "bölge", "eyalet", "region", "province", "state", "область", "регион", "край", "rayon", "viloyat", "облыс", "облус"},
	ColumnDistrict: {"ilçe", "district", "район", "tuman", "аудан"},
	ColumnPopulation: {"nüfus", "nüfusu", "population", "inhabitants", "население", "численность населения", "əhali", "əhalinin sayı", "aholi",
		"халық саны", "калкы"},
	ColumnYear:    {"nüfus yılı", "population year", "year", "год", "год переписи"},
	ColumnLat:     {"enlem", "lat", "latitude", "широта", "en dairəsi"},
	ColumnLon:     {"boylam", "lon", "lng", "long", "longitude", "долгота", "uzunluq dairəsi"},
	ColumnSource:  {"source id", "source", "kaynak", "kaynak no", "код", "kod", "sicil no"},
	ColumnWebsite: {"web", "web sitesi", "site", "website", "url", "сайт", "internet adresi"},
	ColumnAliases: {"alt names", "other names", "diğer adları", "diğer adlar", "другие названия"},
	ColumnIgnored: {"sıra", "sıra no", "no", "№", "n", "id", "sn", "№ п/п", "ascii name"},
}

// byHeading finds a column by its folded heading.
var byHeading = map[string]Column{}

func init() {
	for column, list := range headings {
		for _, heading := range list {
			byHeading[headingKey(heading)] = column
		}
	}
}

// headingKey folds a heading; what has no letter in it ("№") stays as it is.
func headingKey(s string) string {
	if key := fold.Key(s); key != "" {
		return key
	}
	return s
}

// MatchColumns says what each column of a header holds; a second column of the same meaning
// is not known, so that a person decides.
func MatchColumns(header []string) []Column {
	out := make([]Column, len(header))
	taken := map[Column]bool{}
	for i, heading := range header {
		column := byHeading[headingKey(heading)]
		if column != ColumnIgnored && taken[column] {
			continue
		}
		taken[column] = true
		out[i] = column
	}
	return out
}
