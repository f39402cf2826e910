// Package messages holds who said what to whom about a record. Readers are rows: a note
// has none, so no query of a member can find one.
package messages

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Side is the direction of a message.
type Side string

// The sides.
const (
	In   Side = "in"   // from an organisation to the union
	Out  Side = "out"  // from the union to an organisation
	Note Side = "note" // among staff
)

// MaxLength is the most letters of a message.
const MaxLength = 20000

// Send writes a message about a record that orgID owns, and gives it its readers.
// Errors: invalid (empty or too long), forbidden (a member's note).
func Send(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, orgID int64, side Side, body string) (int64, error) {
	if err := check(actor, side, body); err != nil {
		return 0, err
	}
	var id int64
	err := postgres.Engine(ctx, tx, func() error {
		err := tx.QueryRow(ctx, `
			insert into messages (subject_id, side, body, lang, actor_id, mandate_id, org_id)
			values ($1, $2, $3, $4, nullif($5, 0), nullif($6, 0), coalesce(nullif($7, 0), union_id()))
			returning id`, ref.ID, side, body, actor.Lang, actor.UserID, actor.MandateID, actor.OrgID).Scan(&id)
		if err != nil || side == Note {
			return err
		}
		_, err = tx.Exec(ctx, `insert into message_orgs (message_id, side, org_id) values ($1, $2, $3)`, id, side, orgID)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("message on %s: %w", ref, err)
	}
	return id, nil
}

func check(actor identity.Actor, side Side, body string) error {
	switch {
	case body == "":
		return apperr.Fields(map[string]string{"body": "error.required"})
	case len([]rune(body)) > MaxLength:
		return apperr.Fields(map[string]string{"body": "error.too_long"})
	case actor.Side == identity.Member && side != In:
		return apperr.New(apperr.Forbidden, "error.forbidden")
	}
	return nil
}

// Message is one message, as its readers see it.
type Message struct {
	ID        int64
	Side      Side
	Body      string
	Lang      string
	ActorName string // empty: the system
	OrgName   string // for whom the writer wrote
	At        time.Time
	ReadAt    *time.Time // by whom it was written to, in the portal; nil: not yet, or nobody
}

// Of lists the messages about a record that the actor may read, first to last: staff read
// all, a member those that name the organisation as a reader.
func Of(ctx context.Context, q postgres.Querier, actor identity.Actor, ref subject.Ref) ([]Message, error) {
	rows, err := q.Query(ctx, `
		select m.id, m.side, m.body, m.lang, coalesce(u.name, ''), o.name, m.at,
			(select max(r.read_at) from message_orgs r where r.message_id = m.id)
		from messages m
		join organisations o on o.id = m.org_id
		left join users u on u.id = m.actor_id
		where m.subject_id = $1 and ($2 or exists (
			select from message_orgs r where r.message_id = m.id and r.org_id = $3))
		order by m.id`, ref.ID, actor.Side != identity.Member && actor.Side != identity.Visitor, actor.OrgID)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Message])
}

// MarkRead keeps that an organisation opened what was written to it about a record; the first
// time counts. The caller has asked permission.
func MarkRead(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref) error {
	return postgres.Engine(ctx, tx, func() error {
		_, err := tx.Exec(ctx, `
			update message_orgs r set read_at = now() from messages m
			where m.id = r.message_id and m.subject_id = $1 and r.org_id = $2 and r.side = 'out' and r.read_at is null`, ref.ID, actor.OrgID)
		return err
	})
}
