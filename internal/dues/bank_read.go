package dues

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/tables"
)

// bankLine is one line of a bank file that brought money.
type bankLine struct {
	Row             int
	Hash            string
	BookedOn        time.Time
	Amount          Amount
	Currency        string
	Payer, Purpose  string
	transactionCode string // the bank's own; empty where the file has none
}

// RowFault is what is wrong with one row of a file.
type RowFault struct {
	Row  int
	Key  string
	Args []any
}

// columns are the names, folded, by which banks head their columns.
var columns = map[string][]string{
	"date": {"date", "booking date", "value date", "transaction date", "tarih", "islem tarihi", "valor", "valor tarihi", "data",
		"дата", "дата операции", "дата проводки"},
	"amount":   {"amount", "credit", "tutar", "islem tutari", "alacak", "meblag", "сумма", "кредит", "приход"},
	"currency": {"currency", "ccy", "para birimi", "doviz", "doviz cinsi", "valyuta", "валюта"},
	"payer": {"payer", "sender", "name", "counterparty", "from", "gonderen", "karsi taraf", "unvan", "odeyen", "плательщик", "отправитель",
		"контрагент"},
	"purpose": {"purpose", "description", "details", "reference text", "narrative", "remittance information", "aciklama", "islem aciklamasi",
		"назначение", "назначение платежа", "описание"},
	"code": {"reference", "transaction id", "transaction reference", "bank reference", "referans", "referans no", "dekont no", "islem no", "fis no",
		"референс", "номер документа", "номер операции"},
}

// folded are the names of columns as a fold compares them.
var folded = func() map[string]string {
	out := map[string]string{}
	for column, names := range columns {
		for _, name := range names {
			out[fold.Key(name)] = column
		}
	}
	return out
}()

// bankFile is what a file holds.
type bankFile struct {
	lines    []bankLine
	outgoing int
	faults   []RowFault
}

// readBank reads the lines of a bank file. currency counts where the file has no column for
// it; lang decides how a lone comma or dot in an amount is meant.
// Errors: invalid (no table, a column that is missing).
func readBank(content []byte, currency string, lang locale.Lang) (bankFile, error) {
	var out bankFile
	table, err := tables.Read(content)
	if err != nil {
		return out, err
	}
	at := map[string]int{}
	for i, name := range table.Header {
		column, ok := folded[fold.Key(name)]
		if _, taken := at[column]; ok && !taken {
			at[column] = i
		}
	}
	for _, needed := range []string{"date", "amount", "purpose"} {
		if _, ok := at[needed]; !ok {
			return out, &apperr.Error{Code: apperr.Invalid, Key: "error.check_fields", Fields: map[string]string{"file": "dues.bank.no." + needed}}
		}
	}
	seen := map[string]int{}
	for _, row := range table.Rows {
		cell := func(column string) string {
			if i, ok := at[column]; ok {
				return strings.TrimSpace(row.Cells[i])
			}
			return ""
		}
		out.take(row.Number, cell, currency, lang, seen)
	}
	return out, nil
}

// take reads one row.
func (f *bankFile) take(number int, cell func(string) string, currency string, lang locale.Lang, seen map[string]int) {
	fail := func(key, value string) {
		f.faults = append(f.faults, RowFault{number, key, []any{"Value", short(value, 60)}})
	}
	line := bankLine{Row: number, Currency: strings.ToUpper(cell("currency")), Payer: short(cell("payer"), 500), Purpose: short(cell("purpose"), 2000), transactionCode: cell("code")}
	if line.Currency == "" {
		line.Currency = currency
	}
	iso, ok := forms.ParseDate(strings.SplitN(cell("date"), " ", 2)[0])
	if !ok {
		iso, ok = forms.ParseDate(cell("date"))
	}
	if !ok {
		fail("dues.bank.bad_date", cell("date"))
		return
	}
	line.BookedOn, _ = time.Parse(time.DateOnly, iso) // ParseDate gives this form
	if line.BookedOn.Year() < 1990 {
		fail("dues.bank.bad_date", cell("date"))
		return
	}
	digits, ok := forms.ParseNumber(cell("amount"), lang, 2)
	if !ok {
		fail("dues.bank.bad_amount", cell("amount"))
		return
	}
	if strings.HasPrefix(digits, "-") || digits == "0" {
		f.outgoing++
		return
	}
	if line.Amount, ok = ParseAmount(digits); !ok {
		fail("dues.bank.bad_amount", cell("amount"))
		return
	}
	if line.Currency = symbol(line.Currency); !Currency(line.Currency) {
		fail("dues.bank.bad_currency", line.Currency)
		return
	}
	key := line.key()
	seen[key]++
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s\x00%d", key, seen[key])))
	line.Hash = hex.EncodeToString(sum[:])
	f.lines = append(f.lines, line)
}

// key is what makes a line that line: the bank's own code where it gives one, else all that
// it says. Two equal payments of one day are told apart by their order among equals.
func (l bankLine) key() string {
	parts := []string{l.BookedOn.Format(time.DateOnly), l.Amount.String(), l.Currency}
	if l.transactionCode != "" {
		parts = append(parts, "code", fold.Key(l.transactionCode))
	} else {
		parts = append(parts, "text", fold.Key(l.Payer), fold.Key(l.Purpose))
	}
	return strings.Join(parts, "\x00")
}

// symbol turns the words by which banks name a currency into its code.
func symbol(s string) string {
	switch s {
	case "TL", "₺", "YTL":
		return "TRY"
	case "€", "EURO":
		return "EUR"
	case "$", "US$":
		return "USD"
	case "₽", "РУБ", "RUR":
		return "RUB"
	case "₼", "MANAT":
		return "AZN"
	case "₸", "ТЕНГЕ":
		return "KZT"
	}
	return s
}

func short(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most])
	}
	return s
}

// sortFaults puts faults in the order of the rows.
func sortFaults(faults []RowFault) []RowFault {
	slices.SortStableFunc(faults, func(a, b RowFault) int { return a.Row - b.Row })
	return faults
}
