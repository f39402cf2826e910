package requests

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/tasks"
	"github.com/birlik/portal/internal/workflow"
)

// Register takes a request into the union's register; who registers it handles it, unless
// somebody does already. Errors: forbidden, not found, conflict.
func (s *Service) Register(ctx context.Context, actor identity.Actor, publicID string, seq int) error {
	return s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		if r.OfficerID == 0 {
			r.OfficerID = actor.UserID
		}
		return s.move(ctx, tx, actor, r, workflow.In{Move: moveRegister, Seq: seq})
	})
}

// questioned checks what is asked by the end of a day, of a municipality or of an office, and
// says when that is and what is wrong, by field.
func (s *Service) questioned(question string, until time.Time) (due time.Time, fields map[string]string) {
	due, fields = s.endOfDay(until), map[string]string{}
	if question == "" {
		fields["body"] = "requests.question_missing"
	}
	if tooLong(question, maxMessage) {
		fields["body"] = "error.too_long"
	}
	if until.IsZero() || due.Before(s.now()) || due.After(s.now().AddDate(1, 0, 0)) {
		fields["until"] = "requests.until_wrong"
	}
	return due, fields
}

// Inquire asks the municipality for information until the end of a day, with files that were
// uploaded for it.
// Errors: forbidden, not found, invalid (no question, a day that has passed), conflict.
func (s *Service) Inquire(ctx context.Context, actor identity.Actor, publicID string, seq int, question string, until time.Time, uploads ...string) error {
	if err := actor.May(identity.HandleRequests); err != nil {
		return err
	}
	due, fields := s.questioned(question, until)
	if err := apperr.Fields(fields); err != nil {
		return err
	}
	return s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		if _, err := s.write(ctx, tx, actor, *r, messages.Out, question, uploads); err != nil {
			return err
		}
		err := s.move(ctx, tx, actor, r, workflow.In{Move: moveInquire, Seq: seq,
			Tell: map[string]any{"Quote": cut(question), "Day": due.Format(time.RFC3339)}})
		if err != nil {
			return err
		}
		r.DueAt = &due
		return s.hand(ctx, tx, *r, r.State)
	})
}

// Say writes a message to the municipality, or a note that only staff read, with files that
// were uploaded for it: those of a note are for staff too.
// Errors: forbidden, not found, invalid.
func (s *Service) Say(ctx context.Context, actor identity.Actor, publicID string, side messages.Side, body string, uploads ...string) error {
	if side != messages.Out && side != messages.Note {
		return apperr.New(apperr.Invalid, "error.check_fields")
	}
	return s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		id, err := s.write(ctx, tx, actor, *r, side, body, uploads)
		if err != nil || side == messages.Note {
			return err
		}
		return s.tell(ctx, tx, actor, *r, "requests.message_out", fmt.Sprint("message/", id), map[string]any{"Quote": cut(body)})
	})
}

// Assign gives a request to an officer; an empty identifier takes it from whoever has it.
// version is the row's that the reader saw. Errors: forbidden, not found, invalid (no such
// officer), conflict (somebody changed it since).
func (s *Service) Assign(ctx context.Context, actor identity.Actor, publicID string, version int, officer string) error {
	return s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		if r.Version != version {
			return apperr.New(apperr.Conflict, "requests.changed")
		}
		to, err := repository{tx}.officer(ctx, officer)
		if err != nil {
			return err
		}
		return s.assign(ctx, tx, actor, r, to)
	})
}

// Take gives a request to the actor, as Assign does.
// Errors: forbidden, not found, conflict (somebody changed it since).
func (s *Service) Take(ctx context.Context, actor identity.Actor, publicID string, version int) error {
	return s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		if r.Version != version {
			return apperr.New(apperr.Conflict, "requests.changed")
		}
		return s.assign(ctx, tx, actor, r, Officer{ID: actor.UserID, Name: actor.Name})
	})
}

// officer finds who may handle requests by the public identifier; none for an empty one.
func (r repository) officer(ctx context.Context, publicID string) (Officer, error) {
	if publicID == "" {
		return Officer{}, nil
	}
	list, err := r.officers(ctx)
	for _, o := range list {
		if o.PublicID == publicID {
			return o, err
		}
	}
	if err != nil {
		return Officer{}, err
	}
	return Officer{}, apperr.Fields(map[string]string{"officer": "requests.no_officer"})
}

// assign stores nothing itself: its caller saves the row.
func (s *Service) assign(ctx context.Context, tx pgx.Tx, actor identity.Actor, r *Request, to Officer) error {
	if r.OfficerID == to.ID {
		return nil
	}
	payload := map[string]string{"from": r.OfficerName, "to": to.Name}
	r.OfficerID, r.OfficerName = to.ID, to.Name
	if err := audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "request.assign", Subject: r.Ref(), Payload: payload}); err != nil {
		return err
	}
	if !officersTurn(r.State) {
		return nil
	}
	duty := tasks.Duty{Key: duties[r.State], Owner: r.owner()}
	if r.DueAt != nil {
		duty.Due = *r.DueAt
	}
	if err := tasks.Open(ctx, tx, r.Ref(), duty); err != nil || to.ID == 0 {
		return err
	}
	return s.tell(ctx, tx, actor, *r, "requests.assigned", fmt.Sprintf("assigned/%d/%d", r.Version, to.ID), nil)
}

