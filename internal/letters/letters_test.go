package letters_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/letters"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/subject"
)

var now = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// books stand for the register and for dues.
type books struct {
	ids  []int64
	owed map[int64][]letters.Owed
}

func (b *books) Matching(context.Context, postgres.Querier, identity.Actor, letters.Filter) ([]int64, error) {
	return b.ids, nil
}

func (b *books) Owed(context.Context, postgres.Querier, []int64, bool) (map[int64][]letters.Owed, error) {
	return b.owed, nil
}

type bundle struct {
	db   postgres.DB
	s    *letters.Service
	desk identity.Actor
	all  *books
}

func setup(t *testing.T, db postgres.DB) *bundle {
	t.Helper()
	b := &bundle{db: db, all: &books{owed: map[int64][]letters.Owed{}}}
	b.s = letters.New(db, b.all, map[locale.Lang]string{locale.TR: "Birlik", locale.EN: "Union", locale.RU: "Союз"}, time.UTC, func() time.Time { return now })
	b.desk = pgtest.StaffActor(t, db, identity.DeskOfficer)
	return b
}

// city makes a member that is written to in a language.
func (b *bundle) city(t *testing.T, name, lang string) (id int64, publicID string) {
	t.Helper()
	id = pgtest.Org(t, b.db, name)
	err := b.db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `insert into contacts (public_id, org_id, office, email, lang) values ($1, $2, 'general', 'office@city.example', $3)`, subject.NewPublicID(), id, lang)
		if err != nil {
			return err
		}
		return tx.QueryRow(t.Context(), `select public_id from subjects where id = $1`, id).Scan(&publicID)
	})
	if err != nil {
		t.Fatal(err)
	}
	b.all.ids = append(b.all.ids, id)
	return id, publicID
}

// decided records a decision about a member, and returns its public id.
func (b *bundle) decided(t *testing.T, number string, org int64) (publicID string) {
	t.Helper()
	err := b.db.InTx(t.Context(), b.desk, func(tx pgx.Tx) error {
		id, err := decisions.Record(t.Context(), tx, b.desk, decisions.Decision{Organ: decisions.AdministrativeBoard, Number: number, Date: now,
			Items: []decisions.Item{{Subject: subject.Ref{Kind: subject.Municipality, ID: org}, Outcome: decisions.Approve, Reason: "Aidat\niki yıldır ödenmedi."}}})
		if err != nil {
			return err
		}
		return tx.QueryRow(t.Context(), `select public_id from subjects where id = $1`, id).Scan(&publicID)
	})
	if err != nil {
		t.Fatal(err)
	}
	return publicID
}

func general(title, body string) letters.Input {
	return letters.Input{Kind: letters.General, Office: "secretary_general", Texts: map[locale.Lang]letters.Text{locale.TR: {Title: title, Body: body}}}
}

