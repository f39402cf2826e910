package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/jobs"
	"github.com/birlik/portal/internal/subject"
)

// Digest is one letter that gathers what somebody is told.
type Digest struct {
	To        Recipient
	Notes     []Note // the oldest first
	MessageID string
}

// GatherArgs is the job that makes the digests whose time has come.
type GatherArgs struct{}

// Kind implements river.JobArgs.
func (GatherArgs) Kind() string { return "notify_gather" }

// DigestArgs is the job that mails one digest.
type DigestArgs struct {
	DigestID int64 `json:"digest_id"`
}

// Kind implements river.JobArgs.
func (DigestArgs) Kind() string { return "notify_digest" }

// WithDigest says how a digest is mailed. Without it nothing is ever held back.
func (e *Engine) WithDigest(send func(ctx context.Context, d Digest) error) *Engine {
	e.sendDigest = send
	return e
}

// paceFor is how fast a note is told: letters that ask for something by a day, and mailboxes
// without an account, are told at once.
func (e *Engine) paceFor(ctx context.Context, tx pgx.Tx, n *Note) (Pace, error) {
	if e.sendDigest == nil || n.urgent || n.To.UserID == 0 {
		return Now, nil
	}
	pace := Now
	err := tx.QueryRow(ctx, `select pace from notification_choices where user_id = $1 and topic = $2`, n.To.UserID, n.topic).Scan(&pace)
	if errors.Is(err, pgx.ErrNoRows) {
		return Now, nil
	}
	return pace, err
}

// hold keeps a notification for the next letter of its pace.
func hold(ctx context.Context, tx pgx.Tx, id int64, pace Pace, zone string) error {
	_, err := tx.Exec(ctx, `update notifications set state = 'held', held_until = $2 where id = $1`, id, heldUntil(pace, zone, time.Now()))
	return err
}

type gather struct {
	river.WorkerDefaults[GatherArgs]
	engine *Engine
}

// Work makes one digest of everything whose time has come for a person, and gives it a job,
// all in one transaction: run twice at once, the second finds nothing.
func (w *gather) Work(ctx context.Context, _ *river.Job[GatherArgs]) error {
	return pgx.BeginFunc(ctx, w.engine.pool, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			select id, user_id from notifications
			where state = 'held' and digest_id is null and held_until <= now()
			order by held_until, id limit 5000 for update skip locked`)
		due := map[int64][]int64{}
		var id, userID int64
		_, err := pgx.ForEachRow(rows, []any{&id, &userID}, func() error {
			due[userID] = append(due[userID], id)
			return nil
		})
		if err != nil {
			return err
		}
		for userID, ids := range due {
			if err := w.digest(ctx, tx, userID, ids); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *gather) digest(ctx context.Context, tx pgx.Tx, userID int64, ids []int64) error {
	var id int64
	messageID := fmt.Sprintf("%s.digest@%s", subject.NewPublicID(), w.engine.host)
	err := tx.QueryRow(ctx, `insert into notify_digests (user_id, message_id) values ($1, $2) returning id`, userID, messageID).Scan(&id)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `update notifications set digest_id = $2 where id = any($1)`, ids, id); err != nil {
		return err
	}
	return jobs.Insert(ctx, tx, DigestArgs{DigestID: id})
}

type sendDigest struct {
	river.WorkerDefaults[DigestArgs]
	engine *Engine
}

// Work mails one digest. What no longer holds is left out; a digest of nothing is not sent.
// As with single letters, a crash repeats the mail under the same Message-ID.
func (w *sendDigest) Work(ctx context.Context, job *river.Job[DigestArgs]) error {
	return pgx.BeginFunc(ctx, w.engine.pool, func(tx pgx.Tx) error {
		d, told, dropped, err := w.engine.digest(ctx, tx, job.Args.DigestID)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update notifications set state = 'dropped' where id = any($1)`, dropped); err != nil {
			return err
		}
		if len(d.Notes) == 0 {
			return nil
		}
		if err := w.engine.sendDigest(ctx, d); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update notifications set state = 'sent', sent_at = now() where id = any($1)`, told)
		return err
	})
}

// digest reads what a digest tells, and the notifications that it tells of or drops.
func (e *Engine) digest(ctx context.Context, tx pgx.Tx, id int64) (d Digest, told, dropped []int64, err error) {
	if err = tx.QueryRow(ctx, `select message_id from notify_digests where id = $1 for update`, id).Scan(&d.MessageID); err != nil {
		return d, nil, nil, err
	}
	rows, _ := tx.Query(ctx, `select id from notifications where digest_id = $1 and state = 'held' order by id`, id)
	waiting, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return d, nil, nil, err
	}
	for _, notification := range waiting {
		n, still, err := e.note(ctx, tx, notification, "held")
		if err != nil {
			return d, nil, nil, err
		}
		if n == nil || !still {
			dropped = append(dropped, notification)
			continue
		}
		d.To, d.Notes, told = n.To, append(d.Notes, *n), append(told, notification)
	}
	return d, told, dropped, nil
}
