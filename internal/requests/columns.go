package requests

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
)

// Columns are what a list can show besides a request's number and subject, in the order in
// which they are offered.
func Columns() []string {
	return []string{"service", "office", "state", "owner", "country", "sector", "cost", "received", "changed", "due"}
}

// DefaultColumns are shown to whoever chose none.
func DefaultColumns() []string { return []string{"service", "state", "owner", "due"} }

// columnsOf are the columns that a person chose.
func (r repository) columnsOf(ctx context.Context, userID int64) ([]string, error) {
	rows, _ := r.db.Query(ctx, `select columns from inbox_columns where user_id = $1`, userID)
	found, err := pgx.CollectRows(rows, pgx.RowTo[[]string])
	if err != nil || len(found) == 0 {
		return DefaultColumns(), err
	}
	return slices.DeleteFunc(found[0], func(c string) bool { return !known(Columns(), c) }), nil
}

// KeepColumns remembers which columns the actor wants; unknown ones are left out, and none
// at all means the usual ones. Errors: sign_in, forbidden.
func (s *Service) KeepColumns(ctx context.Context, actor identity.Actor, chosen []string) error {
	if err := actor.May(identity.ReadRequests); err != nil {
		return err
	}
	kept := slices.DeleteFunc(Columns(), func(c string) bool { return !known(chosen, c) })
	if len(kept) == 0 {
		kept = DefaultColumns()
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into inbox_columns (user_id, columns) values ($1, $2) on conflict (user_id) do update set columns = excluded.columns`, actor.UserID, kept)
		return err
	})
}
