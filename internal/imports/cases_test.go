package imports_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
)

// caseBundle is a testBundle that casework runs in: the services are in force.
type caseBundle struct {
	testBundle
	cases *requests.Service
	desk  identity.Actor
}

func setupCases(t *testing.T) caseBundle {
	x := setup(t)
	service, cases := casework(t, x.db)
	x.service = service
	return caseBundle{x, cases, pgtest.StaffActor(t, x.db, identity.DeskOfficer)}
}

// casework puts the services in force.
func casework(t *testing.T, db postgres.DB) (*imports.Service, *requests.Service) {
	t.Helper()
	clock, zone := func() time.Time { return now }, time.FixedZone("UTC+3", 3*60*60)
	err := db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		for _, d := range requests.Forms() {
			if _, err := forms.Publish(t.Context(), tx, d); err != nil {
				return err
			}
		}
		return services.New(db, requests.Rules(), clock).Ship(t.Context(), tx, requests.Shipped())
	})
	if err != nil {
		t.Fatal(err)
	}
	cases := requests.New(db, requests.NewFormAnswers(zone, clock), nil, zone, clock)
	return imports.New(db, clock, cases.TakeoverKind(municipalities.FindPlaces), cases.HistoryKind()), cases
}

func (x caseBundle) email(a identity.Actor) (out string) {
	x.holds(`select name from users where id = `+fmt.Sprint(a.UserID), a.Name)
	if err := x.db.Tx.QueryRow(x.t.Context(), `select email from users where id = $1`, a.UserID).Scan(&out); err != nil {
		x.t.Fatal(err)
	}
	return out
}

const caseHeader = "No;Belediye;Hizmet;Konu;Tarih;Durum;Birim;Görevli;Son tarih;Açıklama;Geçmiş\n"

const casesNow = `select string_agg(concat_ws(' | ', earlier_reference, reference, state, office, title, came_on, (submitted_at at time zone 'UTC')::date,
	nullif(due_at, 'infinity')::date, alarm, (select string_agg(happened_on || ' ' || words, ' / ' order by happened_on, id) from request_earlier l where l.request_id = r.id)),
	e'\n' order by earlier_reference) from requests r`

func TestEarlierCasesComeWithTheirHistory(t *testing.T) {
	x := setupCases(t)
	table := caseHeader +
		"2019/14;ŞUŞA;Proje desteği;Kale duvarı;12.03.2024;incelemede;Proje Birimi;" + x.email(x.desk) + ";31.12.2026;Doğu duvarı için destek;\"14.03.2024 Kaydedildi\n02.04.2024 – Çizim istendi\ndevamı var\"\n" +
		"2019/15;Susa Belediye Başkanlığı;project_support;Park;01.02.2025;kayıtlı;;;01.03.2025;;\n" +
		"2019/14;;;;;;;;;;20.05.2024 Çizim geldi; 21.05.2024 Bakıldı\n"
	first := x.store("requests", strings.Replace(table, "20.05.2024 Çizim geldi; 21.05.2024 Bakıldı", `"20.05.2024 Çizim geldi; 21.05.2024 Bakıldı"`, 1))
	x.holds(casesNow, "2019/14 | REQ-2026-00001 | in_review | projects | Kale duvarı | 2024-03-12 | 2024-03-12 | 2026-12-31 | 0 | "+
		"2024-03-14 Kaydedildi / 2024-04-02 Çizim istendi\ndevamı var / 2024-05-20 Çizim geldi / 2024-05-21 Bakıldı\n"+
		"2019/15 | REQ-2026-00002 | registered | projects | Park | 2025-02-01 | 2025-02-01 | 2025-03-01 | 3")
	x.holds(`select string_agg(concat_ws(' ', m.move, m.to_state, m.seq), ', ' order by m.subject_id) from moves m join requests r on r.id = m.subject_id`, "take_over in_review 1, take_over registered 1")
	x.holds(`select string_agg(data ->> 'description', ',') from submissions`, `{"text": "Doğu duvarı için destek"}`)
	x.holds(`select count(*)::text from notify_events`, "0")
	x.holds(`select count(*)::text from audit_entries where action = 'request.take_over'`, "2")
	x.holds(`select string_agg(concat_ws(' ', key, user_id is not null, office), ', ' order by id) from tasks`, "requests.handle t, requests.handle f projects")
	if _, got := x.bring("requests", table); got != [4]int{0, 0, 3, 0} {
		t.Errorf("brought again: %v", got)
	}
	x.finds("2019/14", "2019 15", "kale")
	x.undo(first)
	x.holds(`select concat((select count(*) from requests), (select count(*) from moves), (select count(*) from submissions), (select count(*) from tasks),
		(select count(*) from search_documents where kind = 'request'), (select count(*) from request_earlier))`, "000000")
}

