package dues

import (
	"context"
	"math/big"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Rate says what one unit of a currency is worth in another, on a day.
type Rate struct {
	Base, Quote string
	On          time.Time
	Text        string // exact decimal
	Source      string
	value       *big.Rat
}

// Rates are those in force on a day: of each pair the newest that is not younger.
type Rates map[[2]string]Rate

// Find is the rate from one currency to another, directly or the other way round.
func (r Rates) Find(from, to string) (Rate, bool) {
	if rate, ok := r[[2]string{from, to}]; ok {
		return rate, true
	}
	rate, ok := r[[2]string{to, from}]
	if !ok {
		return Rate{}, false
	}
	rate.Base, rate.Quote, rate.value = from, to, new(big.Rat).Inv(rate.value)
	rate.Text = strings.TrimRight(strings.TrimRight(rate.value.FloatString(10), "0"), ".")
	rate.value, _ = new(big.Rat).SetString(rate.Text) // what is told is what counts
	return rate, ok && rate.value.Sign() > 0
}

// NewRate makes a rate of an exact decimal with at most ten places.
func NewRate(base, quote, text string, on time.Time, source string) (Rate, bool) {
	value, ok := decimal(text)
	ok = ok && value.Sign() > 0 && Currency(base) && Currency(quote) && base != quote
	return Rate{Base: base, Quote: quote, Text: text, On: on, Source: source, value: value}, ok
}

// ratesOn reads the rates in force on a day.
func (r repository) ratesOn(ctx context.Context, day time.Time) (Rates, error) {
	out := Rates{}
	rows, _ := r.db.Query(ctx, `
		select distinct on (base, quote) base, quote, on_date, trim_scale(rate)::text, source from exchange_rates
		where on_date <= $1 order by base, quote, on_date desc`, day)
	list, err := pgx.CollectRows(rows, scanRate)
	for _, rate := range list {
		out[[2]string{rate.Base, rate.Quote}] = rate
	}
	return out, err
}

func scanRate(row pgx.CollectableRow) (rate Rate, err error) {
	err = row.Scan(&rate.Base, &rate.Quote, &rate.On, &rate.Text, &rate.Source)
	rate.value = exact(rate.Text)
	return rate, err
}

// maxRates is how many rates the table shows.
const maxRates = 200

// Rates lists the exchange rates, the newest first. Errors: sign_in, forbidden.
func (s *Service) Rates(ctx context.Context, actor identity.Actor) (list []Rate, err error) {
	if err := actor.May(identity.ReadDues); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `select base, quote, on_date, trim_scale(rate)::text, source from exchange_rates
			order by on_date desc, base, quote limit $1`, maxRates)
		list, err = pgx.CollectRows(rows, scanRate)
		return err
	})
	return list, err
}

// RateInput is a rate as staff type it.
type RateInput struct {
	Base, Quote, Rate, Source string
	On                        time.Time
}

// AddRate stores a day's rate. A rate never changes: what was counted with it stays
// explained. Errors: forbidden, invalid by field, conflict (the pair has one that day).
func (s *Service) AddRate(ctx context.Context, actor identity.Actor, in RateInput) error {
	if err := actor.May(identity.EditDues); err != nil {
		return err
	}
	faults := map[string]string{}
	if !Currency(in.Base) {
		faults["base"] = "dues.fault.currency"
	}
	if !Currency(in.Quote) || in.Quote == in.Base {
		faults["quote"] = "dues.fault.currency"
	}
	if rate, ok := decimal(in.Rate); !ok || rate.Sign() == 0 {
		faults["rate"] = "dues.fault.rate"
	}
	if in.On.IsZero() || in.On.After(s.today()) {
		faults["on"] = "dues.fault.day_past"
	}
	if in.Source == "" || len(in.Source) > 200 {
		faults["source"] = "dues.fault.source"
	}
	if err := apperr.Fields(faults); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into exchange_rates (base, quote, on_date, rate, source, actor_id) values ($1, $2, $3, $4::numeric, $5, $6)`,
			in.Base, in.Quote, in.On, in.Rate, in.Source, actor.UserID)
		if apperr.Is(postgres.Explain(err, ""), apperr.Conflict) {
			return apperr.Fields(map[string]string{"on": "dues.fault.rate_known"})
		}
		if err != nil {
			return err
		}
		return s.recordUnion(ctx, tx, actor, "dues.rate", in)
	})
}
