package requests

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// Channel is the way on which a request came.
type Channel string

// The channels.
const (
	ByPortal    Channel = "portal" // its city filed it itself
	OnPaper     Channel = "paper"
	ByTelephone Channel = "telephone"
	ByEmail     Channel = "email"
	FromList    Channel = "list" // taken over from what was kept before the portal
)

// Channels are the ways on which staff register what came outside the portal.
func Channels() []Channel { return []Channel{OnPaper, ByTelephone, ByEmail} }

// AllChannels are all ways, those that staff cannot choose too.
func AllChannels() []Channel { return []Channel{ByPortal, OnPaper, ByTelephone, ByEmail, FromList} }

// Arrival is how a request came.
type Arrival struct {
	Channel          Channel
	CameOn           *time.Time // day; nil where it was filed in the portal
	AskedBy          string     // who signed the letter, or called
	EarlierReference string     // its number before the portal
	HandedOverAt     *time.Time // of one from the earlier list: when its city was told that it can follow it
}

// Elsewhere reports whether the request came outside the portal.
func (a Arrival) Elsewhere() bool { return a.Channel != ByPortal }

// SortOriginal is the sort of the letter that a request came as; its city sees it too.
const SortOriginal = "original"

// moveTakeIn begins a request that came outside the portal: it stands where one stands that
// its city sent. It belongs to no service, because every service takes what came by post.
const moveTakeIn = "take_in"

var arrivals = workflow.Machine{Kind: subject.Request, Moves: []workflow.Move{
	{Name: moveTakeIn, To: Submitted, May: identity.HandleRequests},
}}

// Intake is a request as staff register it for a city. Key becomes its public identifier, so
// that a form that is sent twice registers it once.
type Intake struct {
	Key     string
	City    string // public identifier
	Service string // code
	Channel Channel
	CameOn  time.Time // day
	AskedBy string
	Lang    string // that it is written in, BCP 47
	Title   string
	Words   string   // what is wanted
	Uploads []string // the original
}

// Limits of what is typed about an arrival, in characters.
const (
	maxAskedBy = 200
	maxWords   = 2000
)

func (s *Service) checkIntake(in Intake) error {
	fields := map[string]string{}
	if !slices.Contains(Channels(), in.Channel) {
		fields["channel"] = "requests.choose"
	}
	if in.Service == "" {
		fields["service"] = "requests.choose"
	}
	today := s.Today()
	if in.CameOn.IsZero() || in.CameOn.After(today) || in.CameOn.Before(today.AddDate(-10, 0, 0)) {
		fields["came_on"] = "requests.came_on_wrong"
	}
	switch {
	case in.Title == "":
		fields["title"] = "error.required"
	case tooLong(in.Title, 150):
		fields["title"] = "error.too_long"
	}
	if tooLong(in.AskedBy, maxAskedBy) {
		fields["asked_by"] = "error.too_long"
	}
	if tooLong(in.Words, maxWords) {
		fields["words"] = "error.too_long"
	}
	return apperr.Fields(fields)
}

// TakeIn registers a request that came outside the portal as if its city had filed it, and
// tells the city's people, who follow it from then on as their own.
// Errors: sign_in, forbidden, not found (no such city), invalid by field (the service is not
// for this city; an upload), conflict (the service takes no requests).
func (s *Service) TakeIn(ctx context.Context, actor identity.Actor, in Intake) (publicID string, err error) {
	if err := actor.May(identity.HandleRequests); err != nil {
		return "", err
	}
	if err := s.checkIntake(in); err != nil {
		return "", err
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		there, err := repository{tx}.registered(ctx, in.Key)
		if err != nil || there {
			return err
		}
		r, err := s.arrive(ctx, tx, actor, in)
		if err != nil {
			return err
		}
		if err := s.keepWords(ctx, tx, actor, *r, in); err != nil {
			return err
		}
		for _, upload := range in.Uploads {
			if _, err := documents.Attach(ctx, tx, actor, r.Ref(), upload, SortOriginal, documents.Org); err != nil {
				return err
			}
		}
		if err := s.schedule(ctx, tx, r, ""); err != nil {
			return err
		}
		if err := s.hand(ctx, tx, *r, ""); err != nil {
			return err
		}
		if err := (repository{tx}).save(ctx, *r); err != nil {
			return err
		}
		if err := search.Put(ctx, tx, r.Ref(), found(*r)); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, actor, *r, "requests.arrived", "1", nil); err != nil {
			return err
		}
		return s.tell(ctx, tx, actor, *r, "requests.taken_in", "taken_in", map[string]any{"Day": in.CameOn.Format(time.RFC3339)})
	})
	return in.Key, err
}

