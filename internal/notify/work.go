package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/jobs"
	"github.com/birlik/portal/internal/subject"
)

// Engine works events: it knows every rule and how a note is sent.
type Engine struct {
	pool       *pgxpool.Pool // the owner's
	rules      map[string][]Rule
	host       string // the right side of every Message-ID
	send       func(ctx context.Context, n Note) error
	sendDigest func(ctx context.Context, d Digest) error // nil: nothing is held back
}

// NewEngine makes the engine. host names the portal in Message-IDs; send mails one note.
func NewEngine(owner *pgxpool.Pool, host string, send func(ctx context.Context, n Note) error, rules ...Rule) *Engine {
	e := &Engine{pool: owner, host: host, send: send, rules: map[string][]Rule{}}
	for _, r := range rules {
		e.rules[r.On] = append(e.rules[r.On], r)
	}
	return e
}

type fanOut struct {
	river.WorkerDefaults[FanOutArgs]
	engine *Engine
}

// Work gives every recipient of an event one notification, and each notification a job,
// all in one transaction: run again, it adds nothing.
func (w *fanOut) Work(ctx context.Context, job *river.Job[FanOutArgs]) error {
	return pgx.BeginFunc(ctx, w.engine.pool, func(tx pgx.Tx) error {
		stored, err := w.engine.event(ctx, tx, job.Args.EventID)
		if err != nil {
			return err
		}
		for _, rule := range w.engine.rules[stored.name] {
			people, err := rule.To(ctx, tx, stored.ref)
			if err != nil {
				return fmt.Errorf("recipients of %s: %w", stored.name, err)
			}
			for _, person := range people {
				if err := w.give(ctx, tx, stored, person); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (w *fanOut) give(ctx context.Context, tx pgx.Tx, stored event, to Recipient) error {
	if to.UserID != 0 && to.UserID == stored.actorID {
		return nil // nobody is told what they did themselves
	}
	messageID := fmt.Sprintf("%s.%d@%s", subject.NewPublicID(), stored.id, w.engine.host)
	id, err := insertNotification(ctx, tx, stored.id, messageID, to)
	if err == pgx.ErrNoRows {
		return nil
	}
	if err != nil {
		return err
	}
	return jobs.Insert(ctx, tx, DeliverArgs{NotificationID: id})
}

// insertNotification keeps that somebody is to be told; pgx.ErrNoRows where that is kept already.
func insertNotification(ctx context.Context, tx pgx.Tx, eventID int64, messageID string, to Recipient) (id int64, err error) {
	if to.UserID != 0 {
		return id, tx.QueryRow(ctx, `
			insert into notifications (event_id, user_id, message_id) values ($1, $2, $3)
			on conflict (event_id, user_id) do nothing returning id`, eventID, to.UserID, messageID).Scan(&id)
	}
	return id, tx.QueryRow(ctx, `
		insert into notifications (event_id, name, email, lang, zone, message_id) values ($1, $2, $3, $4, $5, $6)
		on conflict (event_id, email) do nothing returning id`, eventID, to.Name, to.Email, to.Lang, to.Zone, messageID).Scan(&id)
}

type event struct {
	id      int64
	name    string
	ref     subject.Ref
	args    map[string]any
	actorID int64
}

func (e *Engine) event(ctx context.Context, tx pgx.Tx, id int64) (event, error) {
	out := event{id: id}
	var args []byte
	err := tx.QueryRow(ctx, `
		select e.name, s.kind, s.id, e.args, coalesce(e.actor_id, 0)
		from notify_events e join subjects s on s.id = e.subject_id where e.id = $1`, id).
		Scan(&out.name, &out.ref.Kind, &out.ref.ID, &args, &out.actorID)
	if err != nil {
		return out, fmt.Errorf("event %d: %w", id, err)
	}
	return out, json.Unmarshal(args, &out.args)
}

type deliver struct {
	river.WorkerDefaults[DeliverArgs]
	engine *Engine
}

// Work mails one notification, or holds it for the person's next digest. The mail leaves before the row says so: a crash in between
// repeats it under the same Message-ID, and never loses it.
func (w *deliver) Work(ctx context.Context, job *river.Job[DeliverArgs]) error {
	return pgx.BeginFunc(ctx, w.engine.pool, func(tx pgx.Tx) error {
		note, still, err := w.engine.note(ctx, tx, job.Args.NotificationID, "waiting")
		if err != nil || note == nil {
			return err
		}
		if !still {
			_, err := tx.Exec(ctx, `update notifications set state = 'dropped' where id = $1`, job.Args.NotificationID)
			return err
		}
		pace, err := w.engine.paceFor(ctx, tx, note)
		if err != nil {
			return err
		}
		if pace != Now {
			return hold(ctx, tx, job.Args.NotificationID, pace, note.To.Zone)
		}
		if err := w.engine.send(ctx, *note); err != nil {
			return unsent(ctx, tx, job.Args.NotificationID, err)
		}
		_, err = tx.Exec(ctx, `update notifications set state = 'sent', sent_at = now() where id = $1`, job.Args.NotificationID)
		return err
	})
}

// note reads what to tell; nil where the notification is in another state.
func (e *Engine) note(ctx context.Context, tx pgx.Tx, id int64, state string) (*Note, bool, error) {
	var n Note
	var eventID int64
	err := tx.QueryRow(ctx, `
		select n.event_id, n.message_id, coalesce(u.id, 0), coalesce(u.name, n.name), coalesce(u.email, n.email), coalesce(u.lang, n.lang),
			coalesce(u.zone, n.zone)
		from notifications n left join users u on u.id = n.user_id
		where n.id = $1 and n.state = $2 and (n.user_id is null or u.active) for update of n`, id, state).
		Scan(&eventID, &n.MessageID, &n.To.UserID, &n.To.Name, &n.To.Email, &n.To.Lang, &n.To.Zone)
	if err == pgx.ErrNoRows {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	stored, err := e.event(ctx, tx, eventID)
	if err != nil {
		return nil, false, err
	}
	rule, ok, err := e.ruleFor(ctx, tx, stored, n.To)
	if err != nil || !ok {
		return &n, false, err
	}
	path, err := rule.Path(ctx, tx, stored.ref, n.To)
	if err == nil && rule.ReplyTo != nil {
		n.ReplyTo, err = rule.ReplyTo(ctx, tx, stored.ref, n.To)
	}
	n.topic, n.urgent = topicOf(stored.name), rule.Urgent
	n.Keys, n.Args, n.Path = rule.Keys, stored.args, "/"+n.To.Lang+path
	return &n, true, err
}

// ruleFor is the first rule of the event that still holds for the person.
func (e *Engine) ruleFor(ctx context.Context, tx pgx.Tx, stored event, to Recipient) (Rule, bool, error) {
	for _, rule := range e.rules[stored.name] {
		people, err := rule.To(ctx, tx, stored.ref)
		if err != nil {
			return rule, false, err
		}
		if !has(people, to) {
			continue
		}
		if rule.Still == nil {
			return rule, true, nil
		}
		still, err := rule.Still(ctx, tx, stored.ref, to)
		if err != nil || still {
			return rule, still, err
		}
	}
	return Rule{}, false, nil
}

func has(people []Recipient, to Recipient) bool {
	return slices.ContainsFunc(people, func(p Recipient) bool {
		return p.UserID == to.UserID && (p.UserID != 0 || p.Email == to.Email)
	})
}
