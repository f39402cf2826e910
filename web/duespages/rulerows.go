package duespages

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
)

// ruleRow is one rule as its fields are typed, in the reader's way of writing numbers.
type ruleRow struct {
	Rule, Amount, Base, PerHead, Percent, By, Currency, To, Missing string
	Names                                                           map[string]string
	Bands                                                           []bandRow
	Kinds, Standings, Groups                                        []string
	Countries, From, Below                                          string // codes with commas between; population
}

// bandRow is one class of population. Of several the one without an upper end is the last.
type bandRow struct {
	Below, Amount string
	Amounts       map[string]string // by income group
}

// mostRows bounds what a form may bring, mostBands the classes of one of its rules.
const (
	mostRows  = 100
	mostBands = 60
	spareRows = 2 // empty classes that are offered below those that there are
)

// rulesOffered are those that can be added, in the order in which rules usually stand.
var rulesOffered = []string{dues.RuleMembers, dues.RuleFlat, dues.RuleBand, dues.RuleBandGroup, dues.RulePerHead, dues.RuleBudgetShare, dues.RuleExempt,
	dues.RuleMinimum, dues.RuleMaximum, dues.RuleDiscount, dues.RuleProRata, dues.RuleCurrency, dues.RuleRound}

// rowsOf are the fields of rules that are stored.
func rowsOf(lines []dues.Line, lang locale.Lang) []ruleRow {
	show := func(number string) string { return forms.ShowNumber(number, lang) }
	money := func(amount string) string { return forms.ShowAmount(amount, lang) }
	rows := make([]ruleRow, len(lines))
	for i, l := range lines {
		row := ruleRow{Rule: l.Rule, Amount: money(l.Amount), Base: money(l.Base), PerHead: show(l.PerHead), Percent: show(l.Percent), By: l.By,
			Currency: l.Currency, To: money(l.To), Missing: l.Missing, Names: l.Name}
		for _, b := range l.Bands {
			row.Bands = append(row.Bands, bandRow{Below: whole(b.Below, lang), Amount: money(b.Amount), Amounts: each(b.Amounts, money)})
		}
		if w := l.For; w != nil {
			row.Kinds, row.Standings, row.Groups = w.Kinds, w.Standings, w.Groups
			row.Countries, row.From, row.Below = strings.Join(w.Countries, ", "), whole(w.From, lang), whole(w.Below, lang)
		}
		rows[i] = row
	}
	return rows
}

func whole(n int64, lang locale.Lang) string {
	if n == 0 {
		return ""
	}
	return forms.ShowNumber(strconv.FormatInt(n, 10), lang)
}

func each(amounts map[string]string, fn func(string) string) map[string]string {
	out := make(map[string]string, len(amounts))
	for key, amount := range amounts {
		out[key] = fn(amount)
	}
	return out
}

// rowName is the name of a field of the rule at i.
func rowName(i int, field string) string { return "r" + strconv.Itoa(i) + "-" + field }

// bandName is the name of a field of the class at j of the rule at i.
func bandName(i, j int, field string) string { return rowName(i, "b"+strconv.Itoa(j)+"-"+field) }

// readRows takes the rules out of a sent form; false where it has none because they were
// edited as text.
func readRows(form url.Values) ([]ruleRow, bool) {
	count, err := strconv.Atoi(form.Get("rows"))
	if err != nil {
		return nil, false
	}
	rows := make([]ruleRow, 0, max(0, min(count, mostRows)))
	for i := range min(count, mostRows) {
		rows = append(rows, readRow(form, i))
	}
	return rows, true
}

