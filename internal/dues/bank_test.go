package dues_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/dues/duestest"
	"github.com/birlik/portal/internal/locale"
)

// file is a bank's list about two members whose assessments are DUE-2026-00001 and -00002.
const file = "\ufeffTarih;Gönderen;Açıklama;Tutar;Döviz\r\n" +
	"20.11.2026;Şuşa bələdiyyəsi;AIDAT due 2026/1;100,00;EUR\r\n" +
	"20.11.2026;Şuşa bələdiyyəsi;AIDAT due 2026/1;100,00;EUR\r\n" + // a second, equal payment of the same day
	"21.11.2026;Gəncə;DUE-2026-00002;1.000,00;EUR\r\n" + // more than is owed
	"21.11.2026;Gəncə;DUE-2026-00002;45.000,00;TL\r\n" +
	"22.11.2026;Kimse;hayırlı olsun;5,00;EUR\r\n" +
	"22.11.2026;Banka;masraf;-12,00;EUR\r\n"

func take(t *testing.T, b *bundle, content string) (string, error) {
	t.Helper()
	id, faults, err := b.s.TakeBankFile(t.Context(), b.finance, dues.BankInput{Name: "kasım.csv", Content: []byte(content), Currency: "EUR", Lang: locale.TR})
	if err != nil {
		return fmt.Sprint(faults), err
	}
	return id, nil
}

func twoMembers(t *testing.T) (b *bundle, first, second string) {
	t.Helper()
	b = setup(t)
	one, two := duestest.Member(t, b.db, "Şuşa", 4650), duestest.Member(t, b.db, "Gəncə", 330_000)
	duestest.Rules(t, b.db, b.s, 2026, 1, duestest.Bands)
	first = duestest.Issued(t, b.db, b.s, one, 2026)
	return b, first, duestest.Assessment(t, b.db, two, 2026)
}

// TestTheSameBankFileTwiceCreditsOnce, and so does a longer file that holds the same lines;
// what cannot be credited by itself waits, each with its reason.
func TestTheSameBankFileTwiceCreditsOnce(t *testing.T) {
	b, first, second := twoMembers(t)
	id, err := take(t, b, file)
	if err != nil {
		t.Fatal(err, id)
	}
	if b.open(t, first) != "50.00" || b.open(t, second) != "900.00" {
		t.Fatalf("open %s and %s", b.open(t, first), b.open(t, second))
	}
	got, lines, err := b.s.File(t.Context(), b.finance, id)
	if err != nil || got.Lines != 5 || got.Matched != 2 || got.Open != 3 || got.Outgoing != 1 || got.Known != 0 {
		t.Fatalf("%+v %v", got, err)
	}
	var why []string
	for _, l := range lines {
		why = append(why, l.State+l.Why)
	}
	if strings.Join(why, " ") != "matched matched opentoo_much openother_currency openno_reference" {
		t.Errorf("lines %v", why)
	}
	again, err := take(t, b, file)
	if err != nil {
		t.Fatal(err)
	}
	if got, _, err := b.s.File(t.Context(), b.finance, again); err != nil || got.Known != 5 || got.Matched != 0 || b.open(t, first) != "50.00" {
		t.Errorf("again: %+v %v, open %s", got, err, b.open(t, first))
	}
	longer, err := take(t, b, file+"23.11.2026;Şuşa;DUE-2026-00001;50;EUR\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if got, _, err := b.s.File(t.Context(), b.finance, longer); err != nil || got.Known != 5 || got.Matched != 1 || b.open(t, first) != "0.00" {
		t.Errorf("longer: %+v %v, open %s", got, err, b.open(t, first))
	}
	if n := b.count(t, `select count(*) from dues_payments`); n != 3 {
		t.Errorf("%d payments", n)
	}
}

// TestAFaultyFileStoresNothing and names each faulty row.
func TestAFaultyFileStoresNothing(t *testing.T) {
	b, first, _ := twoMembers(t)
	for content, want := range map[string]string{
		"": "tables.empty", "Tarih;Tutar\n20.11.2026;5": "file dues.bank.no.purpose", "Açıklama;Tutar\nx;5": "file dues.bank.no.date",
		"Date;Amount;Purpose\n20.11.2026;100.00;DUE-2026-00001\n31.02.2026;5;x\n20.11.2026;1,234;x": "file dues.bank.rows_wrong",
	} {
		if told, err := take(t, b, content); field(err) != want {
			t.Errorf("%q: %v, want %s (%s)", content, err, want, told)
		}
	}
	if b.open(t, first) != "250.00" || b.count(t, `select count(*) from dues_bank_lines`) != 0 {
		t.Error("something was stored")
	}
}

// TestMatchingByHand in parts, setting aside, and letting a line wait again when its payment
// is taken back.
func TestMatchingByHand(t *testing.T) {
	b, first, second := twoMembers(t)
	id, err := take(t, b, file)
	if err != nil {
		t.Fatal(err)
	}
	_, lines, _ := b.s.File(t.Context(), b.finance, id)
	tooMuch, nobody := lines[2], lines[4]
	line, offers, err := b.s.Line(t.Context(), b.finance, locale.TR, tooMuch.PublicID, "")
	if err != nil || len(offers) != 1 || offers[0].PublicID != second {
		t.Fatalf("%+v offered %+v %v", line, offers, err)
	}
	if err := b.s.Match(t.Context(), b.finance, tooMuch.PublicID, second, ""); err != nil || b.open(t, second) != "0.00" {
		t.Fatalf("%v, open %s", err, b.open(t, second))
	}
	if err := b.s.Match(t.Context(), b.finance, tooMuch.PublicID, first, "100.01"); field(err) != "amount dues.bank.line_short" {
		t.Errorf("more than the line has: %v", err)
	}
	if err := b.s.SetAside(t.Context(), b.finance, tooMuch.PublicID, "iade"); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("a used line is set aside: %v", err)
	}
	if err := b.s.Match(t.Context(), b.finance, tooMuch.PublicID, first, "50"); err != nil || b.open(t, first) != "0.00" {
		t.Errorf("%v, open %s", err, b.open(t, first))
	}
	if err := b.s.SetAside(t.Context(), b.finance, nobody.PublicID, ""); field(err) != "reason error.required" {
		t.Errorf("without a reason: %v", err)
	}
	if err := b.s.SetAside(t.Context(), b.finance, nobody.PublicID, "kira iadesi"); err != nil {
		t.Error(err)
	}
	rec, _ := b.s.Assessment(t.Context(), b.finance, locale.TR, second)
	if err := b.s.TakeBack(t.Context(), b.finance, second, rec.Payments[0].PublicID, "yanlış"); err != nil || b.open(t, second) != "900.00" {
		t.Errorf("%v, open %s", err, b.open(t, second))
	}
	if line, _, _ = b.s.Line(t.Context(), b.finance, locale.TR, tooMuch.PublicID, ""); line.State != "open" || line.Left.String() != "950.00" || line.Why != "reversed" {
		t.Errorf("the line: %+v", line)
	}
}
