package dues

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/birlik/portal/internal/locale"
)

// Explain words the parts of an explanation in the reader's language, on one line.
func Explain(ctx context.Context, parts []Part) string {
	return strings.Join(Explained(ctx, parts), "; ")
}

// Explained words each part of an explanation in the reader's language.
func Explained(ctx context.Context, parts []Part) []string {
	out := make([]string, 0, len(parts))
	for _, p := range parts {
		out = append(out, p.words(ctx))
	}
	return out
}

func (p Part) words(ctx context.Context) string {
	money := func() string { return locale.Money(ctx, p.Amount, p.Currency) }
	switch p.Kind {
	case RuleFlat, RuleMinimum, RuleMaximum, RuleRound:
		return locale.T(ctx, "dues.part."+p.Kind, "Amount", money())
	case RuleBand:
		return locale.T(ctx, "dues.part.band", "Band", BandWords(ctx, p.From, p.Below), "Amount", money())
	case RuleBandGroup:
		return locale.T(ctx, "dues.part.band_group", "Band", BandWords(ctx, p.From, p.Below), "Group", Letter(p.Group), "Amount", money())
	case RulePerHead:
		return locale.T(ctx, "dues.part.per_head", "Base", locale.Money(ctx, orZero(p.Amount), p.Currency), "Heads", locale.Number(ctx, p.Population),
			"Per", fine(ctx, p.PerHead)+" "+p.Currency)
	case RuleBudgetShare:
		return locale.T(ctx, "dues.part.budget_share", "Percent", percent(ctx, p.Percent), "Budget", money())
	case RuleDiscount:
		return locale.T(ctx, "dues.part.discount", "Percent", percent(ctx, p.Percent), "Name", named(ctx, p.Name))
	case RuleProRata:
		return locale.T(ctx, "dues.part.prorata_"+p.By, "Left", p.Left, "Of", p.Of, "On", day(ctx, p.On))
	case PartTakenOver:
		if p.Source == "" {
			return locale.T(ctx, "dues.part.taken_over", "Amount", money())
		}
		return locale.T(ctx, "dues.part.taken_over_as", "Amount", money(), "Source", p.Source)
	case "rate":
		return locale.T(ctx, "dues.part.rate", "From", p.Amount, "To", p.Currency, "Rate", fine(ctx, p.Rate), "On", day(ctx, p.On), "Source", p.Source)
	}
	return locale.T(ctx, "dues.part.exempt")
}

func orZero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

// BandWords is a class of population: "50–100k".
func BandWords(ctx context.Context, from, below int64) string {
	thousands := from%1000 == 0 && below%1000 == 0
	number := func(n int64) string {
		if thousands {
			n /= 1000
		}
		return locale.Number(ctx, n)
	}
	kind := "dues.band.whole."
	if thousands {
		kind = "dues.band.thousand."
	}
	word := "between"
	switch {
	case from == 0 && below == 0:
		return locale.T(ctx, "dues.band.all")
	case from == 0:
		word = "below"
	case below == 0:
		word = "above"
	}
	bounds := []any{"From", number(from), "To", number(below)}
	return locale.T(ctx, kind+word, bounds...)
}

// fine writes an exact decimal of many places as the language does.
func fine(ctx context.Context, number string) string {
	whole, rest, ok := strings.Cut(number, ".")
	if rest = strings.TrimRight(rest, "0"); !ok || rest == "" {
		return whole
	}
	if locale.Of(ctx).Lang == locale.EN {
		return whole + "." + rest
	}
	return whole + "," + rest
}

// percent is a share with its sign, where the language puts it.
func percent(ctx context.Context, number string) string {
	return locale.T(ctx, "dues.percent", "Number", fine(ctx, number))
}

// named is a name in the reader's language, else in any.
func named(ctx context.Context, names map[string]string) string {
	for _, lang := range append([]locale.Lang{locale.Of(ctx).Lang}, locale.Langs()...) {
		if name := names[string(lang)]; name != "" {
			return name
		}
	}
	return locale.T(ctx, "dues.part.discount_plain")
}

func day(ctx context.Context, iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return locale.Date(ctx, t)
}

// LineWords says what a line of rules does, for people who read rules before they hold.
func LineWords(ctx context.Context, r Rules, l Line) (says string, bands [][2]string) {
	money := func(amount string) string { return locale.Money(ctx, amount, r.Currency) }
	switch l.Rule {
	case RuleBand:
		for _, b := range l.Bands {
			bands = append(bands, [2]string{BandWords(ctx, l.from(b), b.Below), money(b.Amount)})
		}
	case RuleBandGroup:
		for _, b := range l.Bands {
			var cells []string
			for _, group := range Groups() {
				if a := b.Amounts[group]; a != "" {
					cells = append(cells, Letter(group)+": "+money(a))
				}
			}
			bands = append(bands, [2]string{BandWords(ctx, l.from(b), b.Below), strings.Join(cells, " · ")})
		}
	}
	says = locale.T(ctx, "dues.line."+l.Rule, "Amount", money(orZero(l.Amount)), "Base", money(orZero(l.Base)), "Per", fine(ctx, l.PerHead)+" "+r.Currency,
		"Percent", percent(ctx, l.Percent), "Name", named(ctx, l.Name), "Currency", l.Currency, "To", locale.Money(ctx, orZero(l.To), r.Currency),
		"Period", period(ctx, l.By), "On", locale.Date(ctx, r.RatesOn))
	if who := whoWords(ctx, l.For); who != "" {
		says += " " + locale.T(ctx, "dues.line.for", "Who", who)
	}
	return says, bands
}

func period(ctx context.Context, by string) string {
	if by == "" {
		return ""
	}
	return locale.T(ctx, "dues.period."+by)
}

// whoWords lists whom a line speaks of.
func whoWords(ctx context.Context, w *Who) string {
	if w == nil {
		return ""
	}
	var out []string
	for _, kind := range w.Kinds {
		out = append(out, KindName(ctx, kind))
	}
	for _, standing := range w.Standings {
		out = append(out, StandingName(ctx, standing))
	}
	for _, code := range w.Countries {
		out = append(out, locale.CountryName(ctx, code))
	}
	for _, group := range w.Groups {
		out = append(out, GroupName(ctx, group))
	}
	if w.From > 0 || w.Below > 0 {
		out = append(out, BandWords(ctx, w.From, w.Below))
	}
	return strings.Join(out, ", ")
}

// GroupName is an income group with its letter: "C (lower middle income)".
func GroupName(ctx context.Context, group string) string {
	if !slices.Contains(Groups(), group) {
		return group
	}
	return Letter(group) + " (" + locale.T(ctx, "dues.group."+group) + ")"
}

// KindName is a kind of membership in the reader's language.
func KindName(ctx context.Context, kind string) string { return known(ctx, "dues.kind.", kind) }

// StandingName is a standing of membership in the reader's language.
func StandingName(ctx context.Context, standing string) string {
	return known(ctx, "dues.standing.", standing)
}

func known(ctx context.Context, prefix, word string) string {
	if locale.Has(locale.Of(ctx).Lang, prefix+word) {
		return locale.T(ctx, prefix+word)
	}
	return word
}
