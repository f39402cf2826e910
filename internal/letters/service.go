package letters

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Filter narrows the register of members, as its list does.
type Filter struct {
	Text, Kind, Standing, Country, Size string
	Late                                bool
}

// Books are what other areas know of addressees.
type Books interface {
	// Matching lists the ids of the members that a filter leaves.
	Matching(ctx context.Context, q postgres.Querier, actor identity.Actor, f Filter) ([]int64, error)
	// Owed lists what organisations owe, of late ones only what is past its day.
	Owed(ctx context.Context, q postgres.Querier, orgs []int64, late bool) (map[int64][]Owed, error)
}

// Service is everything that can be done with letters.
type Service struct {
	db    postgres.DB
	books Books
	union map[locale.Lang]string
	zone  *time.Location // of the union, whose days and years count
	now   func() time.Time
}

// New makes the service; union is the union's name by language.
func New(db postgres.DB, books Books, union map[locale.Lang]string, zone *time.Location, now func() time.Time) *Service {
	return &Service{db: db, books: books, union: union, zone: zone, now: now}
}

// today is the union's day, as dates are stored.
func (s *Service) today() time.Time {
	now := s.now().In(s.zone)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}

// To is whom letters go to: one record, or all members that a filter leaves.
type To struct {
	Record string // public id of an organisation, or of the application of one that is none yet
	Filter Filter
	All    bool // every member, said knowingly: an empty filter alone is nobody
}

// Nobody reports whether no addressee was chosen yet.
func (to To) Nobody() bool { return to.Record == "" && to.Filter == Filter{} && !to.All }

// Preview is what issuing would do.
type Preview struct {
	First  Letter // as it would be, without its number
	Count  int
	ByLang map[string]int
	Left   []string // names of those who get none: nothing is owed
}

// most bounds the letters of one act.
const most = 5000

// prepared are letters that are about to be issued.
type prepared struct {
	list     []composed
	left     []string
	decision *decisions.Cited
	corrects int64
}

// Preview composes the letters and issues none.
// Errors: sign_in, forbidden, not found, invalid by field, conflict (nobody is left).
func (s *Service) Preview(ctx context.Context, actor identity.Actor, to To, in Input) (out Preview, err error) {
	if err := s.mayWrite(actor, in); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		p, err := s.prepare(ctx, q, actor, to, in)
		if err != nil {
			return err
		}
		out.Count, out.Left, out.ByLang = len(p.list), p.left, map[string]int{}
		for _, c := range p.list {
			out.ByLang[string(c.Lang)]++
		}
		out.First = s.letter(in, p, p.list[0])
		return nil
	})
	return out, err
}

func (s *Service) mayWrite(actor identity.Actor, in Input) error {
	if err := actor.May(identity.WriteMembers); err != nil {
		return err
	}
	return in.check()
}

// letter is a composed letter as it is read before it has a number.
func (s *Service) letter(in Input, p prepared, c composed) Letter {
	l := Letter{OrgID: c.OrgID, OrgName: c.Name, Kind: in.Kind, Year: s.today().Year(), Lang: string(c.Lang), IssuedOn: s.today(), Office: in.Office, Signatory: in.Signatory,
		Sender: s.union[c.Lang], Addressee: c.names(c.Lang), Title: c.Title, Paragraphs: c.Paragraphs, Rows: c.Rows}
	if p.decision != nil {
		l.Decision, l.DecisionNo = p.decision.PublicID, p.decision.Number
	}
	return l
}

// Issue writes, numbers and stores the letters: all of them, or none. The numbers are taken
// in the transaction that stores them, so that the register has no gap.
// Errors: as Preview.
func (s *Service) Issue(ctx context.Context, actor identity.Actor, to To, in Input) (publicIDs []string, err error) {
	if err := s.mayWrite(actor, in); err != nil {
		return nil, err
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		p, err := s.prepare(ctx, tx, actor, to, in)
		if err != nil {
			return err
		}
		publicIDs, err = s.store(ctx, tx, actor, in, p)
		return err
	})
	return publicIDs, err
}

