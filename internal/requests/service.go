package requests

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/tasks"
	"github.com/birlik/portal/internal/workflow"
)

// Projects makes the project that an approved request becomes, in the same transaction.
type Projects interface {
	Create(ctx context.Context, tx pgx.Tx, actor identity.Actor, from Approval) error
}

// Approval is what a project is made of.
type Approval struct {
	Request Request
	On      time.Time // day of the decision
}

// Answers keeps what a municipality answers to the request's form.
type Answers interface {
	// Begin starts an empty submission.
	Begin(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref) error
	// Load reads all that was answered so far. Errors: not found.
	Load(ctx context.Context, q postgres.Querier, ref subject.Ref) (forms.Submission, error)
	// Save stores one page, complete or not. Errors: not found.
	Save(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, in forms.In) (forms.Saved, error)
	// Check finds what is still missing. Errors: invalid.
	Check(ctx context.Context, q postgres.Querier, actor identity.Actor, ref subject.Ref) error
	// Submit closes the submission and gives its summary. Errors: invalid (incomplete).
	Submit(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref) (Summary, error)
	// Titles are what drafts are called so far; those without a title are left out.
	Titles(ctx context.Context, q postgres.Querier, ids []int64) (map[int64]string, error)
	// Attach makes an upload a document of the request, sent with a message.
	Attach(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, upload string) error
}

// Service is everything that can be done with requests.
type Service struct {
	db       postgres.DB
	answers  Answers
	projects Projects
	zone     *time.Location // the union's, for years and days
	now      func() time.Time
}

// New makes the service; zone is the union's.
func New(db postgres.DB, answers Answers, projects Projects, zone *time.Location, now func() time.Time) *Service {
	return &Service{db: db, answers: answers, projects: projects, zone: zone, now: now}
}

// The days that each step has, from the move that begins it.
var days = map[workflow.State]int{Submitted: 3, Registered: 5, InReview: 15, InformationRequested: 14, BoardDecision: 30}

// Days is how many days a step has; 0 where it has none.
func Days(s workflow.State) int { return days[s] }

// dueOf is the end of the day in the union's zone on which a step is due; nil: no date.
func (s *Service) dueOf(state workflow.State) *time.Time {
	n, ok := days[state]
	if !ok {
		return nil
	}
	due := s.endOfDay(s.now().In(s.zone).AddDate(0, 0, n))
	return &due
}

func (s *Service) endOfDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 23, 59, 59, 0, s.zone)
}

// change locks a request that the actor may work on, lets fn act on it, and stores what fn
// changed, its search rows too. fn's checks have the locked row, so that two people cannot
// both be right.
func (s *Service) change(ctx context.Context, actor identity.Actor, may identity.Permission, publicID string, fn func(tx pgx.Tx, r *Request) error) error {
	if err := actor.May(may); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		r, err := repository{tx}.lock(ctx, actor, publicID)
		if err != nil {
			return err
		}
		before := *r
		if err := fn(tx, r); err != nil || *r == before {
			return err // a note or a message changes nothing of the row
		}
		if err := (repository{tx}).save(ctx, *r); err != nil {
			return err
		}
		return search.Put(ctx, tx, r.Ref(), found(*r))
	})
}

// move applies a move to a locked request: its state, its date and its one open duty.
func (s *Service) move(ctx context.Context, tx pgx.Tx, actor identity.Actor, r *Request, in workflow.In) error {
	before := r.State
	in.Tell = r.words(in.Tell)
	state, err := Life.Apply(ctx, tx, actor, r.Ref(), r.State, r.Seq, in)
	if err != nil {
		return err
	}
	now := s.now()
	r.State, r.Seq, r.DueAt = state, r.Seq+1, s.dueOf(state)
	r.AskedAt, r.RemindedAt = nil, nil
	switch {
	case state == WithApprover:
		r.AskedAt = &now
	case Ended(state):
		r.ClosedAt = &now
	}
	return s.hand(ctx, tx, *r, before)
}

// words are what every letter about the request may say.
func (r Request) words(more map[string]any) map[string]any {
	out := map[string]any{"Title": r.Summary.Title, "City": r.OrgName, "Reference": r.Reference}
	for name, value := range more {
		out[name] = value
	}
	return out
}

