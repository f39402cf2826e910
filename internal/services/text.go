package services

import (
	"strings"

	"github.com/birlik/portal/internal/locale"
)

// Text is a text in the languages of the interface.
type Text map[locale.Lang]string

// Said is a message of the catalogues, written out in every language.
func Said(key string) Text {
	out := Text{}
	for _, lang := range locale.Langs() {
		out[lang] = locale.Text(lang, key)
	}
	return out
}

// In is the text in a language, else in the portal's first one that has it.
func (t Text) In(lang locale.Lang) string {
	if s := t[lang]; s != "" {
		return s
	}
	for _, other := range locale.Langs() {
		if s := t[other]; s != "" {
			return s
		}
	}
	return ""
}

// Lines are the text's lines in a language, empty ones left out.
func (t Text) Lines(lang locale.Lang) []string {
	var out []string
	for line := range strings.Lines(t.In(lang)) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// Empty reports whether nothing is said in any language.
func (t Text) Empty() bool {
	for _, s := range t {
		if s != "" {
			return false
		}
	}
	return true
}

// missing are the languages in which nothing is said.
func (t Text) missing() []locale.Lang {
	var out []locale.Lang
	for _, lang := range locale.Langs() {
		if strings.TrimSpace(t[lang]) == "" {
			out = append(out, lang)
		}
	}
	return out
}