// finds looks for each text in the search and in the inbox.
func (x caseBundle) finds(texts ...string) {
	x.t.Helper()
	for _, text := range texts {
		list, err := x.cases.List(x.t.Context(), x.desk, locale.TR, requests.Filter{Text: text}, requests.Place{})
		if err != nil || len(list.Rows) != 1 {
			x.t.Errorf("the inbox finds %d of %q (%v)", len(list.Rows), text, err)
		}
		err = x.db.Read(x.t.Context(), x.desk, func(q postgres.Querier) error {
			hits, err := search.Find(x.t.Context(), q, x.desk, search.Query{Text: text, Kinds: []subject.Kind{subject.Request}, Lang: locale.TR})
			if len(hits) != 1 {
				x.t.Errorf("the search finds %d of %q", len(hits), text)
			}
			return err
		})
		if err != nil {
			x.t.Fatal(err)
		}
	}
}

func TestEachFaultOfAnEarlierCaseIsTold(t *testing.T) {
	x := setupCases(t)
	for row, want := range map[string]string{
		"1;Yok;Proje desteği;Park;01.02.2025":                                       "imports.no_place",
		"2;Şuşa;Uçan halı;Park;01.02.2025":                                          "imports.no_service",
		"3;Şuşa;Proje desteği;;01.02.2025":                                          "imports.no_title",
		"4;Şuşa;Proje desteği;Park;01.02.2027":                                      "imports.no_day",
		"5;Şuşa;Proje desteği;Park;01.02.2025;kapandı":                              "imports.case_over",
		"6;Şuşa;Proje desteği;Park;01.02.2025;Onaylandı":                            "imports.state_needs_more",
		"7;Şuşa;Proje desteği;Park;01.02.2025;uçuyor":                               "imports.no_state",
		"8;Şuşa;Proje desteği;Park;01.02.2025;;Hava Birimi":                         "imports.no_office",
		"9;Şuşa;Proje desteği;Park;01.02.2025;;;x@union.example":                    "imports.no_officer",
		"10;Şuşa;Proje desteği;Park;01.02.2025;;;;01.01.2025":                       "imports.no_day",
		"11;Şuşa;Proje desteği;Park;01.02.2025;;;;;;Kaydedildi":                     "imports.history_no_day",
		"12;Şuşa;Proje desteği;Park;01.02.2025;;;;;;12.03.24 Kaydedildi":            "imports.no_day",
		"13;Şuşa;Proje desteği;Park;01.02.2025;;;;;;12.03.2024":                     "imports.history_empty",
		";Şuşa;Proje desteği;Park;01.02.2025":                                       "imports.no_case_number",
		"14;;Proje desteği;Park;01.02.2025":                                         "imports.no_name",
		"15;Şuşa;Proje desteği;" + strings.Repeat("ğ", 201) + ";01.02.2025":         "imports.too_long",
		"16;Şuşa;opinion;Park;01.02.2025;kurulda":                                   "imports.state_of_other",
		"17;Şuşa;Proje desteği;Park;01.02.2025\n17;Kurşehir;;;;;;;;;01.03.2025 Ek":  "imports.case_of_other",
		"18;Şuşa;Proje desteği;Park;01.02.2025\n18;;;Bahçe;;;;;;;01.03.2025 Ek":     "imports.case_rows_differ",
		"19;Şuşa;Proje desteği;Park;01.02.2025\n19;Şuşa;Proje desteği;Park;01.02.2": "imports.twin",
	} {
		i, _ := x.bring("requests", caseHeader+row+"\n")
		lines, err := x.service.Lines(t.Context(), x.admin, i, []imports.State{imports.Faulty}, 0, 10)
		if err != nil || len(lines) != 1 || lines[0].Faults[0].Key != want {
			t.Errorf("%s: %+v, want %s (%v)", row, lines, want, err)
			continue
		}
		for _, lang := range locale.Langs() {
			if text := lines[0].Faults[0].Text(lang); text == "" || text == want {
				t.Errorf("%s says nothing in %s", want, lang)
			}
		}
	}
}

