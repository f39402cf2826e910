package dues

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// Line reads one line of a bank file, with the open assessments that it may be for: those of
// the members whose names its payer and purpose find, or those that text finds.
// Errors: sign_in, forbidden, not found.
func (s *Service) Line(ctx context.Context, actor identity.Actor, lang locale.Lang, publicID, text string) (line BankLine, offers []Assessment, err error) {
	if err := actor.May(identity.ReadDues); err != nil {
		return line, nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, lineColumns+`where l.public_id = $1`, publicID)
		if line, err = pgx.CollectExactlyOneRow(rows, scanLine); err != nil {
			return postgres.Explain(err, "error.not_found")
		}
		offers, err = s.offers(ctx, q, actor, lang, line, text)
		return err
	})
	return line, offers, err
}

// maxOffers is how many assessments a line is offered to.
const maxOffers = 20

func (s *Service) offers(ctx context.Context, q postgres.Querier, actor identity.Actor, lang locale.Lang, line BankLine, text string) ([]Assessment, error) {
	words := text
	if words == "" {
		words = line.Purpose
	}
	if reference, ok := FindReference(words); ok {
		rows, _ := q.Query(ctx, assessmentColumns+`where a.org_id = (select org_id from dues_assessments where reference = $2) and a.open > 0
			order by a.due_on limit $3`, string(lang), reference, maxOffers)
		return pgx.CollectRows(rows, scanAssessment)
	}
	if text == "" {
		words = short(line.Payer, 80)
	}
	if words == "" {
		return nil, nil
	}
	hits, err := search.Find(ctx, q, actor, search.Query{Text: words, Kinds: []subject.Kind{subject.Municipality}, Lang: lang, Limit: maxOffers})
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(hits))
	for i, hit := range hits {
		ids[i] = hit.Ref.ID
	}
	rows, _ := q.Query(ctx, assessmentColumns+`where a.org_id = any($2) and a.open > 0 order by array_position($2, a.org_id), a.due_on limit $3`,
		string(lang), ids, maxOffers)
	return pgx.CollectRows(rows, scanAssessment)
}

// lockLine reads a line that waits, and holds it. Errors: not found, conflict (done already).
func (r repository) lockLine(ctx context.Context, publicID string) (BankLine, error) {
	rows, _ := r.db.Query(ctx, lineColumns+`where l.public_id = $1 for update of l`, publicID)
	line, err := pgx.CollectExactlyOneRow(rows, scanLine)
	if err != nil {
		return line, postgres.Explain(err, "error.not_found")
	}
	if line.State == "matched" {
		return line, apperr.New(apperr.Conflict, "dues.bank.matched_already")
	}
	return line, nil
}

// Match credits a line, or the part of it that amount says, to an assessment; an empty amount
// is as much as both leave. What is left of the line goes on waiting.
// Errors: forbidden, not found, invalid by field, conflict (the line was used up meanwhile).
func (s *Service) Match(ctx context.Context, actor identity.Actor, lineID, assessmentID, amount string) error {
	if err := actor.May(identity.EditDues); err != nil {
		return err
	}
	if assessmentID == "" {
		return apperr.Fields(map[string]string{"assessment": "dues.bank.choose"})
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		r := repository{tx}
		line, err := r.lockLine(ctx, lineID)
		if err != nil {
			return err
		}
		a, err := r.lock(ctx, assessmentID)
		if err != nil {
			return err
		}
		part, err := share(line, a, amount)
		if err != nil {
			return err
		}
		in := bankLine{BookedOn: line.BookedOn, Currency: line.Currency, Purpose: line.Purpose}.payment(part)
		if _, err := s.credit(ctx, tx, actor, a, in, line.id); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update dues_bank_lines set used = used + $2::text::numeric, aside_reason = '',
			state = case when used + $2::text::numeric = amount then 'matched' else 'open' end,
			why = case when used + $2::text::numeric = amount then '' else 'too_much' end where id = $1`, line.id, part.String())
		return err
	})
}

// share is how much of a line goes to an assessment.
func share(line BankLine, a Assessment, amount string) (Amount, error) {
	if amount == "" {
		if line.Currency == a.Currency {
			return min(line.Left, a.Open), nil
		}
		return line.Left, nil
	}
	part, ok := ParseAmount(amount)
	switch {
	case !ok || part <= 0:
		return 0, apperr.Fields(map[string]string{"amount": "dues.fault.amount"})
	case part > line.Left:
		return 0, apperr.Fields(map[string]string{"amount": "dues.bank.line_short"})
	}
	return part, nil
}

// SetAside takes a line off the list because it is no payment of dues; without a reason it
// puts it back. Errors: forbidden, not found, invalid (no reason), conflict (a part of it was
// credited).
func (s *Service) SetAside(ctx context.Context, actor identity.Actor, lineID, reason string) error {
	if err := actor.May(identity.EditDues); err != nil {
		return err
	}
	if len([]rune(reason)) > 400 {
		return apperr.Fields(map[string]string{"reason": "error.too_long"})
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		line, err := repository{tx}.lockLine(ctx, lineID)
		if err != nil {
			return err
		}
		if reason == "" && line.State != "aside" {
			return apperr.Fields(map[string]string{"reason": "error.required"})
		}
		if line.Left != line.Amount {
			return apperr.New(apperr.Conflict, "dues.bank.partly")
		}
		_, err = tx.Exec(ctx, `update dues_bank_lines set aside_reason = $2, state = case when $2 = '' then 'open' else 'aside' end where id = $1`, line.id, reason)
		if err != nil {
			return err
		}
		var file int64
		if err := tx.QueryRow(ctx, `select file_id from dues_bank_lines where id = $1`, line.id).Scan(&file); err != nil {
			return err
		}
		action := map[bool]string{true: "bank_file.put_back", false: "bank_file.set_aside"}[reason == ""]
		return s.record(ctx, tx, actor, subject.Ref{Kind: subject.BankFile, ID: file}, action,
			map[string]any{"row": line.Row, "amount": line.Amount.String() + " " + line.Currency, "reason": reason})
	})
}
