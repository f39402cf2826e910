package membership

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/workflow"
)

// Complete passes a complete application on to the Executive Board; who does so handles it,
// unless somebody does already. Errors: forbidden, not found, conflict.
func (s *Service) Complete(ctx context.Context, actor identity.Actor, publicID string, seq int) error {
	return s.change(ctx, actor, identity.EditMembers, publicID, func(tx pgx.Tx, a *Application) error {
		if a.OfficerID == 0 {
			a.OfficerID = actor.UserID
		}
		return s.move(ctx, tx, actor, a, workflow.In{Move: moveComplete, Seq: seq})
	})
}

// Return asks the applicant to complete the application, and opens its answers again.
// Errors: forbidden, not found, invalid (no word), conflict.
func (s *Service) Return(ctx context.Context, actor identity.Actor, publicID string, seq int, word string) error {
	if len([]rune(word)) > maxWord {
		return apperr.Fields(map[string]string{"reason": "error.too_long"})
	}
	return s.change(ctx, actor, identity.EditMembers, publicID, func(tx pgx.Tx, a *Application) error {
		if a.OfficerID == 0 {
			a.OfficerID = actor.UserID
		}
		if err := s.move(ctx, tx, actor, a, workflow.In{Move: moveReturn, Seq: seq, Reason: word, Tell: map[string]any{"Quote": word}}); err != nil {
			return err
		}
		return forms.Again(ctx, tx, a.Ref(), part)
	})
}

// Assign gives an application to an officer; an empty identifier takes it from whoever has it.
// Errors: forbidden, not found, invalid (no such officer), conflict (somebody changed it since).
func (s *Service) Assign(ctx context.Context, actor identity.Actor, publicID string, version int, officer string) error {
	return s.change(ctx, actor, identity.EditMembers, publicID, func(tx pgx.Tx, a *Application) error {
		if a.Version != version {
			return apperr.New(apperr.Conflict, "membership.changed")
		}
		list, err := repository{tx}.officers(ctx)
		if err != nil {
			return err
		}
		to := Officer{}
		for _, o := range list {
			if o.PublicID == officer {
				to = o
			}
		}
		if officer != "" && to.ID == 0 {
			return apperr.Fields(map[string]string{"officer": "membership.no_officer"})
		}
		payload := map[string]string{"from": a.OfficerName, "to": to.Name}
		a.OfficerID, a.OfficerName = to.ID, to.Name
		if err := s.hand(ctx, tx, *a); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "application.assign", Subject: a.Ref(), Payload: payload})
	})
}

// Officer is somebody of the staff who handles applications.
type Officer struct {
	ID       int64
	PublicID string
	Name     string
}

func (r repository) officers(ctx context.Context) ([]Officer, error) {
	var roles []identity.Role
	for _, role := range identity.StaffRoles() {
		if (identity.Actor{UserID: 1, Roles: []identity.Role{role}}).Can(identity.EditMembers) {
			roles = append(roles, role)
		}
	}
	rows, _ := r.db.Query(ctx, `
		select u.id, s.public_id, u.name from users u join subjects s on s.id = u.id
		where u.active and exists (select from staff_roles x where x.user_id = u.id and now() >= x.starts_at and now() < x.ends_at and x.role = any($1))
		order by u.name collate "tr-x-icu"`, roles)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Officer])
}

// Ruling is what a board decided about an application.
type Ruling struct {
	Seq     int
	Number  string
	Date    time.Time
	Votes   *decisions.Votes // nil: the minutes do not count them
	Outcome decisions.Outcome
	Reason  string
}

// boards are who decides in which state.
var boards = map[workflow.State]decisions.Organ{ExecutiveBoard: decisions.ExecutiveBoard, AdministrativeBoard: decisions.AdministrativeBoard}

// Board is who decides about an application now; empty where nobody does.
func (a Application) Board() decisions.Organ { return boards[a.State] }

// Support records that the Executive Board supports an application, which goes on to the
// Administrative Board, or that it declines it. Errors: forbidden, not found, invalid by field, conflict.
func (s *Service) Support(ctx context.Context, actor identity.Actor, publicID string, ruling Ruling) error {
	return s.rule(ctx, actor, publicID, ExecutiveBoard, ruling)
}

