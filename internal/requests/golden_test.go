package requests

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// readGolden reads what a form asked when it was last reviewed; FORMS_WRITE=1 writes it anew.
func readGolden(t *testing.T, key, now string) string {
	t.Helper()
	name := filepath.Join("testdata", "forms", key+".txt")
	if os.Getenv("FORMS_WRITE") != "" {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

var key = regexp.MustCompile(`(?m)^"([^"]+)" =`)

// catalogued are the messages of one form, as its file of messages lists them.
func catalogued(t *testing.T, form string) (keys []string) {
	t.Helper()
	source, err := os.ReadFile("../locale/messages/requests_" + form + ".en.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range key.FindAllStringSubmatch(string(source), -1) {
		keys = append(keys, m[1])
	}
	if len(keys) < 30 {
		t.Fatalf("%s: only %d messages", form, len(keys))
	}
	return keys
}
