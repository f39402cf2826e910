package requests

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/links"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mailin"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/tasks"
	"github.com/birlik/portal/internal/workflow"
)

// Open is one request, for whoever may read it: its municipality, or staff once it was sent.
// Errors: sign_in, forbidden, not found.
func (s *Service) Open(ctx context.Context, actor identity.Actor, publicID string) (*Request, error) {
	if err := actor.May(reads(actor)); err != nil {
		return nil, err
	}
	var r *Request
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		var err error
		if r, err = (repository{q}).open(ctx, actor, publicID); err != nil {
			return err
		}
		return s.name(ctx, q, r)
	})
	return r, err
}

func reads(actor identity.Actor) identity.Permission {
	if actor.Side == identity.Member {
		return identity.ReadOwnRequests
	}
	return identity.ReadRequests
}

// Case is a request with everything that happened to it.
type Case struct {
	*Request
	Steps     []workflow.Step
	Messages  []messages.Message // staff's notes only for staff
	Decisions []decisions.Made
	Moves     []workflow.Move // that the actor may make now
	Approvers []string        // who may send it; for its municipality
	Officers  []Officer       // who may handle it; for staff
	Project   *ProjectLink    // what it became
	Happened  []Event         // the newest lines of the timeline, first to last
	Earlier   string          // cursor of the lines before them; empty: there are none

	Feedback   *Feedback                   // nil: none was given
	Opinion    Opinion                     // what there is of it
	Letters    map[int64][]notify.Delivery // by the message that they tell of; for staff, as all that follows
	Ticks      []Tick
	Advice     []Advice          // of other offices
	Signatures []Signature       // of the round that it is in
	Offices    []services.Bureau // of the union
	Reads      locale.Lang       // what the city's people read
	Mails      int               // letters about it that wait for a decision
	Untold     int               // cases of the earlier list that its city was not told of, where this is one
	Tasks      []tasks.Written   // duties in staff's own words
	Links      []links.Link
	Similar    []Similar // earlier cases
}

// ProjectLink is the project that a request became.
type ProjectLink struct {
	PublicID  string
	Slug      string
	Published bool
}

// Case reads a request for its page. Errors: sign_in, forbidden, not found.
func (s *Service) Case(ctx context.Context, actor identity.Actor, lang locale.Lang, publicID string) (Case, error) {
	c := Case{}
	if err := actor.May(reads(actor)); err != nil {
		return c, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		r := repository{q}
		if c.Request, err = r.open(ctx, actor, publicID); err != nil {
			return err
		}
		if err := s.name(ctx, q, c.Request); err != nil {
			return err
		}
		return s.fill(ctx, r, actor, lang, &c)
	})
	return c, err
}

func (s *Service) fill(ctx context.Context, r repository, actor identity.Actor, lang locale.Lang, c *Case) (err error) {
	ref := c.Ref()
	if c.Open() {
		c.Moves = c.flow.Machine(Life).Available(actor, c.State)
	}
	if c.CountryName, err = r.country(ctx, lang, c.CountryID); err != nil {
		return err
	}
	if c.Steps, err = workflow.History(ctx, r.db, ref); err != nil {
		return err
	}
	if c.Messages, err = messages.Of(ctx, r.db, actor, ref); err != nil {
		return err
	}
	if c.Happened, c.Earlier, err = r.happened(ctx, actor, c.Request, s.zone, ""); err != nil {
		return err
	}
	if c.DecisionID != 0 {
		if c.Decisions, err = decisions.About(ctx, r.db, ref); err != nil {
			return err
		}
	}
	if c.Decided == string(decisions.Approve) {
		if c.Project, err = r.project(ctx, lang, c.ID); err != nil {
			return err
		}
	}
	if c.flow.Has(Delivered) && c.SubmittedAt != nil {
		if c.Feedback, err = r.feedback(ctx, c.ID); err != nil {
			return err
		}
	}
	if c.Opinion, err = s.opinion(ctx, r.db, actor, *c.Request); err != nil {
		return err
	}
	if actor.Side == identity.Member {
		c.Approvers, err = r.approvers(ctx, c.OrgID)
		return err
	}
	return s.fillDesk(ctx, r, actor, c)
}