// Decline records that the Administrative Board does not admit.
// Errors: forbidden, not found, invalid by field, conflict.
func (s *Service) Decline(ctx context.Context, actor identity.Actor, publicID string, ruling Ruling) error {
	ruling.Outcome = decisions.Decline
	return s.rule(ctx, actor, publicID, AdministrativeBoard, ruling)
}

func (s *Service) rule(ctx context.Context, actor identity.Actor, publicID string, in workflow.State, ruling Ruling) error {
	if err := actor.May(identity.DecideMembers); err != nil {
		return err
	}
	if err := s.Check(ruling); err != nil {
		return err
	}
	return s.change(ctx, actor, identity.DecideMembers, publicID, func(tx pgx.Tx, a *Application) error {
		if a.State != in || a.Seq != ruling.Seq {
			return stale()
		}
		id, err := s.decide(ctx, tx, actor, *a, ruling)
		if err != nil {
			return err
		}
		move := moveSupport
		if ruling.Outcome == decisions.Decline {
			move = moveDecline
		}
		if in == ExecutiveBoard {
			a.ExecutiveID = id
		} else {
			a.DecisionID = id
		}
		return s.move(ctx, tx, actor, a, workflow.In{Move: move, Seq: ruling.Seq, Decision: id, Reason: ruling.Reason, Tell: ruling.told()})
	})
}

// decide records the decision of the board whose turn it is.
func (s *Service) decide(ctx context.Context, tx pgx.Tx, actor identity.Actor, a Application, ruling Ruling) (int64, error) {
	return decisions.Enter(ctx, tx, actor, decisions.Decision{Organ: a.Board(), Number: ruling.Number, Date: ruling.Date, Votes: ruling.Votes,
		Items: []decisions.Item{{Subject: a.Ref(), Outcome: ruling.Outcome, Reason: ruling.Reason}}})
}

func (r Ruling) told() map[string]any {
	return map[string]any{"Number": r.Number, "Day": r.Date.Format(time.RFC3339), "Quote": r.Reason}
}

// Check finds everything that is wrong with a ruling, before it is carried out.
// Errors: invalid by field.
func (s *Service) Check(r Ruling) error {
	fields := map[string]string{}
	if r.Outcome != decisions.Approve && r.Outcome != decisions.Decline {
		fields["outcome"] = "requests.choose"
	}
	if r.Number == "" || len([]rune(r.Number)) > 40 {
		fields["number"] = "requests.number_wrong"
	}
	if r.Date.IsZero() || r.Date.After(s.Today()) || r.Date.Year() < 1990 {
		fields["date"] = "requests.date_wrong"
	}
	if v := r.Votes; v != nil && (v.For < 0 || v.Against < 0 || v.Abstained < 0 || v.For+v.Against+v.Abstained == 0 || v.For > 10_000) {
		fields["votes_for"] = "membership.votes_wrong"
	}
	if r.Outcome == decisions.Decline && r.Reason == "" {
		fields["reason"] = "decisions.reason_needed"
	}
	if len([]rune(r.Reason)) > maxWord {
		fields["reason"] = "error.too_long"
	}
	return apperr.Fields(fields)
}

// Case is an application as staff see it.
type Case struct {
	Paper
	Facts      Facts
	Decisions  []decisions.Made
	Officers   []Officer
	Candidates []Place // who it may be, of the register
	Moves      []workflow.Move
}

// Has reports whether the reader may make a move now.
func (c Case) Has(name string) bool {
	for _, m := range c.Moves {
		if m.Name == name {
			return true
		}
	}
	return false
}

// Case reads an application for its page at the desk. Errors: sign_in, forbidden, not found.
func (s *Service) Case(ctx context.Context, actor identity.Actor, lang, publicID string) (Case, error) {
	var c Case
	if err := actor.May(identity.ReadMembers); err != nil {
		return c, err
	}
	var err error
	if c.Paper, err = s.Paper(ctx, actor, lang, publicID); err != nil {
		return c, err
	}
	c.Facts, c.Moves = factsOf(c.Form.Answers), Life.Available(actor, c.State)
	return c, s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		if c.Decisions, err = decisions.About(ctx, q, c.Ref()); err != nil {
			return err
		}
		if c.Officers, err = (repository{q}).officers(ctx); err != nil {
			return err
		}
		if c.State == AdministrativeBoard && c.Kind.Local() {
			c.Candidates, err = (repository{q}).candidates(ctx, actor, lang, c.Facts, c.CountryID)
		}
		return err
	})
}