// store numbers and stores letters, keeps who issued them, and has their addressees told.
func (s *Service) store(ctx context.Context, tx pgx.Tx, actor identity.Actor, in Input, p prepared) (publicIDs []string, err error) {
	entries, events := make([]audit.Entry, len(p.list)), make([]notify.Event, len(p.list))
	for i, c := range p.list {
		l := s.letter(in, p, c)
		l.PublicID = subject.NewPublicID()
		if err := (repository{tx}).insert(ctx, actor, p, s.now(), &l); err != nil {
			return nil, err
		}
		publicIDs = append(publicIDs, l.PublicID)
		entries[i] = audit.Entry{Actor: actor, Action: "letter.issue", Subject: l.Ref(), Payload: map[string]any{"number": l.Reference(), "kind": l.Kind}}
		events[i] = told(actor, l)
	}
	if err := notify.EnqueueMany(ctx, tx, events); err != nil {
		return nil, err
	}
	return publicIDs, audit.RecordMany(ctx, tx, entries)
}

// prepare finds the addressees, asks what the kind needs, and composes.
func (s *Service) prepare(ctx context.Context, q postgres.Querier, actor identity.Actor, to To, in Input) (p prepared, err error) {
	orgs, err := s.orgs(ctx, q, actor, to)
	if err != nil {
		return p, err
	}
	return s.prepareFor(ctx, q, orgs, in)
}

// prepareFor is prepare for organisations that were found already.
func (s *Service) prepareFor(ctx context.Context, q postgres.Querier, orgs []int64, in Input) (p prepared, err error) {
	r := repository{q}
	if in.Decision != "" {
		d, err := decisions.Find(ctx, q, in.Decision, "decision")
		if err != nil {
			return p, err
		}
		p.decision = &d
	}
	if in.Kind.NeedsDecision() {
		if err := r.concerns(ctx, p.decision.ID, orgs); err != nil {
			return p, err
		}
	}
	if in.Corrects != "" {
		if p.corrects, err = r.correctable(ctx, in.Corrects, orgs); err != nil {
			return p, err
		}
	}
	return p, s.composeAll(ctx, q, in, orgs, &p)
}

func (s *Service) composeAll(ctx context.Context, q postgres.Querier, in Input, orgs []int64, p *prepared) error {
	list, err := repository{q}.addressees(ctx, orgs)
	if err != nil {
		return err
	}
	var owed map[int64][]Owed
	if in.Kind.OfDues() {
		if owed, err = s.books.Owed(ctx, q, orgs, in.Kind == DuesReminder); err != nil {
			return err
		}
	}
	reasons := map[int64]string{}
	if in.Kind.SaysWhy() {
		if reasons, err = (repository{q}).reasons(ctx, p.decision.ID, orgs); err != nil {
			return err
		}
	}
	for _, a := range list {
		a.Reason = reasons[a.OrgID]
		if in.Kind.OfDues() && len(owed[a.OrgID]) == 0 {
			p.left = append(p.left, a.Name)
			continue
		}
		p.list = append(p.list, compose(in, a, p.decision, owed[a.OrgID]))
	}
	if len(p.list) == 0 {
		return apperr.New(apperr.Conflict, "letters.nobody")
	}
	return nil
}

// orgs are whom the letters go to. Errors: invalid at "to", not found, conflict (too many).
func (s *Service) orgs(ctx context.Context, q postgres.Querier, actor identity.Actor, to To) ([]int64, error) {
	if to.Nobody() {
		return nil, apperr.Fields(map[string]string{"to": "letters.choose_addressee"})
	}
	if to.Record != "" {
		id, err := repository{q}.orgOf(ctx, to.Record)
		return []int64{id}, err
	}
	ids, err := s.books.Matching(ctx, q, actor, to.Filter)
	if err == nil && len(ids) > most {
		err = apperr.New(apperr.Conflict, "letters.too_many")
	}
	return ids, err
}