// fillDesk reads what only staff see of a case.
func (s *Service) fillDesk(ctx context.Context, r repository, actor identity.Actor, c *Case) (err error) {
	if c.Officers, err = r.officers(ctx); err != nil {
		return err
	}
	if c.Letters, err = r.lettersOf(ctx, *c); err != nil {
		return err
	}
	if c.Ticks, err = r.ticks(ctx, c.ID); err != nil {
		return err
	}
	if c.MayHandOver() {
		if c.Untold, err = r.untold(ctx, c.OrgID); err != nil {
			return err
		}
	}
	if c.Advice, err = r.advice(ctx, c.ID); err != nil {
		return err
	}
	if c.flow.Has(ToSign) {
		if c.Signatures, err = r.signatures(ctx, c.ID, c.Seq); err != nil {
			return err
		}
	}
	if c.Offices, err = services.Offices(ctx, r.db); err != nil {
		return err
	}
	if c.Reads, err = r.reads(ctx, c.Request); err != nil {
		return err
	}
	if c.Mails, err = mailin.Waiting(ctx, r.db, c.Ref()); err != nil {
		return err
	}
	return s.fillTies(ctx, r, actor, c)
}

// fillTies reads what staff wrote down around a case, and what it may be compared with.
func (s *Service) fillTies(ctx context.Context, r repository, actor identity.Actor, c *Case) (err error) {
	if c.Tasks, err = tasks.OfRecord(ctx, r.db, c.Ref()); err != nil {
		return err
	}
	if c.Links, err = links.Of(ctx, r.db, c.Ref()); err != nil {
		return err
	}
	c.Similar, err = r.similar(ctx, actor, c.Request)
	return err
}

// Happened reads the lines of a request's timeline before a cursor, first to last, and the
// cursor of those before them. Errors: sign_in, forbidden, not found.
func (s *Service) Happened(ctx context.Context, actor identity.Actor, publicID, before string) (list []Event, earlier string, err error) {
	if err := actor.May(reads(actor)); err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		c, err := r.open(ctx, actor, publicID)
		if err != nil {
			return err
		}
		list, earlier, err = r.happened(ctx, actor, c, s.zone, before)
		return err
	})
	return list, earlier, err
}

// Has reports whether the reader may make a move now.
func (c Case) Has(move string) bool {
	return slices.ContainsFunc(c.Moves, func(m workflow.Move) bool { return m.Name == move })
}

// Question is the union's question that waits for an answer; nil where none does.
func (c Case) Question() *messages.Message {
	if c.State != InformationRequested {
		return nil
	}
	for i := len(c.Messages) - 1; i >= 0; i-- {
		if c.Messages[i].Side == messages.Out {
			return &c.Messages[i]
		}
	}
	return nil
}

// country is a country's name in the reader's language.
func (r repository) country(ctx context.Context, lang locale.Lang, id int64) (name string, err error) {
	err = r.db.QueryRow(ctx, `select name from country_names where country_id = $1 and lang = $2`, id, string(lang)).Scan(&name)
	return name, postgres.Explain(err, "requests.not_found")
}

// project finds what a request became, at its address in the nearest language.
func (r repository) project(ctx context.Context, lang locale.Lang, id int64) (*ProjectLink, error) {
	rows, _ := r.db.Query(ctx, `
		select s.public_id, t.slug, p.published and t.live_version is not null
		from projects p join subjects s on s.id = p.id join translations t on t.subject_id = p.id
		where p.request_id = $1 order by t.lang = $2 desc, t.source desc limit 1`, id, string(lang))
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ProjectLink])
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// OfOrg lists the requests of the actor's organisation, newest first, before the one with
// the public identifier before (empty: from the newest). more says that there are older ones.
func (s *Service) OfOrg(ctx context.Context, actor identity.Actor, before string, limit int) (list []*Request, more bool, err error) {
	if err := actor.May(identity.ReadOwnRequests); err != nil {
		return nil, false, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		if list, err = (repository{q}).ofOrg(ctx, actor.OrgID, before, limit+1); err != nil {
			return err
		}
		return s.name(ctx, q, list...)
	})
	if len(list) > limit {
		list, more = list[:limit], true
	}
	return list, more, err
}

// Home is what a municipality's first page shows.
type Home struct {
	Yours  []*Request // wait for the reader, the most urgent first
	Others []*Request // under way, with somebody else
	Ended  []*Request // the latest that ended
	More   bool       // there are older ones than shown
}

