package municipalities_test

import (
	"strings"
	"testing"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// twins is a register in which one town stands twice, one of the two a member, with people
// and papers on both.
func twins(t *testing.T) (importing, *municipalities.Service) {
	t.Helper()
	x := newImporting(t)
	_, err := municipalities.Load(t.Context(), x.db.Tx, []municipalities.Record{
		{SourceID: "own:1", Name: "Susha", Standing: municipalities.Active, Country: "AZ", Region: "Şuşa rayonu", Lat: 39.77, Lon: 46.74, Zone: "Asia/Baku", FiguresAt: importDay,
			Names: []municipalities.Name{{Name: "Şuşa", Lang: "az", Script: "Latn", Kind: municipalities.Alternate}}, Joined: time.Date(2019, 5, 1, 0, 0, 0, 0, time.UTC)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`insert into contacts (public_id, org_id, office, email) select repeat('a', 26), id, 'general', 'info@susa.example' from municipalities where source_id = 'gn:3'`,
		`insert into contacts (public_id, org_id, office, email) select repeat('b', 26), id, 'general', 'info@susa.example' from municipalities where source_id = 'own:1'`,
		`insert into contacts (public_id, org_id, office, email) select repeat('c', 26), id, 'mayor', 'mer@susa.example' from municipalities where source_id = 'own:1'`,
		`insert into sister_cities (a_id, b_id, note) select least(a.id, b.id), greatest(a.id, b.id), 'kardeş' from municipalities a, municipalities b where a.source_id = 'own:1' and b.source_id = 'gn:1'`,
	} {
		if _, err := x.db.Tx.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	return x, municipalities.New(x.db, func() time.Time { return importDay })
}

func (x importing) id(source string) string {
	x.t.Helper()
	return x.query(`select s.public_id from municipalities m join subjects s on s.id = m.id where source_id = $1`, source)
}

func (x importing) versions(service *municipalities.Service, a, b string) [2]int {
	x.t.Helper()
	pair, err := service.Pair(x.t.Context(), x.officer, locale.EN, a, b)
	if err != nil {
		x.t.Fatal(err)
	}
	return [2]int{pair[0].Version, pair[1].Version}
}

func TestDuplicatesAreFoundInOneRegionOnly(t *testing.T) {
	x, service := twins(t)
	offered := func() (out []string) {
		if err := service.FindDuplicates(t.Context()); err != nil {
			t.Fatal(err)
		}
		found, err := service.Duplicates(t.Context(), x.officer, locale.EN, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range found.Rows {
			out = append(out, c.A.SourceID+" "+c.B.SourceID)
		}
		return out
	}
	// The two Ereğlis lie in different provinces; "Şuşa rayonu" is the region Şuşa.
	if got := offered(); len(got) != 1 || got[0] != "gn:3 own:1" {
		t.Fatalf("offered %v", got)
	}
	if err := service.Different(t.Context(), x.officer, x.id("own:1"), x.id("gn:3")); err != nil {
		t.Fatal(err)
	}
	if got := offered(); len(got) != 0 {
		t.Errorf("offered again: %v", got)
	}
}

const whole = `select string_agg(concat_ws(' ', m.source_id, m.standing, (select joined_on from memberships x where x.org_id = m.id), o.active,
	(select string_agg(c.email, ',' order by c.id) from contacts c where c.org_id = m.id),
	(select string_agg(n.name, ',' order by n.name collate "C") from municipality_names n where n.municipality_id = m.id),
	(select count(*) from mandates d where d.org_id = m.id and d.ends_at > '2026-11-25 12:00Z'),
	(select count(*) from sister_cities t where m.id in (t.a_id, t.b_id)), (select count(*) from organ_members s where s.municipality_id = m.id),
	(select count(*) from search_documents s where s.subject_id = m.id)), '; ' order by m.source_id)
	from municipalities m join organisations o on o.id = m.id where m.source_id in ('gn:3', 'own:1')`

func TestAMergeKeepsBothHistoriesAndCanBeTakenBack(t *testing.T) {
	x, service := twins(t)
	_, err := x.db.Tx.Exec(t.Context(), `insert into mandates (user_id, org_id, role, starts_at) select $1, id, 'member_editor', '2025-01-01' from municipalities where source_id = 'own:1'`,
		pgtest.User(t, x.db, "Uzman"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.db.Tx.Exec(t.Context(), `insert into organ_members (public_id, organ, office, name, municipality_id, starts_on)
		select 'seatseatseatseatseatseatse', 'executive_board', 'member', 'Üye', id, '2025-01-01' from municipalities where source_id = 'own:1'`); err != nil {
		t.Fatal(err)
	}
	before := x.query(whole)
	kept, gone := x.id("gn:3"), x.id("own:1")
	merge, err := service.Merge(t.Context(), x.officer, kept, gone, x.versions(service, kept, gone))
	if err != nil {
		t.Fatal(err)
	}
	want := "gn:3 active 2019-05-01 t info@susa.example,mer@susa.example Susha,Şuşa,Шуша 1 1 1 3; own:1 reference f info@susa.example Susha,Şuşa 0 0 0 0"
	if got := x.query(whole); got != want {
		t.Errorf("merged:\n%s, want\n%s", got, want)
	}
	slug := x.query(`select slug from municipalities where source_id = 'own:1'`)
	if p, err := service.Profile(t.Context(), identity.Anyone(), locale.TR, slug); err != nil || p.MergedInto != "susa" {
		t.Errorf("the old address leads to %q, %v", p.MergedInto, err)
	}
	if i := x.bring("Kaynak no;Belediye\nown:1;Susha\n"); i.Same != 1 {
		t.Errorf("the old number names the one that stays: %+v %v", i.Counts, x.faults(i))
	}
	if _, err := service.Merge(t.Context(), x.officer, kept, gone, [2]int{}); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("merged twice: %v", err)
	}
	if err := service.UndoMerge(t.Context(), x.officer, merge); err != nil {
		t.Fatal(err)
	}
	if got := x.query(whole); got != before {
		t.Errorf("taken back:\n%s, want\n%s", got, before)
	}
	if err := service.UndoMerge(t.Context(), x.officer, merge); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("taken back twice: %v", err)
	}
}

func TestAMergeIsRefusedWithWords(t *testing.T) {
	x, service := twins(t)
	a, b := x.id("gn:3"), x.id("own:1")
	versions := x.versions(service, a, b)
	for name, c := range map[string]struct {
		do   func() error
		code apperr.Code
	}{
		"stale": {func() error {
			_, err := service.Merge(t.Context(), x.officer, a, b, [2]int{versions[0], 99})
			return err
		}, apperr.Conflict},
		"other country": {func() error {
			_, err := service.Merge(t.Context(), x.officer, a, x.id("gn:1"), [2]int{1, 1})
			return err
		}, apperr.Conflict},
		"itself": {func() error { _, err := service.Merge(t.Context(), x.officer, a, a, versions); return err }, apperr.NotFound},
		"no right": {func() error {
			_, err := service.Merge(t.Context(), pgtest.StaffActor(t, x.db, identity.Auditor), a, b, versions)
			return err
		}, apperr.Forbidden},
	} {
		if err := c.do(); !apperr.Is(err, c.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := x.db.Tx.Exec(t.Context(), `
		with s as (insert into subjects (kind, org_id, public_id) select 'assessment', id, 'duesduesduesduesduesduesdu' from municipalities where source_id = 'own:1' returning id, org_id)
		insert into dues_assessments (id, org_id, year, reference, source, amount, currency, base_amount, base_currency, inputs, explanation, due_on)
		select id, org_id, 2024, 'DUE-2024-1', 'taken_over', 10, 'EUR', 10, 'EUR', '{}', '[]', '2024-12-31' from s`); err != nil {
		t.Fatal(err)
	}
	if _, err := service.Merge(t.Context(), x.officer, a, b, versions); err == nil || !strings.Contains(err.Error(), "duplicates.open_dues") {
		t.Errorf("an entry that owes dues: %v", err)
	}
	if _, err := x.db.Tx.Exec(t.Context(), `update dues_assessments set paid = amount`); err != nil {
		t.Fatal(err)
	}
	merge, err := service.Merge(t.Context(), x.officer, a, b, versions)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.db.Tx.Exec(t.Context(), `delete from contacts where email = 'mer@susa.example'`); err != nil {
		t.Fatal(err)
	}
	if err := service.UndoMerge(t.Context(), x.officer, merge); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("what was moved is gone, and yet: %v", err)
	}
}