// Edit is what staff may correct of a request in the register.
type Edit struct {
	Version int
	Kind    string
	Sector  string
	Place   string
	Due     time.Time // day; zero: keep
	Urgent  bool

	Privileged bool
}

// EditOf is what a request says now of all that staff may correct.
func EditOf(r Request) Edit {
	e := Edit{Version: r.Version, Kind: r.Summary.Kind, Sector: r.Summary.Sector, Place: r.Summary.Place, Urgent: r.Urgent, Privileged: r.Privileged}
	if r.DueAt != nil {
		e.Due = *r.DueAt
	}
	return e
}

// Correct stores a correction. Errors: forbidden, not found, invalid, conflict (somebody
// changed it since; the caller shows both).
func (s *Service) Correct(ctx context.Context, actor identity.Actor, publicID string, e Edit) error {
	if err := e.check(); err != nil {
		return err
	}
	return s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		if r.Version != e.Version {
			return apperr.New(apperr.Conflict, "requests.changed")
		}
		before := EditOf(*r)
		r.Summary.Kind, r.Summary.Sector, r.Summary.Place, r.Urgent = e.Kind, e.Sector, e.Place, e.Urgent
		r.Privileged = e.Privileged
		if r.DueAt != nil && !e.Due.IsZero() {
			due := s.endOfDay(e.Due)
			r.DueAt = &due
			if err := s.hand(ctx, tx, *r, r.State); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "request.correct", Subject: r.Ref(),
			Payload: map[string]Edit{"before": before, "after": e}})
	})
}

func (e Edit) check() error {
	fields := map[string]string{}
	if !known(append(Kinds(), ""), e.Kind) {
		fields["kind"] = "requests.choose"
	}
	if !known(append(Sectors(), ""), e.Sector) {
		fields["sector"] = "requests.choose"
	}
	if tooLong(e.Place, 200) {
		fields["place"] = "error.too_long"
	}
	return apperr.Fields(fields)
}

// Ruling is what an organ decided about a request.
type Ruling struct {
	Seq      int
	Organ    decisions.Organ
	Number   string
	Date     time.Time
	Outcome  decisions.Outcome
	Reason   string
	Text     string
	Amount   string // exact decimal; empty: none
	Currency string
}

var moveOf = map[decisions.Outcome]string{decisions.Approve: moveApprove, decisions.Decline: moveDecline, decisions.Refer: moveRefer}

// Decide records the decision and moves the request where it says; an approved one becomes
// a project, all in one transaction.
// Errors: forbidden, not found, invalid by field, conflict.
func (s *Service) Decide(ctx context.Context, actor identity.Actor, publicID string, ruling Ruling) error {
	if err := s.checkRuling(ruling); err != nil {
		return err
	}
	return s.change(ctx, actor, identity.DecideRequests, publicID, func(tx pgx.Tx, r *Request) error {
		if r.Seq != ruling.Seq || r.State != BoardDecision {
			return stale()
		}
		id, err := decisions.Record(ctx, tx, actor, decisions.Decision{Organ: ruling.Organ, Number: ruling.Number, Date: ruling.Date, Text: ruling.Text,
			Items: []decisions.Item{{Subject: r.Ref(), Outcome: ruling.Outcome, Reason: ruling.Reason, Amount: ruling.Amount, Currency: ruling.Currency}}})
		if err != nil {
			return err
		}
		err = s.move(ctx, tx, actor, r, workflow.In{Move: moveOf[ruling.Outcome], Seq: ruling.Seq, Reason: ruling.Reason, Decision: id,
			Tell: map[string]any{"Number": ruling.Number, "Day": ruling.Date.Format(time.RFC3339), "Quote": ruling.Reason}})
		if err != nil {
			return err
		}
		r.DecisionID, r.Decided = id, string(ruling.Outcome)
		if r.State != Approved || r.Service != ProjectSupport {
			return nil
		}
		if err := (repository{tx}).save(ctx, *r); err != nil { // the project refers to an approved request
			return err
		}
		paper, err := s.answers.Load(ctx, tx, r.Ref())
		if err != nil {
			return err
		}
		approved := *r
		approved.Summary.Description = summarize(paper.Answers, r.flow.Bind).Description
		return s.projects.Create(ctx, tx, actor, Approval{Request: approved, On: ruling.Date})
	})
}

func (s *Service) checkRuling(ruling Ruling) error {
	fields := map[string]string{}
	if !known(decisions.Organs(), ruling.Organ) {
		fields["organ"] = "requests.choose"
	}
	if moveOf[ruling.Outcome] == "" {
		fields["outcome"] = "requests.choose"
	}
	if ruling.Number == "" || tooLong(ruling.Number, 40) {
		fields["number"] = "requests.number_wrong"
	}
	if ruling.Date.IsZero() || ruling.Date.After(s.now().In(s.zone)) || ruling.Date.Year() < 1990 {
		fields["date"] = "requests.date_wrong"
	}
	if ruling.Outcome != decisions.Approve && ruling.Reason == "" {
		fields["reason"] = "decisions.reason_needed"
	}
	if tooLong(ruling.Reason, maxWord) {
		fields["reason"] = "error.too_long"
	}
	if (ruling.Amount == "") != (ruling.Currency == "") {
		fields["amount"] = "requests.amount_wrong"
	}
	return apperr.Fields(fields)
}
