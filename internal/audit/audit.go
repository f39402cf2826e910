// Package audit records what happened to a record, by whom and for whom.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Entry is one act on one record.
type Entry struct {
	Actor   identity.Actor
	Action  string      // "request.register"
	Subject subject.Ref // what was acted on
	Payload any         // what changed, as JSON; nil for nothing
	Request string      // the request's id, to find the log line
}

const insertEntry = `
	insert into audit_entries (subject_id, action, actor_id, mandate_id, org_id, request_id, payload)
	values ($1, $2, nullif($3, 0), nullif($4, 0), coalesce(nullif($5, 0), union_id()), $6, $7)`

// payload is what changed, as JSON; nil for nothing.
func (e Entry) payload() ([]byte, error) {
	if e.Payload == nil {
		return nil, nil
	}
	payload, err := json.Marshal(e.Payload)
	if err != nil {
		return nil, fmt.Errorf("audit %s: %w", e.Action, err)
	}
	return payload, nil
}

// Record writes the entry in the caller's transaction: the act and its record are stored
// together or not at all.
func Record(ctx context.Context, tx pgx.Tx, e Entry) error {
	payload, err := e.payload()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertEntry, e.Subject.ID, e.Action, e.Actor.UserID, e.Actor.MandateID, e.Actor.OrgID, e.Request, payload)
	if err != nil {
		return fmt.Errorf("audit %s: %w", e.Action, err)
	}
	return nil
}

// RecordMany is Record for many records in one statement.
func RecordMany(ctx context.Context, tx pgx.Tx, entries []Entry) error {
	if len(entries) == 0 {
		return nil
	}
	n := len(entries)
	subjects, actions, actors, mandates, orgs, payloads := make([]int64, n), make([]string, n), make([]int64, n), make([]int64, n), make([]int64, n), make([]*string, n)
	for i, e := range entries {
		subjects[i], actions[i], actors[i], mandates[i], orgs[i] = e.Subject.ID, e.Action, e.Actor.UserID, e.Actor.MandateID, e.Actor.OrgID
		if e.Payload != nil {
			text, err := json.Marshal(e.Payload)
			if err != nil {
				return fmt.Errorf("audit %s: %w", e.Action, err)
			}
			payloads[i] = new(string)
			*payloads[i] = string(text)
		}
	}
	_, err := tx.Exec(ctx, `
		insert into audit_entries (subject_id, action, actor_id, mandate_id, org_id, payload)
		select x.subject, x.action, nullif(x.actor, 0), nullif(x.mandate, 0), coalesce(nullif(x.org, 0), union_id()), x.payload::jsonb
		from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[]) x (subject, action, actor, mandate, org, payload)`,
		subjects, actions, actors, mandates, orgs, payloads)
	if err != nil {
		return fmt.Errorf("audit %s and others: %w", entries[0].Action, err)
	}
	return nil
}

// Line is one entry as people read it.
type Line struct {
	ID        int64
	At        time.Time
	Action    string
	ActorName string // empty: the system
	OrgName   string // for whom the actor acted
	Kind      subject.Kind
	SubjectID int64
	PublicID  string
	Payload   []byte
}

// Of lists a record's entries, newest first, before the entry with the id before (0: from
// the newest). The caller has asked permission.
func Of(ctx context.Context, q postgres.Querier, ref subject.Ref, before int64, limit int) ([]Line, error) {
	return lines(ctx, q, `
		select a.id, a.at, a.action, coalesce(u.name, '') as actor_name, o.name as org_name, s.kind, s.id as subject_id, s.public_id, a.payload
		from audit_entries a
		join subjects s on s.id = a.subject_id
		join organisations o on o.id = a.org_id
		left join users u on u.id = a.actor_id
		where a.subject_id = $1 and ($2 = 0 or a.id < $2)
		order by a.id desc limit $3`, ref.ID, before, limit)
}

func lines(ctx context.Context, q postgres.Querier, sql string, args ...any) ([]Line, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Line])
}

// RecordAll is Record for many acts at once, in one round trip.
func RecordAll(ctx context.Context, tx pgx.Tx, entries []Entry) error {
	batch := &pgx.Batch{}
	for _, e := range entries {
		payload, err := e.payload()
		if err != nil {
			return err
		}
		batch.Queue(insertEntry, e.Subject.ID, e.Action, e.Actor.UserID, e.Actor.MandateID, e.Actor.OrgID, e.Request, payload)
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("audit of %d acts: %w", len(entries), err)
	}
	return nil
}
