package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// incomeGroups are the World Bank's classes of the fiscal year 2026, for the countries of
// the demonstration's places.
var incomeGroups = map[string][]string{
	"high":         {"RU", "BG", "RO", "HU", "GR", "CY", "SI", "HR"},
	"upper_middle": {"TR", "AZ", "KZ", "TM", "GE", "UA", "MD", "MK", "AL", "BA", "RS", "ME", "XK", "MN", "CN", "IR", "IQ"},
	"lower_middle": {"KG", "UZ", "TJ", "PK", "LB"},
	"low":          {"SY", "AF", "YE"},
}

// The rules of two years: amounts are made up, their form is what unions of municipalities use.
const (
	rules2025 = `{"rule":"members","for":{"kinds":["full","associate"],"standings":["active"]}}
{"rule":"band","bands":[{"below":20000,"amount":"200"},{"below":50000,"amount":"350"},{"below":100000,"amount":"500"},{"below":500000,"amount":"1200"},{"amount":"3000"}]}
{"rule":"flat","amount":"200"}
{"rule":"prorata","by":"month"}
`
	everybody = `{"rule":"members","for":{"kinds":["full","associate"],"standings":["active"]}}`
	rules2026 = everybody + `
{"rule":"band_group","missing":"next","bands":[{"below":20000,"amounts":{"high":"400","upper_middle":"250","lower_middle":"150","low":"80"}},{"below":50000,"amounts":{"high":"650","upper_middle":"400","lower_middle":"250","low":"120"}},{"below":100000,"amounts":{"high":"900","upper_middle":"600","lower_middle":"350","low":"180"}},{"below":500000,"amounts":{"high":"2000","upper_middle":"1400","lower_middle":"800","low":"400"}},{"amounts":{"high":"5000","upper_middle":"3500","lower_middle":"2000","low":"1000"}}]}
{"rule":"flat","amount":"250"}
{"rule":"prorata","by":"month"}
{"rule":"currency","currency":"TRY","for":{"countries":["TR"]}}
{"rule":"round","to":"1"}
`
)

// bankFile is a bank's list with lines that name no assessment, or one that there is not.
const bankFile = `Tarih;Gönderen;Açıklama;Tutar;Döviz;Dekont No
02.11.2026;Bishkek meriyasy;Membership dues 2026;2.000,00;EUR;D-118201
05.11.2026;ÇANAKKALE BELEDİYESİ;aidat 2026;30.000,00;TL;D-118377
09.11.2026;Osh şaardyk meriyasy;DUE-2026-99999;800,00;EUR;D-118540
12.11.2026;Kira iadesi;Ofis depozito iadesi;1.150,00;EUR;D-118611
`

// Dues adds rules, rates, assessments and payments of two years, with something late in a
// few cities. What is there already stays.
func Dues(ctx context.Context, db postgres.DB, zone *time.Location, now time.Time) error {
	done := false
	err := locked(ctx, db, func(ctx context.Context, tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `select exists (select from dues_years)`).Scan(&done); err != nil || done {
			return err
		}
		return prepareDues(ctx, tx)
	})
	if err != nil || done {
		return err
	}
	for _, y := range years {
		if err := issueDues(ctx, db, zone, now, y); err != nil {
			return fmt.Errorf("dues of %d: %w", y.year, err)
		}
	}
	if err := locked(ctx, db, func(ctx context.Context, tx pgx.Tx) error { return payDues(ctx, tx) }); err != nil {
		return err
	}
	_, faults, err := dues.New(db, zone, func() time.Time { return now }).TakeBankFile(ctx, identity.Worker(), dues.BankInput{Name: "banka-2026-11.csv",
		Content: []byte(bankFile), Currency: "EUR", Lang: locale.TR})
	if err != nil {
		return fmt.Errorf("bank file: %w (%v)", err, faults)
	}
	return nil
}

// prepareDues fills in what the rules look at: income groups, rates.
func prepareDues(ctx context.Context, tx pgx.Tx) error {
	for group, codes := range incomeGroups {
		if _, err := tx.Exec(ctx, `update countries set income_group = $1 where code = any($2) and income_group is null`, group, codes); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `
		insert into exchange_rates (base, quote, on_date, rate, source) values
			('EUR', 'TRY', '2025-01-02', 36.7340, 'demonstration'), ('EUR', 'TRY', '2026-01-02', 50.2850, 'demonstration'),
			('EUR', 'AZN', '2026-01-02', 1.9960, 'demonstration'), ('EUR', 'KZT', '2026-01-02', 594.1000, 'demonstration')`)
	return err
}

