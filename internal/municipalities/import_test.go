package municipalities_test

import (
	"strings"
	"testing"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

var importDay = time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC)

// importing is a register with two cities of one name in different provinces, and an officer.
type importing struct {
	t       *testing.T
	db      *pgtest.Tx
	service *imports.Service
	officer identity.Actor
}

func newImporting(t *testing.T) importing {
	t.Helper()
	db := pgtest.DB(t)
	if err := municipalities.LoadBase(t.Context(), db.Tx); err != nil {
		t.Fatal(err)
	}
	_, err := municipalities.Load(t.Context(), db.Tx, []municipalities.Record{
		{SourceID: "gn:1", Name: "Ereğli", Standing: municipalities.Active, Country: "TR", Region: "Konya", Lat: 37.51, Lon: 34.05, Population: 90000, PopulationYear: 2020, Zone: "Europe/Istanbul", FiguresAt: importDay},
		{SourceID: "gn:2", Name: "Ereğli", Standing: municipalities.Active, Country: "TR", Region: "Zonguldak", Lat: 41.28, Lon: 31.42, Population: 80000, PopulationYear: 2020, Zone: "Europe/Istanbul", FiguresAt: importDay},
		{SourceID: "gn:3", Name: "Şuşa", Standing: municipalities.Reference, Country: "AZ", Region: "Şuşa", Lat: 39.76, Lon: 46.75, Zone: "Asia/Baku", FiguresAt: importDay,
			Names: []municipalities.Name{{Name: "Шуша", Lang: "ru", Script: "Cyrl", Kind: municipalities.Alternate}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	service := imports.New(db, func() time.Time { return importDay }, municipalities.ImportKind())
	return importing{t, db, service, pgtest.StaffActor(t, db, identity.DeskOfficer)}
}

func (x importing) bring(table string) imports.Import {
	x.t.Helper()
	i, err := x.service.Bring(x.t.Context(), x.officer, imports.Brought{Kind: "municipalities", File: "t.csv", Content: []byte(table)})
	if err != nil {
		x.t.Fatal(err)
	}
	return x.find(i)
}

func (x importing) find(i imports.Import) imports.Import {
	x.t.Helper()
	i, _, err := x.service.Find(x.t.Context(), x.officer, i.PublicID)
	if err != nil {
		x.t.Fatal(err)
	}
	return i
}

func (x importing) run(i imports.Import, ask func(id string, version int) error, act imports.Stage) imports.Import {
	x.t.Helper()
	if err := ask(i.PublicID, i.Version); err != nil {
		x.t.Fatal(err)
	}
	if err := x.service.Run(x.t.Context(), imports.Args{ImportID: i.ID, Act: act}); err != nil {
		x.t.Fatal(err)
	}
	return x.find(i)
}

func (x importing) store(i imports.Import) imports.Import {
	x.t.Helper()
	return x.run(i, func(id string, version int) error { return x.service.Store(x.t.Context(), x.officer, id, version) }, imports.Storing)
}

func (x importing) undo(i imports.Import) imports.Import {
	x.t.Helper()
	return x.run(i, func(id string, version int) error { return x.service.Undo(x.t.Context(), x.officer, id, version) }, imports.Undoing)
}

func (x importing) query(sql string, args ...any) (out string) {
	x.t.Helper()
	if err := x.db.Tx.QueryRow(x.t.Context(), sql, args...).Scan(&out); err != nil {
		x.t.Fatalf("%s: %v", sql, err)
	}
	return out
}

func (x importing) faults(i imports.Import) (out []string) {
	x.t.Helper()
	lines, err := x.service.Lines(x.t.Context(), x.officer, i, []imports.State{imports.Faulty}, 0, 100)
	if err != nil {
		x.t.Fatal(err)
	}
	for _, line := range lines {
		for _, f := range line.Faults {
			out = append(out, f.Field+" "+f.Key)
		}
	}
	return out
}

// TestTheLatinNameOfAnApplicantLeads: to the public address; and a region that nobody but an
// applicant has typed is offered to nobody.
func TestTheLatinNameOfAnApplicantLeads(t *testing.T) {
	x := newImporting(t)
	_, err := municipalities.Load(t.Context(), x.db.Tx, []municipalities.Record{{SourceID: "app:uye-2026-0001", Name: "Жаңы-Суу", Latin: "Cañı-Suu",
		Standing: municipalities.Reference, Country: "TR", Region: "Konya ilçesi", Lat: 37, Lon: 34, Zone: "Europe/Istanbul", FiguresAt: importDay}})
	if err != nil {
		t.Fatal(err)
	}
	var slug, latin string
	if err := x.db.Tx.QueryRow(t.Context(), `select slug, name_latin from municipalities where source_id = 'app:uye-2026-0001'`).Scan(&slug, &latin); err != nil {
		t.Fatal(err)
	}
	if slug != "cani-suu" || latin != "Cañı-Suu" {
		t.Errorf("%q at %q", latin, slug)
	}
	service := municipalities.New(x.db, func() time.Time { return importDay })
	list, err := service.Directory(t.Context(), x.officer, "tr", municipalities.Filter{Country: "TR"}, municipalities.Place{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range list.Regions {
		names = append(names, r.Title)
	}
	if got := strings.Join(names, " "); got != "Konya Zonguldak" {
		t.Errorf("offered: %s", got)
	}
}

func TestAPlaceIsFoundByAnySpellingAtItsPlace(t *testing.T) {
	x := newImporting(t)
	for table, want := range map[string][4]int{ // new, changed, same, faulty
		"Belediye;İl;Ülke\nEREGLI;Konya ili;TR\n":                                     {0, 0, 1, 0},
		"Город;Страна\nШуша;Азербайджан\n":                                            {0, 0, 1, 0},
		"Belediye;Enlem;Boylam\nEreğli;41,29;31,43\n":                                 {0, 1, 0, 0}, // found by its place, which moves a little
		"Belediye\nEreğli\n":                                                          {0, 0, 0, 1}, // which of the two?
		"Belediye;Ülke;İl;Enlem;Boylam\nEreğli;TR;Karaman;37;33\n":                    {1, 0, 0, 0}, // a third one elsewhere
		"Belediye;İl\nEreğli;Konya\nEREĞLİ;KONYA\n":                                   {0, 0, 1, 1}, // twice in one table
		"Name;Source ID;Country\nEregli;gn:1;AZ\n":                                    {0, 0, 0, 1}, // the source knows it elsewhere
		"Belediye;Ülke;İl;Enlem;Boylam\nYeni;TR;Konya;37;33\nYENİ;TR;Konya;37;33\n":   {1, 0, 0, 1},
		"Belediye;Nüfus;Ülke;İl\nYeni;1.5x;TR;Konya\nBaşka;12;Yokistan;Konya\n;1;;\n": {0, 0, 0, 3},
	} {
		i := x.bring(table)
		if got := [4]int{i.New, i.Changed, i.Same, i.Faulty}; got != want {
			t.Errorf("%q: %v, want %v: %v", table, got, want, x.faults(i))
		}
	}
}

const mixedTable = "Belediye;Ülke;İl;Nüfus;Nüfus yılı;Enlem;Boylam;Diğer adlar;Üyelik;Üyelik tarihi\n" +
	"Ereğli;TR;Konya;91.000;2025;;;Herakleia|Эрегли;üye;\n" +
	"Yeni Belde;TR;Konya;1.234;2025;37,6;34,1;;üye;01.03.2019\n" +
	"Şuşa;AZ;Şuşa;;;;;;üye;02.04.2020\n"

func TestAnImportIsStoredWholeAndTakenBack(t *testing.T) {
	x := newImporting(t)
	i := x.store(x.bring(mixedTable))
	if i.Stage != imports.Stored || i.New != 1 || i.Changed != 2 {
		t.Fatalf("%s %s %+v", i.Stage, i.Failure, i.Counts)
	}
	const state = `select string_agg(concat_ws(' ', m.name, m.standing, m.population, m.population_year,
		(select joined_on from memberships s where s.org_id = m.id), (select string_agg(n.name, ',' order by n.name collate "C") from municipality_names n where n.municipality_id = m.id)),
		'; ' order by m.id) from municipalities m where source_id <> 'gn:2'`
	want := "Ereğli active 91000 2025 -infinity Ereğli,Herakleia,Эрегли; Şuşa active 2020-04-02 Şuşa,Шуша; Yeni Belde active 1234 2025 2019-03-01 Yeni Belde"
	if got := x.query(state); got != want {
		t.Errorf("stored:\n%s, want\n%s", got, want)
	}
	if got := x.query(`select string_agg(word, ',' order by word) from search_words where word in ('herakleia', 'ienibelde') and class <= 1`); got != "herakleia,ienibelde" {
		t.Errorf("found by %q", got)
	}
	if i = x.undo(i); i.Stage != imports.Undone {
		t.Fatalf("%s %s", i.Stage, i.Failure)
	}
	want = "Ereğli active 90000 2020 -infinity Ereğli; Şuşa reference Şuşa,Шуша"
	if got := x.query(state); got != want {
		t.Errorf("taken back:\n%s, want\n%s", got, want)
	}
	if got := x.query(`select count(*)::text from search_words where word in ('herakleia', 'ienibelde')`); got != "0" {
		t.Errorf("%s words are still found", got)
	}
}

func TestWhatWasChangedSinceStandsInTheWayOfAnUndo(t *testing.T) {
	for name, change := range map[string]string{
		"edited": `update municipalities set population = 95000, version = version + 1 where source_id = 'gn:1'`,
		"used":   `insert into contacts (public_id, org_id, office, email) select repeat('a', 26), id, 'mayor', 'mayor@yeni.example' from municipalities where name = 'Yeni Belde'`,
	} {
		t.Run(name, func(t *testing.T) {
			x := newImporting(t)
			i := x.store(x.bring(mixedTable))
			if _, err := x.db.Tx.Exec(t.Context(), change); err != nil {
				t.Fatal(err)
			}
			if i = x.undo(i); i.Stage != imports.Stored || i.Failure != "imports.undo_refused" {
				t.Fatalf("%s %s", i.Stage, i.Failure)
			}
			if got := x.query(`select standing from municipalities where name = 'Yeni Belde'`); got != "active" {
				t.Errorf("the new one is %s: half was taken back", got)
			}
			refused, err := x.service.Refused(t.Context(), x.officer, i, 10)
			if err != nil || len(refused) != 1 {
				t.Errorf("%+v, %v", refused, err)
			}
		})
	}
}

// TestTheRegisterMayChangeBetweenPreviewAndStoring: what was right in the preview may be
// wrong when it is stored; then nothing is.
func TestTheRegisterMayChangeBetweenPreviewAndStoring(t *testing.T) {
	x := newImporting(t)
	i := x.bring("Belediye;Ülke;İl;Enlem;Boylam\nYeni;TR;Konya;37;33\nEreğli;TR;;41,28;31,42\n")
	if !i.MayStore() {
		t.Fatalf("%+v: %v", i.Counts, x.faults(i))
	}
	// The place moves away, so that the row no longer says which of the two it is.
	if _, err := x.db.Tx.Exec(t.Context(), `update municipalities set lat = 10 where source_id = 'gn:2'`); err != nil {
		t.Fatal(err)
	}
	i = x.store(i)
	if i.Stage != imports.Ready || i.Failure != "imports.changed_meanwhile" || i.Faulty != 1 {
		t.Errorf("%s %s %+v", i.Stage, i.Failure, i.Counts)
	}
	if got := x.query(`select count(*)::text from municipalities where name = 'Yeni'`); got != "0" {
		t.Error("half of it was stored")
	}
}

func TestOnlyWhoMayImportsAndOnlyOnce(t *testing.T) {
	x := newImporting(t)
	table := imports.Brought{Kind: "municipalities", Content: []byte("Belediye\nŞuşa\n")}
	for _, actor := range []identity.Actor{identity.Anyone(), pgtest.StaffActor(t, x.db, identity.Auditor), pgtest.StaffActor(t, x.db, identity.Finance),
		pgtest.MemberActor(t, x.db, pgtest.Org(t, x.db, "Köy"), identity.MemberApprover)} {
		if _, err := x.service.Bring(t.Context(), actor, table); !apperr.Is(err, apperr.Forbidden) && !apperr.Is(err, apperr.SignIn) {
			t.Errorf("%v may bring a table: %v", actor.Roles, err)
		}
	}
	i := x.bring("Belediye;Ülke;İl;Enlem;Boylam\nYeni;TR;Konya;37;33\n")
	if err := x.service.Store(t.Context(), x.officer, i.PublicID, i.Version); err != nil {
		t.Fatal(err)
	}
	if err := x.service.Store(t.Context(), x.officer, i.PublicID, i.Version); !apperr.Is(err, apperr.Conflict) || !imports.Already(err) {
		t.Errorf("stored twice: %v", err)
	}
	for range 2 { // a job may run again
		if err := x.service.Run(t.Context(), imports.Args{ImportID: i.ID, Act: imports.Storing}); err != nil {
			t.Fatal(err)
		}
	}
	if got := x.query(`select count(*)::text from municipalities where name = 'Yeni'`); got != "1" {
		t.Errorf("%s of it", got)
	}
}

func TestColumnsCanBeMatchedByHand(t *testing.T) {
	x := newImporting(t)
	i := x.bring("Kolon A;Kolon B\nŞuşa;12.345\n")
	if i.Stage != imports.Unmatched {
		t.Fatalf("%s", i.Stage)
	}
	err := x.service.Rematch(t.Context(), x.officer, i.PublicID, i.Version, []string{"name", "name"}, nil)
	if !apperr.Is(err, apperr.Invalid) {
		t.Errorf("one field twice: %v", err)
	}
	err = x.service.Rematch(t.Context(), x.officer, i.PublicID, i.Version, []string{"name", "population"}, map[string]string{"country": "Azerbaycan", "population_year": "2024", "lat": "7"})
	if err != nil {
		t.Fatal(err)
	}
	i = x.find(i)
	lines, err := x.service.Lines(t.Context(), x.officer, i, nil, 0, 5)
	if err != nil || i.Changed != 1 || len(lines[0].Changes) != 2 || lines[0].Changes[1].After != "2024" || strings.Contains(i.Common["lat"], "7") {
		t.Errorf("%+v %+v %v", i.Counts, lines, err)
	}
}
