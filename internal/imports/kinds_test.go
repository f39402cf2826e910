package imports_test

import (
	"testing"
	"time"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

var now = time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC)

// testBundle is a register of two members and a service with every kind.
type testBundle struct {
	t       *testing.T
	db      *pgtest.Tx
	service *imports.Service
	admin   identity.Actor
}

func setup(t *testing.T) testBundle {
	t.Helper()
	db := pgtest.DB(t)
	if err := municipalities.LoadBase(t.Context(), db.Tx); err != nil {
		t.Fatal(err)
	}
	_, err := municipalities.Load(t.Context(), db.Tx, []municipalities.Record{
		{SourceID: "gn:1", Name: "Şuşa", Standing: municipalities.Active, Country: "AZ", Region: "Şuşa", Lat: 39.76, Lon: 46.75, Zone: "Asia/Baku", FiguresAt: now},
		{SourceID: "gn:2", Name: "Kurşehir", Standing: municipalities.Reference, Country: "TR", Region: "Konya", Lat: 37, Lon: 33, Zone: "Europe/Istanbul", FiguresAt: now},
	})
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return now }
	service := imports.New(db, clock, municipalities.ImportKind(), municipalities.ContactKind(),
		accounts.New(db, clock).MandateKind(municipalities.FindPlaces), decisions.ImportKind(municipalities.FindPlaces), dues.BalanceKind(municipalities.FindPlaces))
	return testBundle{t, db, service, pgtest.StaffActor(t, db, identity.Administrator)}
}

// bring brings a table and gives what its rows came to: new, changed, same, faulty.
func (x testBundle) bring(kind, table string) (imports.Import, [4]int) {
	x.t.Helper()
	i, err := x.service.Bring(x.t.Context(), x.admin, imports.Brought{Kind: kind, Content: []byte(table)})
	if err != nil {
		x.t.Fatal(err)
	}
	return x.find(i.PublicID), [4]int{i.New, i.Changed, i.Same, i.Faulty}
}

func (x testBundle) find(id string) imports.Import {
	x.t.Helper()
	i, _, err := x.service.Find(x.t.Context(), x.admin, id)
	if err != nil {
		x.t.Fatal(err)
	}
	return i
}

func (x testBundle) store(kind, table string) imports.Import {
	x.t.Helper()
	i, _ := x.bring(kind, table)
	if err := x.service.Store(x.t.Context(), x.admin, i.PublicID, i.Version); err != nil {
		x.t.Fatalf("%+v: %v", i, err)
	}
	return x.run(i, imports.Storing, imports.Stored)
}

func (x testBundle) undo(i imports.Import) imports.Import {
	x.t.Helper()
	if err := x.service.Undo(x.t.Context(), x.admin, i.PublicID, i.Version); err != nil {
		x.t.Fatal(err)
	}
	return x.run(i, imports.Undoing, imports.Undone)
}

func (x testBundle) run(i imports.Import, act, want imports.Stage) imports.Import {
	x.t.Helper()
	if err := x.service.Run(x.t.Context(), imports.Args{ImportID: i.ID, Act: act}); err != nil {
		x.t.Fatal(err)
	}
	if i = x.find(i.PublicID); i.Stage != want {
		x.t.Fatalf("%s %s %+v", i.Stage, i.Failure, i.Counts)
	}
	return i
}

func (x testBundle) holds(sql, want string) {
	x.t.Helper()
	var got string
	if err := x.db.Tx.QueryRow(x.t.Context(), `select coalesce((`+sql+`), '')`).Scan(&got); err != nil {
		x.t.Fatalf("%s: %v", sql, err)
	}
	if got != want {
		x.t.Errorf("%s:\n%s, want\n%s", sql, got, want)
	}
}

const contactsNow = `select string_agg(concat_ws(' ', office, email, name, phone, lang, listed), '; ' order by id) from contacts`

func TestContactsComeAndGo(t *testing.T) {
	x := setup(t)
	first := x.store("contacts", "Belediye;E-posta;Birim;Kişi;Telefon;Dil\nŞuşa;info@susa.example;genel;;+994 1;tr\nSUSA;mer@susa.example;başkan;Ad Soyad;;\n")
	x.holds(contactsNow, "general info@susa.example  +994 1 tr f; mayor mer@susa.example Ad Soyad  en f")
	second := x.store("contacts", "Belediye;E-posta;Birim;Herkese açık\nŞuşa;INFO@susa.example;genel;evet\n")
	x.holds(contactsNow, "general info@susa.example  +994 1 tr t; mayor mer@susa.example Ad Soyad  en f")
	for table, want := range map[string][4]int{
		"Belediye;E-posta;Birim\nŞuşa;info@susa.example;genel\nŞuşa;info@susa.example;genel\nYok;a@b.example;genel\nŞuşa;yanlış;genel\nŞuşa;a@b.example;uçan\n": {0, 0, 1, 4},
		"Belediye;E-posta;Birim;Kişi;Herkese açık\nŞuşa;mer@susa.example;başkan;;evet\nŞuşa;yeni@susa.example;;=1+1;\n":                                         {1, 0, 0, 1},
	} {
		if _, got := x.bring("contacts", table); got != want {
			t.Errorf("%q: %v, want %v", table, got, want)
		}
	}
	x.undo(second)
	x.undo(first)
	x.holds(contactsNow, "")
}

