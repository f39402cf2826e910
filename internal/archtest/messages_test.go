package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// catalogues reads every message file: language → key → plural forms (or "other").
func catalogues(t *testing.T) map[string]map[string]map[string]string {
	t.Helper()
	names, err := filepath.Glob("../locale/messages/*.toml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no catalogues: %v", err)
	}
	out := map[string]map[string]map[string]string{}
	for _, name := range names {
		parts := strings.Split(filepath.Base(name), ".")
		lang := parts[1]
		if out[lang] == nil {
			out[lang] = map[string]map[string]string{}
		}
		readCatalogue(t, name, out[lang])
	}
	return out
}

func readCatalogue(t *testing.T, name string, into map[string]map[string]string) {
	t.Helper()
	var raw map[string]any
	if _, err := toml.DecodeFile(name, &raw); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for key, value := range raw {
		if into[key] != nil {
			t.Errorf("%s: %q stands in two files", name, key)
		}
		into[key] = forms(value)
	}
}

func forms(value any) map[string]string {
	if text, ok := value.(string); ok {
		return map[string]string{"text": text}
	}
	out := map[string]string{}
	if table, ok := value.(map[string]any); ok {
		for form, text := range table {
			out[form], _ = text.(string)
		}
	}
	return out
}

// plurals are the forms that CLDR asks of whole numbers in each language.
var plurals = map[string][]string{
	"tr": {"one", "other"}, "en": {"one", "other"}, "ru": {"few", "many", "one", "other"},
}

var placeholder = regexp.MustCompile(`\{\{\s*\.(\w+)`)

// TestMessagesAgree holds the languages to the same keys, the same placeholders and the
// plural forms that each needs.
func TestMessagesAgree(t *testing.T) {
	all := catalogues(t)
	for lang, messages := range all {
		for key, texts := range messages {
			checkPlural(t, lang, key, texts)
			for other := range all {
				theirs, ok := all[other][key]
				if !ok {
					t.Errorf("%q is in %s and missing in %s", key, lang, other)
				} else if lang < other && placeholders(texts) != placeholders(theirs) {
					t.Errorf("%q: %s uses %q, %s uses %q", key, lang, placeholders(texts), other, placeholders(theirs))
				}
			}
		}
	}
}

func checkPlural(t *testing.T, lang, key string, texts map[string]string) {
	t.Helper()
	var have []string
	for form, text := range texts {
		if strings.TrimSpace(text) == "" {
			t.Errorf("%s %q: empty", lang, key)
		}
		have = append(have, form)
	}
	sort.Strings(have)
	if _, plain := texts["text"]; !plain && strings.Join(have, " ") != strings.Join(plurals[lang], " ") {
		t.Errorf("%s %q: has the forms %v, needs %v", lang, key, have, plurals[lang])
	}
}

func placeholders(texts map[string]string) string {
	seen := map[string]bool{}
	for _, text := range texts {
		for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
			seen[m[1]] = true
		}
	}
	var names []string
	for name := range seen {
		names = append(names, name)
	}
	sort.Strings(names)
	return strings.Join(names, " ")
}

var (
	literal = regexp.MustCompile(`"([a-z][a-z_]*(?:\.[A-Za-z0-9_-]+)+\.?)"|"([a-z][a-z_]*\.)"`)
	asked   = regexp.MustCompile(`(?:locale\.(?:T|Text)\([^"()]*|apperr\.New\([^"()]*|apperr\.Wrap\([^"()]*)"([^"]+)"(\s*\+)?`)
)

// TestMessagesUsed finds keys that the code asks for and no catalogue has, and keys that
// nobody asks for. A literal that ends in a dot and is put together with more counts as
// asking for every key that begins so.
func TestMessagesUsed(t *testing.T) {
	keys := catalogues(t)["en"]
	used, prefixes := map[string]bool{}, []string{}
	walkHandwritten(t, func(path string, source []byte) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		for _, m := range literal.FindAllStringSubmatch(string(source), -1) {
			key := m[1] + m[2]
			used[key] = true
			if strings.HasSuffix(key, ".") {
				prefixes = append(prefixes, key)
			}
		}
		for _, m := range asked.FindAllStringSubmatch(string(source), -1) {
			if m[2] == "" && !strings.HasPrefix(m[1], ".") && keys[m[1]] == nil {
				t.Errorf("%s asks for %q, which no catalogue has", path, m[1])
			}
		}
	})
	for _, key := range dataKeys(t) {
		used[key] = true
	}
	for key := range keys {
		if !used[key] && !begins(key, prefixes) {
			t.Errorf("nobody asks for %q", key)
		}
	}
}

// dataKeys are keys that embedded data files name.
func dataKeys(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("../*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range literal.FindAllStringSubmatch(string(source), -1) {
			out = append(out, m[1]+m[2])
		}
	}
	return out
}

func begins(key string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(key, p) {
			return true
		}
	}
	return false
}
