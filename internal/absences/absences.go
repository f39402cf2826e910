// Package absences holds who of the union's staff is away, from a day to a day, and who
// stands in. Nothing moves while somebody is away: duties are read by whoever does the work
// now (SQL: deputy_now, stands_for), and are their own again on the day of return.
package absences

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Absence is one time away.
type Absence struct {
	PublicID string
	UserID   int64
	Name     string
	DeputyID int64
	Deputy   string
	StartsAt time.Time
	EndsAt   time.Time // not within
	Note     string    // for the deputy; empty for other readers
}

// Now reports whether the person is away at an instant.
func (a Absence) Now(at time.Time) bool { return !at.Before(a.StartsAt) && at.Before(a.EndsAt) }

// LastDay is a moment within the last day away.
func (a Absence) LastDay() time.Time { return a.EndsAt.Add(-time.Second) }

// Colleague is somebody who handles requests and can stand in.
type Colleague struct {
	ID       int64
	PublicID string
	Name     string
}

// Service is what can be done with absences.
type Service struct {
	db   postgres.DB
	zone *time.Location // the union's: days begin in it
	now  func() time.Time
}

// New makes the service; zone is the union's.
func New(db postgres.DB, zone *time.Location, now func() time.Time) *Service {
	return &Service{db: db, zone: zone, now: now}
}

// Board is what the page of absences shows.
type Board struct {
	Absences   []Absence // today's and coming ones, the nearest first
	Colleagues []Colleague
}

// maxListed is how many absences a page shows.
const maxListed = 200

// Board lists who is away today or will be, and who can stand in. A note is read by the
// deputy, the person, and whoever manages absences. Errors: sign_in, forbidden.
func (s *Service) Board(ctx context.Context, actor identity.Actor) (out Board, err error) {
	if err := actor.May(identity.ReadStaffDesk); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		if out.Absences, err = list(ctx, q, actor, s.now(), false); err != nil {
			return err
		}
		out.Colleagues, err = colleagues(ctx, q)
		return err
	})
	return out, err
}

// Mine lists the actor's own absences, and those whom they stand in for, that are today.
// Errors: sign_in, forbidden.
func (s *Service) Mine(ctx context.Context, actor identity.Actor) (out []Absence, err error) {
	if err := actor.May(identity.ReadStaffDesk); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		out, err = list(ctx, q, actor, s.now(), true)
		return err
	})
	return out, err
}

// list reads absences that are not over; mine: today's of the actor, and those whose work
// the actor does now.
func list(ctx context.Context, q postgres.Querier, actor identity.Actor, now time.Time, mine bool) ([]Absence, error) {
	rows, _ := q.Query(ctx, `
		select a.public_id, a.user_id, u.name, a.deputy_id, d.name, a.starts_at, a.ends_at,
			case when $4 or $1 in (a.user_id, a.deputy_id) then a.note else '' end
		from absences a join users u on u.id = a.user_id join users d on d.id = a.deputy_id
		where a.ends_at > $2 and a.ends_at > a.starts_at and (not $3 or a.starts_at <= $2 and (a.user_id = $1 or a.user_id = any((select stands_for($1))::bigint[])))
		order by a.starts_at, a.id limit $5`, actor.UserID, now, mine, actor.Can(identity.ManageAbsences), maxListed)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Absence])
}

// colleagues are the staff who handle requests today.
func colleagues(ctx context.Context, q postgres.Querier) ([]Colleague, error) {
	roles := slices.DeleteFunc(identity.StaffRoles(), func(r identity.Role) bool {
		return !(identity.Actor{UserID: 1, Roles: []identity.Role{r}}).Can(identity.HandleRequests)
	})
	rows, _ := q.Query(ctx, `
		select u.id, s.public_id, u.name from users u join subjects s on s.id = u.id
		where u.active and exists (select from staff_roles x where x.user_id = u.id and now() >= x.starts_at and now() < x.ends_at and x.role = any($1))
		order by u.name collate "tr-x-icu", u.id`, roles)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Colleague])
}

// In is a time away as it is entered. Days are the union's.
type In struct {
	Person string // public identifier; empty: the actor
	Deputy string
	From   time.Time // first day
	To     time.Time // last day
	Note   string
}

