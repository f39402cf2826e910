package workdays

import (
	"context"
	_ "embed" // the holidays that the portal brings along
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
)

// Of is the calendar of a country, by the code of the register, around a day: as far back
// and ahead as deadlines reach. A country without holidays has its weekends.
func Of(ctx context.Context, q postgres.Querier, country string, around time.Time) (Calendar, error) {
	rows, _ := q.Query(ctx, `select day, works from holidays where country = $1 and day between $2 and $3`,
		country, around.AddDate(-1, 0, 0), around.AddDate(2, 0, 0))
	days, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Day])
	return New(days...), err
}

// shipped are public holidays by country: code, day, names in Turkish, English and Russian.
// Those that follow the moon stand for the years for which they were announced.
//
//go:embed holidays.tsv
var shipped string

// Holiday is one line of the shipped list.
type Holiday struct {
	Country    string
	On         time.Time
	TR, EN, RU string
}

// Shipped reads the list that the portal brings along.
func Shipped() ([]Holiday, error) {
	var out []Holiday
	for i, line := range strings.Split(strings.TrimSpace(shipped), "\n") {
		cells := strings.Split(line, "\t")
		if len(cells) != 5 {
			return nil, fmt.Errorf("holidays.tsv:%d has %d cells", i+1, len(cells))
		}
		on, err := time.Parse(time.DateOnly, cells[1])
		if err != nil {
			return nil, fmt.Errorf("holidays.tsv:%d: %w", i+1, err)
		}
		out = append(out, Holiday{Country: cells[0], On: on, TR: cells[2], EN: cells[3], RU: cells[4]})
	}
	return out, nil
}

// Ship fills in each country's years that were never filled in; what staff made of a year is
// theirs. Only the owner ships.
func Ship(ctx context.Context, tx pgx.Tx) error {
	list, err := Shipped()
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('holidays.ship'))`); err != nil {
		return err
	}
	var countries, tr, en, ru []string
	var days []time.Time
	for _, h := range list {
		countries, days = append(countries, h.Country), append(days, h.On)
		tr, en, ru = append(tr, h.TR), append(en, h.EN), append(ru, h.RU)
	}
	_, err = tx.Exec(ctx, `
		with x as (
			select * from unnest($1::text[], $2::date[], $3::text[], $4::text[], $5::text[]) x (country, day, tr, en, ru)
		), fresh as (
			insert into holiday_years (country, year) select distinct country, extract(year from day)::int from x on conflict do nothing returning country, year
		)
		insert into holidays (country, day, names)
		select x.country, x.day, jsonb_build_object('tr', x.tr, 'en', x.en, 'ru', x.ru)
		from x join fresh f on f.country = x.country and f.year = extract(year from x.day)::int
		on conflict (country, day) do nothing`, countries, days, tr, en, ru)
	return err
}
