// Package locale speaks the reader's language: messages with plurals, dates, numbers,
// money and the collations that lists are ordered by.
package locale

import (
	"context"
	"slices"
	"time"

	"golang.org/x/text/language"
)

// Lang is an interface language: "tr", "en", "ru". Content may be in any BCP 47 language.
type Lang string

// The interface languages; Turkish is the default.
const (
	TR Lang = "tr"
	EN Lang = "en"
	RU Lang = "ru"
)

// Default is the language of a reader who names none of ours.
const Default = TR

// Langs lists the interface languages in the order of the language menu.
func Langs() []Lang { return []Lang{TR, EN, RU} }

// Known reports whether s names an interface language.
func Known(s string) bool { return slices.Contains(Langs(), Lang(s)) }

// Negotiate picks the interface language from an Accept-Language header.
func Negotiate(header string) Lang {
	wanted, _, _ := language.ParseAcceptLanguage(header) // a broken header names no language
	for _, tag := range wanted {
		base, _ := tag.Base()
		if Known(base.String()) {
			return Lang(base.String())
		}
	}
	return Default
}

// Reader is whom a page, mail or file is written for.
type Reader struct {
	Lang Lang
	Zone *time.Location // the reader's own zone
	Now  time.Time      // when the page is made, for relative dates
}

type readerKey struct{}

// With puts the reader into the context, where T and the formats find it.
func With(ctx context.Context, r Reader) context.Context {
	return context.WithValue(ctx, readerKey{}, r)
}

// Of is the reader of the context; without one, a Turkish reader in UTC.
func Of(ctx context.Context) Reader {
	if r, ok := ctx.Value(readerKey{}).(Reader); ok {
		return r
	}
	return Reader{Lang: Default, Zone: time.UTC}
}