// The duties of a request; the messages of their names begin with "requests.task.".
const (
	DutyApprove  = "requests.approve"
	DutyMend     = "requests.mend"
	DutyRegister = "requests.register"
	DutyHandle   = "requests.handle"
	DutyAnswer   = "requests.answer"
	DutyDecide   = "requests.decide"
)

var duties = map[workflow.State]string{Draft: DutyMend, WithApprover: DutyApprove, Submitted: DutyRegister, Registered: DutyHandle,
	InformationRequested: DutyAnswer, InReview: DutyHandle, BoardDecision: DutyDecide}

// hand gives the request's one open duty to whose turn it is.
func (s *Service) hand(ctx context.Context, tx pgx.Tx, r Request, before workflow.State) error {
	if Ended(r.State) {
		return tasks.DropAll(ctx, tx, r.Ref())
	}
	if duties[before] != duties[r.State] {
		if err := tasks.Close(ctx, tx, r.Ref(), duties[before]); err != nil {
			return err
		}
	}
	if r.State == Draft && before != WithApprover {
		return nil // a draft that nobody returned waits for nobody
	}
	duty := tasks.Duty{Key: duties[r.State], Owner: r.owner()}
	if r.DueAt != nil {
		duty.Due = *r.DueAt
	}
	return tasks.Open(ctx, tx, r.Ref(), duty)
}

// owner is whose turn it is.
func (r Request) owner() tasks.Owner {
	switch {
	case r.State == Draft || r.State == InformationRequested:
		return tasks.Org(r.OrgID, "") // whoever of the organisation is there
	case r.State == WithApprover:
		return tasks.Org(r.OrgID, identity.MemberApprover)
	case r.State == BoardDecision:
		return tasks.Office(identity.BoardSecretary)
	case r.OfficerID != 0:
		return tasks.User(r.OfficerID)
	}
	return tasks.Office(identity.DeskOfficer)
}

// tell enqueues a notification that belongs to no move, or whose causer shall be told too.
func (s *Service) tell(ctx context.Context, tx pgx.Tx, actor identity.Actor, r Request, name, key string, more map[string]any) error {
	return notify.Enqueue(ctx, tx, notify.Event{Name: name, Subject: r.Ref(), Actor: actor, Args: r.words(more), Key: r.Ref().String() + "/" + key})
}

func stale() error { return apperr.New(apperr.Conflict, "workflow.moved_on") }

// found is what a request is found by: by staff once it was sent, and by its own
// municipality then.
func found(r Request) []search.Document {
	if r.SubmittedAt == nil {
		return nil
	}
	var out []search.Document
	weight := r.SubmittedAt.Unix() / 86400
	for _, lang := range locale.Langs() {
		doc := search.Document{Lang: lang, Scope: search.Staff, OrgID: r.OrgID, Title: r.Summary.Title, Names: []string{r.OrgName},
			Body: r.OrgName + ". " + r.Summary.Place, Reference: r.Reference, Path: "/" + string(lang) + "/desk/requests/" + r.PublicID, Weight: weight}
		own := doc
		own.Scope, own.Path, own.Names = search.Org(r.OrgID), "/"+string(lang)+r.MemberPath(), nil
		out = append(out, doc, own)
	}
	return out
}

// MemberPath is the request's page for its municipality, without the language.
func (r Request) MemberPath() string { return "/m/" + r.OrgPublicID + "/requests/" + r.PublicID }

// Locate names requests for lists that mix kinds, as staff open them.
func (s *Service) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select r.id, s.public_id, coalesce(nullif(r.title, ''), o.name), coalesce(r.reference, '')
			from requests r join subjects s on s.id = r.id join organisations o on o.id = r.org_id where r.id = any($1)`, ids)
		var id int64
		var publicID, title, reference string
		_, err := pgx.ForEachRow(rows, []any{&id, &publicID, &title, &reference}, func() error {
			place := subject.Place{Title: title}
			if reference != "" {
				place = subject.Place{Title: reference + " · " + title, Path: "/" + lang + "/desk/requests/" + publicID}
			}
			out[id] = place
			return nil
		})
		return err
	})
	return out, err
}
