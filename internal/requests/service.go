package requests

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
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
	// Begin starts an empty submission to a form. Errors: not found (no such form).
	Begin(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, form string) error
	// Take starts the submissions of many requests with what is answered already, and says by
	// place which of them has a text that its form has no question for. Errors: not found.
	Take(ctx context.Context, tx pgx.Tx, list []forms.Begun) (left []bool, err error)
	// Load reads all that was answered so far. Errors: not found.
	Load(ctx context.Context, q postgres.Querier, ref subject.Ref) (forms.Submission, error)
	// Save stores one page, complete or not. Errors: not found.
	Save(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, in forms.In) (forms.Saved, error)
	// Check finds what is still missing. Errors: invalid.
	Check(ctx context.Context, q postgres.Querier, actor identity.Actor, ref subject.Ref) error
	// Submit closes the submission and gives its summary, whose columns bind names the fields
	// of. Errors: invalid (incomplete).
	Submit(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, bind map[string]string) (Summary, error)
	// Titles are what drafts are called so far by a field of their form; those without a
	// title are left out.
	Titles(ctx context.Context, q postgres.Querier, ids []int64, field string) (map[int64]string, error)
	// Attach makes an upload a document of the request, sent with a message; what came with a
	// note is for staff alone.
	Attach(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, upload string, audience documents.Audience) (documents.Document, error)
}

// Opinions keeps the texts of opinions, their papers, and what the public reads of them.
type Opinions interface {
	// Moved does what a move means for the opinion of a request, in the move's transaction;
	// signers are those who signed. Errors: conflict (what the move rests on is missing).
	Moved(ctx context.Context, tx pgx.Tx, actor identity.Actor, r Request, move string, signers []string) error
	// Standing says what there is of a request's opinion.
	Standing(ctx context.Context, q postgres.Querier, actor identity.Actor, id int64) (Opinion, error)
}

// Opinion is what there is of a request's opinion.
type Opinion struct {
	Versions  int // of its text; for staff
	Reference string
	IssuedOn  time.Time
	Sent      bool
	Redacted  bool   // what the public reads is being worked on; for staff
	Slug      string // of what the public reads
}

// Service is everything that can be done with requests.
type Service struct {
	db       postgres.DB
	answers  Answers
	projects Projects
	zone     *time.Location // the union's, for years and days
	now      func() time.Time

	// Opinions keeps the texts of opinions; nil: they are written elsewhere.
	Opinions Opinions

	// ReplyTo is the address at which letters about a request are answered; nil: nowhere.
	ReplyTo func(publicID string) string

	// Country is whose calendar the union's staff work by: a code of the register.
	Country string
}

// New makes the service; zone is the union's.
func New(db postgres.DB, answers Answers, projects Projects, zone *time.Location, now func() time.Time) *Service {
	return &Service{db: db, answers: answers, projects: projects, zone: zone, now: now, Country: "TR"}
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
		if err := flows(ctx, tx, r); err != nil {
			return err
		}
		before := *r
		if err := fn(tx, r); err != nil {
			return err
		}
		if *r == before { // a note or a message changes nothing that somebody could have overwritten
			return repository{tx}.touch(ctx, r.ID)
		}
		if err := (repository{tx}).save(ctx, *r); err != nil {
			return keptOut(err)
		}
		return search.Put(ctx, tx, r.Ref(), found(*r))
	})
}

// move applies a move of the request's own service to a locked request: its state, its date
// and its one open duty.
func (s *Service) move(ctx context.Context, tx pgx.Tx, actor identity.Actor, r *Request, in workflow.In) error {
	before := r.State
	in.Tell = r.words(in.Tell)
	state, err := r.flow.Machine(Life).Apply(ctx, tx, actor, r.Ref(), r.State, r.Seq, in)
	if err != nil {
		return err
	}
	now := s.now()
	r.State, r.Seq, r.Office = state, r.Seq+1, r.flow.OfficeOf(state)
	r.AskedAt, r.RemindedAt = nil, nil
	if state != CoOpinion {
		r.Advisor = ""
	}
	switch {
	case state == WithApprover:
		r.AskedAt = &now
	case r.flow.Ends(state):
		r.ClosedAt = &now
	}
	if err := s.schedule(ctx, tx, r, before); err != nil {
		return err
	}
	return s.hand(ctx, tx, *r, before)
}

// flows gives requests the versions of the services that they are handled by.
func flows(ctx context.Context, q postgres.Querier, list ...*Request) error {
	if len(list) == 0 {
		return nil
	}
	codes, versions := make([]string, len(list)), make([]int, len(list))
	for i, r := range list {
		codes[i], versions[i] = r.Service, r.Pinned
	}
	pins, err := services.Pinned(ctx, q, codes, versions)
	for _, r := range list {
		r.flow = pins.Of(r.Service, r.Pinned)
	}
	return err
}

// words are what every letter about the request may say.
func (r Request) words(more map[string]any) map[string]any {
	out := map[string]any{"Title": r.Summary.Title, "City": r.OrgName, "Reference": r.Reference}
	for name, value := range more {
		out[name] = value
	}
	return out
}

// tell enqueues a notification that belongs to no move, or whose causer shall be told too.
func (s *Service) tell(ctx context.Context, tx pgx.Tx, actor identity.Actor, r Request, name, key string, more map[string]any) error {
	return notify.Enqueue(ctx, tx, notify.Event{Name: name, Subject: r.Ref(), Actor: actor, Args: r.words(more), Key: r.Ref().String() + "/" + key})
}

// keptOut tells who would lose sight of a privileged request by what they do to it.
func keptOut(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "42501" {
		return apperr.Wrap(err, apperr.Conflict, "requests.kept_out")
	}
	return err
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
		if r.EarlierReference != "" {
			doc.Names, own.Names = append(doc.Names, r.EarlierReference), []string{r.EarlierReference}
		}
		if !r.Privileged { // the search does not know whose office it is
			out = append(out, doc)
		}
		out = append(out, own)
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
			select r.id, s.public_id, case when r.privileged then '' else coalesce(nullif(r.title, ''), o.name) end, coalesce(r.reference, '')
			from requests r join subjects s on s.id = r.id join organisations o on o.id = r.org_id where r.id = any($1)`, ids)
		var id int64
		var publicID, title, reference string
		_, err := pgx.ForEachRow(rows, []any{&id, &publicID, &title, &reference}, func() error {
			place := subject.Place{Title: title}
			if reference != "" {
				place = subject.Place{Title: strings.TrimSuffix(reference+" · "+title, " · "), Path: "/" + lang + "/desk/requests/" + publicID}
			}
			out[id] = place
			return nil
		})
		return err
	})
	return out, err
}
