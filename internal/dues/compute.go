package dues

import (
	"math/big"
	"slices"
	"time"
)

// Member is what the rules look at. A zero figure is one that nobody knows.
type Member struct {
	OrgID          int64     `json:"-"`
	PublicID       string    `json:"-"`
	Title          string    `json:"-"` // in the reader's language
	Name           string    `json:"name"`
	Kind           string    `json:"kind"`
	Standing       string    `json:"standing"`
	JoinedOn       time.Time `json:"joined_on,omitzero"` // zero: before every year
	Country        string    `json:"country,omitempty"`
	Group          string    `json:"income_group,omitempty"`
	Population     int64     `json:"population,omitempty"`
	PopulationYear int       `json:"population_year,omitempty"`
	Budget         string    `json:"budget,omitempty"` // exact decimal
	BudgetCurrency string    `json:"budget_currency,omitempty"`
	BudgetYear     int       `json:"budget_year,omitempty"`
}

// Part is one step of an explanation. Which fields are set depends on Kind, which is a
// line's rule, or "rate".
type Part struct {
	Kind       string            `json:"kind"`
	Amount     string            `json:"amount,omitempty"`
	Currency   string            `json:"currency,omitempty"`
	From       int64             `json:"from,omitempty"`
	Below      int64             `json:"below,omitempty"`
	Group      string            `json:"group,omitempty"`
	Population int64             `json:"population,omitempty"`
	PerHead    string            `json:"per_head,omitempty"`
	Percent    string            `json:"percent,omitempty"`
	By         string            `json:"by,omitempty"`
	Left       int               `json:"left,omitempty"`
	Of         int               `json:"of,omitempty"`
	Rate       string            `json:"rate,omitempty"`
	On         string            `json:"on,omitempty"` // ISO day
	Source     string            `json:"source,omitempty"`
	Name       map[string]string `json:"name,omitempty"`
}

// Result is what a member owes, and why. Fault is a message key where it cannot be said.
type Result struct {
	Amount       Amount
	Currency     string
	Base         Amount // in the currency of the rules
	BaseCurrency string
	Parts        []Part
	Fault        string
}

// What keeps an amount from being computed.
const (
	FaultPopulation = "dues.missing.population"
	FaultGroup      = "dues.missing.group"
	FaultBudget     = "dues.missing.budget"
	FaultRate       = "dues.missing.rate"
	FaultRule       = "dues.missing.rule"
	FaultTooLarge   = "dues.missing.too_large"
)

var hundred = big.NewRat(100, 1)

// Assesses reports whether the rules speak of a member at all: its kind and standing, and
// whether it had joined by the end of the year. Without a line that says more, active
// members are assessed.
func (r Rules) Assesses(m Member) bool {
	if m.JoinedOn.Year() > r.Year {
		return false
	}
	who := &Who{Standings: []string{"active"}}
	for _, line := range r.Lines {
		if line.Rule == RuleMembers && line.For != nil {
			who = line.For
			if len(who.Standings) == 0 {
				who = &Who{Kinds: who.Kinds, Countries: who.Countries, Groups: who.Groups, From: who.From, Below: who.Below, Standings: []string{"active"}}
			}
		}
	}
	return who.holds(m)
}

// Assess computes what a member owes under the rules, with the exchange rates of a day. It
// is pure: the same arguments give the same result.
func (r Rules) Assess(m Member, rates Rates) Result {
	c := &computation{rules: r, member: m, rates: rates, result: Result{BaseCurrency: r.Currency, Currency: r.Currency}}
	c.charge()
	for _, line := range r.Lines {
		if c.result.Fault == "" && !c.exempt && slices.Contains(adjusts, line.Rule) && line.For.holds(m) {
			c.adjust(line)
		}
	}
	c.settle()
	return c.result
}

// computation is one assessment in progress. sum is exact until it is settled.
type computation struct {
	rules     Rules
	member    Member
	rates     Rates
	sum       *big.Rat
	base      *big.Rat // the sum before it was converted
	converted bool
	exempt    bool
	result    Result
}

func (c *computation) say(p Part)      { c.result.Parts = append(c.result.Parts, p) }
func (c *computation) fail(key string) { c.result.Fault = key }

// charge applies the first charge that holds for the member and whose figures are known.
func (c *computation) charge() {
	for _, line := range c.rules.Lines {
		if !slices.Contains(charges, line.Rule) || !line.For.holds(c.member) {
			continue
		}
		if missing := c.missing(line); missing != "" {
			if line.Missing == "next" {
				continue
			}
			c.fail(missing)
			return
		}
		c.apply(line)
		return
	}
	c.fail(FaultRule)
}

// missing names the figure that a charge needs and the member has not.
func (c *computation) missing(line Line) string {
	m := c.member
	switch {
	case m.Population == 0 && slices.Contains([]string{RuleBand, RuleBandGroup, RulePerHead}, line.Rule):
		return FaultPopulation
	case line.Rule == RuleBandGroup && line.band(m.Population).Amounts[m.Group] == "":
		return FaultGroup
	case line.Rule == RuleBudgetShare && m.Budget == "":
		return FaultBudget
	}
	return ""
}