// maxAway bounds one absence, and maxNote the note to the deputy.
const (
	maxAway = 400 * 24 * time.Hour
	maxNote = 500
)

// Enter records that somebody will be away: oneself, or for whoever manages absences any
// colleague. Errors: sign_in, forbidden, invalid by field.
func (s *Service) Enter(ctx context.Context, actor identity.Actor, in In) error {
	if err := actor.May(identity.HandleRequests); err != nil {
		return err
	}
	from, to, fields := s.days(in)
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		all, err := colleagues(ctx, tx)
		if err != nil {
			return err
		}
		person, deputy := find(all, in.Person), find(all, in.Deputy)
		if in.Person == "" {
			person = &Colleague{ID: actor.UserID}
		}
		switch {
		case person == nil:
			fields["person"] = "absences.no_person"
		case person.ID != actor.UserID && !actor.Can(identity.ManageAbsences):
			return apperr.New(apperr.Forbidden, "error.forbidden")
		case deputy == nil:
			fields["deputy"] = "absences.no_deputy"
		case deputy.ID == person.ID:
			fields["deputy"] = "absences.own_deputy"
		}
		if err := apperr.Fields(fields); err != nil {
			return err
		}
		return s.enter(ctx, tx, actor, Absence{PublicID: subject.NewPublicID(), UserID: person.ID, DeputyID: deputy.ID, StartsAt: from, EndsAt: to, Note: in.Note})
	})
}

func find(list []Colleague, publicID string) *Colleague {
	for i, c := range list {
		if c.PublicID == publicID {
			return &list[i]
		}
	}
	return nil
}

// days checks the days, and says from when to when that is.
func (s *Service) days(in In) (from, to time.Time, fields map[string]string) {
	fields = map[string]string{}
	midnight := func(t time.Time, add int) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day()+add, 0, 0, 0, 0, s.zone)
	}
	from, to = midnight(in.From, 0), midnight(in.To, 1)
	switch {
	case in.From.IsZero():
		fields["from"] = "absences.day_missing"
	case in.To.IsZero():
		fields["to"] = "absences.day_missing"
	case !to.After(from):
		fields["to"] = "absences.to_before"
	case !to.After(s.now()):
		fields["to"] = "absences.to_past"
	case to.Sub(from) > maxAway:
		fields["to"] = "absences.too_long"
	}
	if len([]rune(in.Note)) > maxNote {
		fields["note"] = "error.too_long"
	}
	return from, to, fields
}

// enter stores an absence. Two for one person at a time would leave open who stands in, so
// they wait for each other and the later one is refused.
func (s *Service) enter(ctx context.Context, tx pgx.Tx, actor identity.Actor, a Absence) error {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('absences' || $1::text, 0))`, strconv.FormatInt(a.UserID, 10)); err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `
		insert into absences (public_id, user_id, deputy_id, starts_at, ends_at, note, created_by)
		select $1, $2, $3, $4, $5, $6, $7
		where not exists (select from absences where user_id = $2 and starts_at < $5 and ends_at > $4 and ends_at > starts_at)`,
		a.PublicID, a.UserID, a.DeputyID, a.StartsAt, a.EndsAt, a.Note, actor.UserID)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return apperr.Fields(map[string]string{"from": "absences.twice"})
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "absence.enter", Subject: subject.Ref{Kind: subject.User, ID: a.UserID},
		Payload: map[string]any{"from": a.StartsAt, "to": a.EndsAt, "deputy": a.DeputyID}}); err != nil {
		return err
	}
	return tell(ctx, tx, actor, a)
}

// End brings somebody back now, or takes back an absence that has not begun.
// Errors: sign_in, forbidden, not found (it is over).
func (s *Service) End(ctx context.Context, actor identity.Actor, publicID string) error {
	if err := actor.May(identity.HandleRequests); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		var userID int64
		err := tx.QueryRow(ctx, `
			update absences set ends_at = greatest(starts_at, $2) where public_id = $1 and ends_at > $2 and ends_at > starts_at and ($3 or user_id = $4)
			returning user_id`, publicID, s.now(), actor.Can(identity.ManageAbsences), actor.UserID).Scan(&userID)
		if err != nil {
			return postgres.Explain(err, "error.not_found")
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "absence.end", Subject: subject.Ref{Kind: subject.User, ID: userID}})
	})
}
