// Package locale speaks the reader's language: messages with plurals, dates, numbers,
// money and the collations that lists are ordered by.
package locale

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
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

//go:embed messages/*.toml
var files embed.FS

// catalog is loaded once from files that the binary carries.
var catalog = load()

type bundle struct {
	localizers map[Lang]*i18n.Localizer
	keys       map[Lang]map[string]bool
}

func load() bundle {
	b := i18n.NewBundle(language.Turkish)
	b.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	out := bundle{localizers: map[Lang]*i18n.Localizer{}, keys: map[Lang]map[string]bool{}}
	names, err := fs.Glob(files, "messages/*.toml")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		parsed, err := b.LoadMessageFileFS(files, name)
		if err != nil {
			panic(fmt.Errorf("%s: %w", name, err)) // a broken catalogue must never be served
		}
		lang := Lang(strings.Split(name, ".")[1])
		if out.keys[lang] == nil {
			out.keys[lang] = map[string]bool{}
		}
		for _, m := range parsed.Messages {
			out.keys[lang][m.ID] = true
		}
	}
	for _, lang := range Langs() {
		out.localizers[lang] = i18n.NewLocalizer(b, string(lang))
	}
	return out
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

// T is the message of a key in the reader's language. args are name, value pairs for the
// message's {{.Name}}; "Count" also picks the plural form.
func T(ctx context.Context, key string, args ...any) string {
	return Text(Of(ctx).Lang, key, args...)
}

// Text is T for a language named outright. A key that no catalogue has reads as itself, so
// that the fault is seen and nothing fails; a test keeps the catalogues complete.
func Text(lang Lang, key string, args ...any) string {
	l := catalog.localizers[lang]
	if l == nil {
		l = catalog.localizers[Default]
	}
	config := &i18n.LocalizeConfig{MessageID: key}
	if len(args) > 0 {
		data := make(map[string]any, len(args)/2)
		for i := 0; i+1 < len(args); i += 2 {
			data[args[i].(string)] = args[i+1]
		}
		config.TemplateData = data
		if n, ok := data["Count"]; ok {
			config.PluralCount = n
		}
	}
	text, err := l.Localize(config)
	if err != nil && text == "" {
		return key
	}
	return text
}

// Has reports whether the language's own catalogue holds the key.
func Has(lang Lang, key string) bool { return catalog.keys[lang][key] }