func (b *bundle) issue(t *testing.T, record string, in letters.Input) letters.Letter {
	t.Helper()
	ids, err := b.s.Issue(t.Context(), b.desk, letters.To{Record: record}, in)
	if err != nil {
		t.Fatal(err)
	}
	l, _, err := b.s.Show(t.Context(), b.desk, ids[0])
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestNumbersHaveNoGap: many issue at once, some fail, and the register counts 1, 2, 3.
func TestNumbersHaveNoGap(t *testing.T) {
	b := setup(t, pgtest.Clone(t))
	_, city := b.city(t, "Şuşa", "tr")
	var group sync.WaitGroup
	for i := range 24 {
		group.Go(func() {
			in := general("Davet", "Metin")
			if i%3 == 0 {
				in.Corrects = strings.Repeat("a", 26) // fails after everything else was found
			}
			_, _ = b.s.Issue(context.Background(), b.desk, letters.To{Record: city}, in)
		})
	}
	group.Wait()
	if _, err := b.s.Issue(t.Context(), b.desk, letters.To{All: true}, general("Davet", "Metin")); err != nil {
		t.Fatal(err)
	}
	err := b.db.Read(t.Context(), identity.Worker(), func(q postgres.Querier) error {
		var n, least, most int
		err := q.QueryRow(t.Context(), `select count(*), min(number), max(number) from letters where year = 2026`).Scan(&n, &least, &most)
		if n != 17 || least != 1 || most != n {
			t.Errorf("%d letters, numbered %d to %d", n, least, most)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestWhatNeedsADecision cannot be issued without one that speaks of the addressee.
func TestWhatNeedsADecision(t *testing.T) {
	b := setup(t, pgtest.DB(t))
	shusha, city := b.city(t, "Şuşa", "tr")
	other, _ := b.city(t, "Oş", "ru")
	in := letters.Input{Kind: letters.Expulsion, Office: "president", Day: now}
	for decision, want := range map[string]string{"": "letters.decision_needed", strings.Repeat("a", 26): "decisions.choose", b.decided(t, "1", other): "letters.decision_other"} {
		in.Decision = decision
		_, err := b.s.Issue(t.Context(), b.desk, letters.To{Record: city}, in)
		if got := fault(err, "decision"); got != want {
			t.Errorf("%q: %v", decision, err)
		}
	}
	in.Decision = b.decided(t, "2026/14", shusha)
	l := b.issue(t, city, in)
	if l.DecisionNo != "2026/14" || l.Reference() != "2026/000001" || !strings.Contains(strings.Join(l.Paragraphs, "\n"), "2026/14") || strings.Contains(strings.Join(l.Paragraphs, ""), "{{") ||
		!slices.Contains(l.Paragraphs, "Gerekçe: Aidat iki yıldır ödenmedi.") || l.Paragraphs[0] != "Sayın ilgili," {
		t.Errorf("%+v", l)
	}
	err := b.db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `
			with s as (insert into subjects (kind, org_id, public_id) values ('letter', $1, $2) returning id)
			insert into letters (id, org_id, kind, year, number, lang, issued_on, office, sender, addressee, title, paragraphs)
			select id, $1, 'expulsion', 2026, 99, 'tr', current_date, 'president', 'x', 'x', 'x', '[]' from s`, shusha, subject.NewPublicID())
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "letters_decided") {
		t.Errorf("the table takes an expulsion without a decision: %v", err)
	}
}

func fault(err error, field string) string {
	e, ok := err.(*apperr.Error)
	if !ok {
		return ""
	}
	return e.Fields[field]
}

// TestIssuedLettersStay: not even the owner changes one; a correction names it.
func TestIssuedLettersStay(t *testing.T) {
	b := setup(t, pgtest.DB(t))
	_, city := b.city(t, "Şuşa", "tr")
	_, other := b.city(t, "Oş", "ru")
	first := b.issue(t, city, general("Davet", "Yanlış gün"))
	for _, sql := range []string{`update letters set title = 'x'`, `delete from letters`} {
		err := b.db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error { _, err := tx.Exec(t.Context(), sql); return err })
		if err == nil {
			t.Errorf("%s went through", sql)
		}
	}
	in := general("Davet", "Doğru gün")
	in.Corrects = first.PublicID
	if _, err := b.s.Issue(t.Context(), b.desk, letters.To{Record: other}, in); fault(err, "corrects") == "" {
		t.Errorf("a correction went to somebody else: %v", err)
	}
	second := b.issue(t, city, in)
	again, _, err := b.s.Show(t.Context(), b.desk, first.PublicID)
	if err != nil || second.Corrects != first.Reference() || again.Corrected != second.Reference() || again.Paragraphs[0] != "Yanlış gün" {
		t.Errorf("%+v %+v %v", again, second, err)
	}
}

// TestServing: KEP and UETS need their number, and nobody records what is still to come.
func TestServing(t *testing.T) {
	b := setup(t, pgtest.DB(t))
	_, city := b.city(t, "Şuşa", "tr")
	l := b.issue(t, city, general("Davet", "Metin"))
	for name, s := range map[string]letters.Serving{"way": {Way: "pigeon", At: now}, "number": {Way: "uets", At: now}, "day": {Way: "post", At: now.Add(time.Hour)}} {
		if err := b.s.Serve(t.Context(), b.desk, l.PublicID, s); fault(err, name) == "" {
			t.Errorf("%+v: %v", s, err)
		}
	}
	if err := b.s.Serve(t.Context(), b.desk, l.PublicID, letters.Serving{Way: "kep", Number: "KEP-77", At: now.Add(-time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if _, served, err := b.s.Show(t.Context(), b.desk, l.PublicID); err != nil || len(served) != 1 || served[0].Number != "KEP-77" {
		t.Errorf("%+v %v", served, err)
	}
}

// TestACityReadsItsOwn letters and no other's, in the list and by address.
func TestACityReadsItsOwn(t *testing.T) {
	b := setup(t, pgtest.DB(t))
	shusha, city := b.city(t, "Şuşa", "tr")
	osh, other := b.city(t, "Oş", "ru")
	in := letters.Input{Kind: letters.Resignation, Office: "secretary_general", Day: now}
	own, foreign := b.issue(t, city, in), b.issue(t, other, in)
	editor := pgtest.MemberActor(t, b.db, shusha, identity.MemberEditor)
	list, _, err := b.s.List(t.Context(), editor, letters.Search{OrgID: osh})
	if err != nil || len(list) != 1 || list[0].PublicID != own.PublicID {
		t.Errorf("%+v %v", list, err)
	}
	if _, _, err := b.s.Show(t.Context(), editor, foreign.PublicID); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("a foreign letter: %v", err)
	}
	for text, want := range map[string]int{foreign.Reference(): 1, " 2026 / 2 ": 1, "2026/99": 0, "2026": 0, "x/y' or 1=1": 0} {
		if list, _, err := b.s.List(t.Context(), b.desk, letters.Search{Text: text}); err != nil || len(list) != want {
			t.Errorf("%q finds %d letters: %v", text, len(list), err)
		}
		if list, _, err := b.s.List(t.Context(), editor, letters.Search{Text: text}); err != nil || len(list) != 0 {
			t.Errorf("a city finds another's %q: %d, %v", text, len(list), err)
		}
	}
	err = b.db.Read(t.Context(), editor, func(q postgres.Querier) error {
		var n int
		err := q.QueryRow(t.Context(), `select count(*) from letters`).Scan(&n)
		if n != 1 {
			t.Errorf("behind the wall stand %d letters", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.s.Issue(t.Context(), editor, letters.To{Record: city}, in); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("a city issues: %v", err)
	}
}

// TestDues: who owes nothing gets no letter; who does reads the table in its language.
func TestDues(t *testing.T) {
	b := setup(t, pgtest.DB(t))
	b.city(t, "Şuşa", "tr")
	osh, _ := b.city(t, "Ош", "ru")
	b.all.owed[osh] = []letters.Owed{{Reference: "DUE-2026-00001", Year: 2026, Amount: "1250.00", Open: "250.00", Currency: "EUR", DueOn: now}}
	p, err := b.s.Preview(t.Context(), b.desk, letters.To{All: true}, letters.Input{Kind: letters.DuesReminder, Office: "finance_office"})
	if err != nil || p.Count != 1 || len(p.Left) != 1 || p.First.Lang != "ru" || len(p.First.Rows) != 2 || p.First.Rows[1][0] != "DUE-2026-00001" {
		t.Errorf("%+v %v", p, err)
	}
}

// TestPaperAndFileAgree: the PDF and the DOCX say the same words, letter by letter.
func TestPaperAndFileAgree(t *testing.T) {
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Fatal("pdftotext (poppler-utils) reads papers again: ", err)
	}
	l := letters.Letter{Kind: letters.DuesAssessment, Year: 2026, Number: 123, Lang: "tr", IssuedOn: now, Office: "secretary_general", Signatory: "Ad Soyad", Sender: "Türk Dünyası Belediyeler Birliği",
		Addressee: "Şuşa\nБишкек", Title: "İI ıi: Iğdır’a & <davet>", Paragraphs: []string{"Sayın ilgili,", "Şuşa, Bakı, Бишкек, Ңң Өө Үү\nikinci satır"},
		Rows: [][]string{{"Sayı", "Yıl", "Son gün", "Tutar", "Kalan"}, {"DUE-1", "2026", "30 Haziran", "1.250,00 €", "250,00 €"}}}
	printed, err := l.PDF()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, printed, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	file, err := l.DOCX()
	if err != nil {
		t.Fatal(err)
	}
	a, b := words(string(out)), words(docxText(t, file))
	for _, want := range []string{"Şuşa", "Бишкек", "İI ıi: Iğdır’a & <davet>", "2026/000123", "1.250,00", "Genel Sekreter", "Ңң Өө Үү"} {
		if !strings.Contains(a, words(want)) || !strings.Contains(b, words(want)) {
			t.Errorf("%q is missing: paper %v, file %v", want, strings.Contains(a, words(want)), strings.Contains(b, words(want)))
		}
	}
	for _, word := range strings.Fields(b) {
		if !strings.Contains(a, word) {
			t.Errorf("the file says %q, the paper does not", word)
		}
	}
}

func words(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\u00a0", " ")), " ")
}

// docxText is the text of a file's document, as a reader takes it out.
func docxText(t *testing.T, content []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := archive.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	inside := false
	for d := xml.NewDecoder(part); ; {
		token, err := d.Token()
		if err == io.EOF {
			return out.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			inside = x.Name.Local == "t"
			if x.Name.Local == "p" || x.Name.Local == "br" {
				out.WriteByte('\n')
			}
		case xml.EndElement:
			inside = false
		case xml.CharData:
			if inside {
				out.Write(x)
			}
		}
	}
}

// TestTemplatesAreWhole: every kind in every language says whole sentences.
func TestTemplatesAreWhole(t *testing.T) {
	b := setup(t, pgtest.DB(t))
	id, city := b.city(t, "Şuşa", "tr")
	decision := b.decided(t, "2026/77", id)
	b.all.owed[id] = []letters.Owed{{Reference: "DUE-2026-00001", Year: 2026, Amount: "1.00", Open: "1.00", Currency: "EUR", DueOn: now}}
	for _, kind := range letters.Kinds()[1:] {
		for _, lang := range locale.Langs() {
			p, err := b.s.Preview(t.Context(), b.desk, letters.To{Record: city}, letters.Input{Kind: kind, Lang: string(lang), Office: "president", Day: now, Decision: decision})
			if err != nil {
				t.Fatal(kind, err)
			}
			text := p.First.Title + strings.Join(p.First.Paragraphs, "\n")
			if strings.Contains(text, "{{") || strings.Contains(text, "letters.") || strings.Contains(text, "<no value>") || !strings.Contains(text, "Şuşa") || p.First.Lang != string(lang) {
				t.Errorf("%s in %s: %s", kind, lang, text)
			}
		}
	}
}
