package dues

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/currency"
)

// The rules that a line can state. A charge says what is owed; the first charge that holds
// for a member counts. What adjusts it applies in the order of the lines.
const (
	RuleMembers     = "members" // who is assessed at all
	RuleFlat        = "flat"
	RuleBand        = "band"         // by population
	RulePerHead     = "per_head"     // base + per head
	RuleBandGroup   = "band_group"   // population × income group of the country
	RuleBudgetShare = "budget_share" // percent of the yearly budget
	RuleExempt      = "exempt"
	RuleMinimum     = "minimum"
	RuleMaximum     = "maximum"
	RuleDiscount    = "discount"
	RuleProRata     = "prorata" // by the day of joining
	RuleCurrency    = "currency"
	RuleRound       = "round"
)

var (
	charges = []string{RuleFlat, RuleBand, RulePerHead, RuleBandGroup, RuleBudgetShare, RuleExempt}
	adjusts = []string{RuleMinimum, RuleMaximum, RuleDiscount, RuleProRata, RuleCurrency, RuleRound}
)

// Groups are the income groups of countries as the World Bank classes them, the richest first.
func Groups() []string { return []string{"high", "upper_middle", "lower_middle", "low"} }

// Letter is the letter by which a rule's words call an income group: A is the richest.
func Letter(group string) string {
	if i := slices.Index(Groups(), group); i >= 0 {
		return string(rune('A' + i))
	}
	return ""
}

// Line is one rule, as a line of JSON; docs/dues.md describes it.
type Line struct {
	Rule     string            `json:"rule"`
	For      *Who              `json:"for,omitempty"`
	Amount   string            `json:"amount,omitempty"`
	Base     string            `json:"base,omitempty"`
	PerHead  string            `json:"per_head,omitempty"`
	Percent  string            `json:"percent,omitempty"`
	Bands    []Band            `json:"bands,omitempty"`
	By       string            `json:"by,omitempty"`       // prorata: month, quarter or day
	Currency string            `json:"currency,omitempty"` // ISO 4217
	To       string            `json:"to,omitempty"`       // round: to a multiple of this
	Name     map[string]string `json:"name,omitempty"`     // discount: why, by language
	Missing  string            `json:"missing,omitempty"`  // "next": a member without the figure falls to the next charge
}

// Band is a class of population; the last has no Below.
type Band struct {
	Below   int64             `json:"below,omitempty"`
	Amount  string            `json:"amount,omitempty"`
	Amounts map[string]string `json:"amounts,omitempty"` // by income group
}

// Who narrows a line to some members; what is empty does not.
type Who struct {
	Kinds     []string `json:"kinds,omitempty"`
	Standings []string `json:"standings,omitempty"`
	Countries []string `json:"countries,omitempty"`
	Groups    []string `json:"groups,omitempty"`
	From      int64    `json:"from,omitempty"`  // population
	Below     int64    `json:"below,omitempty"` // population
}

// Rules are one version of a year's rules.
type Rules struct {
	ID         int64
	Year       int
	Version    int
	Currency   string // that the lines count in
	DueOn      time.Time
	RatesOn    time.Time // the day whose exchange rates hold
	Lines      []Line
	Note       string
	RecordedAt time.Time
}

// LineFault is what is wrong with one line of rules: its number, from 1, and a message key.
type LineFault struct {
	Line int
	Key  string
	Args []any
}

// maxLines bounds a set of rules, maxBands the bands of one.
const (
	maxLines = 100
	maxBands = 50
)

// ParseLines reads rules, one JSON object a line. Empty lines and those that begin with #
// are left out. The second result says what is wrong, line by line.
func ParseLines(text string) ([]Line, []LineFault) {
	var lines []Line
	var faults []LineFault
	for i, raw := range strings.Split(text, "\n") {
		raw = strings.TrimSpace(raw)
		if raw == "" || strings.HasPrefix(raw, "#") {
			continue
		}
		line, key, args := parseLine(raw)
		if key == "" {
			key, args = line.check()
		}
		if key == "" && !line.For.sound() {
			key = "dues.fault.who"
		}
		if key != "" {
			faults = append(faults, LineFault{i + 1, key, args})
		}
		lines = append(lines, line)
	}
	return lines, append(faults, together(lines)...)
}