// homeRows is how many of an organisation's newest requests the first page sorts.
const homeRows = 60

// Home sorts the organisation's newest requests by whose turn it is.
func (s *Service) Home(ctx context.Context, actor identity.Actor) (Home, error) {
	var h Home
	list, more, err := s.OfOrg(ctx, actor, "", homeRows)
	h.More = more
	for _, r := range list {
		switch {
		case r.Waits(actor):
			h.Yours = append(h.Yours, r)
		case r.Open():
			h.Others = append(h.Others, r)
		default:
			h.Ended = append(h.Ended, r)
		}
	}
	slices.SortStableFunc(h.Yours, func(a, b *Request) int { return dueOrNever(a).Compare(dueOrNever(b)) })
	return h, err
}

func dueOrNever(r *Request) time.Time {
	if r.DueAt == nil {
		return time.Unix(1<<40, 0)
	}
	return *r.DueAt
}

// Waits reports whether it is the turn of a member of the request's organisation.
func (r Request) Waits(actor identity.Actor) bool {
	switch r.State {
	case Draft, InformationRequested, Delivered:
		return r.Open() && actor.Can(identity.EditDraft)
	case WithApprover:
		return actor.Can(identity.ApproveDraft)
	}
	return false
}

// Lately is how long the union took over the cases of a service, from their arrival to
// their end.
type Lately struct {
	Count  int // cases that ended within the last twelve months, the latest thousand at most
	Median time.Duration
	Since  time.Time // the day of the oldest of them
}

// enough is how many cases a median needs before it says something.
const enough = 5

// Known reports whether there are enough cases to speak of.
func (l Lately) Known() bool { return l.Count >= enough }

// Lately computes the median of a service's latest cases; those that the city gave up say
// nothing of the union's time. It is everybody's to know.
func (s *Service) Lately(ctx context.Context, service string) (Lately, error) {
	var l Lately
	var seconds *float64
	var since *time.Time
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		return q.QueryRow(ctx, `
			select count(*), percentile_cont(0.5) within group (order by extract(epoch from closed_at - submitted_at))::float8, min(closed_at)
			from (select closed_at, submitted_at from requests
				where service = $1 and closed_at is not null and closed_at >= $2 and submitted_at is not null and state <> 'withdrawn'
				order by closed_at desc limit 1000) x`, service, s.now().AddDate(-1, 0, 0)).
			Scan(&l.Count, &seconds, &since)
	})
	if err == nil && seconds != nil && since != nil {
		l.Median, l.Since = time.Duration(*seconds*float64(time.Second)), *since
	}
	return l, err
}

// Reachable reports whether a person of a side may still see a request, for letters that
// wait to be sent: a member as long as a mandate holds, staff once it was sent.
func (s *Service) reachable(ctx context.Context, q postgres.Querier, ref subject.Ref, userID int64) (member, staff bool, err error) {
	err = q.QueryRow(ctx, `
		select exists (select from mandates m where m.user_id = $2 and m.org_id = r.org_id and now() >= m.starts_at and now() < m.ends_at),
			r.submitted_at is not null and exists (select from staff_roles x where x.user_id = $2 and now() >= x.starts_at and now() < x.ends_at)
		from requests r where r.id = $1`, ref.ID, userID).Scan(&member, &staff)
	return member, staff, postgres.Explain(err, "requests.not_found")
}

// MayRead is the right to the documents of requests: nil for whoever may read the request
// that a document belongs to. Errors: sign_in, forbidden, not found.
func (s *Service) MayRead(ctx context.Context, actor identity.Actor, d documents.Document) error {
	if err := actor.MayFor(reads(actor), d.OrgID); err != nil {
		return err
	}
	return s.db.Read(ctx, actor, func(q postgres.Querier) error {
		var there bool
		err := q.QueryRow(ctx, `select $2 or r.submitted_at is not null or $3 and r.state = 'draft' and `+forms.Helped+` from requests r where r.id = $1`,
			d.Subject.ID, actor.Side == identity.Member, actor.Can(identity.HelpDrafts)).Scan(&there)
		if err == nil && !there {
			err = pgx.ErrNoRows
		}
		return postgres.Explain(err, "requests.not_found")
	})
}
