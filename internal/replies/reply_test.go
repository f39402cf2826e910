package replies

import (
	"slices"
	"strings"
	"testing"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"time"
)

// TestPlaces: what is no placeholder is named with its line; what has no value stays.
func TestPlaces(t *testing.T) {
	text := "Sayın {person},\n{number} sayılı {servise} başvurunuz {due} gününe kadar… {}\n{ city }"
	if got := Unknown(text); !slices.Equal(got, []string{"{servise} (2)", "{} (2)", "{ city } (3)"}) {
		t.Errorf("%q", got)
	}
	filled := Fill("{number}: {city}, {due}, {due}", map[string]string{"number": "REQ-2026-00042", "city": "{due} & Şuşa"})
	if filled != "REQ-2026-00042: {due} & Şuşa, {due}, {due}" || !slices.Equal(Unfilled(filled), []string{"{due}"}) {
		t.Errorf("%q %q", filled, Unfilled(filled))
	}
}

// TestTemplates: heads keep them, officers of the office write with them, two edits do not
// overwrite each other, and a retired one is offered no more.
func TestTemplates(t *testing.T) {
	db := pgtest.DB(t)
	s := New(db, time.Now)
	head, desk := pgtest.StaffActor(t, db, identity.DepartmentHead), pgtest.StaffActor(t, db, identity.DeskOfficer)
	in := Template{Title: "Eksik belge", Texts: map[string]string{"tr": "Merhaba {person}", "ru": "Здравствуйте, {person}", "xx": "no"}}
	if _, err := s.Save(t.Context(), desk, in); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("an officer saves: %v", err)
	}
	for name, wrong := range map[string]Template{"no text": {Title: "x"}, "no title": {Texts: in.Texts}, "no office": {Title: "x", Texts: in.Texts, Office: "nowhere"},
		"unknown": {Title: "x", Texts: map[string]string{"en": "Dear {name}"}}, "long": {Title: "x", Texts: map[string]string{"en": strings.Repeat("x", maxText+1)}}} {
		if _, err := s.Save(t.Context(), head, wrong); !apperr.Is(err, apperr.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	id, err := s.Save(t.Context(), head, in)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := s.Open(t.Context(), head, id)
	if err != nil || len(stored.Texts) != 2 || stored.Version != 1 {
		t.Fatalf("%+v, %v", stored, err)
	}
	if list, err := s.For(t.Context(), desk, "legal"); err != nil || len(list) != 1 {
		t.Errorf("%d offered, %v", len(list), err)
	}
	stored.Title = "Eksik belgeler"
	if _, err := s.Save(t.Context(), head, stored); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Save(t.Context(), head, stored); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("a stale edit: %v", err)
	}
	if err := s.Retire(t.Context(), head, id, 2, true); err != nil {
		t.Fatal(err)
	}
	if list, err := s.For(t.Context(), desk, "legal"); err != nil || len(list) != 0 {
		t.Errorf("%d offered after it was retired, %v", len(list), err)
	}
	if _, err := s.For(t.Context(), pgtest.MemberActor(t, db, pgtest.Org(t, db, "Oş"), identity.MemberEditor), ""); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("a member reads templates: %v", err)
	}
}