// registered reports whether a request of that public identifier is there already.
func (r repository) registered(ctx context.Context, publicID string) (there bool, err error) {
	err = r.db.QueryRow(ctx, `select exists (select from subjects where public_id = $1 and kind = 'request')`, publicID).Scan(&there)
	return there, err
}

// arrive stores the request itself, with its number.
func (s *Service) arrive(ctx context.Context, tx pgx.Tx, actor identity.Actor, in Intake) (*Request, error) {
	r := repository{tx}
	orgID, err := r.asker(ctx, in.City)
	if err != nil {
		return nil, err
	}
	x, err := services.Open(ctx, tx, in.Service)
	if err != nil {
		return nil, err
	}
	if err := r.mayAsk(ctx, orgID, x); err != nil {
		return nil, apperr.Fields(map[string]string{"service": "catalogue.not_for_you"})
	}
	ref, err := r.identifyAs(ctx, orgID, in.Key)
	if err != nil {
		return nil, err
	}
	if _, err := arrivals.Begin(ctx, tx, actor, ref, moveTakeIn); err != nil {
		return nil, err
	}
	now := s.now()
	year := now.In(s.zone).Year()
	n, err := r.next(ctx, year)
	if err != nil {
		return nil, err
	}
	if err := r.insertArrived(ctx, ref, orgID, actor, x, in, Number(year, n), now); err != nil {
		return nil, err
	}
	out, err := r.byRef(ctx, ref)
	if err != nil {
		return nil, err
	}
	return out, flows(ctx, tx, out)
}

// asker finds a municipality that staff register a request for. Errors: not found.
func (r repository) asker(ctx context.Context, publicID string) (id int64, err error) {
	err = r.db.QueryRow(ctx, `
		select m.id from municipalities m join subjects s on s.id = m.id where s.public_id = $1 and m.merged_into is null`, publicID).Scan(&id)
	return id, postgres.Explain(err, "requests.no_city")
}

func (r repository) insertArrived(ctx context.Context, ref subject.Ref, orgID int64, actor identity.Actor, x services.Service, in Intake, reference string, at time.Time) error {
	tag, err := r.db.Exec(ctx, `
		insert into requests (id, org_id, service, service_version, office, state, seq, lang, country_id, created_by, created_at,
			submitted_at, reference, title, channel, came_on, asked_by)
		select $1, $2, $3, $4, $5, $6, 1, $7, m.country_id, $8, $9, $9, $10, $11, $12, $13::date, $14 from municipalities m where m.id = $2`,
		ref.ID, orgID, x.Code, x.Live, x.OfficeOf(Submitted), Submitted, in.Lang, actor.UserID, at,
		reference, in.Title, in.Channel, in.CameOn.Format(time.DateOnly), in.AskedBy)
	if err == nil && tag.RowsAffected() == 0 {
		err = pgx.ErrNoRows
	}
	return postgres.Explain(err, "requests.no_city")
}

// keepWords begins the answers with what is known, so that nobody types it twice. Where the
// form has no question for what is wanted, it is kept as the city's message.
func (s *Service) keepWords(ctx context.Context, tx pgx.Tx, actor identity.Actor, r Request, in Intake) error {
	if err := s.answers.Begin(ctx, tx, actor, r.Ref(), r.flow.Form); err != nil {
		return err
	}
	form, err := s.answers.Load(ctx, tx, r.Ref())
	if err != nil {
		return err
	}
	told := false
	for _, x := range [][2]string{{colTitle, in.Title}, {colDescription, in.Words}} {
		field := r.flow.Bind[x[0]]
		page, ok := form.Definition.PageOf(field)
		if !ok || x[1] == "" {
			continue
		}
		_, err := s.answers.Save(ctx, tx, actor, r.Ref(), forms.In{Page: page, Base: form.Version + 2, Answers: forms.Answers{field: {Text: x[1]}}})
		if err != nil {
			return err
		}
		told = told || x[0] == colDescription
	}
	if in.Words == "" || told {
		return nil
	}
	_, err = messages.Send(ctx, tx, actor, r.Ref(), r.OrgID, messages.In, in.Words)
	return err
}

// Answerable reports whether staff may still fill in the answers of what came on paper.
func (p Paper) Answerable() bool {
	return p.Elsewhere() && p.Open() && p.Form.SubmittedAt == nil
}

