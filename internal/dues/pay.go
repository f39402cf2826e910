package dues

import (
	"context"
	"math/big"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Methods are the ways in which money comes.
func Methods() []string { return []string{"transfer", "cash", "card", "offset"} }

// PaymentInput is a payment as staff record it.
type PaymentInput struct {
	Amount   string // exact decimal; what came
	Currency string // of what came; empty: the assessment's
	PaidOn   time.Time
	Method   string
	Note     string
}

// Pay credits a payment, or a part of one, and returns it with its receipt's number. Money
// in another currency is credited at the rate of its day.
// Errors: forbidden, not found, invalid by field (more than is open, no rate).
func (s *Service) Pay(ctx context.Context, actor identity.Actor, publicID string, in PaymentInput) (out Payment, err error) {
	if err := actor.May(identity.EditDues); err != nil {
		return out, err
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		a, err := repository{tx}.lock(ctx, publicID)
		if err != nil {
			return err
		}
		if in.Currency == "" {
			in.Currency = a.Currency
		}
		out, err = s.credit(ctx, tx, actor, a, in, 0)
		return err
	})
	return out, err
}

// credit stores one payment on an assessment whose row is held. lineID is the line of a bank
// file that it came by, or 0.
func (s *Service) credit(ctx context.Context, tx pgx.Tx, actor identity.Actor, a Assessment, in PaymentInput, lineID int64) (Payment, error) {
	p := Payment{PublicID: subject.NewPublicID(), AssessmentID: a.ID, Currency: a.Currency, ReceivedCurrency: in.Currency, PaidOn: in.PaidOn,
		Method: in.Method, Note: in.Note, FromBank: lineID != 0}
	if err := s.checkPayment(in, &p); err != nil {
		return p, err
	}
	if err := (repository{tx}).exchange(ctx, &p); err != nil {
		return p, err
	}
	if p.Amount > a.Open {
		return p, &apperr.Error{Code: apperr.Invalid, Key: "error.check_fields", Fields: map[string]string{"amount": "dues.fault.too_much"}}
	}
	if err := (repository{tx}).insertPayment(ctx, a, &p, actor.UserID, lineID); err != nil {
		return p, err
	}
	err := s.record(ctx, tx, actor, a.Ref(), "assessment.pay", map[string]string{"amount": p.Amount.String(), "currency": p.Currency,
		"received": p.Received.String() + " " + p.ReceivedCurrency, "paid_on": p.PaidOn.Format(time.DateOnly), "receipt": p.Receipt})
	if err != nil {
		return p, err
	}
	return p, notify.Enqueue(ctx, tx, notify.Event{Name: "dues.paid", Subject: a.Ref(), Key: p.PublicID, Actor: actor,
		Args: map[string]any{"Reference": a.Reference, "Money": p.Amount.String() + " " + p.Currency, "Receipt": p.Receipt, "Year": strconv.Itoa(a.Year)}})
}

func (s *Service) checkPayment(in PaymentInput, p *Payment) error {
	fields := map[string]string{}
	amount, ok := ParseAmount(in.Amount)
	if !ok || amount <= 0 {
		fields["amount"] = "dues.fault.amount"
	}
	p.Received = amount
	if !Currency(in.Currency) {
		fields["currency"] = "dues.fault.currency"
	}
	if in.PaidOn.IsZero() || in.PaidOn.After(s.today()) || in.PaidOn.Year() < 1990 {
		fields["paid_on"] = "dues.fault.day_past"
	}
	if !slices.Contains(Methods(), in.Method) {
		fields["method"] = "dues.fault.method"
	}
	if len([]rune(in.Note)) > 400 {
		fields["note"] = "error.too_long"
	}
	return apperr.Fields(fields)
}

// exchange works out what is credited, at the rate of the day on which the money came.
func (r repository) exchange(ctx context.Context, p *Payment) error {
	p.Amount = p.Received
	if p.ReceivedCurrency == p.Currency {
		return nil
	}
	rates, err := r.ratesOn(ctx, p.PaidOn)
	if err != nil {
		return err
	}
	rate, ok := rates.Find(p.ReceivedCurrency, p.Currency)
	if !ok {
		return apperr.Fields(map[string]string{"currency": "dues.fault.no_rate"})
	}
	p.Rate, p.RateOn = rate.Text, &rate.On
	if p.Amount, ok = rounded(new(big.Rat).Mul(p.Received.rat(), rate.value)); !ok || p.Amount == 0 {
		return apperr.Fields(map[string]string{"amount": "dues.fault.amount"})
	}
	return nil
}

