package municipalities

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/locale"
)

// The columns that a table of municipalities may have.
const (
	fieldName       = "name"
	fieldCountry    = "country" // code or name, in any language of the register
	fieldRegion     = "region"
	fieldDistrict   = "district"
	fieldPopulation = "population"
	fieldYear       = "population_year"
	fieldLat        = "lat"
	fieldLon        = "lon"
	fieldSource     = "source_id"
	fieldWebsite    = "website"
	fieldAliases    = "alt_names" // parted by |
	fieldStanding   = "membership"
	fieldJoined     = "joined_on"
	fieldZone       = "time_zone"
)

// titleFields are the columns of the names that each language lists a place by.
var titleFields = map[string]locale.Lang{"name_tr": locale.TR, "name_en": locale.EN, "name_ru": locale.RU}

// standingWords are what tables say of a place's membership.
var standingWords = imports.Options{
	string(Active):    {"member", "üye", "член", "участник", "üzv", "yes", "evet", "да", "active", "aktif"},
	string(Reference): {"reference", "aday", "candidate", "üye değil", "не член", "кандидат", "no", "hayır", "нет", "referans"},
}

// ImportKind is how tables of municipalities are brought.
func ImportKind() imports.Kind {
	return imports.Kind{Code: "municipalities", Needs: identity.ImportRecords, Fields: importFields(),
		Open: func(ctx context.Context, w imports.Work) (imports.Session, error) { return openImporter(ctx, w) }}
}

func importFields() []imports.Field {
	return []imports.Field{
		{Code: fieldName, Required: true, Example: "Şuşa", Words: []string{"belediye adı", "belediye", "ad", "adı", "şehir", "kent", "resmi ad",
			"official name", "municipality", "city", "town", "название", "наименование", "город", "муниципалитет", "bələdiyyə",
			"bələdiyyənin adı", "şəhər", "shahar", "nomi", "қала", "шаар", "аталышы"}},
		{Code: fieldCountry, ForAll: true, Example: "AZ", Words: []string{"ülke", "ülke kodu", "ülke adı", "country code", "страна", "код страны",
			"ölkə", "davlat", "ел", "өлкө"}},
		{Code: fieldRegion, Example: "Şuşa", Words: []string{"admin1", "il", "bölge", "eyalet", "province", "state", "область", "регион", "край", "viloyat", "облыс", "облус"}},
		{Code: fieldDistrict, Words: []string{"admin2", "ilçe", "район", "rayon", "tuman", "аудан"}},
		{Code: fieldPopulation, Kind: export.Number, Example: "18662", Words: []string{"nüfus", "nüfusu", "inhabitants", "население", "численность населения", "əhali",
			"əhalinin sayı", "aholi", "халық саны", "калкы"}},
		{Code: fieldYear, ForAll: true, Kind: export.Number, Example: "2020", Words: []string{"nüfus yılı", "population year", "year", "год", "год переписи"}},
		{Code: fieldLat, Kind: export.Number, Example: "39.76006", Words: []string{"enlem", "latitude", "широта", "en dairəsi"}},
		{Code: fieldLon, Kind: export.Number, Example: "46.74989", Words: []string{"boylam", "lng", "long", "longitude", "долгота", "uzunluq dairəsi"}},
		{Code: fieldWebsite, Words: []string{"web", "web sitesi", "site", "url", "сайт", "internet adresi"}},
		{Code: fieldAliases, Words: []string{"alt names", "other names", "diğer adları", "diğer adlar", "другие названия"}},
		{Code: "name_tr", Words: []string{"türkçe adı"}}, {Code: "name_en", Words: []string{"ingilizce adı", "english name"}},
		{Code: "name_ru", Words: []string{"rusça adı", "название на русском"}},
		{Code: fieldStanding, ForAll: true, Options: []string{string(Active), string(Reference)}, Example: "member", Words: []string{"üyelik", "status", "durum", "standing", "статус", "членство"}},
		{Code: fieldJoined, Kind: export.Day, Words: []string{"üyelik tarihi", "katılım tarihi", "joined", "member since", "дата вступления"}},
		{Code: fieldZone, ForAll: true, Words: []string{"timezone", "time zone", "saat dilimi", "часовой пояс"}},
		{Code: fieldSource, Words: []string{"source id", "kaynak no", "код", "kod", "sicil no"}},
		{Code: "ignored", Ignored: true, Words: []string{"sıra", "sıra no", "no", "№", "n", "id", "sn", "№ п/п", "ascii name", "ascii_name", "slug"}},
	}
}

// countryFinder knows countries by their code and by their names in every language.
type countryFinder struct {
	ids    map[string]int64  // code → id
	names  map[string]Titled // code → names
	byName map[string]string // folded name → code
}

func newCountryFinder(ids map[string]int64, names map[string]Titled, codes map[string]string) countryFinder {
	f := countryFinder{ids: ids, names: names, byName: codes}
	for _, code := range slices.Sorted(maps.Keys(names)) {
		for _, name := range names[code] {
			f.byName[nameKey(name)] = code
		}
	}
	return f
}

func (f countryFinder) find(text string) (code string, ok bool) {
	if code = strings.ToUpper(text); f.ids[code] != 0 {
		return code, true
	}
	code, ok = f.byName[nameKey(text)]
	return code, ok
}
