package municipalities

import (
	"strings"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/search"
)

// found is what a municipality is found by.
type found struct {
	slug, sourceID   string
	titles           Titled
	names            []string
	countries        Titled
	region, district string
	population       int64
	union            int64 // public records belong to the union
}

// documents are the municipality's search documents, one an interface language.
func (f found) documents() []search.Document {
	var out []search.Document
	for _, lang := range locale.Langs() {
		out = append(out, search.Document{
			Lang: lang, Scope: search.Public, OrgID: f.union,
			Title: f.titles[lang], Names: f.names, Body: f.place(lang), Reference: f.sourceID,
			Path: "/" + string(lang) + "/municipalities/" + f.slug, Weight: f.population,
		})
	}
	return out
}

// place is the line below the name: region and country.
func (f found) place(lang locale.Lang) string {
	var parts []string
	for _, p := range []string{f.region, f.countries.In(lang)} {
		if p != "" && p != f.titles[lang] {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}
