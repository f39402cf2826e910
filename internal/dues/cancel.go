package dues

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// maxCancelReason is how long the reason of a cancellation may be.
const maxCancelReason = 400

// Cancel takes an assessment out of the books that was issued in error. It stays readable,
// and the next run of its year gives the member a right one. The member reads the reason,
// and is written to where it was told of the assessment.
// Errors: forbidden, not found, invalid (no reason), conflict (money or a waiver stands on it;
// cancelled already).
func (s *Service) Cancel(ctx context.Context, actor identity.Actor, publicID, reason string) error {
	if err := actor.May(identity.EditDues); err != nil {
		return err
	}
	switch reason = strings.TrimSpace(reason); {
	case reason == "":
		return apperr.Fields(map[string]string{"cancel_reason": "dues.fault.cancel_reason"})
	case len([]rune(reason)) > maxCancelReason:
		return apperr.Fields(map[string]string{"cancel_reason": "error.too_long"})
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		a, err := repository{tx}.lock(ctx, publicID)
		if err != nil {
			return err
		}
		if err := a.mayCancel(); err != nil {
			return err
		}
		return s.cancel(ctx, tx, actor, a, reason)
	})
}

func (a Assessment) mayCancel() error {
	switch {
	case a.CancelledAt != nil:
		return apperr.New(apperr.Conflict, "dues.cancelled_already")
	case a.Paid > 0 || a.Waived > 0:
		return apperr.New(apperr.Conflict, "dues.cancel_covered")
	}
	return nil
}

func (s *Service) cancel(ctx context.Context, tx pgx.Tx, actor identity.Actor, a Assessment, reason string) error {
	var told *time.Time
	err := tx.QueryRow(ctx, `
		update dues_assessments set cancelled_at = $2, cancelled_by = nullif($3::bigint, 0), cancel_reason = $4 where id = $1 returning told_at`,
		a.ID, s.now(), actor.UserID, reason).Scan(&told)
	if err != nil {
		return postgres.Explain(err, "dues.not_found")
	}
	err = s.record(ctx, tx, actor, a.Ref(), "assessment.cancel", map[string]string{"amount": a.Amount.String(), "currency": a.Currency, "reason": reason})
	if err != nil || told == nil {
		return err
	}
	return notify.Enqueue(ctx, tx, notify.Event{Name: "dues.cancelled", Subject: a.Ref(), Key: a.PublicID, Actor: actor,
		Args: map[string]any{"Reference": a.Reference, "Money": a.Amount.String() + " " + a.Currency, "Year": strconv.Itoa(a.Year), "Quote": reason}})
}

// stillStands drops a letter about an assessment that was cancelled meanwhile.
func stillStands(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (ok bool, err error) {
	err = q.QueryRow(ctx, `select cancelled_at is null from dues_assessments where id = $1`, ref.ID).Scan(&ok)
	return ok, postgres.Explain(err, "dues.not_found")
}
