package dues

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Computed is one member with what it would owe.
type Computed struct {
	Member
	Result
	Issued bool // has an assessment for the year already, which stays as it is
}

// DryRun is what the rules would do, and does nothing.
type DryRun struct {
	Rules  Rules
	Lines  []Computed // in the language's order
	Totals Totals
}

// Totals sum up a dry run. Sums are of what would be issued and of what was.
type Totals struct {
	Members int // that the rules speak of
	Charged int // that owe something
	Issued  int // that have their assessment already
	Faults  int // whose amount cannot be computed
	Base    Amount
	Sums    []Sum // by currency
}

// Sum is an amount in one currency.
type Sum struct {
	Currency string
	Amount   Amount
	Count    int
}

// DryRun computes what every member would owe under the year's newest rules.
// Errors: sign_in, forbidden, not found (the year has no rules).
func (s *Service) DryRun(ctx context.Context, actor identity.Actor, lang locale.Lang, year int) (out DryRun, err error) {
	if err := actor.May(identity.ReadDues); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		if out.Rules, err = r.rules(ctx, year); err != nil {
			return err
		}
		return s.compute(ctx, r, lang, &out)
	})
	return out, err
}

// Try is DryRun with rules that are not stored: what a new version would do.
// Errors: sign_in, forbidden.
func (s *Service) Try(ctx context.Context, actor identity.Actor, lang locale.Lang, rules Rules) (DryRun, error) {
	out := DryRun{Rules: rules}
	if err := actor.May(identity.ReadDues); err != nil {
		return out, err
	}
	return out, s.db.Read(ctx, actor, func(q postgres.Querier) error { return s.compute(ctx, repository{q}, lang, &out) })
}

func (s *Service) compute(ctx context.Context, r repository, lang locale.Lang, out *DryRun) error {
	rates, err := r.ratesOn(ctx, out.Rules.RatesOn)
	if err != nil {
		return err
	}
	issued, err := r.issuedIn(ctx, out.Rules.Year)
	if err != nil {
		return err
	}
	members, err := r.members(ctx, lang)
	if err != nil {
		return err
	}
	for _, m := range members {
		if out.Rules.Assesses(m) {
			c := Computed{Member: m, Result: out.Rules.Assess(m, rates), Issued: issued[m.OrgID]}
			out.Lines = append(out.Lines, c)
			out.Totals.add(c)
		}
	}
	return nil
}

// add counts one line.
func (t *Totals) add(c Computed) {
	t.Members++
	if c.Issued {
		t.Issued++
	}
	if c.Fault != "" {
		t.Faults++
		return
	}
	if c.Amount == 0 {
		return
	}
	t.Charged++
	t.Base += c.Base
	for i := range t.Sums {
		if t.Sums[i].Currency == c.Currency {
			t.Sums[i].Amount += c.Amount
			t.Sums[i].Count++
			return
		}
	}
	t.Sums = append(t.Sums, Sum{c.Currency, c.Amount, 1})
}

// issuedIn are the organisations that have an assessment for a year.
func (r repository) issuedIn(ctx context.Context, year int) (map[int64]bool, error) {
	out := map[int64]bool{}
	var id int64
	rows, _ := r.db.Query(ctx, `select org_id from dues_assessments where year = $1 and cancelled_at is null`, year)
	_, err := pgx.ForEachRow(rows, []any{&id}, func() error {
		out[id] = true
		return nil
	})
	return out, err
}
