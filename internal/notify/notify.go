// Package notify tells people what happened: an event is stored in the transaction that
// causes it, a job finds the recipients and gives each a notification, and one job a
// notification mails it. Killed anywhere, it goes on where it was: nobody is missed, and a
// repeated mail carries the same Message-ID.
package notify

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/jobs"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Event is something that people are told.
type Event struct {
	Name    string // "requests.submitted"
	Subject subject.Ref
	Args    map[string]any // for the texts
	Key     string         // unique: the same event twice is told once
	Actor   identity.Actor // who caused it; they are not told
}

// FanOutArgs is the job that finds an event's recipients.
type FanOutArgs struct {
	EventID int64 `json:"event_id"`
}

// Kind implements river.JobArgs.
func (FanOutArgs) Kind() string { return "notify_fan_out" }

// DeliverArgs is the job that mails one notification.
type DeliverArgs struct {
	NotificationID int64 `json:"notification_id"`
}

// Kind implements river.JobArgs.
func (DeliverArgs) Kind() string { return "notify_deliver" }

// Enqueue stores the event and its job in the caller's transaction. The same key again
// does nothing.
func Enqueue(ctx context.Context, tx pgx.Tx, e Event) error {
	args, err := json.Marshal(e.Args)
	if err != nil {
		return fmt.Errorf("event %s: %w", e.Name, err)
	}
	if e.Args == nil {
		args = []byte("{}")
	}
	return postgres.Engine(ctx, tx, func() error {
		var id int64
		err := tx.QueryRow(ctx, `
			insert into notify_events (name, subject_id, args, key, actor_id) values ($1, $2, $3, $4, nullif($5, 0))
			on conflict (key) do nothing returning id`, e.Name, e.Subject.ID, args, e.Name+":"+e.Key, e.Actor.UserID).Scan(&id)
		if err == pgx.ErrNoRows {
			return nil
		}
		if err != nil {
			return fmt.Errorf("event %s: %w", e.Name, err)
		}
		return jobs.Insert(ctx, tx, FanOutArgs{EventID: id})
	})
}

// EnqueueMany is Enqueue for many events of one act, in three statements.
func EnqueueMany(ctx context.Context, tx pgx.Tx, list []Event) error {
	names, keys, args := make([]string, len(list)), make([]string, len(list)), make([][]byte, len(list))
	subjects, actors := make([]int64, len(list)), make([]int64, len(list))
	for i, e := range list {
		body, err := json.Marshal(e.Args)
		if err != nil {
			return fmt.Errorf("event %s: %w", e.Name, err)
		}
		if e.Args == nil {
			body = []byte("{}")
		}
		names[i], keys[i], args[i], subjects[i], actors[i] = e.Name, e.Name+":"+e.Key, body, e.Subject.ID, e.Actor.UserID
	}
	return postgres.Engine(ctx, tx, func() error {
		rows, _ := tx.Query(ctx, `
			insert into notify_events (name, subject_id, args, key, actor_id)
			select name, subject_id, convert_from(args, 'UTF8')::jsonb, key, nullif(actor_id, 0)
			from unnest($1::text[], $2::bigint[], $3::bytea[], $4::text[], $5::bigint[]) e (name, subject_id, args, key, actor_id)
			on conflict (key) do nothing returning id`, names, subjects, args, keys, actors)
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return fmt.Errorf("events: %w", err)
		}
		return jobs.InsertMany(ctx, tx, fanOuts(ids))
	})
}

func fanOuts(ids []int64) []river.JobArgs {
	out := make([]river.JobArgs, len(ids))
	for i, id := range ids {
		out[i] = FanOutArgs{EventID: id}
	}
	return out
}

// Recipient is one person to tell, or one mailbox that belongs to no account.
type Recipient struct {
	UserID int64 // 0: a mailbox; then all that follows is filled in
	Name   string
	Email  string
	Lang   string
	Zone   string
}

// Rule says, for one kind of event, who is told and what the mail says.
type Rule struct {
	On string
	// To finds the recipients, after the event's state is stored.
	To func(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]Recipient, error)
	// Still is asked again before each mail; nil: always. A thing deleted meanwhile is not told.
	Still func(ctx context.Context, q postgres.Querier, ref subject.Ref, to Recipient) (bool, error)
	// Path is where the mail's button leads, after the language: "/m/…/requests/…".
	Path func(ctx context.Context, q postgres.Querier, ref subject.Ref, to Recipient) (string, error)
	// ReplyTo is the address at which the mail can be answered; nil or empty: nowhere.
	ReplyTo func(ctx context.Context, q postgres.Querier, ref subject.Ref, to Recipient) (string, error)
	// Keys are message keys: <Keys>.subject, .lead and .action.
	Keys string
	// Urgent letters ask for something by a day: they never wait for a digest.
	Urgent bool
}

// Note is what a recipient is told, ready for a letter.
type Note struct {
	To        Recipient
	Keys      string
	Args      map[string]any
	Path      string // with the language: "/tr/m/…"
	MessageID string
	ReplyTo   string // empty: it cannot be answered by mail

	topic  string
	urgent bool
}

// Register adds the workers of notifications. deliver sends one note as a letter.
func Register(workers *river.Workers, engine *Engine) {
	river.AddWorker(workers, &fanOut{engine: engine})
	river.AddWorker(workers, &deliver{engine: engine})
	river.AddWorker(workers, &gather{engine: engine})
	river.AddWorker(workers, &sendDigest{engine: engine})
}
