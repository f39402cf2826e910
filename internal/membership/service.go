package membership

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/tasks"
	"github.com/birlik/portal/internal/workflow"
)

// Register makes the records of who is admitted, in the transaction of the decision.
type Register interface {
	// Municipality makes the municipality of an application and returns its id.
	Municipality(ctx context.Context, tx pgx.Tx, p NewPlace) (int64, error)
	// Invite gives a person a role for an organisation and has an invitation mailed.
	Invite(ctx context.Context, tx pgx.Tx, actor identity.Actor, orgID int64, p NewPerson) error
	// Changed tells every page that shows a member that its membership changed.
	Changed(ctx context.Context, tx pgx.Tx, orgID int64) error
}

// NewPlace is a municipality that the register does not hold yet.
type NewPlace struct {
	SourceID       string
	Country        string // code
	Name           string // in its own spelling
	Latin, English string
	Region         string
	Lat, Lon       float64
	Population     int64
	PopulationYear int
	At             time.Time
}

// NewPerson is whom the applicant named to act for the city.
type NewPerson struct {
	Name, Email, Lang string
	Role              identity.Role
}

// Service is everything that can be done with applications and memberships.
type Service struct {
	db       postgres.DB
	register Register
	zone     *time.Location // the union's
	now      func() time.Time
}

// New makes the service; zone is the union's.
func New(db postgres.DB, register Register, zone *time.Location, now func() time.Time) *Service {
	return &Service{db: db, register: register, zone: zone, now: now}
}

// Today is the day in the union's zone.
func (s *Service) Today() time.Time { return s.now().In(s.zone) }

// change locks an application that the actor may work on, lets fn act on it, and stores what
// fn changed, its search rows too. The actor's rights are asked first; as is who may write:
// what admits makes records of others, and runs as the portal itself.
func (s *Service) change(ctx context.Context, actor identity.Actor, may identity.Permission, publicID string, fn func(tx pgx.Tx, a *Application) error) error {
	return s.changeAs(ctx, actor, actor, may, publicID, fn)
}

func (s *Service) changeAs(ctx context.Context, actor, writer identity.Actor, may identity.Permission, publicID string, fn func(tx pgx.Tx, a *Application) error) error {
	if err := actor.May(may); err != nil {
		return err
	}
	return s.db.InTx(ctx, writer, func(tx pgx.Tx) error {
		a, err := repository{tx}.lock(ctx, actor, publicID)
		if err != nil {
			return err
		}
		before := *a
		if err := fn(tx, a); err != nil || *a == before {
			return err
		}
		if err := (repository{tx}).save(ctx, *a); err != nil {
			return err
		}
		return search.Put(ctx, tx, a.Ref(), found(*a))
	})
}

// move applies a move to a locked application: its state, its date and its one open duty.
func (s *Service) move(ctx context.Context, tx pgx.Tx, actor identity.Actor, a *Application, in workflow.In) error {
	in.Tell = a.words(in.Tell)
	state, err := Life.Apply(ctx, tx, actor, a.Ref(), a.State, a.Seq, in)
	if err != nil {
		return err
	}
	a.State, a.Seq, a.DueAt = state, a.Seq+1, s.dueOf(state)
	if Ended(state) {
		now := s.now()
		a.ClosedAt = &now
	}
	return s.hand(ctx, tx, *a)
}

// dueOf is the end of the day in the union's zone on which a step is due; nil: no date.
func (s *Service) dueOf(state workflow.State) *time.Time {
	n, ok := days[state]
	if !ok {
		return nil
	}
	t := s.Today().AddDate(0, 0, n)
	due := time.Date(t.Year(), t.Month(), t.Day(), 23, 59, 59, 0, s.zone)
	return &due
}

// words are what every letter about the application may say.
func (a Application) words(more map[string]any) map[string]any {
	out := map[string]any{"City": a.Name, "Reference": a.Reference}
	for name, value := range more {
		out[name] = value
	}
	return out
}

// The duties of an application; the desk names them by "casework.task.".
const (
	DutyCheck     = "membership.check"
	DutyExecutive = "membership.executive"
	DutyAdmit     = "membership.admit"
)

var duties = map[workflow.State]string{Submitted: DutyCheck, ExecutiveBoard: DutyExecutive, AdministrativeBoard: DutyAdmit}

// hand gives the application's one open duty to whose turn it is; an applicant has no desk.
func (s *Service) hand(ctx context.Context, tx pgx.Tx, a Application) error {
	if err := tasks.DropAll(ctx, tx, a.Ref()); err != nil {
		return err
	}
	key, ok := duties[a.State]
	if !ok {
		return nil
	}
	duty := tasks.Duty{Key: key, Owner: a.owner()}
	if a.DueAt != nil {
		duty.Due = *a.DueAt
	}
	return tasks.Open(ctx, tx, a.Ref(), duty)
}

func (a Application) owner() tasks.Owner {
	switch {
	case a.State != Submitted:
		return tasks.Role(identity.BoardSecretary)
	case a.OfficerID != 0:
		return tasks.User(a.OfficerID)
	}
	return tasks.Role(identity.DeskOfficer)
}

func stale() error { return apperr.New(apperr.Conflict, "workflow.moved_on") }

// found is what staff find an application by, once it was sent.
func found(a Application) []search.Document {
	if a.SubmittedAt == nil {
		return nil
	}
	var out []search.Document
	for _, lang := range locale.Langs() {
		out = append(out, search.Document{Lang: lang, Scope: search.Staff, OrgID: a.OrgID, Title: a.Name, Reference: a.Reference,
			Path: "/" + string(lang) + a.DeskPath(), Weight: a.SubmittedAt.Unix() / 86400})
	}
	return out
}

// Locate names applications for lists that mix kinds, as staff open them.
func (s *Service) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select a.id, s.public_id, a.name, coalesce(a.reference, '') from applications a join subjects s on s.id = a.id where a.id = any($1)`, ids)
		var id int64
		var publicID, name, reference string
		_, err := pgx.ForEachRow(rows, []any{&id, &publicID, &name, &reference}, func() error {
			place := subject.Place{Title: name}
			if reference != "" {
				place = subject.Place{Title: reference + " · " + name, Path: "/" + lang + "/desk/applications/" + publicID}
			}
			out[id] = place
			return nil
		})
		return err
	})
	return out, err
}
