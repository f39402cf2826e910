package requests

import (
	"slices"
	"testing"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// TestParseReference reads references as people type them, and takes nothing else for one.
func TestParseReference(t *testing.T) {
	for text, want := range map[string]string{
		"REQ-2026-00042": "REQ-2026-00042", "req 2026/42": "REQ-2026-00042", "2026-00042": "REQ-2026-00042", "REQ202600042": "REQ-2026-00042",
		"РЕК-2026-42": "REQ-2026-00042", " 2026 / 42 ": "REQ-2026-00042", "req–2026–1234567": "", "202642": "", "42": "", "Şuşa": "",
		"2026": "", "req 2026 0": "", "": "", "köprü 2026 42": "",
	} {
		got, ok := ParseReference(text)
		if got != want || ok != (want != "") {
			t.Errorf("%q is read as %q, %v; want %q", text, got, ok, want)
		}
	}
}

// TestEveryStateIsSomebodysTurn: in each shipped service an open state has a duty, an end
// leads nowhere, and somebody may lead on from each open state.
func TestEveryStateIsSomebodysTurn(t *testing.T) {
	for _, service := range Shipped() {
		machine := service.Machine(Life)
		for _, step := range service.Steps {
			s := step.State
			if duties[s] == "" && !service.Ends(s) {
				t.Errorf("%s, %s: nobody's duty", service.Code, s)
			}
			leads := false
			for _, role := range identity.Roles() {
				leads = leads || len(machine.Available(identity.Actor{UserID: 1, Roles: []identity.Role{role}}, s)) > 0
			}
			if leads == service.Ends(s) {
				t.Errorf("%s, %s: somebody leads on: %v", service.Code, s, leads)
			}
		}
	}
}

// TestStatesMatchTheCheck holds the table's CHECK to the states of the code.
func TestStatesMatchTheCheck(t *testing.T) {
	var want []string
	for _, s := range Life.States() {
		want = append(want, string(s))
	}
	slices.Sort(want)
	if got := pgtest.Checked(t, pgtest.DB(t), "requests", "state"); !slices.Equal(got, want) {
		t.Errorf("the table knows %v, the code %v", got, want)
	}
}
