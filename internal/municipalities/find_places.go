package municipalities

import (
	"context"
	"strings"

	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/postgres"
)

// FindPlaces is the imports.FindPlaces of the register: a municipality is named by its
// number in the source or by any spelling of its names, with or without what its office is
// called, and with country and region where several have it.
func FindPlaces(ctx context.Context, q postgres.Querier, places []imports.Place) ([]imports.Found, error) {
	countries, err := readCountryFinder(ctx, q)
	if err != nil {
		return nil, err
	}
	var sources, words []string
	for _, p := range places {
		sources, words = append(sources, p.Source), append(words, wordOf(p.Name), wordOf(bareName(p.Name)))
	}
	known, err := newFinder(ctx, q, sources, words)
	out := make([]imports.Found, len(places))
	for i, p := range places {
		out[i] = known.one(p, countries)
	}
	return out, err
}

func (f finder) one(p imports.Place, countries countryFinder) imports.Found {
	fault := func(field, key, value string) imports.Found {
		return imports.Found{Name: p.Name, Fault: imports.Fault{Field: field, Key: key, Value: value}}
	}
	if p.Name == "" && p.Source == "" {
		return imports.Found{}
	}
	if e := f.bySource[p.Source]; p.Source != "" && e != nil {
		return imports.Found{ID: e.ID, Name: e.Name}
	}
	at := place{region: p.Region}
	if p.Country != "" {
		code, ok := countries.find(p.Country)
		if !ok {
			return fault(imports.PlaceCountry, "imports.no_country", p.Country)
		}
		at.country = code
	}
	fit := f.named(p.Name, at)
	if len(fit) == 0 {
		fit = f.named(bareName(p.Name), at)
	}
	switch len(fit) {
	case 0:
		return fault(imports.PlaceName, "imports.no_place", p.Name)
	case 1:
		return imports.Found{ID: fit[0].ID, Name: fit[0].Name}
	default:
		return fault(imports.PlaceName, "imports.several", fit[0].Region+", "+fit[1].Region)
	}
}

// officeWords stand before or behind the name of a city where a list names its office:
// "Çanakkale Belediye Başkanlığı", "City of Shusha", "Мэрия города Бишкек". They are folded
// as names are.
var officeWords = wordSet("belediyesi belediye başkanlığı büyükşehir bələdiyyəsi şəhər şəhəri icra hakimiyyəti",
	"municipality municipal city of the town council mayor's mayor office mayoralty",
	"мэрия мэр г город города городской администрация муниципалитет акимат хокимият",
	"hokimligi hokimiyati shahar әкімдігі қаласы қала шаары шаарынын мэриясы häkimligi şäheri")

func wordSet(texts ...string) map[string]bool {
	out := map[string]bool{}
	for _, text := range texts {
		for _, word := range strings.Fields(fold.Key(text)) {
			out[word] = true
		}
	}
	return out
}

// bareName is a name without the words of an office around it; a name that is nothing but
// such words stays.
func bareName(name string) string {
	words := strings.Fields(fold.Key(name))
	for len(words) > 1 && officeWords[words[0]] {
		words = words[1:]
	}
	for len(words) > 1 && officeWords[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

func readCountryFinder(ctx context.Context, q postgres.Querier) (countryFinder, error) {
	ids, err := idsByCode(ctx, q, `select code, id from countries`)
	if err != nil {
		return countryFinder{}, err
	}
	names, err := countryNames(ctx, q)
	return newCountryFinder(ids, names, map[string]string{}), err
}