func TestLinesComeLaterAndAreTakenBackAlone(t *testing.T) {
	x := setupCases(t)
	cases := x.store("requests", caseHeader+"A-1;Şuşa;Proje desteği;Park;01.02.2025;;;;;;02.02.2025 Geldi\n")
	table := "No;Tarih;Metin\nA-1;03.02.2025;Bakıldı\na-1;04.02.2025;Yazıldı\n"
	i := x.store("request_history", table)
	if _, got := x.bring("request_history", table+"A-2;04.02.2025;Yok\nA-1;;Günsüz\n"); got != [4]int{0, 0, 2, 2} {
		t.Errorf("lines brought again: %v", got)
	}
	const lines = `select string_agg(happened_on || ' ' || words || ' ' || audience, ', ' order by happened_on) from request_earlier`
	x.holds(lines, "2025-02-02 Geldi staff, 2025-02-03 Bakıldı staff, 2025-02-04 Yazıldı staff")
	x.undo(i)
	x.holds(lines, "2025-02-02 Geldi staff")
	x.undo(cases)
}

func TestACaseThatIsWorkedOnIsNotTakenBack(t *testing.T) {
	x := setupCases(t)
	i := x.store("requests", caseHeader+"A-1;Şuşa;Proje desteği;Park;01.02.2025\nA-2;Şuşa;Proje desteği;Bahçe;01.02.2025\n")
	var id string
	if err := x.db.Tx.QueryRow(t.Context(), `select s.public_id from requests r join subjects s on s.id = r.id where earlier_reference = 'A-2'`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	for range 2 { // pressed twice the city is told once
		if err := x.cases.HandOver(t.Context(), x.desk, id); err != nil {
			t.Fatal(err)
		}
	}
	x.holds(`select string_agg(name, ',') from notify_events`, "requests.handed_over")
	if err := x.service.Undo(context.Background(), x.admin, i.PublicID, i.Version); err != nil {
		t.Fatal(err)
	}
	i = x.run(i, imports.Undoing, imports.Stored)
	refused, err := x.service.Refused(t.Context(), x.admin, i, 10)
	if err != nil || len(refused) != 1 || refused[0].Row != 3 {
		t.Errorf("refused: %+v %v", refused, err)
	}
	x.holds(`select count(*)::text from requests`, "2")
}

func TestATownIsToldOfAllItsCasesInOneLetter(t *testing.T) {
	x := setupCases(t)
	x.store("requests", caseHeader+"A-1;Şuşa;Proje desteği;Park;01.02.2025\nA-2;Şuşa;Proje desteği;Bahçe;01.02.2025\nA-3;Kurşehir;Proje desteği;Yol;01.02.2025\n")
	id := func(number string) (out string) {
		if err := x.db.Tx.QueryRow(t.Context(), `select s.public_id from requests r join subjects s on s.id = r.id where earlier_reference = $1`, number).Scan(&out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, number := range []string{"A-2", "A-1"} { // the second has nothing left to tell
		if err := x.cases.HandOverAll(t.Context(), x.desk, id(number)); err != nil {
			t.Fatal(err)
		}
	}
	x.holds(`select string_agg(name || ' ' || (args ->> 'Number'), ',') from notify_events`, "requests.handed_over_all 2")
	x.holds(`select string_agg(earlier_reference, ',' order by earlier_reference) from requests where handed_over_at is not null`, "A-1,A-2")
	x.holds(`select count(*)::text from audit_entries where action = 'request.hand_over'`, "2")
}

// TestTwoListsAtOnceMakeEachCaseOnce: the second of two that are stored at one moment finds
// the cases of the first.
func TestTwoListsAtOnceMakeEachCaseOnce(t *testing.T) {
	db, ctx := pgtest.Clone(t), t.Context()
	service, _ := casework(t, db)
	err := db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if err := municipalities.LoadBase(ctx, tx); err != nil {
			return err
		}
		_, err := municipalities.Load(ctx, tx, []municipalities.Record{{SourceID: "gn:1", Name: "Şuşa", Standing: municipalities.Active, Country: "AZ", Region: "Şuşa",
			Lat: 39.76, Lon: 46.75, Zone: "Asia/Baku", FiguresAt: now}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	admin := pgtest.StaffActor(t, db, identity.Administrator)
	var table strings.Builder
	table.WriteString(caseHeader)
	for i := range 300 { // more than are stored at a time
		fmt.Fprintf(&table, "K-%d;Şuşa;Proje desteği;Park %d;01.02.2025;;;;;;02.02.2025 Geldi\n", i, i)
	}
	var brought []int64
	for range 2 {
		i, err := service.Bring(ctx, admin, imports.Brought{Kind: "requests", Content: []byte(table.String())})
		if err == nil {
			i, _, err = service.Find(ctx, admin, i.PublicID)
		}
		if err == nil {
			err = service.Store(ctx, admin, i.PublicID, i.Version)
		}
		if err != nil {
			t.Fatal(err)
		}
		brought = append(brought, i.ID)
	}
	ended := make(chan error, len(brought))
	for _, id := range brought {
		go func() { ended <- service.Run(ctx, imports.Args{ImportID: id, Act: imports.Storing}) }()
	}
	for range brought {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	var got string
	err = db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select concat_ws(' ', (select count(*) from requests), (select count(distinct reference) from requests), (select count(*) from request_earlier),
			(select string_agg(concat_ws('/', state, new_rows, same_rows), ' ' order by new_rows) from imports))`).Scan(&got)
	})
	if err != nil || got != "300 300 300 stored/0/300 stored/300/0" {
		t.Errorf("%s %v", got, err)
	}
}

// TestACityReadsWhatTheListLetsItRead: a line that is the union's alone is not its city's,
// not even past the service; another city reads nothing.
func TestACityReadsWhatTheListLetsItRead(t *testing.T) {
	x := setupCases(t)
	x.store("requests", "No;Belediye;Hizmet;Konu;Tarih;Geçmiş;Geçmişi kim okur\n"+
		"A-1;Şuşa;Proje desteği;Park;01.02.2025;02.02.2025 Geldi;belediye\nA-1;;;;;03.02.2025 İç not;birlik\nA-1;;;;;04.02.2025 Sessiz;\n")
	var id string
	var city, other int64
	err := x.db.Tx.QueryRow(t.Context(), `
		select s.public_id, r.org_id, (select id from municipalities where source_id = 'gn:2') from requests r join subjects s on s.id = r.id`).Scan(&id, &city, &other)
	if err != nil {
		t.Fatal(err)
	}
	for who, c := range map[string]struct {
		actor identity.Actor
		want  string
	}{"its city": {pgtest.MemberActor(t, x.db, city, identity.MemberEditor), "Geldi"}, "another city": {pgtest.MemberActor(t, x.db, other, identity.MemberEditor), ""}, "staff": {x.desk, "Geldi, İç not, Sessiz"}} {
		var told []string
		if file, err := x.cases.Case(t.Context(), c.actor, locale.TR, id); err == nil {
			for _, e := range file.Happened {
				if e.Source == requests.OfList {
					told = append(told, e.Text)
				}
			}
		}
		var stored string
		err := x.db.Read(t.Context(), c.actor, func(q postgres.Querier) error {
			return q.QueryRow(t.Context(), `select coalesce(string_agg(words, ', ' order by happened_on), '') from request_earlier`).Scan(&stored)
		})
		if err != nil || strings.Join(told, ", ") != c.want || stored != c.want {
			t.Errorf("%s reads %q, and in the table %q, want %q (%v)", who, told, stored, c.want, err)
		}
	}
}
