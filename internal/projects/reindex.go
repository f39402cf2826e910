package projects

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/search"
)

// Reindex puts what projects are found by into the search again, in the caller's
// transaction. Only the database's owner may.
func (s *Service) Reindex(ctx context.Context, tx pgx.Tx, ids []int64) error {
	w := &where{args: []any{string(locale.Default)}}
	w.and(`p.id = any(?)`, ids)
	list, err := (repository{tx}).all(ctx, w, len(ids)+1)
	if err != nil {
		return err
	}
	entries := make([]search.Entry, len(list))
	for i, p := range list {
		docs, err := found(ctx, tx, *p)
		if err != nil {
			return err
		}
		entries[i] = search.Entry{Ref: p.Ref(), Documents: docs}
	}
	return search.Load(ctx, tx, entries)
}
