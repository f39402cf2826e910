package requests

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/workdays"
	"github.com/birlik/portal/internal/workflow"
)

// How much of what happened lately is told: from so many cases that changed last, so many
// pieces of news, each message by its beginning.
const (
	newsCases = 200
	maxNews   = 30
	newsText  = 240
)

// News is something that somebody else did with a case: a move, or a message.
type News struct {
	PublicID  string // of the request, as the next three
	Reference string
	Title     string
	City      string
	At        time.Time
	Move      string // empty: a message
	Side      messages.Side
	Text      string // the message's beginning, or the move's reason
	ActorName string // empty: the portal itself
	Sender    string // of a letter that staff added, who wrote it
}

// Recent is the news since the beginning of the last working day.
type Recent struct {
	Since time.Time
	News  []News // newest first, at most 30
	More  bool   // there were more
}

// Recent tells what others did with the actor's cases, and with those whose officers the
// actor stands in for, since the beginning of the union's last working day; to heads, what
// was done with the cases of their offices too. Errors: sign_in, forbidden.
func (s *Service) Recent(ctx context.Context, actor identity.Actor) (out Recent, err error) {
	if err := actor.May(identity.ReadRequests); err != nil {
		return out, err
	}
	var offices []string
	if actor.Has(identity.DepartmentHead) {
		offices = actor.Offices
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		calendar, err := workdays.Of(ctx, q, s.Country, s.Today())
		if err != nil {
			return err
		}
		day := calendar.Before(s.Today(), 1)
		out.Since = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, s.zone)
		out.News, err = repository{q}.news(ctx, actor.UserID, offices, out.Since)
		return err
	})
	if out.More = len(out.News) > maxNews; out.More {
		out.News = out.News[:maxNews]
	}
	return out, err
}

// news begins with the cases that changed last, so that it reads no more however many there
// are. How a municipality made its draft stays its own.
func (r repository) news(ctx context.Context, userID int64, offices []string, since time.Time) ([]News, error) {
	rows, _ := r.db.Query(ctx, `
		with c as materialized (
			select r.id, r.reference, r.title, r.org_id from requests r
			where r.submitted_at is not null and r.changed_at >= $3
				and (r.officer_id = any((select stands_for($1))::bigint[]) or r.office = any($2))
			order by r.changed_at desc, r.id desc limit $4
		), n as (
			select m.subject_id as id, m.at, m.move, '' as side, m.reason as text, m.actor_id, m.seq::bigint as n, '' as sender
			from moves m where m.subject_id in (select id from c) and m.at >= $3 and m.actor_id is distinct from $1 and m.to_state <> all($7)
			union all
			select m.subject_id, m.at, '', m.side, m.body, m.actor_id, m.id, m.sender
			from messages m where m.subject_id in (select id from c) and m.at >= $3 and m.actor_id is distinct from $1
		)
		select s.public_id, c.reference, c.title, o.name, n.at, n.move, n.side, left(n.text, $6), coalesce(u.name, ''), n.sender
		from n join c on c.id = n.id join subjects s on s.id = n.id join organisations o on o.id = c.org_id left join users u on u.id = n.actor_id
		order by n.at desc, n.id, n.n desc limit $5`,
		userID, offices, since, newsCases, maxNews+1, newsText, []workflow.State{Draft, WithApprover})
	return pgx.CollectRows(rows, pgx.RowToStructByPos[News])
}
