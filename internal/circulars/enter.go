package circulars

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// Enter issues a circular in the caller's transaction without telling anybody: one that went
// out on paper, before there was a portal. writer and approver are two people; the caller has
// asked whether they may. The caller is the database's owner.
// Errors: invalid by field, conflict (nobody is addressed).
func (s *Service) Enter(ctx context.Context, tx pgx.Tx, writer, approver identity.Actor, in Input, a Audience) (c Circular, err error) {
	if err := first(in.check(s.Today()), a.check()); err != nil {
		return c, err
	}
	r := repository{tx}
	publicID := subject.NewPublicID()
	id, err := r.insert(ctx, writer, Circular{PublicID: publicID}, in, s.now())
	if err != nil {
		return c, err
	}
	if _, err := tx.Exec(ctx, `update circulars set audience = $2, state = 'approved', approved_by = $3 where id = $1`, id, a, approver.UserID); err != nil {
		return c, err
	}
	if c, err = r.open(ctx, publicID, ""); err != nil {
		return c, err
	}
	if err := s.issue(ctx, tx, writer, &c); err != nil {
		return c, err
	}
	if err := first(find(ctx, tx, c), record(ctx, tx, writer, c.Ref(), "circular.issue", map[string]string{"number": c.Reference()})); err != nil {
		return c, err
	}
	if c.Public {
		if err := freshness.Touch(ctx, tx, Tag); err != nil {
			return c, err
		}
	}
	for {
		copies, err := r.some(ctx, `told_at is null and x.circular_id = $1`, batch, c.ID)
		if err != nil || len(copies) == 0 {
			return c, err
		}
		if err := search.Load(ctx, tx, entries(c, copies)); err != nil {
			return c, err
		}
		if _, err := tx.Exec(ctx, `update circular_copies set told_at = $2 where id = any($1)`, idsOf(copies), s.now()); err != nil {
			return c, err
		}
	}
}
