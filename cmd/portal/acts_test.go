package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/projects"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/workflow"
)

var (
	named  = regexp.MustCompile(`Action: *"([a-z_]+\.[a-z_]+)"`)
	ofText = regexp.MustCompile(`record\(ctx, tx, actor, ref, "([a-z_]+)"`)
)

// TestEveryActHasWords: the audit log speaks the reader's language about whatever the code
// records.
func TestEveryActHasWords(t *testing.T) {
	acts := map[string]bool{}
	for _, life := range []workflow.Machine{requests.Life, projects.Life, events.Life, organs.Life} {
		for _, move := range life.Moves {
			acts[string(life.Kind)+"."+move.Name] = true
		}
	}
	sources, err := filepath.Glob("../../internal/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range sources {
		text, err := os.ReadFile(path)
		if err != nil || strings.HasSuffix(path, "_test.go") {
			continue
		}
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			acts[m[1]] = true
		}
		for _, m := range ofText.FindAllStringSubmatch(string(text), -1) {
			acts["any."+m[1]] = true
		}
	}
	if len(acts) < 45 {
		t.Errorf("only %d acts were found", len(acts))
	}
	for act := range acts {
		for _, lang := range locale.Langs() {
			if !locale.Has(lang, "audit."+act) {
				t.Errorf("%s has no words for %s", lang, act)
			}
		}
	}
}
