// Package messages holds who said what to whom about a record. Readers are rows: a note
// has none, so no query of a member can find one.
package messages

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
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

// MaxFiles is the most files that whoever writes in the portal sends with a message.
const MaxFiles = 5

// Said is what is said in a message, and how it came.
type Said struct {
	Side   Side
	Body   string
	Mail   int64  // the letter that it came as; 0: it was written in the portal
	Sender string // who wrote the letter, where the actor is nobody
}

// Send writes a message about a record that orgID owns, and gives it its readers.
// Errors: invalid (empty or too long), forbidden (a member's note).
func Send(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, orgID int64, side Side, body string) (int64, error) {
	return Write(ctx, tx, actor, ref, orgID, Said{Side: side, Body: body})
}

// Write is Send for a message that came as a letter. A letter becomes one message.
// Errors: as Send.
func Write(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, orgID int64, said Said) (int64, error) {
	if err := check(actor, said.Side, said.Body); err != nil {
		return 0, err
	}
	var id int64
	err := postgres.Engine(ctx, tx, func() error {
		err := tx.QueryRow(ctx, `
			insert into messages (subject_id, side, body, lang, actor_id, mandate_id, org_id, mail_id, sender)
			values ($1, $2, $3, $4, nullif($5, 0), nullif($6, 0), coalesce(nullif($7, 0), union_id()), nullif($8, 0), $9)
			returning id`, ref.ID, said.Side, said.Body, actor.Lang, actor.UserID, actor.MandateID, actor.OrgID, said.Mail, said.Sender).Scan(&id)
		if err != nil || said.Side == Note {
			return err
		}
		_, err = tx.Exec(ctx, `insert into message_orgs (message_id, side, org_id) values ($1, $2, $3)`, id, said.Side, orgID)
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
	OrgName   string // for whom the writer wrote; empty: an outsider's letter
	At        time.Time
	ReadAt    *time.Time // by whom it was written to, in the portal; nil: not yet, or nobody
	ByMail    bool       // it came as a letter
	Sender    string     // who wrote the letter, where it was nobody with an account
	Retracted bool       // a letter that staff took back; only they read it
	Mail      string     // the letter's public id; empty: none, or the reader may not read letters

	Files []documents.Document // that came with it, as far as the reader may read them
	files []int64
}

// Of lists the messages about a record that the actor may read, first to last: staff read
// all, a member those that name the organisation as a reader.
func Of(ctx context.Context, q postgres.Querier, actor identity.Actor, ref subject.Ref) ([]Message, error) {
	staff := actor.Side != identity.Member && actor.Side != identity.Visitor
	rows, err := q.Query(ctx, `
		select m.id, m.side, m.body, m.lang, coalesce(u.name, ''), case when m.sender = '' or m.org_id <> union_id() then o.name else '' end, m.at,
			(select max(r.read_at) from message_orgs r where r.message_id = m.id), m.mail_id is not null, m.sender, coalesce(s.public_id, ''),
			m.mail_id is not null and not exists (select from message_orgs r where r.message_id = m.id),
			array(select f.document_id from message_files f where f.message_id = m.id)
		from messages m
		join organisations o on o.id = m.org_id
		left join users u on u.id = m.actor_id
		left join subjects s on s.id = m.mail_id and $2
		where m.subject_id = $1 and ($2 or exists (
			select from message_orgs r where r.message_id = m.id and r.org_id = $3))
		order by m.id`, ref.ID, staff, actor.OrgID)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, err
	}
	return list, withFiles(ctx, q, ref, list)
}

func scan(row pgx.CollectableRow) (m Message, err error) {
	err = row.Scan(&m.ID, &m.Side, &m.Body, &m.Lang, &m.ActorName, &m.OrgName, &m.At, &m.ReadAt, &m.ByMail, &m.Sender, &m.Mail, &m.Retracted, &m.files)
	return m, err
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