const mandatesNow = `select string_agg(concat_ws(' ', u.email, u.active, m.role, (m.starts_at at time zone 'Asia/Baku')::date, (m.ends_at at time zone 'Asia/Baku')::timestamp(0)), '; ' order by m.id)
	from mandates m join users u on u.id = m.user_id`

func TestMandatesInviteWhoHasNoAccount(t *testing.T) {
	x := setup(t)
	first := x.store("mandates", "Belediye;E-posta;Ad Soyad;Görev;Başlangıç;Bitiş\n"+
		"Şuşa;mer@susa.example;Mer Bəy;başkan;01.04.2024;31.03.2029\nŞuşa;mer@susa.example;;editör;;\n")
	x.holds(mandatesNow, "mer@susa.example t member_approver 2024-04-01 2029-04-01 00:00:00; mer@susa.example t member_editor 2026-11-25 infinity")
	x.holds(`select count(*)::text from access_links where purpose = 'invitation' and used_at is null`, "1")
	x.store("mandates", "Belediye;E-posta;Görev;Bitiş\nŞuşa;mer@susa.example;editör;31.12.2026\n")
	for table, want := range map[string][4]int{
		"Belediye;E-posta;Görev;Bitiş\nŞuşa;mer@susa.example;editör;2026-12-31\nŞuşa;yeni@susa.example;editör;\nŞuşa;mer@susa.example;yönetici;\n": {0, 0, 1, 2},
		"Belediye;E-posta;Ad Soyad;Görev;Bitiş\nKurşehir;a@kursehir.example;A B;editör;\nŞuşa;c@susa.example;C D;delege;01.01.2020\n":              {0, 0, 0, 2},
		"Belediye;E-posta;Ad Soyad;Görev;Bitiş\nŞuşa;d@susa.example;D D;danışman;\nŞuşa;e@susa.example;E E;danışman;2027-12-31\n":                  {1, 0, 0, 1},
		"Belediye;E-posta;Ad Soyad;Görev\nŞuşa;admin@susa.example;A B;administrator\n":                                                             {0, 0, 0, 1},
	} {
		if _, got := x.bring("mandates", table); got != want {
			t.Errorf("%q: %v, want %v", table, got, want)
		}
	}
	// The editor's mandate was changed by the second table.
	if err := x.service.Undo(t.Context(), x.admin, first.PublicID, first.Version); err != nil {
		t.Fatal(err)
	}
	x.run(first, imports.Undoing, imports.Stored)
}

func TestAMandateThatIsTakenBackEndsAndItsUnusedAccountIsOff(t *testing.T) {
	x := setup(t)
	x.undo(x.store("mandates", "Belediye;E-posta;Ad Soyad;Görev\nŞuşa;mer@susa.example;Mer Bəy;başkan\n"))
	x.holds(mandatesNow, "mer@susa.example f member_approver 2026-11-25 2026-11-25 16:00:00")
	x.store("mandates", "Belediye;E-posta;Ad Soyad;Görev\nŞuşa;mer@susa.example;Mer Bəy;onaylayan\n")
	x.holds(`select concat(active, ' ', (select count(*) from access_links l where l.user_id = u.id and used_at is null)) from users u where email = 'mer@susa.example'`, "t 1")
}

func TestOnlyWhoMayInviteBringsMandates(t *testing.T) {
	x := setup(t)
	officer := pgtest.StaffActor(t, x.db, identity.DeskOfficer)
	_, err := x.service.Bring(t.Context(), officer, imports.Brought{Kind: "mandates", Content: []byte("Belediye;E-posta;Görev\nŞuşa;a@b.example;editör\n")})
	if err == nil {
		t.Error("a desk officer gives mandates by a table")
	}
	i, _ := x.bring("mandates", "Belediye;E-posta;Ad Soyad;Görev\nŞuşa;a@b.example;A B;editör\n")
	if _, _, err := x.service.Find(t.Context(), officer, i.PublicID); err == nil {
		t.Error("a desk officer reads a table of mandates")
	}
	list, err := x.service.List(t.Context(), officer, "", 10)
	if err != nil || len(list.Rows) != 0 {
		t.Errorf("%+v %v", list.Rows, err)
	}
}

const decisionsNow = `select string_agg(concat_ws(' ', d.organ, d.number, d.decided_on, d.text, d.votes_for,
	(select count(*) from decision_items i where i.decision_id = d.id)), '; ' order by d.number) from decisions d`

