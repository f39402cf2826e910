package locale

import (
	"context"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

var tags = map[Lang]language.Tag{TR: language.Turkish, EN: language.English, RU: language.Russian}

// Collation is the name of PostgreSQL's ICU collation that a language's lists are ordered
// by. It is fit to stand in SQL between double quotes.
func Collation(lang Lang) string {
	if !Known(string(lang)) {
		lang = Default
	}
	return string(lang) + "-x-icu"
}

// LanguageName is the name of a BCP 47 language in the reader's language: "ru" is "Rusça".
// A tag without a name is returned as it is.
func LanguageName(ctx context.Context, tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.Languages(tags[Of(ctx).Lang]).Name(parsed); name != "" {
		return name
	}
	return tag
}

// KnownTag reports whether a BCP 47 tag names a language that there is; "und" names none on
// purpose, and is known.
func KnownTag(tag string) bool {
	parsed, err := language.Parse(tag) // unknown subtags are an error
	return err == nil && (tag == "und" || display.Languages(language.English).Name(parsed) != "")
}

// Quoted sets words apart as the reader's language does.
func Quoted(ctx context.Context, words string) string {
	if Of(ctx).Lang == RU {
		return "«" + words + "»"
	}
	return "“" + words + "”"
}

// OwnName is the name of a BCP 47 language in itself: "uz" is "o‘zbek".
func OwnName(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.Self.Name(parsed); name != "" {
		return name
	}
	return tag
}

// ScriptName is the name of an ISO 15924 script in the reader's language.
func ScriptName(ctx context.Context, code string) string {
	script, err := language.ParseScript(code)
	if err != nil {
		return code
	}
	name := display.Scripts(tags[Of(ctx).Lang]).Name(script)
	switch {
	case name == "":
		return code
	case Of(ctx).Lang == TR && !strings.HasSuffix(name, "yazısı"): // alone "Arap" is a people
		return name + " yazısı"
	}
	return name
}

// CountryName is the name of an ISO 3166-1 country in the reader's language, for pages that
// show no record of the union's own list, which comes first wherever it is at hand.
func CountryName(ctx context.Context, code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := display.Regions(tags[Of(ctx).Lang]).Name(region); name != "" {
		return name
	}
	return code
}

// Upper and its like change case by a language's own rules: in Turkish and Azerbaijani, i
// pairs with İ and ı with I. lang is the language of the text, not of the reader.
func Upper(lang, s string) string { return cases.Upper(tagOf(lang)).String(s) }

// Lower is the text in small letters.
func Lower(lang, s string) string { return cases.Lower(tagOf(lang)).String(s) }

// Title is the text with each word capitalised, the rest of it in small letters.
func Title(lang, s string) string { return cases.Title(tagOf(lang)).String(s) }

func tagOf(lang string) language.Tag {
	tag, err := language.Parse(lang)
	if err != nil {
		return language.Und
	}
	return tag
}
