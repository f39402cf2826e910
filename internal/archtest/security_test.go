package archtest

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	namedTest   = regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z][A-Za-z]*`)
	writtenTest = regexp.MustCompile(`func ((?:Test|Fuzz)[A-Z][A-Za-z]*)\(`)
)

// docs/security.md names tests as proof: each of them must be there.
func TestSecurityPageNamesTestsThatExist(t *testing.T) {
	written := map[string]bool{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, found := range writtenTest.FindAllStringSubmatch(string(text), -1) {
			written[found[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range namedTest.FindAllString(string(page), -1) {
		if !written[name] {
			t.Errorf("docs/security.md names %s, which is no test", name)
		}
	}
}