// SaveArrived stores a page of the answers that staff fill in for a city from its letter.
// Errors: sign_in, forbidden, not found, conflict (the city filed it itself; it ended).
func (s *Service) SaveArrived(ctx context.Context, actor identity.Actor, publicID string, in forms.In) (saved forms.Saved, err error) {
	err = s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		if !r.Elsewhere() || !r.Open() {
			return apperr.New(apperr.Conflict, "requests.not_yours_to_fill")
		}
		saved, err = s.answers.Save(ctx, tx, actor, r.Ref(), in)
		return err
	})
	return saved, err
}

// CloseArrived seals the answers that staff filled in, as sending does for a city; lists and
// sums know them from then on.
// Errors: sign_in, forbidden, not found, invalid (something is missing), conflict.
func (s *Service) CloseArrived(ctx context.Context, actor identity.Actor, publicID string) error {
	return s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		if !r.Elsewhere() || !r.Open() {
			return apperr.New(apperr.Conflict, "requests.not_yours_to_fill")
		}
		summary, err := s.answers.Submit(ctx, tx, actor, r.Ref(), r.flow.Bind)
		if err != nil {
			return err
		}
		if summary.Title == "" {
			summary.Title = r.Summary.Title
		}
		r.Summary = summary
		return s.wished(ctx, tx, r)
	})
}

// Receiver is a city as staff register a request for it: what it may ask for, and who of it
// will follow the request.
type Receiver struct {
	PublicID, Name, Lang, Country string
	Services                      []services.Service
	People                        []string // names; none: the city has nobody in the portal yet
}

// Receiver reads a city for the register. Errors: sign_in, forbidden, not found.
func (s *Service) Receiver(ctx context.Context, actor identity.Actor, lang locale.Lang, city string) (out Receiver, err error) {
	if err := actor.May(identity.HandleRequests); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		id, err := r.asker(ctx, city)
		if err != nil {
			return err
		}
		kind, err := r.kindOf(ctx, id)
		if err != nil {
			return err
		}
		all, err := services.All(ctx, q)
		if err != nil {
			return err
		}
		for _, x := range all {
			if x.May(kind) {
				out.Services = append(out.Services, x)
			}
		}
		return r.receiver(ctx, lang, id, &out)
	})
	return out, err
}

func (r repository) receiver(ctx context.Context, lang locale.Lang, id int64, out *Receiver) error {
	err := r.db.QueryRow(ctx, `
		select s.public_id, o.name, o.lang, n.name from organisations o join subjects s on s.id = o.id join municipalities m on m.id = o.id
		join country_names n on n.country_id = m.country_id and n.lang = $2 where o.id = $1`, id, string(lang)).
		Scan(&out.PublicID, &out.Name, &out.Lang, &out.Country)
	if err != nil {
		return postgres.Explain(err, "requests.no_city")
	}
	rows, _ := r.db.Query(ctx, `
		select distinct u.name from mandates m join users u on u.id = m.user_id
		where m.org_id = $1 and m.role = any($2) and u.active and now() >= m.starts_at and now() < m.ends_at order by u.name limit 20`,
		id, []identity.Role{identity.MemberEditor, identity.MemberApprover})
	out.People, err = pgx.CollectRows(rows, pgx.RowTo[string])
	return err
}

// Asker is a city that a request can be registered for.
type Asker struct{ PublicID, Name, Title string }

// FindAskers finds cities by name in any spelling. Errors: sign_in, forbidden.
func (s *Service) FindAskers(ctx context.Context, actor identity.Actor, lang locale.Lang, text string) (out []Asker, err error) {
	if err := actor.May(identity.HandleRequests); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		hits, err := search.Find(ctx, q, actor, search.Query{Text: text, Kinds: []subject.Kind{subject.Municipality}, Lang: lang, Limit: 20})
		if err != nil || len(hits) == 0 {
			return err
		}
		ids := make([]int64, len(hits))
		for i, hit := range hits {
			ids[i] = hit.Ref.ID
		}
		rows, _ := q.Query(ctx, `
			select s.public_id, m.name, n.name from unnest($1::bigint[]) with ordinality x (id, at)
			join municipalities m on m.id = x.id and m.merged_into is null join subjects s on s.id = m.id
			join country_names n on n.country_id = m.country_id and n.lang = $2 order by x.at`, ids, string(lang))
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Asker])
		return err
	})
	return out, err
}
