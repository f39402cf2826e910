package privacy

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/personal"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/tasks"
	"github.com/birlik/portal/internal/workflow"
)

// answerDuty is what an administrator has to do about an erasure; the desk names it by
// "privacy.task.".
const answerDuty = "privacy.answer"

// AnswerWithin is the time in which a request to be forgotten is answered: KVKK art. 13(2)
// says thirty days at the latest, GDPR art. 12(3) one month.
const AnswerWithin = 30 * 24 * time.Hour

// The states of a request to be forgotten.
const (
	Open      workflow.State = "open"
	Withdrawn workflow.State = "withdrawn"
	Refused   workflow.State = "refused"
	Done      workflow.State = "done"
)

// Life is the life of a request to be forgotten. The person asks and withdraws for
// themselves, which needs no role: those two moves are made as the portal itself.
func Life() workflow.Machine {
	return workflow.Machine{Kind: subject.Erasure, Moves: []workflow.Move{
		{Name: "ask", To: Open, May: identity.HandleErasures},
		{Name: "withdraw", From: []workflow.State{Open}, To: Withdrawn, May: identity.HandleErasures},
		{Name: "refuse", From: []workflow.State{Open}, To: Refused, May: identity.HandleErasures, Needs: []workflow.Need{workflow.Reason}},
		{Name: "carry_out", From: []workflow.State{Open}, To: Done, May: identity.HandleErasures},
	}}
}

// Ground is why the law lets the union refuse.
type Ground string

// The grounds: KVKK art. 5(2), 7 and 28, GDPR art. 17(3).
const (
	ByLaw    Ground = "law"      // a law orders the data kept
	ByDuty   Ground = "duty"     // a duty that only this person holds
	ByClaims Ground = "claims"   // needed for a legal claim
	Unproved Ground = "identity" // who asks could not be made sure of
)

// Grounds lists them in the order of the form.
func Grounds() []Ground { return []Ground{ByLaw, ByDuty, ByClaims, Unproved} }

// Erasure is one request to be forgotten.
type Erasure struct {
	ID       int64
	PublicID string
	UserID   int64
	Name     string // as the person is called now
	Email    string
	State    workflow.State
	Seq      int
	Reason   string // the person's own words
	AskedAt  time.Time
	DueAt    time.Time
	ClosedAt *time.Time
	Answer   string
	Ground   Ground
}

// Ref points at the request.
func (e Erasure) Ref() subject.Ref { return subject.Ref{Kind: subject.Erasure, ID: e.ID} }

// Late reports whether the time to answer is over.
func (e Erasure) Late(now time.Time) bool { return e.State == Open && now.After(e.DueAt) }

// DaysLeft is how many days are left to answer, begun ones counted; negative when late, by
// whole days and at least one.
func (e Erasure) DaysLeft(now time.Time) int {
	left := e.DueAt.Sub(now)
	if left < 0 {
		return min(-1, int(left/(24*time.Hour)))
	}
	return int((left + 24*time.Hour - 1) / (24 * time.Hour))
}

const erasures = `
	select e.id, s.public_id, e.user_id, u.name, u.email, e.state, e.seq, e.reason, e.asked_at, e.due_at, e.closed_at, e.answer, e.ground
	from erasures e join subjects s on s.id = e.id join users u on u.id = e.user_id`

// maxReason bounds what people write, in runes.
const maxReason = 2000

// Ask asks that the actor be forgotten. There is one open request a person.
// Errors: sign_in, prove, invalid (too long), conflict (asked already).
func (s *Service) Ask(ctx context.Context, actor identity.Actor, reason string) error {
	if err := s.proved(actor); err != nil {
		return err
	}
	if len([]rune(reason)) > maxReason {
		return apperr.Fields(map[string]string{"reason": "error.too_long"})
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from users where id = $1 for update`, actor.UserID); err != nil {
			return err
		}
		var open bool
		err := tx.QueryRow(ctx, `select exists (select from erasures where user_id = $1 and state = 'open')`, actor.UserID).Scan(&open)
		if err == nil && open {
			return apperr.New(apperr.Conflict, "privacy.asked_already")
		}
		if err != nil {
			return err
		}
		return s.ask(ctx, tx, actor, reason)
	})
}

func (s *Service) ask(ctx context.Context, tx pgx.Tx, actor identity.Actor, reason string) error {
	by, now := asSystem(actor), s.now()
	due := now.Add(AnswerWithin)
	ref := subject.Ref{Kind: subject.Erasure}
	err := tx.QueryRow(ctx, `insert into subjects (kind, org_id, public_id) values ('erasure', union_id(), $1) returning id`,
		subject.NewPublicID()).Scan(&ref.ID)
	if err != nil {
		return err
	}
	state, err := Life().Begin(ctx, tx, by, ref, "ask")
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into erasures (id, org_id, user_id, state, seq, reason, asked_at, due_at) values ($1, union_id(), $2, $3, 1, $4, $5, $6)`,
		ref.ID, actor.UserID, state, reason, now, due)
	if err != nil {
		return err
	}
	if err := tasks.Open(ctx, tx, ref, tasks.Duty{Key: answerDuty, Owner: tasks.Role(identity.Administrator), Due: due}); err != nil {
		return err
	}
	if err := s.tellStaff(ctx, tx, by, ref, "privacy.asked", ref.String()); err != nil {
		return err
	}
	return s.write(ctx, tx, actor.UserID, LetterArgs{What: "erasure_asked", Path: "/account/data/erasure", Due: due})
}

