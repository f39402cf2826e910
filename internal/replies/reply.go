// Package replies holds the templates of what the desk writes to cities: a text in each
// language, with places that the case fills in.
package replies

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/birlik/portal/internal/locale"
)

// Placeholders are what a text may leave to the case, as it is written between braces.
func Placeholders() []string { return []string{"number", "service", "city", "person", "due", "office"} }

// Template is one text in the languages that it has.
type Template struct {
	ID       int64
	PublicID string
	Office   string // whose it is; empty: everybody's
	Title    string // for staff
	Texts    map[string]string
	Version  int
	Retired  bool
}

// In is the text in a language; false where there is none.
func (t Template) In(lang locale.Lang) (string, bool) {
	text := t.Texts[string(lang)]
	return text, text != ""
}

// Langs are the languages that the template has a text in, in the portal's order.
func (t Template) Langs() []locale.Lang {
	return slices.DeleteFunc(locale.Langs(), func(l locale.Lang) bool { return t.Texts[string(l)] == "" })
}

// place is anything between braces, on one line.
var place = regexp.MustCompile(`\{([^{}\n]{0,40})\}`)

// Unknown are the places of a text that are no placeholders, each with its line: "{cty} (2)".
func Unknown(text string) []string {
	var out []string
	for i, line := range strings.Split(text, "\n") {
		for _, found := range place.FindAllStringSubmatch(line, -1) {
			if !slices.Contains(Placeholders(), found[1]) {
				out = append(out, found[0]+" ("+strconv.Itoa(i+1)+")")
			}
		}
	}
	return out
}

// Fill puts values into a text. What has no value stays in the text, so that whoever sends it
// sees it.
func Fill(text string, values map[string]string) string {
	return place.ReplaceAllStringFunc(text, func(found string) string {
		if value := values[found[1:len(found)-1]]; value != "" {
			return value
		}
		return found
	})
}

// Unfilled are the placeholders that a text still holds, each once.
func Unfilled(text string) []string {
	var out []string
	for _, found := range place.FindAllStringSubmatch(text, -1) {
		if slices.Contains(Placeholders(), found[1]) && !slices.Contains(out, found[0]) {
			out = append(out, found[0])
		}
	}
	return out
}