func (r repository) insertPayment(ctx context.Context, a Assessment, p *Payment, actorID, lineID int64) error {
	var number int
	if p.Amount > 0 {
		if err := r.db.QueryRow(ctx, `select next_reference($1, $2)`, ReceiptPrefix, p.PaidOn.Year()).Scan(&number); err != nil {
			return err
		}
		p.Receipt = Number(ReceiptPrefix, p.PaidOn.Year(), number)
	}
	err := r.db.QueryRow(ctx, `
		insert into dues_payments (public_id, assessment_id, org_id, amount, currency, received, received_currency, rate, rate_on, paid_on, method, note,
			receipt, line_id, reverses_id, actor_id)
		values ($1, $2, $3, $4::text::numeric, $5, $6::text::numeric, $7, nullif($8::text, '')::numeric, $9, $10, $11, $12, nullif($13, ''), nullif($14::bigint, 0),
			nullif($15::bigint, 0), nullif($16::bigint, 0)) returning id, recorded_at`,
		p.PublicID, a.ID, a.OrgID, p.Amount.String(), p.Currency, p.Received.String(), p.ReceivedCurrency, p.Rate, p.RateOn, p.PaidOn, p.Method, p.Note,
		p.Receipt, lineID, p.ReversesID, actorID).Scan(&p.ID, &p.RecordedAt)
	if err != nil {
		return postgres.Explain(err, "")
	}
	_, err = r.db.Exec(ctx, `update dues_assessments set paid = paid + $2::text::numeric where id = $1`, a.ID, p.Amount.String())
	return err
}

// TakeBack undoes a payment that was recorded by mistake: a row of its own says so, and the
// line of a bank file that it came by waits to be matched again.
// Errors: forbidden, not found, invalid (no reason), conflict (taken back already).
func (s *Service) TakeBack(ctx context.Context, actor identity.Actor, publicID, paymentID, reason string) error {
	if err := actor.May(identity.EditDues); err != nil {
		return err
	}
	if reason == "" || len([]rune(reason)) > 400 {
		return apperr.Fields(map[string]string{"reason": "error.required"})
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		r := repository{tx}
		a, err := r.lock(ctx, publicID)
		if err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, paymentColumns+`where p.public_id = $1 and p.assessment_id = $2 and p.amount > 0`, paymentID, a.ID)
		p, err := pgx.CollectExactlyOneRow(rows, scanPayment)
		if err != nil {
			return postgres.Explain(err, "dues.not_found")
		}
		if p.Reversed {
			return apperr.New(apperr.Conflict, "dues.taken_back")
		}
		back := p
		back.PublicID, back.Amount, back.Received, back.ReversesID, back.Note, back.Receipt = subject.NewPublicID(), -p.Amount, -p.Received, p.ID, reason, ""
		if err := r.insertPayment(ctx, a, &back, actor.UserID, 0); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update dues_bank_lines l set used = l.used - p.received, state = 'open', why = 'reversed'
			from dues_payments p where p.id = $1 and l.id = p.line_id`, p.ID)
		if err != nil {
			return err
		}
		return s.record(ctx, tx, actor, a.Ref(), "assessment.take_back", map[string]string{"receipt": p.Receipt, "amount": p.Amount.String(), "reason": reason})
	})
}

// WaiverInput is a waiver as staff record it.
type WaiverInput struct {
	Amount   string // exact decimal
	Decision string // public id of the decision that it rests on
	Reason   string
}

// Waive lets a member off a part of its assessment, or all that is open, by a decision.
// Errors: forbidden, not found, invalid by field.
func (s *Service) Waive(ctx context.Context, actor identity.Actor, publicID string, in WaiverInput) error {
	if err := actor.May(identity.EditDues); err != nil {
		return err
	}
	amount, ok := ParseAmount(in.Amount)
	if !ok || amount <= 0 {
		return apperr.Fields(map[string]string{"waived": "dues.fault.amount"})
	}
	if len([]rune(in.Reason)) > 1000 {
		return apperr.Fields(map[string]string{"why": "error.too_long"})
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		a, err := repository{tx}.lock(ctx, publicID)
		if err != nil {
			return err
		}
		if amount > a.Open {
			return apperr.Fields(map[string]string{"waived": "dues.fault.too_much"})
		}
		decision, err := decisions.Find(ctx, tx, in.Decision, "decision")
		if err != nil {
			return err
		}
		return s.storeWaiver(ctx, tx, actor, a, amount, decision, in.Reason)
	})
}

func (s *Service) storeWaiver(ctx context.Context, tx pgx.Tx, actor identity.Actor, a Assessment, amount Amount, d decisions.Cited, reason string) error {
	err := decisions.Rule(ctx, tx, actor, d, decisions.Item{Subject: a.Ref(), Outcome: decisions.Approve, Reason: reason, Amount: amount.String(), Currency: a.Currency})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into dues_waivers (assessment_id, org_id, amount, currency, decision_id, reason, actor_id)
		values ($1, $2, $3::text::numeric, $4, $5, $6, nullif($7::bigint, 0))`, a.ID, a.OrgID, amount.String(), a.Currency, d.ID, reason, actor.UserID)
	if err != nil {
		return postgres.Explain(err, "")
	}
	if _, err = tx.Exec(ctx, `update dues_assessments set waived = waived + $2::text::numeric where id = $1`, a.ID, amount.String()); err != nil {
		return err
	}
	return s.record(ctx, tx, actor, a.Ref(), "assessment.waive", map[string]string{"amount": amount.String(), "currency": a.Currency,
		"decision": d.Number, "reason": reason})
}

// Decisions lists the decisions that a waiver can rest on. Errors: sign_in, forbidden.
func (s *Service) Decisions(ctx context.Context, actor identity.Actor) (list []decisions.Cited, err error) {
	if err := actor.May(identity.EditDues); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		list, err = decisions.Recent(ctx, q)
		return err
	})
	return list, err
}
