package requests

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Load is how much one officer has, counted up to a thousand each.
type Load struct {
	Officer Officer
	Open    int
	Late    int
	Deputy  string // who does the work while they are away today; empty: they are here
}

// Standing are what a first page of the desk counts.
type Standing struct {
	Counts Counts
	Team   []Load // of the actor's offices, for heads
}

// Standing counts what is open; for heads of department also who of their offices has how
// much. Errors: sign_in, forbidden.
func (s *Service) Standing(ctx context.Context, actor identity.Actor) (out Standing, err error) {
	if err := actor.May(identity.ReadRequests); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		if out.Counts, err = r.counts(ctx, actor.UserID, s.now()); err != nil {
			return err
		}
		if actor.Has(identity.DepartmentHead) && len(actor.Offices) > 0 {
			out.Team, err = r.team(ctx, actor.Offices, s.now())
		}
		return err
	})
	return out, err
}

func (r repository) team(ctx context.Context, offices []string, now time.Time) ([]Load, error) {
	rows, _ := r.db.Query(ctx, `
		select u.id, s.public_id, u.name, a.n, l.n, case when d.id <> u.id then d.name else '' end
		from users u
		join subjects s on s.id = u.id
		join users d on d.id = deputy_now(u.id)
		cross join lateral (select count(*) as n from (select from requests where open and officer_id = u.id limit 1000) x) a
		cross join lateral (select count(*) as n from (select from requests where open and officer_id = u.id and due_at < $2 limit 1000) x) l
		where u.active and exists (select from staff_offices x where x.user_id = u.id and x.office = any($1) and now() >= x.starts_at and now() < x.ends_at)
		order by l.n desc, a.n desc, u.name collate "tr-x-icu", u.id limit 100`, offices, now)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (l Load, err error) {
		err = row.Scan(&l.Officer.ID, &l.Officer.PublicID, &l.Officer.Name, &l.Open, &l.Late, &l.Deputy)
		return l, err
	})
}
