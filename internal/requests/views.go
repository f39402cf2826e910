package requests

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// View is a filter that somebody gave a name.
type View struct {
	PublicID string
	Name     string
	Query    string // of the list's address
	Shared   bool   // everybody of the staff sees it
	Office   string // code of the office whose people see it; empty: none
	Own      bool   // the reader may drop it
}

// maxViews is how many views a person keeps, and the staff share.
const maxViews = 30

// Who sees a view: oneself, everybody of the staff, or the people of an office by its code.
const (
	ForMe  = ""
	ForAll = "all"
)

// views lists the reader's own views, those of their offices and the shared ones, by name.
func (r repository) views(ctx context.Context, actor identity.Actor) ([]View, error) {
	rows, _ := r.db.Query(ctx, `
		select public_id, name, query, shared, coalesce(office, ''), user_id = $1 from saved_views
		where list = 'requests' and (shared or user_id = $1 or office = any($2))
		order by shared, office is not null, name collate "tr-x-icu", id limit 60`, actor.UserID, actor.Offices)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[View])
}

// KeepView stores a filter under a name, for oneself, an office of one's own, or all of the
// staff. Errors: forbidden, invalid (no name, too many).
func (s *Service) KeepView(ctx context.Context, actor identity.Actor, name, query, audience string) error {
	if err := actor.May(identity.ReadRequests); err != nil {
		return err
	}
	office := ""
	if audience != ForMe && audience != ForAll {
		office = audience
	}
	if audience == ForAll && !actor.Can(identity.HandleRequests) || office != "" && !slices.Contains(actor.Offices, office) {
		return apperr.New(apperr.Forbidden, "error.forbidden")
	}
	if name == "" || tooLong(name, 60) || len(query) > 2000 {
		return apperr.Fields(map[string]string{"name": "requests.view_name"})
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			insert into saved_views (public_id, list, user_id, shared, office, name, query)
			select $1, 'requests', $2, $3, nullif($7, ''), $4, $5 from (select count(*) as n from saved_views where user_id = $2 and list = 'requests') x where x.n < $6
			on conflict (user_id, list, name) do update set query = excluded.query, shared = excluded.shared, office = excluded.office`,
			subject.NewPublicID(), actor.UserID, audience == ForAll, name, query, maxViews, office)
		if err == nil && tag.RowsAffected() == 0 {
			return apperr.Fields(map[string]string{"name": "requests.views_full"})
		}
		return postgres.Explain(err, "error.not_found")
	})
}

// DropView forgets a view of the actor's own. Errors: forbidden, not found.
func (s *Service) DropView(ctx context.Context, actor identity.Actor, publicID string) error {
	if err := actor.May(identity.ReadRequests); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `delete from saved_views where public_id = $1 and user_id = $2`, publicID, actor.UserID)
		if err == nil && tag.RowsAffected() == 0 {
			return apperr.New(apperr.NotFound, "error.not_found")
		}
		return err
	})
}
