package dues

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Assessment is what a member owes for a year.
type Assessment struct {
	ID           int64
	PublicID     string
	OrgID        int64
	OrgPublicID  string
	OrgTitle     string // in the reader's language
	Country      string // code; empty where none is known
	Year         int
	Reference    string
	RulesVersion int // 0: taken over from an earlier register
	Amount       Amount
	Currency     string
	Base         Amount
	BaseCurrency string
	Parts        []Part
	Inputs       Member
	DueOn        time.Time
	IssuedAt     time.Time
	Paid, Waived Amount
	Open         Amount
	CancelledAt  *time.Time // it was issued in error, and owes nothing
	CancelReason string
}

// Ref points at the assessment.
func (a Assessment) Ref() subject.Ref { return assessmentRef(a.ID) }

// DeskPath is where staff open it, after the language.
func (a Assessment) DeskPath() string { return "/desk/dues/assessments/" + a.PublicID }

// MemberPath is where its member sees its dues, after the language.
func (a Assessment) MemberPath() string { return "/m/" + a.OrgPublicID + "/dues" }

// DaysLate is how many days the open sum is late on a day; 0 where nothing is.
func (a Assessment) DaysLate(today time.Time) int {
	if a.Open <= 0 || !a.DueOn.Before(today) {
		return 0
	}
	return int(today.Sub(a.DueOn).Hours() / 24)
}

const assessmentColumns = `
	select a.id, s.public_id, a.org_id, os.public_id, coalesce(t.title, o.name), coalesce(c.code, ''), a.year, a.reference, coalesce(v.version, 0), a.amount::text, a.currency,
		a.base_amount::text, a.base_currency, a.explanation, a.inputs, a.due_on, a.issued_at, a.paid::text, a.waived::text, a.open::text,
		a.cancelled_at, a.cancel_reason
	from dues_assessments a
	join subjects s on s.id = a.id
	join subjects os on os.id = a.org_id
	join organisations o on o.id = a.org_id
	left join dues_rules v on v.id = a.rules_id
	left join municipalities m on m.id = a.org_id
	left join countries c on c.id = m.country_id
	left join municipality_titles t on t.municipality_id = a.org_id and t.lang = $1 `

// ownColumns leave out the version of the rules, which members do not read.
const ownColumns = `
	select a.id, s.public_id, a.org_id, os.public_id, coalesce(t.title, o.name), ''::text, a.year, a.reference, 0, a.amount::text, a.currency,
		a.base_amount::text, a.base_currency, a.explanation, a.inputs, a.due_on, a.issued_at, a.paid::text, a.waived::text, a.open::text,
		a.cancelled_at, a.cancel_reason
	from dues_assessments a
	join subjects s on s.id = a.id
	join subjects os on os.id = a.org_id
	join organisations o on o.id = a.org_id
	left join municipality_titles t on t.municipality_id = a.org_id and t.lang = $1 `

func scanAssessment(row pgx.CollectableRow) (a Assessment, err error) {
	var amount, base, paid, waived, open string
	var parts, inputs []byte
	err = row.Scan(&a.ID, &a.PublicID, &a.OrgID, &a.OrgPublicID, &a.OrgTitle, &a.Country, &a.Year, &a.Reference, &a.RulesVersion, &amount, &a.Currency,
		&base, &a.BaseCurrency, &parts, &inputs, &a.DueOn, &a.IssuedAt, &paid, &waived, &open, &a.CancelledAt, &a.CancelReason)
	if err != nil {
		return a, err
	}
	a.Amount, a.Base, a.Paid, a.Waived, a.Open = stored(amount), stored(base), stored(paid), stored(waived), stored(open)
	if err := json.Unmarshal(parts, &a.Parts); err != nil {
		return a, err
	}
	return a, json.Unmarshal(inputs, &a.Inputs)
}

// stored reads an amount in the form of its column.
func stored(text string) Amount {
	a, _ := ParseAmount(text)
	return a
}

func (r repository) assessment(ctx context.Context, lang locale.Lang, publicID string) (Assessment, error) {
	rows, _ := r.db.Query(ctx, assessmentColumns+`where s.public_id = $2 and s.kind = 'assessment'`, string(lang), publicID)
	a, err := pgx.CollectExactlyOneRow(rows, scanAssessment)
	return a, postgres.Explain(err, "dues.not_found")
}

// lock reads an assessment and holds its row until the transaction ends.
func (r repository) lock(ctx context.Context, publicID string) (Assessment, error) {
	var id int64
	err := r.db.QueryRow(ctx, `
		select a.id from dues_assessments a join subjects s on s.id = a.id where s.public_id = $1 and s.kind = 'assessment' for update of a`, publicID).Scan(&id)
	if err != nil {
		return Assessment{}, postgres.Explain(err, "dues.not_found")
	}
	return r.assessment(ctx, locale.Default, publicID)
}

// Payment is money that came in for an assessment, or the taking back of one.
type Payment struct {
	ID               int64
	PublicID         string
	AssessmentID     int64
	Amount           Amount // credited; below zero where a payment is taken back
	Currency         string
	Received         Amount
	ReceivedCurrency string
	Rate             string // empty where nothing was converted
	RateOn           *time.Time
	PaidOn           time.Time
	Method           string
	Note             string
	Receipt          string // number; empty for a taking back
	FromBank         bool
	ReversesID       int64
	Reversed         bool
	ActorName        string
	RecordedAt       time.Time
}

const paymentColumns = `
	select p.id, p.public_id, p.assessment_id, p.amount::text, p.currency, p.received::text, p.received_currency, coalesce(trim_scale(p.rate)::text, ''), p.rate_on,
		p.paid_on, p.method, p.note, coalesce(p.receipt, ''), p.line_id is not null, coalesce(p.reverses_id, 0),
		exists (select from dues_payments b where b.reverses_id = p.id), ''::text, p.recorded_at
	from dues_payments p `

