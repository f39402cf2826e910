package requests

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// FormAnswers keeps the answers of requests in the engine of forms.
type FormAnswers struct {
	Known forms.Lookup   // fills in what the portal knows; nil: nothing
	zone  *time.Location // the union's, for "today"
	now   func() time.Time
}

var _ Answers = (*FormAnswers)(nil)

// NewFormAnswers makes the keeper; the form must have been published.
func NewFormAnswers(zone *time.Location, now func() time.Time) *FormAnswers {
	return &FormAnswers{zone: zone, now: now}
}

// Begin implements Answers.
func (a *FormAnswers) Begin(ctx context.Context, tx pgx.Tx, _ identity.Actor, ref subject.Ref, form string) error {
	if err := forms.Begin(ctx, tx, ref, part, form); err != nil {
		return err
	}
	return forms.Fill(ctx, tx, ref, part, a.Known)
}

// Take implements Answers. Nothing is filled in from what the portal knows: it was asked
// before that.
func (a *FormAnswers) Take(ctx context.Context, tx pgx.Tx, list []forms.Begun) ([]bool, error) {
	left, known := make([]bool, len(list)), map[string]forms.Definition{}
	for i, b := range list {
		d, ok := known[b.Form]
		if !ok {
			var err error
			if d, err = forms.Newest(ctx, tx, b.Form); err != nil {
				return nil, err
			}
			known[b.Form] = d
		}
		for field := range b.Answers {
			if _, ok := d.PageOf(field); !ok {
				delete(b.Answers, field)
				left[i] = true
			}
		}
	}
	return left, forms.BeginMany(ctx, tx, part, list, a.now())
}

// Load implements Answers.
func (a *FormAnswers) Load(ctx context.Context, q postgres.Querier, ref subject.Ref) (forms.Submission, error) {
	return forms.Load(ctx, q, ref, part)
}

// Save implements Answers.
func (a *FormAnswers) Save(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, in forms.In) (forms.Saved, error) {
	in.At = a.now()
	return forms.Save(ctx, tx, actor, ref, part, in)
}

// Check implements Answers.
func (a *FormAnswers) Check(ctx context.Context, q postgres.Querier, _ identity.Actor, ref subject.Ref) error {
	s, err := forms.Load(ctx, q, ref, part)
	if err != nil {
		return err
	}
	if len(s.Definition.Check(s.Answers, a.now().In(a.zone))) > 0 {
		return apperr.New(apperr.Invalid, "forms.incomplete")
	}
	return nil
}

// Submit implements Answers.
func (a *FormAnswers) Submit(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, bind map[string]string) (Summary, error) {
	now := a.now()
	s, err := forms.Submit(ctx, tx, actor, ref, part, now, now.In(a.zone))
	return summarize(s.Answers, bind), err
}

// Titles implements Answers.
func (a *FormAnswers) Titles(ctx context.Context, q postgres.Querier, ids []int64, field string) (map[int64]string, error) {
	return forms.Texts(ctx, q, ids, part, field)
}

// Attach implements Answers.
func (a *FormAnswers) Attach(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, upload string, audience documents.Audience) (documents.Document, error) {
	return documents.Attach(ctx, tx, actor, ref, upload, SortMessage, audience)
}

// maxPlace is how much of an address lists show.
const maxPlace = 200

// The columns of the summary; a service's definition says which field of its form fills one.
const (
	colTitle         = "title"
	colDescription   = "description"
	colKind          = "kind"
	colSector        = "sector"
	colPlace         = "place"
	colBeneficiaries = "beneficiaries"
	colCost          = "cost"
	colOwn           = "own"
	colLand          = "land"
	colPermit        = "permit"
)

// maxTitle is how much of a title lists show.
const maxTitle = 200

// summarize copies what lists, sums and maps need out of the answers. What is no value of
// ours (a kind that only another form knows) stays out.
func summarize(a forms.Answers, bind map[string]string) Summary {
	value := func(column string) forms.Value { return a[bind[column]] }
	s := Summary{Title: shorten(value(colTitle).Text, maxTitle), Land: value(colLand).Text, Permit: value(colPermit).Text,
		Description: value(colDescription).Text, Cost: sum(value(colCost)), Own: sum(value(colOwn))}
	if kind := value(colKind).Text; known(Kinds(), kind) {
		s.Kind = kind
	}
	if sector := value(colSector).Text; known(Sectors(), sector) {
		s.Sector = sector
	}
	s.Beneficiaries, _ = strconv.ParseInt(value(colBeneficiaries).Number, 10, 64) // was checked to be whole
	if p := value(colPlace).Place; p != nil {
		s.Place = shorten(p.Address, maxPlace)
		if p.Known {
			s.Point = &Point{Lat: p.Lat, Lon: p.Lon}
		}
	}
	return s
}

func sum(v forms.Value) *Amount {
	if v.Number == "" {
		return nil
	}
	return &Amount{Value: v.Number, Currency: v.Currency}
}

func shorten(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}

// Paper is a request with all that was answered.
type Paper struct {
	*Request
	Form     forms.Submission
	Currency string // of the municipality's country
	Home     Point  // where the municipality is
}

// Paper reads a request's answers, for whoever may read the request.
// Errors: sign_in, forbidden, not found.
func (s *Service) Paper(ctx context.Context, actor identity.Actor, publicID string) (Paper, error) {
	var p Paper
	if err := actor.May(reads(actor)); err != nil {
		return p, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		r := repository{q}
		if p.Request, err = r.open(ctx, actor, publicID); err != nil {
			return err
		}
		if err := s.name(ctx, q, p.Request); err != nil {
			return err
		}
		if p.Currency, p.Home, err = r.home(ctx, p.OrgID); err != nil {
			return err
		}
		p.Form, err = s.answers.Load(ctx, q, p.Ref())
		return err
	})
	return p, err
}

// home is where a municipality is, and what is paid with there.
func (r repository) home(ctx context.Context, orgID int64) (currency string, at Point, err error) {
	err = r.db.QueryRow(ctx, `
		select coalesce(c.currency, ''), coalesce(m.lat, 0), coalesce(m.lon, 0)
		from organisations o left join municipalities m on m.id = o.id left join countries c on c.id = coalesce(m.country_id, o.country_id) where o.id = $1`, orgID).
		Scan(&currency, &at.Lat, &at.Lon)
	return currency, at, postgres.Explain(err, "requests.not_found")
}

// SavePage stores one page of a draft's answers, complete or not.
// Errors: not found, conflict (it is with the approver, or was sent).
func (s *Service) SavePage(ctx context.Context, actor identity.Actor, publicID string, in forms.In) (forms.Saved, error) {
	var saved forms.Saved
	err := s.change(ctx, actor, identity.EditDraft, publicID, func(tx pgx.Tx, r *Request) (err error) {
		if r.State != Draft {
			return apperr.New(apperr.Conflict, "requests.not_a_draft")
		}
		saved, err = s.answers.Save(ctx, tx, actor, r.Ref(), in)
		return err
	})
	return saved, err
}
