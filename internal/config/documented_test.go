package config

import (
	"os"
	"strings"
	"testing"

	"github.com/caarlos0/env/v11"
)

// docs/deploy.md lists every setting, and none that is not there.
func TestEverySettingIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/deploy.md")
	if err != nil {
		t.Fatal(err)
	}
	params, err := env.GetFieldParams(&Config{})
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, p := range params {
		known[p.Key] = true
		if !strings.Contains(string(page), "`"+p.Key+"`") {
			t.Errorf("docs/deploy.md does not tell of %s", p.Key)
		}
	}
	for _, word := range strings.FieldsFunc(string(page), func(r rune) bool { return r != '_' && (r < 'A' || r > 'Z') }) {
		if strings.HasPrefix(word, "PORTAL_") && !known[word] {
			t.Errorf("docs/deploy.md tells of %s, which is no setting", word)
		}
	}
}
