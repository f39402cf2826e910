package requests

import (
	"context"
	"strconv"
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

// untold are the open cases of a city from the earlier list, that it was not told of.
const untold = ` from requests r where r.org_id = $1 and r.channel = 'list' and r.closed_at is null and r.handed_over_at is null`

// HandOverAll is HandOver for every such case of the city that a case belongs to, with one
// letter about all of them. Errors: as HandOver.
func (s *Service) HandOverAll(ctx context.Context, actor identity.Actor, publicID string) error {
	return s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		if r.HandedOverAt != nil {
			return nil
		}
		if !r.MayHandOver() {
			return apperr.New(apperr.Conflict, "requests.not_from_list")
		}
		now := s.now()
		rows, _ := tx.Query(ctx, `
			with x as (select r.id`+untold+` and r.id <> $2 order by r.id for update)
			update requests r set handed_over_at = $3, version = version + 1, changed_at = now() from x where r.id = x.id returning r.id`, r.OrgID, r.ID, now)
		others, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		r.HandedOverAt = &now
		entries := []audit.Entry{{Actor: actor, Action: "request.hand_over", Subject: r.Ref()}}
		for _, id := range others {
			entries = append(entries, audit.Entry{Actor: actor, Action: "request.hand_over", Subject: Request{ID: id}.Ref()})
		}
		if err := audit.RecordMany(ctx, tx, entries); err != nil {
			return err
		}
		return s.tell(ctx, tx, actor, *r, "requests.handed_over_all", "handed_over", map[string]any{"Number": strconv.Itoa(len(entries))})
	})
}

// untold counts the cases from the earlier list that a case's city was not told of, the case
// itself too.
func (r repository) untold(ctx context.Context, orgID int64) (n int, err error) {
	err = r.db.QueryRow(ctx, `select count(*)`+untold, orgID).Scan(&n)
	return n, err
}