func readRow(form url.Values, i int) ruleRow {
	get := func(field string) string { return page.Tidy(form.Get(rowName(i, field))) }
	row := ruleRow{Rule: get("rule"), Amount: get("amount"), Base: get("base"), PerHead: get("per_head"), Percent: get("percent"), By: get("by"),
		Currency: strings.ToUpper(get("currency")), To: get("to"), Missing: get("missing"), Names: map[string]string{},
		Kinds: form[rowName(i, "kinds")], Standings: form[rowName(i, "standings")], Groups: form[rowName(i, "groups")],
		Countries: get("countries"), From: get("from"), Below: get("below")}
	for _, lang := range locale.Langs() {
		if name := get("name-" + string(lang)); name != "" {
			row.Names[string(lang)] = name
		}
	}
	for j := range mostBands {
		band := bandRow{Below: page.Tidy(form.Get(bandName(i, j, "below"))), Amount: page.Tidy(form.Get(bandName(i, j, "amount"))), Amounts: map[string]string{}}
		for _, group := range dues.Groups() {
			if amount := page.Tidy(form.Get(bandName(i, j, group))); amount != "" {
				band.Amounts[group] = amount
			}
		}
		if band.Below != "" || band.Amount != "" || len(band.Amounts) > 0 {
			row.Bands = append(row.Bands, band)
		}
	}
	return row
}

// linesOf are the rules that the fields state, for the service to judge: what is no number
// stays as it was typed.
func linesOf(rows []ruleRow, lang locale.Lang) []dues.Line {
	lines := make([]dues.Line, len(rows))
	for i, row := range rows {
		lines[i] = row.line(lang)
	}
	return lines
}

func (row ruleRow) line(lang locale.Lang) dues.Line {
	number := func(text string) string { return readNumber(text, lang, 2) }
	l := dues.Line{Rule: row.Rule, Amount: number(row.Amount), Base: number(row.Base), PerHead: readNumber(row.PerHead, lang, 8), Percent: readNumber(row.Percent, lang, 8),
		By: row.By, Currency: row.Currency, To: number(row.To), Missing: row.Missing, For: row.who(lang)}
	if len(row.Names) > 0 {
		l.Name = row.Names
	}
	for _, b := range row.Bands {
		band := dues.Band{Below: people(b.Below, lang), Amount: number(b.Amount)}
		if len(b.Amounts) > 0 {
			band.Amounts = each(b.Amounts, number)
		}
		l.Bands = append(l.Bands, band)
	}
	slices.SortStableFunc(l.Bands, func(a, b dues.Band) int { return order(a.Below, b.Below) })
	return l
}

// order puts classes by their upper end; none is the highest.
func order(a, b int64) int {
	switch {
	case a == b:
		return 0
	case b == 0 || a != 0 && a < b:
		return -1
	}
	return 1
}

// people is a number of inhabitants; what is none is a number that the service refuses.
func people(text string, lang locale.Lang) int64 {
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(readNumber(text, lang, 0), 10, 64)
	if err != nil || n == 0 {
		return -1
	}
	return n
}

func (row ruleRow) who(lang locale.Lang) *dues.Who {
	w := dues.Who{Kinds: row.Kinds, Standings: row.Standings, Groups: row.Groups, From: people(row.From, lang), Below: people(row.Below, lang)}
	for code := range strings.FieldsFuncSeq(row.Countries, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		w.Countries = append(w.Countries, strings.ToUpper(code))
	}
	if !row.narrowed() {
		return nil
	}
	return &w
}

// narrowed reports whether the rule holds for some members only.
func (row ruleRow) narrowed() bool {
	return len(row.Kinds)+len(row.Standings)+len(row.Groups) > 0 || row.Countries+row.From+row.Below != ""
}

// offered are the row's classes with a few empty ones to write into.
func (row ruleRow) offered() []bandRow {
	return append(slices.Clone(row.Bands), make([]bandRow, spareRows)...)
}

// rearrange does what a button of the form asks for: "add", "up-2", "down-2", "remove-2".
func rearrange(rows []ruleRow, act, add string) []ruleRow {
	verb, number, _ := strings.Cut(act, "-")
	i, err := strconv.Atoi(number)
	at := err == nil && i >= 0 && i < len(rows)
	switch {
	case verb == "add" && slices.Contains(rulesOffered, add) && len(rows) < mostRows:
		return append(rows, ruleRow{Rule: add})
	case verb == "remove" && at:
		return slices.Delete(rows, i, i+1)
	case verb == "up" && at && i > 0:
		rows[i-1], rows[i] = rows[i], rows[i-1]
	case verb == "down" && at && i < len(rows)-1:
		rows[i+1], rows[i] = rows[i], rows[i+1]
	}
	return rows
}
