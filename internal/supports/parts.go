package supports

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// maxParts is how many instalments, and how many reports, one support may have.
const maxParts = 60

func plausible(day time.Time) bool { return day.Year() >= 1990 && day.Year() <= 2100 }

// Plan adds an instalment. Errors: forbidden, not found, invalid by field (the day, the
// amount, more than was granted), conflict (no money was granted; too many).
func (s *Service) Plan(ctx context.Context, actor identity.Actor, publicID string, due time.Time, amount string) error {
	faults := map[string]string{}
	if !plausible(due) {
		faults["due_on"] = "supports.day_wrong"
	}
	if amount == "" {
		faults["amount"] = "supports.amount_wrong"
	}
	if err := apperr.Fields(faults); err != nil {
		return err
	}
	return s.change(ctx, actor, publicID, "support.plan", map[string]string{"due_on": due.Format(time.DateOnly), "amount": amount}, func(tx pgx.Tx, x Support) error {
		if x.Amount == "" {
			return apperr.New(apperr.Conflict, "supports.no_money")
		}
		tag, err := tx.Exec(ctx, `
			insert into support_instalments (public_id, support_id, org_id, due_on, amount)
			select $1, $2, $3, $4, $5::numeric where (select count(*) from support_instalments where support_id = $2) < $6`,
			subject.NewPublicID(), x.ID, x.OrgID, due, amount, maxParts)
		if err != nil {
			return refusal(err)
		}
		if tag.RowsAffected() == 0 {
			return apperr.New(apperr.Conflict, "supports.too_many")
		}
		return s.fits(ctx, tx, x.ID)
	})
}

// Pay says on which day an instalment was paid. Errors: forbidden, not found, invalid (a day
// to come), conflict (it is paid already).
func (s *Service) Pay(ctx context.Context, actor identity.Actor, publicID, instalment string, on time.Time) error {
	return s.happen(ctx, actor, publicID, "support.pay", on,
		`update support_instalments set paid_on = $3 where support_id = $1 and public_id = $2 and paid_on is null`, instalment)
}

// Owe adds a report that the municipality owes. Errors: forbidden, not found, invalid (the
// day), conflict (too many).
func (s *Service) Owe(ctx context.Context, actor identity.Actor, publicID string, due time.Time) error {
	if !plausible(due) {
		return apperr.Fields(map[string]string{"report_on": "supports.day_wrong"})
	}
	return s.change(ctx, actor, publicID, "support.owe", map[string]string{"due_on": due.Format(time.DateOnly)}, func(tx pgx.Tx, x Support) error {
		tag, err := tx.Exec(ctx, `
			insert into support_reports (public_id, support_id, org_id, due_on)
			select $1, $2, $3, $4 where (select count(*) from support_reports where support_id = $2) < $5`,
			subject.NewPublicID(), x.ID, x.OrgID, due, maxParts)
		if err == nil && tag.RowsAffected() == 0 {
			return apperr.New(apperr.Conflict, "supports.too_many")
		}
		return postgres.Explain(err, "supports.not_found")
	})
}

// Receive says on which day a report arrived. Errors: forbidden, not found, invalid (a day to
// come), conflict (it has arrived already).
func (s *Service) Receive(ctx context.Context, actor identity.Actor, publicID, report string, on time.Time) error {
	return s.happen(ctx, actor, publicID, "support.receive", on,
		`update support_reports set received_on = $3 where support_id = $1 and public_id = $2 and received_on is null`, report)
}

// happen stores the day on which a part came true.
func (s *Service) happen(ctx context.Context, actor identity.Actor, publicID, action string, on time.Time, sql, part string) error {
	if !plausible(on) || on.After(s.Today()) {
		return apperr.Fields(map[string]string{"on": "supports.day_wrong"})
	}
	return s.change(ctx, actor, publicID, action, map[string]string{"on": on.Format(time.DateOnly)}, func(tx pgx.Tx, x Support) error {
		tag, err := tx.Exec(ctx, sql, x.ID, part, on)
		if err == nil && tag.RowsAffected() == 0 {
			err = apperr.New(apperr.Conflict, "supports.changed")
		}
		return err
	})
}

// Drop takes away what has not happened yet: an instalment that was not paid, a report that
// did not arrive. Errors: forbidden, not found, conflict (it happened, or is gone).
func (s *Service) Drop(ctx context.Context, actor identity.Actor, publicID, part string) error {
	return s.change(ctx, actor, publicID, "support.drop", nil, func(tx pgx.Tx, x Support) error {
		var n int
		err := tx.QueryRow(ctx, `
			with a as (delete from support_instalments where support_id = $1 and public_id = $2 and paid_on is null returning 1),
				b as (delete from support_reports where support_id = $1 and public_id = $2 and received_on is null returning 1)
			select (select count(*) from a) + (select count(*) from b)`, x.ID, part).Scan(&n)
		if err == nil && n == 0 {
			err = apperr.New(apperr.Conflict, "supports.changed")
		}
		return err
	})
}
