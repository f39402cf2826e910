package decisions

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Cited is a decision as somebody chooses it, to rest something on it.
type Cited struct {
	ID       int64
	PublicID string
	Organ    Organ
	Number   string
	Date     time.Time
	Text     string // its title, else its beginning, on one line
	Names    Names  // the organ's
}

// Names are an organ's names by language.
type Names map[locale.Lang]string

// In is the name in a language.
func (n Names) In(lang locale.Lang) string { return cmp.Or(n[lang], n[locale.Default]) }

// maxRecent is as many decisions as a list to choose from can hold.
const maxRecent = 100

const citedColumns = `
	select d.id, s.public_id, d.organ, d.number, d.decided_on, left(regexp_replace(coalesce(nullif(d.title, ''), d.text), '\s+', ' ', 'g'), 90),
		(select jsonb_object_agg(t.lang, t.name) from organs o join organ_texts t on t.organ_id = o.id where o.code = d.organ)
	from decisions d join subjects s on s.id = d.id `

// Recent lists the newest decisions to choose from, of the named organs or of all.
// The caller has asked permission.
func Recent(ctx context.Context, q postgres.Querier, organs ...Organ) ([]Cited, error) {
	rows, err := q.Query(ctx, citedColumns+`
		where cardinality($1::text[]) = 0 or d.organ = any($1)
		order by d.decided_on desc, d.id desc limit $2`, append([]Organ{}, organs...), maxRecent)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Cited])
}

// Find is the decision of a public id. Errors: invalid at field (none was chosen, or there
// is none of that id).
func Find(ctx context.Context, q postgres.Querier, publicID, field string) (Cited, error) {
	rows, _ := q.Query(ctx, citedColumns+`where s.public_id = $1 and s.kind = 'decision'`, publicID)
	d, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Cited])
	if errors.Is(err, pgx.ErrNoRows) {
		return d, apperr.Fields(map[string]string{field: "decisions.choose"})
	}
	return d, err
}

// Rule records what a decision that stands in the register says about one more record: a
// meeting decides on many matters under one number. The caller has asked permission.
// Errors: invalid at "decision" (it speaks of that record already) or "reason".
func Rule(ctx context.Context, tx pgx.Tx, actor identity.Actor, d Cited, item Item) error {
	if item.Outcome != Approve && item.Reason == "" {
		return apperr.Fields(map[string]string{"reason": "decisions.reason_needed"})
	}
	err := postgres.Engine(ctx, tx, func() error { return insertItems(ctx, tx, d.ID, []Item{item}) })
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "23505" {
		return apperr.Fields(map[string]string{"decision": "decisions.ruled_already"})
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "decision.rule",
		Subject: subject.Ref{Kind: subject.Decision, ID: d.ID}, Payload: item})
}

// Items lists what a decision says about records, the first ones of many. The caller has
// asked permission.
func Items(ctx context.Context, q postgres.Querier, id int64) ([]Item, error) {
	const most = 200
	rows, _ := q.Query(ctx, `
		select s.kind, s.id, i.outcome, i.reason, coalesce(i.amount::text, ''), coalesce(i.currency, '')
		from decision_items i join subjects s on s.id = i.subject_id where i.decision_id = $1 order by s.id limit $2`, id, most)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (x Item, err error) {
		err = row.Scan(&x.Subject.Kind, &x.Subject.ID, &x.Outcome, &x.Reason, &x.Amount, &x.Currency)
		return x, err
	})
}
