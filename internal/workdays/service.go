package workdays

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Service is how administrators keep public holidays.
type Service struct{ db postgres.DB }

// NewService makes the service.
func NewService(db postgres.DB) *Service { return &Service{db: db} }

// Entry is one day of a country's calendar.
type Entry struct {
	Country string
	On      time.Time
	Works   bool
	Names   map[locale.Lang]string
}

// Country is one of the register that can be chosen.
type Country struct{ Code, Title string }

// Year is a country's year, with the countries of the union to choose from.
type Year struct {
	Country   string
	Year      int
	Days      []Entry
	Countries []Country
}

// Year reads a country's days of a year; an empty country is Türkiye.
// Errors: sign_in, forbidden.
func (s *Service) Year(ctx context.Context, actor identity.Actor, lang locale.Lang, country string, year int) (y Year, err error) {
	if err := actor.May(identity.EditSettings); err != nil {
		return y, err
	}
	if y.Country, y.Year = country, year; country == "" {
		y.Country = "TR"
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select country, day, works, names from holidays
			where country = $1 and day between make_date($2::int, 1, 1) and make_date($2::int, 12, 31) order by day`, y.Country, min(max(year, 1990), 2199))
		if y.Days, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Entry]); err != nil {
			return err
		}
		rows, _ = q.Query(ctx, `
			select c.code, n.name from countries c join country_names n on n.country_id = c.id and n.lang = $1
			where c.listed order by n.name collate "`+locale.Collation(lang)+`"`, string(lang))
		y.Countries, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Country])
		return err
	})
	return y, err
}

const maxName = 120

func (e Entry) check() error {
	fields := map[string]string{}
	if e.On.IsZero() || e.On.Year() < 1990 || e.On.Year() > 2199 {
		fields["day"] = "catalogue.day_wrong"
	}
	for _, lang := range locale.Langs() {
		switch n := len([]rune(strings.TrimSpace(e.Names[lang]))); {
		case n == 0:
			fields["name_"+string(lang)] = "settings.name_missing"
		case n > maxName:
			fields["name_"+string(lang)] = "settings.name_long"
		}
	}
	return apperr.Fields(fields)
}

// Add stores a day, or what is new about it. Dates that were given already stay; those that
// are given from now on count it. Errors: sign_in, forbidden, not found (no such country),
// invalid by field.
func (s *Service) Add(ctx context.Context, actor identity.Actor, e Entry) error {
	if err := e.check(); err != nil {
		return err
	}
	return s.edit(ctx, actor, e.Country, e, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `insert into holiday_years (country, year) values ($1, $2) on conflict do nothing`, e.Country, e.On.Year()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			insert into holidays (country, day, works, names) values ($1, $2, $3, $4)
			on conflict (country, day) do update set works = excluded.works, names = excluded.names`, e.Country, e.On, e.Works, e.Names)
		return err
	})
}

// Remove takes a day out. Errors: sign_in, forbidden, not found.
func (s *Service) Remove(ctx context.Context, actor identity.Actor, country string, on time.Time) error {
	return s.edit(ctx, actor, country, Entry{Country: country, On: on}, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `delete from holidays where country = $1 and day = $2`, country, on)
		if err == nil && tag.RowsAffected() == 0 {
			err = apperr.New(apperr.NotFound, "error.not_found")
		}
		return err
	})
}

// edit is a change by an administrator, recorded at the country.
func (s *Service) edit(ctx context.Context, actor identity.Actor, country string, payload any, fn func(tx pgx.Tx) error) error {
	if err := actor.May(identity.EditSettings); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		ref := subject.Ref{Kind: subject.Country}
		if err := tx.QueryRow(ctx, `select id from countries where code = $1`, country).Scan(&ref.ID); err != nil {
			return postgres.Explain(err, "error.not_found")
		}
		if err := fn(tx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "holidays.save", Subject: ref, Payload: payload})
	})
}
