package locale

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/feature/plural"
)

//go:embed messages/*.toml
var files embed.FS

// catalog is made once from files that the binary carries: language → key → message.
var catalog = load()

// message is one text with its plural forms, cut into what is fixed and what is filled in.
type message struct {
	other parts
	forms map[plural.Form]parts // nil where the text does not count
}

// parts are fixed text and names in turn: "Page ", "Number", " of ", "Total", "".
type parts []string

func load() map[Lang]map[string]message {
	out := map[Lang]map[string]message{}
	for _, lang := range Langs() {
		out[lang] = map[string]message{}
	}
	names, err := fs.Glob(files, "messages/*.toml")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		if err := read(name, out); err != nil {
			panic(fmt.Errorf("%s: %w", name, err)) // a broken catalogue must never be served
		}
	}
	return out
}

func read(name string, into map[Lang]map[string]message) error {
	source, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	file, err := i18n.ParseMessageFileBytes(source, name, map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal})
	if err != nil {
		return err
	}
	lang := Lang(strings.Split(name, ".")[1])
	if into[lang] == nil {
		return fmt.Errorf("%q is no interface language", lang)
	}
	for _, m := range file.Messages {
		into[lang][m.ID] = newMessage(m)
	}
	return nil
}

func newMessage(m *i18n.Message) message {
	out := message{other: cut(m.Other)}
	for form, text := range map[plural.Form]string{plural.One: m.One, plural.Few: m.Few, plural.Many: m.Many} {
		if text == "" {
			continue
		}
		if out.forms == nil {
			out.forms = map[plural.Form]parts{}
		}
		out.forms[form] = cut(text)
	}
	return out
}

// cut parts a text at its placeholders, {{.Name}}.
func cut(text string) parts {
	var out parts
	for {
		head, rest, found := strings.Cut(text, "{{")
		out = append(out, head)
		if !found {
			return out
		}
		name, tail, _ := strings.Cut(rest, "}}")
		out = append(out, strings.TrimPrefix(strings.TrimSpace(name), "."))
		text = tail
	}
}

// T is the message of a key in the reader's language. args are name, value pairs for the
// message's {{.Name}}; "Count", a whole number, also picks the plural form and is written as
// the language writes numbers.
func T(ctx context.Context, key string, args ...any) string {
	return Text(Of(ctx).Lang, key, args...)
}

// Text is T for a language named outright. A key that the language lacks is read in the
// default one; a key that no catalogue has reads as itself, so that the fault is seen and
// nothing fails. A test keeps the catalogues complete.
func Text(lang Lang, key string, args ...any) string {
	m, ok := catalog[lang][key]
	if !ok {
		lang = Default
		if m, ok = catalog[lang][key]; !ok {
			return key
		}
	}
	chosen := m.choose(lang, args)
	if len(chosen) == 1 {
		return chosen[0]
	}
	return chosen.fill(lang, args)
}

// Has reports whether the language's own catalogue holds the key.
func Has(lang Lang, key string) bool {
	_, ok := catalog[lang][key]
	return ok
}

// choose picks the plural form that "Count" asks for.
func (m message) choose(lang Lang, args []any) parts {
	if m.forms == nil {
		return m.other
	}
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == "Count" {
			if n, ok := whole(args[i+1]); ok {
				return m.formOf(lang, n)
			}
		}
	}
	return m.other
}

func (m message) formOf(lang Lang, n int64) parts {
	if n < 0 {
		n = -n
	}
	// The rules of our languages look at the last two digits only, 1 being alone with itself.
	small := int(n % 100)
	if n >= 100 {
		small += 100
	}
	if chosen, ok := m.forms[plural.Cardinal.MatchPlural(tags[lang], small, 0, 0, 0, 0)]; ok {
		return chosen
	}
	return m.other
}

func whole(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	case int32:
		return int64(n), true
	case int16:
		return int64(n), true
	}
	return 0, false
}

// fill writes the parts with the values of args in their places; a name without a value
// leaves nothing.
func (p parts) fill(lang Lang, args []any) string {
	var b strings.Builder
	for i, part := range p {
		if i%2 == 0 {
			b.WriteString(part)
		} else {
			writeValue(&b, lang, part, args)
		}
	}
	return b.String()
}

func writeValue(b *strings.Builder, lang Lang, name string, args []any) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] != name {
			continue
		}
		if s, ok := args[i+1].(string); ok {
			b.WriteString(s)
		} else if n, ok := whole(args[i+1]); ok && name == "Count" {
			b.WriteString(group(lang, n))
		} else {
			fmt.Fprint(b, args[i+1])
		}
		return
	}
}
