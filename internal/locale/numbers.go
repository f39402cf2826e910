package locale

import (
	"context"
	"strconv"
	"strings"

	"github.com/bojanz/currency"
)

// marks are how a language writes numbers: between thousands, before decimals.
type marks struct{ group, decimal string }

var numberMarks = map[Lang]marks{TR: {".", ","}, EN: {",", "."}, RU: {"\u00a0", ","}}

// Number groups thousands as the language does: 1.214 / 1,214 / 1 214.
func Number(ctx context.Context, n int64) string { return group(Of(ctx).Lang, n) }

func group(lang Lang, n int64) string {
	return groupDigits(lang, strconv.FormatInt(n, 10))
}

// groupDigits groups the digits of a whole number that may have a sign.
func groupDigits(lang Lang, digits string) string {
	start := len(digits) - len(strings.TrimLeft(digits, "-"))
	if len(digits)-start <= 3 {
		return digits
	}
	var b strings.Builder
	b.WriteString(digits[:start])
	for i := start; i < len(digits); i++ {
		if i > start && (len(digits)-i)%3 == 0 {
			b.WriteString(numberMarks[lang].group)
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}

// Digits writes a decimal as a table holds it, "12345.00", as the language does; what is none
// stays as it is.
func Digits(ctx context.Context, text string) string {
	before, after, found := strings.Cut(text, ".")
	if _, err := strconv.ParseFloat(text, 64); err != nil || strings.ContainsAny(text, "eExXpP_+ni") {
		return text
	}
	lang := Of(ctx).Lang
	if !found {
		return groupDigits(lang, before)
	}
	return groupDigits(lang, before) + numberMarks[lang].decimal + after
}

// Decimal writes a number with at most digits decimals, none of them an idle zero.
func Decimal(ctx context.Context, n float64, digits int) string {
	lang := Of(ctx).Lang
	text := strconv.FormatFloat(n, 'f', digits, 64)
	before, after, _ := strings.Cut(text, ".")
	after = strings.TrimRight(after, "0")
	if after == "" {
		return groupDigits(lang, before)
	}
	return groupDigits(lang, before) + numberMarks[lang].decimal + after
}

// Percent writes a share as a percentage, 0.453 as %45,3 / 45.3% / 45,3 %.
func Percent(ctx context.Context, share float64, digits int) string {
	number := Decimal(ctx, share*100, digits)
	switch Of(ctx).Lang {
	case TR:
		return "%" + number
	case RU:
		return number + "\u00a0%"
	}
	return number + "%"
}

// Size writes a number of bytes for people: 1,2 MB. Thousands are 1,000, as shops and
// phones count them.
func Size(ctx context.Context, bytes int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	if Of(ctx).Lang == RU {
		units = []string{"Б", "кБ", "МБ", "ГБ", "ТБ"}
	}
	n, unit := float64(bytes), 0
	for n >= 999.5 && unit < len(units)-1 {
		n /= 1000
		unit++
	}
	digits := 0
	if unit > 1 && n < 100 {
		digits = 1
	}
	return Decimal(ctx, n, digits) + "\u00a0" + units[unit]
}

var moneyFormats = newMoneyFormats()

func newMoneyFormats() map[Lang]*currency.Formatter {
	out := map[Lang]*currency.Formatter{}
	for _, lang := range Langs() {
		f := currency.NewFormatter(currency.NewLocale(string(lang)))
		f.CurrencyDisplay = currency.DisplayCode // ₺ and $ say too little in thirty countries
		out[lang] = f
	}
	return out
}

// Money writes an exact decimal ("1250000.00") and its currency code as the language does;
// decimals show where there are any. What is no amount is shown as it came.
func Money(ctx context.Context, amount, code string) string {
	a, err := currency.NewAmount(amount, code)
	if err != nil {
		return strings.TrimSpace(amount + " " + code)
	}
	f := *moneyFormats[Of(ctx).Lang] // a copy: the decimals differ from amount to amount
	if _, cents, _ := strings.Cut(a.Number(), "."); strings.Trim(cents, "0") == "" {
		f.MinDigits, f.MaxDigits = 0, 0
	}
	return f.Format(a)
}