func parseLine(raw string) (Line, string, []any) {
	var line Line
	decoder := json.NewDecoder(bytes.NewReader([]byte(raw)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&line); err != nil {
		if name, ok := strings.CutPrefix(err.Error(), `json: unknown field "`); ok {
			return line, "dues.fault.unknown", []any{"Name", strings.TrimSuffix(name, `"`)}
		}
		return line, "dues.fault.json", nil
	}
	if _, err := decoder.Token(); err != io.EOF {
		return line, "dues.fault.json", nil
	}
	return line, "", nil
}

// together are the faults of the lines as a whole.
func together(lines []Line) []LineFault {
	if len(lines) == 0 || len(lines) > maxLines {
		return []LineFault{{0, "dues.fault.lines", []any{"Count", maxLines}}}
	}
	charged, converted := false, false
	for _, line := range lines {
		charged = charged || slices.Contains(charges, line.Rule)
		if converted && line.Rule != RuleCurrency && line.Rule != RuleRound {
			return []LineFault{{0, "dues.fault.currency_last", nil}}
		}
		converted = converted || line.Rule == RuleCurrency
	}
	if !charged {
		return []LineFault{{0, "dues.fault.no_charge", nil}}
	}
	return nil
}

func (l Line) check() (key string, args []any) {
	amount := func(s string) bool { _, ok := ParseAmount(s); return ok && !strings.HasPrefix(s, "-") }
	switch l.Rule {
	case RuleFlat, RuleMinimum, RuleMaximum:
		return bad(amount(l.Amount), "dues.fault.amount")
	case RuleBand, RuleBandGroup:
		return l.checkBands(amount)
	case RulePerHead:
		_, per := decimal(l.PerHead)
		return bad(per && (l.Base == "" || amount(l.Base)), "dues.fault.per_head")
	case RuleBudgetShare, RuleDiscount:
		percent, ok := decimal(l.Percent)
		return bad(ok && percent.Cmp(hundred) <= 0, "dues.fault.percent")
	case RuleProRata:
		return bad(slices.Contains([]string{"month", "quarter", "day"}, l.By), "dues.fault.by")
	case RuleCurrency:
		return bad(Currency(l.Currency), "dues.fault.currency")
	case RuleRound:
		step, ok := ParseAmount(l.To)
		return bad(ok && step > 0, "dues.fault.round")
	case RuleMembers, RuleExempt:
		return "", nil
	}
	return "dues.fault.rule", []any{"Name", l.Rule, "Rules", strings.Join(append(append([]string{RuleMembers}, charges...), adjusts...), ", ")}
}

// sound reports whether what narrows a line can hold for anybody.
func (w *Who) sound() bool {
	if w == nil {
		return true
	}
	for _, code := range w.Countries {
		if len(code) != 2 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return false
		}
	}
	return w.From >= 0 && w.Below >= 0 && (w.Below == 0 || w.From < w.Below)
}

func bad(ok bool, key string) (string, []any) {
	if ok {
		return "", nil
	}
	return key, nil
}

func (l Line) checkBands(amount func(string) bool) (string, []any) {
	if len(l.Bands) == 0 || len(l.Bands) > maxBands {
		return "dues.fault.bands", nil
	}
	before := int64(0)
	for i, b := range l.Bands {
		last := i == len(l.Bands)-1
		if last != (b.Below == 0) || !last && b.Below <= before {
			return "dues.fault.bands", nil
		}
		before = b.Below
		if l.Rule == RuleBand && !amount(b.Amount) {
			return "dues.fault.amount", nil
		}
		if l.Rule == RuleBandGroup && !slices.ContainsFunc(Groups(), func(g string) bool { return b.Amounts[g] != "" }) {
			return "dues.fault.groups", nil
		}
		for group, a := range b.Amounts {
			if Letter(group) == "" || !amount(a) {
				return "dues.fault.groups", nil
			}
		}
	}
	return "", nil
}

// Currency reports whether a text is the code of a currency that money is paid in (ISO 4217;
// XXX and XTS name none).
func Currency(code string) bool {
	unit, err := currency.ParseISO(code)
	return err == nil && unit.String() == code && code != "XXX" && code != "XTS"
}

// Text is the rules as people edit them: one JSON object a line.
func (r Rules) Text() string {
	var b strings.Builder
	for _, line := range r.Lines {
		out, err := json.Marshal(line)
		if err != nil {
			continue // it came out of the same decoder
		}
		b.Write(out)
		b.WriteByte('\n')
	}
	return b.String()
}