func TestPastDecisionsStandOnceAndNeverChange(t *testing.T) {
	x := setup(t)
	i := x.store("decisions", "Kurul;Karar no;Tarih;Metin;Kabul oyu;Ret oyu;Çekimser;Belediye;Sonuç;Gerekçe\n"+
		"Yönetim Kurulu;14;21.03.2019;Üyelik;7;1;0;Şuşa;kabul;\n"+
		"Yönetim Kurulu;14;21.03.2019;;;;;Kurşehir;ret;Belgeler eksik\n"+
		"Genel Kurul;2;05.06.2019;Tüzük;;;;;;\n")
	x.holds(decisionsNow, "administrative_board 14 2019-03-21 Üyelik 7 2; general_assembly 2 2019-06-05 Tüzük 0")
	for table, want := range map[string][4]int{
		"Kurul;Karar no;Tarih;Metin\nYönetim Kurulu;14;21.03.2019;Üyelik\nYönetim Kurulu;14;22.03.2019;Üyelik\nYönetim Kurulu;15;21.03.2029;Yarın\nKimse;1;21.03.2019;\n": {0, 0, 1, 3},
		"Kurul;Karar no;Tarih;Metin\nYönetim Kurulu;14;21.03.2019;Başka\nYönetim Kurulu;14;21.03.2018;Eski yıl\n":                                                         {1, 0, 0, 1},
		"Kurul;Karar no;Tarih;Belediye;Sonuç\nYürütme Kurulu;3;21.03.2019;Şuşa;ret\n":                                                                                     {0, 0, 0, 1},
	} {
		if _, got := x.bring("decisions", table); got != want {
			t.Errorf("%q: %v, want %v", table, got, want)
		}
	}
	x.undo(i)
	x.holds(decisionsNow, "")
}

const balancesNow = `select string_agg(concat_ws(' ', year, amount, currency, due_on, open, source, rules_id), '; ' order by year) from dues_assessments`

func TestOpenBalancesAreTakenOverOnce(t *testing.T) {
	x := setup(t)
	table := "Belediye;Yıl;Açık tutar;Para birimi;Vade;Fatura no\nŞuşa;2023;1.250,50;eur;;F-17\nSusa;2024;300;EUR;30.06.2024;\n"
	i := x.store("balances", table)
	x.holds(balancesNow, "2023 1250.50 EUR 2023-12-31 1250.50 taken_over; 2024 300.00 EUR 2024-06-30 300.00 taken_over")
	for table, want := range map[string][4]int{
		table: {0, 0, 2, 0},
		"Belediye;Yıl;Açık tutar;Para birimi\nŞuşa;2023;1250;EUR\n":                                {0, 0, 0, 1}, // stands with another sum
		"Belediye;Yıl;Açık tutar;Para birimi\nŞuşa;2022;5;EUR\nŞuşa;2022;5;EUR\n":                  {1, 0, 0, 1}, // twice in one table
		"Belediye;Yıl;Açık tutar;Para birimi\nKurşehir;2022;5;EUR\n":                               {0, 0, 0, 1}, // never a member
		"Belediye;Yıl;Açık tutar;Para birimi\nŞuşa;2027;-5;lira\nŞuşa;22;0;EUR\n":                  {0, 0, 0, 2},
		"Belediye;Yıl;Açık tutar;Para birimi\nŞuşa;2021;5;XXX\nŞuşa;2020;5;ABC\nŞuşa;2019;5;azn\n": {1, 0, 0, 2},
		"Belediye;Yıl;Açık tutar;Para birimi;Vade\nŞuşa;2021;5;EUR;2025-01-01\nX;2021;5;EUR;":      {0, 0, 0, 2},
	} {
		if _, got := x.bring("balances", table); got != want {
			t.Errorf("%s: %v, want %v", table, got, want)
		}
	}
	x.undo(i)
	x.holds(balancesNow, "")
}

func TestABalanceThatMoneyCameForIsNotTakenBack(t *testing.T) {
	x := setup(t)
	i := x.store("balances", "Belediye;Yıl;Açık tutar;Para birimi\nŞuşa;2023;100;EUR\nŞuşa;2024;100;EUR\n")
	if _, err := x.db.Tx.Exec(t.Context(), `
		insert into dues_payments (public_id, assessment_id, org_id, amount, currency, received, received_currency, paid_on, method, receipt)
		select 'aaaaaaaaaaaaaaaaaaaaaaaaaa', id, org_id, 40, 'EUR', 40, 'EUR', '2026-01-01', 'transfer', 'RCP-1' from dues_assessments where year = 2024`); err != nil {
		t.Fatal(err)
	}
	if err := x.service.Undo(t.Context(), x.admin, i.PublicID, i.Version); err != nil {
		t.Fatal(err)
	}
	if err := x.service.Run(t.Context(), imports.Args{ImportID: i.ID, Act: imports.Undoing}); err != nil {
		t.Fatal(err)
	}
	if i = x.find(i.PublicID); i.Stage != imports.Stored {
		t.Errorf("taken back: %s", i.Stage)
	}
	x.holds(`select count(*)::text from dues_assessments`, "2")
}
