package requests

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
)

// MayHandOver reports whether the case came from the earlier list and its city does not know
// yet that it can follow it.
func (r Request) MayHandOver() bool {
	return r.Channel == FromList && r.Open() && r.HandedOverAt == nil
}

// HandOver tells the people of a city that a case from the earlier list can be followed in
// the portal. It stands among their requests already; taking it over told nobody. Told once,
// it tells nobody again.
// Errors: forbidden, not found, conflict (it came on another way, or it ended).
func (s *Service) HandOver(ctx context.Context, actor identity.Actor, publicID string) error {
	return s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		if r.HandedOverAt != nil {
			return nil
		}
		if !r.MayHandOver() {
			return apperr.New(apperr.Conflict, "requests.not_from_list")
		}
		now := s.now()
		r.HandedOverAt = &now
		if err := audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "request.hand_over", Subject: r.Ref()}); err != nil {
			return err
		}
		return s.tell(ctx, tx, actor, *r, "requests.handed_over", "handed_over", map[string]any{"Earlier": r.EarlierReference, "Day": r.CameOn.Format(time.RFC3339)})
	})
}
