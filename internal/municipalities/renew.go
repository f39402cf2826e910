package municipalities

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// Renew writes one municipality's search rows anew in the caller's transaction, whoever may
// edit it, and makes every page of the register stale.
func Renew(ctx context.Context, tx pgx.Tx, id int64) error {
	places, err := readFound(ctx, tx, []int64{id})
	if err != nil {
		return err
	}
	var docs []search.Document
	if place, ok := places[id]; ok {
		docs = place.documents()
	}
	if err := search.Put(ctx, tx, subject.Ref{Kind: subject.Municipality, ID: id}, docs); err != nil {
		return err
	}
	return freshness.Touch(ctx, tx, Tag)
}
