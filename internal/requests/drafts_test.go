package requests

import (
	"testing"

	"github.com/birlik/portal/internal/forms"
)

// TestWhatThePortalReadsStays: each bound question stands in its form, and staff cannot take
// it away.
func TestWhatThePortalReadsStays(t *testing.T) {
	needs := Needs()
	if needs["project_support"]["cost"] != forms.Money || needs["project_support"]["study"] != forms.File {
		t.Errorf("%+v", needs)
	}
	for _, s := range Shipped() {
		for column, key := range s.Definition.Bind {
			if needs[s.Definition.Form][key] == "" {
				t.Errorf("%s binds %s to %s, which may be taken away", s.Code, column, key)
			}
		}
	}
}