// Addressees names the first of those whom letters would go to, and counts them.
// Errors: sign_in, forbidden, invalid at "to", not found, conflict (too many).
func (s *Service) Addressees(ctx context.Context, actor identity.Actor, to To) (first string, count int, err error) {
	if err := actor.May(identity.WriteMembers); err != nil {
		return "", 0, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		orgs, err := s.orgs(ctx, q, actor, to)
		if err != nil || len(orgs) == 0 {
			return err
		}
		count = len(orgs)
		list, err := repository{q}.addressees(ctx, orgs[:1])
		if err == nil && len(list) > 0 {
			first = list[0].Name
		}
		return err
	})
	return first, count, err
}

// Serve records how a letter reached its addressee.
// Errors: sign_in, forbidden, not found, invalid by field.
func (s *Service) Serve(ctx context.Context, actor identity.Actor, publicID string, in Serving) error {
	if err := actor.May(identity.WriteMembers); err != nil {
		return err
	}
	if err := in.check(s.now()); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		l, err := repository{tx}.open(ctx, publicID)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			insert into letter_servings (letter_id, org_id, way, number, served_at, note, actor_id, recorded_at) values ($1, $2, $3, $4, $5, $6, nullif($7::bigint, 0), $8)`,
			l.ID, l.OrgID, in.Way, in.Number, in.At, in.Note, actor.UserID, s.now())
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "letter.serve", Subject: l.Ref(), Payload: map[string]string{"way": in.Way, "number": in.Number}})
	})
}

// Show reads a letter with how it was served; a member reads its own ones only.
// Errors: sign_in, forbidden, not found.
func (s *Service) Show(ctx context.Context, actor identity.Actor, publicID string) (l Letter, served []Serving, err error) {
	if err := actor.May(reads(actor)); err != nil {
		return l, nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		if l, err = r.open(ctx, publicID); err != nil {
			return err
		}
		served, err = r.servings(ctx, l.ID)
		return err
	})
	if err == nil && actor.Side == identity.Member && l.OrgID != actor.OrgID {
		return Letter{}, nil, apperr.New(apperr.NotFound, "letters.not_found")
	}
	return l, served, err
}

func reads(actor identity.Actor) identity.Permission {
	if actor.Side == identity.Member {
		return identity.ReadOwn
	}
	return identity.ReadMembers
}

// Decisions lists the newest decisions to choose from, and the chosen one wherever it stands.
// Errors: sign_in, forbidden.
func (s *Service) Decisions(ctx context.Context, actor identity.Actor, chosen string) (list []decisions.Cited, err error) {
	if err := actor.May(identity.WriteMembers); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		if list, err = decisions.Recent(ctx, q); err != nil || chosen == "" {
			return err
		}
		if slices.ContainsFunc(list, func(d decisions.Cited) bool { return d.PublicID == chosen }) {
			return nil
		}
		d, err := decisions.Find(ctx, q, chosen, "decision")
		if apperr.Is(err, apperr.Invalid) {
			return nil // the form says so when it is sent
		}
		list = append(list, d)
		return err
	})
	return list, err
}

// insert stores a letter under the next number of its year.
func (r repository) insert(ctx context.Context, actor identity.Actor, p prepared, now time.Time, l *Letter) error {
	paragraphs, err := json.Marshal(append([]string{}, l.Paragraphs...)) // a list, never null
	rows, rowsErr := json.Marshal(append([][]string{}, l.Rows...))
	if err = errors.Join(err, rowsErr); err != nil {
		return err
	}
	var decision any
	if p.decision != nil {
		decision = p.decision.ID
	}
	return r.db.QueryRow(ctx, `
		with s as (insert into subjects (kind, org_id, public_id) values ('letter', $1, $2) returning id, org_id),
		l as (
			insert into letters (id, org_id, kind, year, number, lang, issued_on, office, signatory, sender, addressee, title, paragraphs, rows, decision_id,
				corrects_id, actor_id, issued_at, decision_no)
			select id, org_id, $3, $4, next_reference($5, $4), $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, nullif($16::bigint, 0), nullif($17::bigint, 0), $18, $19 from s
			returning id, number)
		select id, number from l`, l.OrgID, l.PublicID, l.Kind, l.Year, Series, l.Lang, l.IssuedOn, l.Office, l.Signatory, l.Sender, l.Addressee, l.Title,
		paragraphs, rows, decision, p.corrects, actor.UserID, now, l.DecisionNo).Scan(&l.ID, &l.Number)
}
