package accounts

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/jobs"
	"github.com/birlik/portal/internal/postgres"
)

// Held is one mandate of an organisation, as its people and staff read it.
type Held struct {
	ID        int64
	UserID    int64
	Person    string // public id of the user
	Name      string
	Email     string
	Role      identity.Role
	Areas     []string
	Starts    time.Time
	Ends      *time.Time // nil: until it is ended
	GivenBy   string
	EndedBy   string
	EndReason string
	Waits     bool // invited, has not set a password
}

// Key names the mandate in addresses: who holds it, as what.
func (h Held) Key() string { return h.Person + "-" + string(h.Role) }

// Over reports whether the mandate holds no more.
func (h Held) Over(now time.Time) bool { return h.Ends != nil && !h.Ends.After(now) }

// Mandates lists the mandates of an organisation, those in force first, the ended ones too:
// history stays. Errors: sign_in, forbidden, not found.
func (s *Service) Mandates(ctx context.Context, actor identity.Actor, orgID int64) ([]Held, error) {
	may := identity.ReadOwn
	if actor.Side == identity.Staff {
		may = identity.ReadMembers
	}
	if err := actor.MayFor(may, orgID); err != nil {
		return nil, err
	}
	var out []Held
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select m.id, u.id, s.public_id, u.name, u.email, m.role, m.areas, m.starts_at, nullif(m.ends_at, 'infinity'), coalesce(g.name, ''), coalesce(e.name, ''),
				m.end_reason, false
			from mandates m join users u on u.id = m.user_id join subjects s on s.id = u.id left join users g on g.id = m.given_by left join users e on e.id = m.ended_by
			where m.org_id = $1 order by m.ends_at > $2 desc, m.role, m.ends_at desc, u.name collate "tr-x-icu", m.id limit 300`, orgID, s.now())
		var err error
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Held])
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, s.markWaiting(ctx, out)
}

// markWaiting says which of them have not accepted their invitation: no side but the
// portal's own reads what is stored of passwords.
func (s *Service) markWaiting(ctx context.Context, list []Held) error {
	ids := make([]int64, len(list))
	for i, h := range list {
		ids[i] = h.UserID
	}
	return s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `select id from users where id = any($1) and password_hash = ''`, ids)
		waiting, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		for i, h := range list {
			list[i].Waits = slices.Contains(waiting, h.UserID)
		}
		return err
	})
}

// Lapsed is an organisation for which nobody may send any more, since its last approver's mandate ended.
type Lapsed struct {
	OrgID     int64
	OrgPublic string
	OrgName   string
	Name      string // whose mandate ended last
	Ended     time.Time
}

// LapsedMandates lists the members that nobody may send for, the longest first: after a local
// election, whom to hand over to. Errors: sign_in, forbidden.
func (s *Service) LapsedMandates(ctx context.Context, actor identity.Actor, limit int) ([]Lapsed, error) {
	if err := actor.May(identity.ReadMembers); err != nil {
		return nil, err
	}
	var out []Lapsed
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select o.id, s.public_id, o.name, u.name, m.ends_at from (
				select org_id, max(ends_at) as ends_at, (array_agg(user_id order by ends_at desc, id desc))[1] as user_id from mandates
				where role = 'member_approver' group by org_id having max(ends_at) <= $1
			) m join organisations o on o.id = m.org_id and o.active join subjects s on s.id = o.id join users u on u.id = m.user_id
			order by m.ends_at, o.id limit $2`, s.now(), limit)
		var err error
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Lapsed])
		return err
	})
	return out, err
}

// SeatArgs is the job that tells somebody with an account of a new role.
type SeatArgs struct {
	UserID  int64         `json:"user_id"`
	OrgID   int64         `json:"org_id"`
	Role    identity.Role `json:"role"`
	GivenBy int64         `json:"given_by"`
}

// Kind implements river.JobArgs.
func (SeatArgs) Kind() string { return "accounts_seat" }

func (s *Service) tellSeat(ctx context.Context, tx pgx.Tx, actor identity.Actor, userID, orgID int64, role identity.Role) error {
	return jobs.Insert(ctx, tx, SeatArgs{UserID: userID, OrgID: orgID, Role: role, GivenBy: actor.UserID})
}

// OrgZone is the zone of the organisation that the actor acts for: days of its mandates
// begin and end by it.
func (s *Service) OrgZone(ctx context.Context, actor identity.Actor) (*time.Location, error) {
	var name string
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		return q.QueryRow(ctx, `
			select coalesce(m.zone, o.zone) from organisations o left join municipalities m on m.id = o.id where o.id = $1`, actor.OrgID).Scan(&name)
	})
	if err != nil {
		return nil, postgres.Explain(err, "error.not_found")
	}
	return time.LoadLocation(name) // a day that ends by a wrong clock is worse than none
}
