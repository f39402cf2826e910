package decisions

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
)

// Enter is for whoever has the minutes in hand and types number and date: a decision that
// stands in the register already is ruled on, any other is recorded. Either way the
// register holds it once.
// Errors: invalid by field (another date is recorded; it speaks of the record already).
func Enter(ctx context.Context, tx pgx.Tx, actor identity.Actor, d Decision) (int64, error) {
	if err := d.check(); err != nil {
		return 0, err
	}
	var known Cited
	err := tx.QueryRow(ctx, `select id, decided_on from decisions where organ = $1 and number = $2 and year = $3`, d.Organ, d.Number, d.Date.Year()).
		Scan(&known.ID, &known.Date)
	if errors.Is(err, pgx.ErrNoRows) {
		return Record(ctx, tx, actor, d)
	}
	if err != nil {
		return 0, err
	}
	if known.Date.Format(time.DateOnly) != d.Date.Format(time.DateOnly) {
		return 0, &apperr.Error{Code: apperr.Invalid, Key: "error.check_fields", Fields: map[string]string{"date": "decisions.other_date"},
			Args: []any{"Day", known.Date.Format("02.01.2006")}}
	}
	for _, item := range d.Items {
		if err := Rule(ctx, tx, actor, known, item); err != nil {
			return 0, err
		}
	}
	return known.ID, nil
}