func (s *Service) tellStaff(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, event, key string) error {
	return notify.Enqueue(ctx, tx, notify.Event{Name: event, Subject: ref, Key: key, Actor: actor})
}

// Mine is the actor's newest request, and false where there is none. Errors: sign_in.
func (s *Service) Mine(ctx context.Context, actor identity.Actor) (e Erasure, ok bool, err error) {
	if err := own(actor); err != nil {
		return e, false, err
	}
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		e, err = repository{q}.erasure(ctx, ` where e.user_id = $1 order by e.id desc limit 1`, actor.UserID)
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return e, false, nil
	}
	return e, err == nil, err
}

func (r repository) erasure(ctx context.Context, where string, args ...any) (Erasure, error) {
	rows, _ := r.db.Query(ctx, erasures+where, args...)
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Erasure])
}

// Withdraw takes the actor's open request back, which is possible until it is carried out.
// Errors: sign_in, not found (there is none open).
func (s *Service) Withdraw(ctx context.Context, actor identity.Actor) error {
	if err := own(actor); err != nil {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		e, err := repository{tx}.erasure(ctx, ` where e.user_id = $1 and e.state = 'open' for update of e`, actor.UserID)
		if err != nil {
			return postgres.Explain(err, "privacy.nothing_asked")
		}
		return s.close(ctx, tx, asSystem(actor), e, workflow.In{Move: "withdraw", Seq: e.Seq}, ending{})
	})
}

// ending is what a closed request keeps.
type ending struct {
	answer string
	ground Ground
	code   string
}