func scanPayment(row pgx.CollectableRow) (p Payment, err error) {
	var amount, received string
	err = row.Scan(&p.ID, &p.PublicID, &p.AssessmentID, &amount, &p.Currency, &received, &p.ReceivedCurrency, &p.Rate, &p.RateOn, &p.PaidOn, &p.Method, &p.Note,
		&p.Receipt, &p.FromBank, &p.ReversesID, &p.Reversed, &p.ActorName, &p.RecordedAt)
	p.Amount, p.Received = stored(amount), stored(received)
	return p, err
}

func (r repository) payments(ctx context.Context, assessments ...int64) ([]Payment, error) {
	rows, _ := r.db.Query(ctx, paymentColumns+`where p.assessment_id = any($1) order by p.id desc`, assessments)
	return pgx.CollectRows(rows, scanPayment)
}

// Waiver is what an organ let a member off.
type Waiver struct {
	AssessmentID int64
	Amount       Amount
	Currency     string
	Reason       string
	Organ        decisions.Names
	Number       string
	DecidedOn    time.Time
	RecordedAt   time.Time
}

func (r repository) waivers(ctx context.Context, assessments ...int64) ([]Waiver, error) {
	rows, _ := r.db.Query(ctx, `
		select w.assessment_id, w.amount::text, w.currency, w.reason, d.number, d.decided_on, w.recorded_at,
			(select jsonb_object_agg(t.lang, t.name) from organs o join organ_texts t on t.organ_id = o.id where o.code = d.organ)
		from dues_waivers w join decisions d on d.id = w.decision_id where w.assessment_id = any($1) order by w.id`, assessments)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (w Waiver, err error) {
		var amount string
		err = row.Scan(&w.AssessmentID, &amount, &w.Currency, &w.Reason, &w.Number, &w.DecidedOn, &w.RecordedAt, &w.Organ)
		w.Amount = stored(amount)
		return w, err
	})
}

// Record is an assessment with all that happened to it.
type Record struct {
	Assessment
	Payments   []Payment
	Waivers    []Waiver
	RemindedAt *time.Time // the member, of whatever was late
}

// Assessment reads one for its staff page. Errors: sign_in, forbidden, not found.
func (s *Service) Assessment(ctx context.Context, actor identity.Actor, lang locale.Lang, publicID string) (out Record, err error) {
	if err := actor.May(identity.ReadDues); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		if out.Assessment, err = r.assessment(ctx, lang, publicID); err != nil {
			return err
		}
		if out.Payments, err = r.payments(ctx, out.ID); err != nil {
			return err
		}
		if out.Waivers, err = r.waivers(ctx, out.ID); err != nil {
			return err
		}
		return q.QueryRow(ctx, `select max(sent_at) from dues_reminders where org_id = $1`, out.OrgID).Scan(&out.RemindedAt)
	})
	return out, err
}

// Own is a member's account: what it owes, what it paid.
type Own struct {
	Records []Record // the newest year first
	Open    []Sum    // by currency
	Late    []Sum
}

// Own reads the account of the organisation that the actor acts for.
// Errors: sign_in, forbidden.
func (s *Service) Own(ctx context.Context, actor identity.Actor, lang locale.Lang) (out Own, err error) {
	if err := actor.May(identity.ReadOwnDues); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		out, err = repository{q}.account(ctx, lang, actor.OrgID)
		return err
	})
	today := s.today()
	for _, rec := range out.Records {
		if rec.Open > 0 {
			out.Open = plus(out.Open, rec.Currency, rec.Open)
		}
		if rec.DaysLate(today) > 0 {
			out.Late = plus(out.Late, rec.Currency, rec.Open)
		}
	}
	return out, err
}

func (r repository) account(ctx context.Context, lang locale.Lang, orgID int64) (out Own, err error) {
	rows, _ := r.db.Query(ctx, ownColumns+`where a.org_id = $2 order by a.year desc, a.id desc`, string(lang), orgID)
	list, err := pgx.CollectRows(rows, scanAssessment)
	if err != nil || len(list) == 0 {
		return out, err
	}
	ids := make([]int64, len(list))
	for i, a := range list {
		ids[i] = a.ID
	}
	payments, err := r.payments(ctx, ids...)
	if err != nil {
		return out, err
	}
	waivers, err := r.waivers(ctx, ids...)
	for _, a := range list {
		rec := Record{Assessment: a}
		for _, p := range payments {
			if p.AssessmentID == a.ID {
				rec.Payments = append(rec.Payments, p)
			}
		}
		for _, w := range waivers {
			if w.AssessmentID == a.ID {
				rec.Waivers = append(rec.Waivers, w)
			}
		}
		out.Records = append(out.Records, rec)
	}
	return out, err
}

// plus adds an amount to the sum of its currency.
func plus(sums []Sum, currency string, a Amount) []Sum {
	for i := range sums {
		if sums[i].Currency == currency {
			sums[i].Amount += a
			sums[i].Count++
			return sums
		}
	}
	return append(sums, Sum{currency, a, 1})
}

// Locate names assessments for lists that mix kinds, as staff open them.
func (s *Service) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select a.id, s.public_id, a.reference, o.name from dues_assessments a join subjects s on s.id = a.id join organisations o on o.id = a.org_id
			where a.id = any($1)`, ids)
		var id int64
		var publicID, reference, name string
		_, err := pgx.ForEachRow(rows, []any{&id, &publicID, &reference, &name}, func() error {
			out[id] = subject.Place{Title: reference + " · " + name, Path: "/" + lang + "/desk/dues/assessments/" + publicID}
			return nil
		})
		return err
	})
	return out, err
}
