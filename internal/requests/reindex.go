package requests

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/search"
)

// Reindex puts what requests are found by into the search again, in the caller's
// transaction. Only the database's owner may.
func (s *Service) Reindex(ctx context.Context, tx pgx.Tx, ids []int64) error {
	list, err := repository{tx}.many(ctx, `select `+columns+sources+` where r.id = any($1) and r.submitted_at is not null`, ids)
	if err != nil {
		return err
	}
	entries := make([]search.Entry, len(list))
	for i, r := range list {
		entries[i] = search.Entry{Ref: r.Ref(), Documents: found(*r)}
	}
	return search.Load(ctx, tx, entries)
}