// close makes the move that ends a request and drops its task.
func (s *Service) close(ctx context.Context, tx pgx.Tx, by identity.Actor, e Erasure, in workflow.In, end ending) error {
	state, err := Life().Apply(ctx, tx, by, e.Ref(), e.State, e.Seq, in)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update erasures set state = $2, seq = seq + 1, closed_at = $3, answer = $4, ground = $5, code = nullif($6, ''),
			reason = case when $2 = 'done' then '' else reason end
		where id = $1`, e.ID, state, s.now(), end.answer, end.ground, end.code)
	if err != nil {
		return err
	}
	return tasks.DropAll(ctx, tx, e.Ref())
}

// Filter picks requests for the staff's list.
type Filter struct {
	Closed bool   // those that are over, newest first; else the open ones, the most urgent first
	After  string // cursor of the page before
	Limit  int
}

// cursor is the sort key of the last row of a page.
type cursor struct {
	At time.Time
	ID int64
}

// List is a page of requests. Errors: sign_in, forbidden, invalid (a cursor that is none).
func (s *Service) List(ctx context.Context, actor identity.Actor, f Filter) (page postgres.Page[Erasure], err error) {
	if err := actor.May(identity.HandleErasures); err != nil {
		return page, err
	}
	after, err := readCursor(f)
	if err != nil {
		return page, err
	}
	order := ` where e.state = 'open' and (e.due_at, e.id) > ($1, $2) order by e.due_at, e.id limit $3`
	if f.Closed {
		order = ` where e.state <> 'open' and (e.closed_at, e.id) < ($1, $2) order by e.closed_at desc, e.id desc limit $3`
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, erasures+order, after.At, after.ID, f.Limit+1)
		page.Rows, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Erasure])
		return err
	})
	if err == nil && len(page.Rows) > f.Limit {
		page.Rows = page.Rows[:f.Limit]
		page.Next = writeCursor(page.Rows[f.Limit-1])
	}
	return page, err
}

// Case is one request with what staff need to decide it.
type Case struct {
	Erasure
	Holds  []Holding
	Blocks []personal.Found // what must be handed over first
	By     string           // who closed it; empty while it is open
}

// Holding is how much an area keeps about the person.
type Holding struct {
	Area, List string
	Count      int
}

// Case is one request for staff. Errors: sign_in, forbidden, not found.
func (s *Service) Case(ctx context.Context, actor identity.Actor, publicID string) (c Case, err error) {
	if err := actor.May(identity.HandleErasures); err != nil {
		return c, err
	}
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		if c.Erasure, err = (repository{q}).erasure(ctx, ` where s.public_id = $1`, publicID); err != nil {
			return err
		}
		if c.State != Open {
			c.By, err = closer(ctx, q, c.Erasure)
			return err
		}
		p := personal.Person{ID: c.UserID, Name: c.Name, Email: c.Email, Now: s.now()}
		if c.Holds, err = s.holdings(ctx, q, p); err != nil {
			return err
		}
		c.Blocks, err = s.hindrances(ctx, q, p)
		return err
	})
	return c, postgres.Explain(err, "error.not_found")
}

// closer is who made the move that closed a request.
func closer(ctx context.Context, q postgres.Querier, e Erasure) (string, error) {
	steps, err := workflow.History(ctx, q, e.Ref())
	if err != nil || len(steps) == 0 {
		return "", err
	}
	return steps[len(steps)-1].ActorName, nil
}

// holdings counts every list in one query; empty ones are left out.
func (s *Service) holdings(ctx context.Context, q postgres.Querier, p personal.Person) ([]Holding, error) {
	counts, err := personal.Counts(ctx, q, s.options.Parts, p)
	if err != nil {
		return nil, err
	}
	var out []Holding
	for _, c := range counts {
		if c.N > 0 {
			out = append(out, Holding{Area: c.Area, List: c.List, Count: c.N})
		}
	}
	return out, nil
}

func (s *Service) hindrances(ctx context.Context, q postgres.Querier, p personal.Person) ([]personal.Found, error) {
	return personal.Hindrances(ctx, q, s.options.Parts, p)
}

// Refusal is why staff refuse.
type Refusal struct {
	Seq    int // that they saw
	Ground Ground
	Answer string // in the person's language, given on as it is
}

// Refuse ends a request with a ground of the law; the person is told.
// Errors: sign_in, forbidden, prove, not found, invalid (by field), conflict (it moved on).
func (s *Service) Refuse(ctx context.Context, actor identity.Actor, publicID string, r Refusal) error {
	if err := s.mayHandle(actor); err != nil {
		return err
	}
	fields := map[string]string{}
	if !slices.Contains(Grounds(), r.Ground) {
		fields["ground"] = "privacy.choose_ground"
	}
	switch {
	case r.Answer == "":
		fields["answer"] = "error.required"
	case len([]rune(r.Answer)) > maxReason:
		fields["answer"] = "error.too_long"
	}
	if err := apperr.Fields(fields); err != nil {
		return err
	}
	return s.handle(ctx, actor, publicID, func(tx pgx.Tx, e Erasure) error {
		in := workflow.In{Move: "refuse", Seq: r.Seq, Reason: string(r.Ground)}
		if err := s.close(ctx, tx, asSystem(actor), e, in, ending{answer: r.Answer, ground: r.Ground}); err != nil {
			return err
		}
		return s.write(ctx, tx, e.UserID, LetterArgs{What: "erasure_refused", Path: "/account/data/erasure", Text: r.Answer, Note: "privacy.ground." + string(r.Ground)})
	})
}

func (s *Service) mayHandle(actor identity.Actor) error {
	if err := actor.May(identity.HandleErasures); err != nil {
		return err
	}
	return s.fresh(actor)
}

// handle runs fn with the request locked, as the portal itself.
func (s *Service) handle(ctx context.Context, actor identity.Actor, publicID string, fn func(tx pgx.Tx, e Erasure) error) error {
	return s.db.InTx(ctx, asSystem(actor), func(tx pgx.Tx) error {
		e, err := repository{tx}.erasure(ctx, ` where s.public_id = $1 for update of e`, publicID)
		if err != nil {
			return postgres.Explain(err, "error.not_found")
		}
		return fn(tx, e)
	})
}
