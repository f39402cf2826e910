package archtest

import "testing"

// TestImports holds the arrows downwards.
func TestImports(t *testing.T) {
	edges, err := Imports("../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(edges) < 50 {
		t.Fatalf("found %d imports; the walk did not see the project", len(edges))
	}
	for _, e := range edges {
		if fault := Check(e); fault != "" {
			t.Error(fault)
		}
	}
}

// TestCheckCatches shows that each rule can fail.
func TestCheckCatches(t *testing.T) {
	for name, e := range map[string]Edge{
		"upward":          {File: "internal/fold/x.go", From: "internal/fold", To: Module + "internal/events"},
		"area to area":    {File: "internal/events/x.go", From: "internal/events", To: Module + "internal/requests"},
		"engine arrow":    {File: "internal/audit/x.go", From: "internal/audit", To: Module + "internal/notify"},
		"web in internal": {File: "internal/events/x.go", From: "internal/events", To: "github.com/go-chi/chi/v5"},
		"pages to pages":  {File: "web/eventpages/x.go", From: "web/eventpages", To: Module + "web/requestpages"},
		"nameless folder": {File: "internal/utils/x.go", From: "internal/utils", To: "fmt"},
		"domain in ui":    {File: "web/ui/x.go", From: "web/ui", To: Module + "web/eventpages"},
	} {
		if Check(e) == "" {
			t.Errorf("%s: passed, and must not", name)
		}
	}
	for name, e := range map[string]Edge{
		"area to engine":  {File: "internal/events/x.go", From: "internal/events", To: Module + "internal/audit"},
		"workflow notify": {File: "internal/workflow/x.go", From: "internal/workflow", To: Module + "internal/notify"},
		"pages to ui":     {File: "web/eventpages/x.go", From: "web/eventpages", To: Module + "web/ui"},
		"tree to pages":   {File: "web/routes.go", From: "web", To: Module + "web/eventpages"},
	} {
		if fault := Check(e); fault != "" {
			t.Errorf("%s: %s", name, fault)
		}
	}
}
