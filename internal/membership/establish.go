package membership

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/mail"
	"github.com/birlik/portal/internal/subject"
)

// establishing is a member's record being made out of an application's answers. What the
// record holds already gives way to what the council has just said.
type establishing struct {
	tx    pgx.Tx
	org   int64
	facts Facts
	lang  string
	on    time.Time
}

func (e establishing) figures(ctx context.Context) error {
	f := e.facts
	if !f.Kind.Local() {
		return nil
	}
	_, err := e.tx.Exec(ctx, `
		update municipalities set area_km2 = coalesce(nullif($2, '')::numeric, area_km2), population = coalesce(nullif($3::bigint, 0), population),
			population_year = case when $3::bigint > 0 then $4 else population_year end, figures_at = $8,
			budget = case when $5 <> '' then nullif($5, '')::numeric else budget end,
			budget_currency = case when $5 <> '' then $6 else budget_currency end,
			budget_year = case when $5 <> '' then $7 else budget_year end, version = version + 1,
			name_latin = coalesce(nullif($9, ''), name_latin), seat = coalesce(nullif($10, ''), seat)
		where id = $1`, e.org, f.Area, f.Population, f.PopulationYear, f.Budget, f.Currency, f.BudgetYear, e.on, cut(f.Latin, 200), f.seat())
	if err != nil {
		return err
	}
	_, err = e.tx.Exec(ctx, `update organisations set lang = $2 where id = $1`, e.org, e.lang)
	return err
}

// head begins the term of the head of the municipality, and ends the one before.
func (e establishing) head(ctx context.Context) error {
	since := e.facts.HeadSince
	if since.IsZero() {
		since = e.on
	}
	var until any
	if u := e.facts.HeadUntil; u.After(since) {
		until = u
	}
	if e.facts.Head == "" {
		return nil
	}
	if _, err := e.tx.Exec(ctx, `update heads set left_on = greatest(starts_on, $2::date) where org_id = $1 and left_on is null`, e.org, since); err != nil {
		return err
	}
	_, err := e.tx.Exec(ctx, `insert into heads (org_id, name, starts_on, ends_on) values ($1, $2, $3, $4)`, e.org, e.facts.Head, since, until)
	return err
}

// contacts keeps the office that the applicant named.
func (e establishing) contacts(ctx context.Context) error {
	office := e.facts.Office
	if !mail.ValidAddress(office.Email) {
		return nil
	}
	_, err := e.tx.Exec(ctx, `
		insert into contacts (public_id, org_id, office, name, email, phone, lang) values ($1, $2, 'general', $3, $4, $5, $6)
		on conflict (org_id, office, email) do update set name = excluded.name, phone = excluded.phone, lang = excluded.lang, version = contacts.version + 1`,
		subject.NewPublicID(), e.org, office.Name, office.Email, phone(office.Phone), e.lang)
	return err
}

// phone is a number as the register keeps it; what it cannot be is left out.
func phone(s string) string {
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '+' || r == ' ' || r == '(' || r == ')' || r == '.' || r == '/' || r == '-':
		default:
			return ""
		}
	}
	if digits < 5 || len(s) > 30 {
		return ""
	}
	return s
}

// delegates replaces those whom an earlier council named.
func (e establishing) delegates(ctx context.Context) error {
	if _, err := e.tx.Exec(ctx, `update delegates set ends_on = greatest(starts_on, $2::date) where org_id = $1 and ends_on is null`, e.org, e.on); err != nil {
		return err
	}
	var until any
	if u := e.facts.HeadUntil; u.After(e.on) {
		until = u // a council's term ends with the head's
	}
	batch := &pgx.Batch{}
	add := func(rank string, names []string) {
		for i, name := range names {
			batch.Queue(`insert into delegates (public_id, org_id, name, rank, position, resolution, starts_on, ends_on) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
				subject.NewPublicID(), e.org, name, rank, i+1, e.facts.Resolution, e.on, until)
		}
	}
	add("delegate", e.facts.Delegates)
	add("alternate", e.facts.Alternates)
	return e.tx.SendBatch(ctx, batch).Close()
}
