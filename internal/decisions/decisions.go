// Package decisions holds what the union's organs decided, as its minutes say. A decision
// never changes; a later one may supersede it.
package decisions

import (
	"cmp"
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Organ is who decides.
type Organ string

// The organs of the statute that decide on records.
const (
	ExecutiveBoard      Organ = "executive_board"
	AdministrativeBoard Organ = "administrative_board"
	GeneralAssembly     Organ = "general_assembly"
	SecretaryGeneral    Organ = "secretary_general"
)

// The statute's other organs. Committees are rows of the table organs, which knows them all.
const (
	SupervisoryBoard  Organ = "supervisory_board"
	HighAdvisoryBoard Organ = "high_advisory_board"
)

// Organs lists those that decide on records.
func Organs() []Organ {
	return []Organ{ExecutiveBoard, AdministrativeBoard, GeneralAssembly, SecretaryGeneral}
}

// Outcome is what was decided about one record.
type Outcome string

// The outcomes.
const (
	Approve Outcome = "approve"
	Decline Outcome = "decline"
	Refer   Outcome = "refer"
)

// Decision is one decision of an organ about one or more records.
type Decision struct {
	Organ  Organ
	Number string // as in the minutes: "14" or "2026/14"
	Date   time.Time
	Text   string
	Votes  *Votes // nil where the minutes do not count them
	Items  []Item

	Title      string // a few words; empty where the records that it rules on say enough
	Lang       string // that it is written in; empty: Turkish
	MeetingID  int64  // where it was taken; 0: not known, or by no meeting
	ItemID     int64  // of the meeting's agenda; 0: none
	Supersedes int64  // the decision that it takes the place of; 0: none
}

// Votes are what the minutes count.
type Votes struct{ For, Against, Abstained int }

// Item is what the decision says about one record.
type Item struct {
	Subject  subject.Ref
	Outcome  Outcome
	Reason   string // needed unless approved
	Amount   string // exact decimal; empty: none
	Currency string // ISO 4217; empty with Amount
}

// Record stores a decision and returns its id.
// Errors: invalid by field (the organ has that number this year already, or is none; another
// decision superseded that one), conflict (the meeting was not held with its quorum).
func Record(ctx context.Context, tx pgx.Tx, actor identity.Actor, d Decision) (int64, error) {
	if err := d.check(); err != nil {
		return 0, err
	}
	var id int64
	err := postgres.Engine(ctx, tx, func() error {
		err := tx.QueryRow(ctx, `
			with s as (
				insert into subjects (kind, org_id, public_id) values ('decision', union_id(), $7) returning id, org_id
			), d as (
				insert into decisions (id, org_id, organ, number, year, decided_on, text, actor_id, votes_for, votes_against, votes_abstained,
					title, lang, meeting_id, agenda_item_id, supersedes_id)
				select id, org_id, $1, $2, $3, $4, $5, nullif($6, 0), $8, $9, $10, $11, $12, nullif($13, 0), nullif($14, 0), nullif($15, 0) from s
			)
			select id from s`, d.columns(actor)...).Scan(&id)
		if err != nil {
			return err
		}
		return insertItems(ctx, tx, id, d.Items)
	})
	if err != nil {
		return 0, refusal(err)
	}
	return id, audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "decision.record",
		Subject: subject.Ref{Kind: subject.Decision, ID: id}, Payload: d})
}

func (d Decision) columns(actor identity.Actor) []any {
	out := append([]any{d.Organ, d.Number, d.Date.Year(), d.Date, d.Text, actor.UserID, subject.NewPublicID()}, d.Votes.columns()...)
	return append(out, d.Title, cmp.Or(d.Lang, string(locale.Default)), d.MeetingID, d.ItemID, d.Supersedes)
}

// refusal says which rule of the table a decision breaks.
func refusal(err error) error {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return err
	}
	switch pg.ConstraintName {
	case "decisions_organ_year_number_key":
		return apperr.Fields(map[string]string{"number": "decisions.number_taken"})
	case "decisions_organ":
		return apperr.Fields(map[string]string{"organ": "error.required"})
	case "decisions_supersedes":
		return apperr.Fields(map[string]string{"supersedes": "decisions.superseded_already"})
	case "decisions_meeting":
		return apperr.Wrap(err, apperr.Conflict, "decisions.no_quorum")
	}
	return err
}

// columns are the three counts; nulls where nobody counted.
func (v *Votes) columns() []any {
	if v == nil {
		return []any{nil, nil, nil}
	}
	return []any{v.For, v.Against, v.Abstained}
}

func insertItems(ctx context.Context, tx pgx.Tx, id int64, items []Item) error {
	batch := &pgx.Batch{}
	for _, item := range items {
		batch.Queue(`insert into decision_items (decision_id, subject_id, outcome, reason, amount, currency)
			values ($1, $2, $3, $4, nullif($5, '')::numeric, nullif($6, ''))`,
			id, item.Subject.ID, item.Outcome, item.Reason, item.Amount, item.Currency)
	}
	return tx.SendBatch(ctx, batch).Close()
}

// Limits in characters.
const (
	maxTitle = 300
	maxText  = 20_000
)

func (d Decision) check() error {
	faults := map[string]string{}
	if d.Number == "" || len(d.Number) > 40 {
		faults["number"] = "error.required"
	}
	if d.Date.IsZero() {
		faults["date"] = "error.required"
	}
	if utf8.RuneCountInString(d.Title) > maxTitle {
		faults["title"] = "error.too_long"
	}
	if utf8.RuneCountInString(d.Text) > maxText {
		faults["text"] = "error.too_long"
	}
	for _, item := range d.Items {
		if item.Outcome != Approve && item.Reason == "" {
			faults["reason"] = "decisions.reason_needed"
		}
	}
	return apperr.Fields(faults)
}

// Made is a decision about one record, as people read it.
type Made struct {
	ID       int64
	Organ    Organ
	Number   string
	Date     time.Time
	Outcome  Outcome
	Reason   string
	Amount   *string
	Currency *string
	PublicID string // of the decision
}

// About lists the decisions about a record, first to last. The caller has asked permission.
func About(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]Made, error) {
	rows, err := q.Query(ctx, `
		select d.id, d.organ, d.number, d.decided_on, i.outcome, i.reason, i.amount::text, i.currency, s.public_id
		from decision_items i join decisions d on d.id = i.decision_id join subjects s on s.id = d.id
		where i.subject_id = $1 order by d.decided_on, d.id`, ref.ID)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Made])
}