func (c *computation) apply(line Line) {
	m, own := c.member, c.rules.Currency
	switch line.Rule {
	case RuleExempt:
		c.exempt, c.sum = true, new(big.Rat)
		c.say(Part{Kind: RuleExempt})
	case RuleFlat:
		c.sum = exact(line.Amount)
		c.say(Part{Kind: RuleFlat, Amount: line.Amount, Currency: own})
	case RuleBand:
		b := line.band(m.Population)
		c.sum = exact(b.Amount)
		c.say(Part{Kind: RuleBand, From: line.from(b), Below: b.Below, Population: m.Population, Amount: b.Amount, Currency: own})
	case RuleBandGroup:
		b := line.band(m.Population)
		amount := b.Amounts[m.Group]
		c.sum = exact(amount)
		c.say(Part{Kind: RuleBandGroup, From: line.from(b), Below: b.Below, Group: m.Group, Population: m.Population, Amount: amount, Currency: own})
	case RulePerHead:
		c.sum = new(big.Rat).Mul(exact(line.PerHead), new(big.Rat).SetInt64(m.Population))
		c.sum.Add(c.sum, exact(line.Base))
		c.say(Part{Kind: RulePerHead, Amount: line.Base, PerHead: line.PerHead, Population: m.Population, Currency: own})
	case RuleBudgetShare:
		c.say(Part{Kind: RuleBudgetShare, Percent: line.Percent, Amount: m.Budget, Currency: m.BudgetCurrency})
		c.sum = new(big.Rat).Mul(exact(m.Budget), new(big.Rat).Quo(exact(line.Percent), hundred))
		c.convert(m.BudgetCurrency, own)
	}
}

func (c *computation) adjust(line Line) {
	own := c.result.Currency
	switch line.Rule {
	case RuleMinimum:
		if least := exact(line.Amount); c.sum.Cmp(least) < 0 {
			c.sum = least
			c.say(Part{Kind: RuleMinimum, Amount: line.Amount, Currency: own})
		}
	case RuleMaximum:
		if most := exact(line.Amount); c.sum.Cmp(most) > 0 {
			c.sum = most
			c.say(Part{Kind: RuleMaximum, Amount: line.Amount, Currency: own})
		}
	case RuleDiscount:
		rest := new(big.Rat).Sub(hundred, exact(line.Percent))
		c.sum.Mul(c.sum, rest.Quo(rest, hundred))
		c.say(Part{Kind: RuleDiscount, Percent: line.Percent, Name: line.Name})
	case RuleProRata:
		c.proRata(line.By)
	case RuleCurrency:
		if !c.converted {
			c.base, c.converted = new(big.Rat).Set(c.sum), true
			c.convert(own, line.Currency)
			c.result.Currency = line.Currency
		}
	case RuleRound:
		if to, ok := roundedTo(c.sum, exact(line.To)); ok && to.rat().Cmp(c.sum) != 0 {
			c.sum = to.rat()
			c.say(Part{Kind: RuleRound, Amount: line.To, Currency: own})
		}
	}
}

// proRata keeps the share of the year that was left when the member joined, the period of
// joining counted whole.
func (c *computation) proRata(by string) {
	joined := c.member.JoinedOn
	if joined.Year() != c.rules.Year {
		return
	}
	of, left := 12, 13-int(joined.Month())
	switch by {
	case "quarter":
		of, left = 4, 4-(int(joined.Month())-1)/3
	case "day":
		of = time.Date(c.rules.Year, 12, 31, 0, 0, 0, 0, time.UTC).YearDay()
		left = of - joined.YearDay() + 1
	}
	if left == of {
		return
	}
	c.sum.Mul(c.sum, big.NewRat(int64(left), int64(of)))
	c.say(Part{Kind: RuleProRata, By: by, Left: left, Of: of, On: joined.Format(time.DateOnly)})
}

// convert turns the sum into another currency at the day's rate, and says so.
func (c *computation) convert(from, to string) {
	if from == to {
		return
	}
	rate, ok := c.rates.Find(from, to)
	if !ok {
		c.fail(FaultRate)
		return
	}
	c.sum.Mul(c.sum, rate.value)
	c.say(Part{Kind: "rate", Rate: rate.Text, Amount: from, Currency: to, On: rate.On.Format(time.DateOnly), Source: rate.Source})
}

// settle rounds to hundredths.
func (c *computation) settle() {
	if c.result.Fault != "" {
		return
	}
	if c.base == nil {
		c.base = c.sum
	}
	var ok, also bool
	c.result.Amount, ok = rounded(c.sum)
	c.result.Base, also = rounded(c.base)
	if !ok || !also {
		c.fail(FaultTooLarge)
	}
}

// exact is a number that was checked when the rules were stored; an empty one is zero.
func exact(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return new(big.Rat)
	}
	return r
}

// band is the class of a population.
func (l Line) band(population int64) Band {
	for _, b := range l.Bands {
		if b.Below == 0 || population < b.Below {
			return b
		}
	}
	return Band{}
}

// from is where a band begins: where the one before it ends.
func (l Line) from(b Band) int64 {
	from := int64(0)
	for _, other := range l.Bands {
		if other.Below == b.Below {
			return from
		}
		from = other.Below
	}
	return from
}

// holds reports whether a line speaks of a member; nobody narrows a nil.
func (w *Who) holds(m Member) bool {
	if w == nil {
		return true
	}
	in := func(list []string, s string) bool { return len(list) == 0 || slices.Contains(list, s) }
	return in(w.Kinds, m.Kind) && in(w.Standings, m.Standing) && in(w.Countries, m.Country) && in(w.Groups, m.Group) &&
		(w.From == 0 || m.Population >= w.From) && (w.Below == 0 || m.Population > 0 && m.Population < w.Below)
}
