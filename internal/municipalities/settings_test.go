package municipalities_test

import (
	"testing"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// bundle is the service on the base data, and an administrator.
type bundle struct {
	*municipalities.Service
	db    *pgtest.Tx
	admin identity.Actor
}

func setup(t *testing.T) bundle {
	t.Helper()
	db := pgtest.DB(t)
	if err := municipalities.LoadBase(t.Context(), db.Tx); err != nil {
		t.Fatal(err)
	}
	return bundle{municipalities.New(db, time.Now), db, pgtest.StaffActor(t, db, identity.Administrator)}
}

func northCyprus() municipalities.Country {
	return municipalities.Country{Code: "XNC", Currency: "TRY", Zone: "Asia/Famagusta", CallingCode: "+90 392", Listed: true,
		Names: municipalities.Titled{locale.TR: "Kuzey Kıbrıs", locale.EN: "North Cyprus", locale.RU: "Северный Кипр"}}
}

func TestCountries(t *testing.T) {
	b := setup(t)
	c := northCyprus()
	if err := b.AddCountry(t.Context(), b.admin, c); err != nil {
		t.Fatal(err)
	}
	if err := b.AddCountry(t.Context(), b.admin, c); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("a code was given twice: %v", err)
	}
	stored, err := b.Country(t.Context(), b.admin, "XNC")
	if err != nil || stored.ISO != "" || stored.Names[locale.RU] != "Северный Кипр" || stored.Version != 1 {
		t.Fatalf("stored %+v, %v", stored, err)
	}
	stored.Listed, stored.Note = false, "Karar 2026/14"
	if err := b.SaveCountry(t.Context(), b.admin, stored); err != nil {
		t.Fatal(err)
	}
	if err := b.SaveCountry(t.Context(), b.admin, stored); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("a stale edit was stored: %v", err)
	}
	all, err := b.Countries(t.Context(), b.admin, locale.TR)
	if err != nil || len(all) < 240 {
		t.Fatalf("%d countries, %v", len(all), err)
	}
	var acts int
	if err := b.db.QueryRow(t.Context(), `select count(*) from audit_entries where subject_id = $1`, stored.ID).Scan(&acts); err != nil || acts != 2 {
		t.Errorf("%d acts are recorded, %v", acts, err)
	}
}

func TestCountryFaultsAreToldByField(t *testing.T) {
	b := setup(t)
	wrong := municipalities.Country{Code: "tr", ISO: "TUR", Currency: "TL", Zone: "Local", CallingCode: "90",
		Names: municipalities.Titled{locale.TR: "Türkiye"}}
	err := b.AddCountry(t.Context(), b.admin, wrong)
	e, ok := err.(*apperr.Error)
	if !ok {
		t.Fatal(err)
	}
	for _, field := range []string{"code", "iso", "currency", "zone", "calling_code", "name_en", "name_ru"} {
		if e.Fields[field] == "" {
			t.Errorf("%s is not told", field)
		}
	}
}

func TestFieldsAreAddedEditedAndMoved(t *testing.T) {
	b := setup(t)
	code, err := b.AddField(t.Context(), b.admin, municipalities.Field{OfInterest: true, Listed: true,
		Titles:    municipalities.Titled{locale.TR: "Akıllı ulaşım", locale.EN: "Smart transport", locale.RU: "Умный транспорт"},
		Summaries: municipalities.Titled{}})
	if err != nil || code != "smart-transport" {
		t.Fatalf("code %q, %v", code, err)
	}
	before, err := b.Fields(t.Context(), b.admin)
	if err != nil || before[len(before)-1].Code != code {
		t.Fatalf("it is not the last: %v", err)
	}
	for range len(before) + 2 {
		if err := b.MoveField(t.Context(), b.admin, code, true); err != nil {
			t.Fatal(err)
		}
	}
	after, err := b.Fields(t.Context(), b.admin)
	if err != nil || after[0].Code != code || after[1].Code != before[0].Code {
		t.Fatalf("it is not the first: %v", err)
	}
	edit := after[0]
	edit.Listed = false
	if err := b.SaveField(t.Context(), b.admin, edit); err != nil {
		t.Fatal(err)
	}
	if err := b.SaveField(t.Context(), b.admin, edit); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("a stale edit was stored: %v", err)
	}
	if err := b.MoveField(t.Context(), b.admin, "none", true); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("a field that is none was moved: %v", err)
	}
}

func TestOnlyAdministratorsEditTheLists(t *testing.T) {
	b := setup(t)
	officer := pgtest.StaffActor(t, b.db, identity.DeskOfficer)
	if err := b.AddCountry(t.Context(), officer, northCyprus()); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("an officer added a country: %v", err)
	}
	if err := b.MoveField(t.Context(), identity.Anyone(), "city", true); !apperr.Is(err, apperr.SignIn) {
		t.Errorf("a visitor moved a field: %v", err)
	}
	if _, err := b.Countries(t.Context(), officer, locale.TR); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("an officer read the list: %v", err)
	}
}