// years are the rules as the union decided on them: in 2026 first for the countries whose
// income group stood, later for Kyrgyzstan, at last for everybody.
var years = []ruledYear{
	{2025, 1, time.March, rules2025},
	{2026, 1, time.March, strings.Replace(rules2026, everybody, everybody[:len(everybody)-2]+`,"countries":["TR","AZ","KZ","RU","TM","GE"]}}`, 1)},
	{2026, 2, time.August, strings.Replace(rules2026, everybody, everybody[:len(everybody)-2]+`,"countries":["TR","AZ","KZ","RU","TM","GE","KG"]}}`, 1)},
	{2026, 3, time.October, rules2026},
}

// ruledYear is one version of a year's rules, and when it was issued.
type ruledYear struct {
	year, version int
	month         time.Month
	lines         string
}

// issueDues stores one version of rules and issues under it, in its own month, as an office
// would have.
func issueDues(ctx context.Context, db postgres.DB, zone *time.Location, now time.Time, y ruledYear) error {
	at := time.Date(y.year, y.month, 20, 9, 0, 0, 0, zone)
	if at.After(now) {
		at = now
	}
	service := dues.New(db, zone, func() time.Time { return at })
	day := func(month time.Month, d int) time.Time { return time.Date(y.year, month, d, 0, 0, 0, 0, time.UTC) }
	faults, err := service.SaveRules(ctx, identity.Worker(), dues.RulesInput{Year: y.year, Version: y.version - 1, Currency: "EUR",
		DueOn: day(time.June, 30), RatesOn: day(time.January, 2), Text: y.lines})
	if err != nil {
		return fmt.Errorf("%w (%v)", err, faults)
	}
	_, err = service.IssueNow(ctx, identity.Worker(), y.year)
	return err
}

// payDues lets most members have paid, some in part, and leaves a few late. The choice is by
// the number of the assessment, so that every demonstration is the same; Şuşa and Çanakkale
// have something to look at on their own pages.
func payDues(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `
		with x as (
			select a.id, a.org_id, a.year, a.amount, a.currency, a.due_on, m.source_id,
				row_number() over (partition by a.year order by a.id) as n
			from dues_assessments a join municipalities m on m.id = a.org_id
		), share as (
			select *, case
				when source_id = 'gn:147105' then case year when 2026 then 0.4 else 1 end
				when source_id = 'gn:749780' then case year when 2026 then 0 else 1 end
				when due_on > date '2026-07-01' and n % 5 = 0 then 0
				when year = 2025 and n % 97 = 0 or year = 2026 and n % 23 = 0 then 0
				when year = 2026 and n % 31 = 0 then 0.5
				else 1 end as part from x
		), p as (
			select *, trunc(amount * part, 2) as pays, due_on - 2 - (n % 27)::int as day from share where part > 0
		), i as (
			insert into dues_payments (public_id, assessment_id, org_id, amount, currency, received, received_currency, paid_on, method, receipt, recorded_at)
			select left(translate(md5('dues' || id), '0189', 'ghij'), 26), id, org_id, pays, currency, pays, currency, day, 'transfer',
				'RCP-' || year || '-' || to_char(next_reference('RCP', year), 'FM99999900000'), day + time '10:00'
			from p where pays > 0
		)
		update dues_assessments a set paid = p.pays from p where p.id = a.id`)
	if err != nil {
		return err
	}
	// The members were written to when these years were issued.
	if _, err := tx.Exec(ctx, `update dues_assessments set told_at = issued_at where told_at is null`); err != nil {
		return err
	}
	return waiveDues(ctx, tx)
}

// waiveDues lets one member off the oldest dues, by a decision of the executive board where
// the demonstration has one.
func waiveDues(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `
		with w as (
			select a.id, a.org_id, a.open, a.currency, d.id as decision
			from (select id, org_id, open, currency from dues_assessments where open > 0 order by due_on, id limit 1) a
			cross join (select id from decisions where organ = 'executive_board' order by decided_on desc, id desc limit 1) d
		), i as (
			insert into decision_items (decision_id, subject_id, outcome, amount, currency) select decision, id, 'approve', open, currency from w returning 1
		), v as (
			insert into dues_waivers (assessment_id, org_id, amount, currency, decision_id, reason)
			select id, org_id, open, currency, decision, 'Sel felaketi' from w
		)
		update dues_assessments a set waived = w.open from w where w.id = a.id`)
	return err
}
