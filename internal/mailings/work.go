package mailings

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/mail"
	"github.com/birlik/portal/internal/postgres"
)

// Post is one letter of a mailing, about to be drawn and sent.
type Post struct {
	To          Recipient
	Kind        Kind
	Title, Body string
	Key         string // the left side of the Message-ID, the same on every try
	Token       string // of the link to unsubscribe; empty: none
}

// Send draws and sends one letter. An error is explained by mail.Explain.
type Send func(ctx context.Context, p Post) error

// SendArgs is the job that sends a mailing's letters, as many as a minute allows.
type SendArgs struct {
	MailingID int64 `json:"mailing_id"`
}

// Kind implements river.JobArgs.
func (SendArgs) Kind() string { return "mailing_send" }

// WakeArgs is the job that goes on with mailings whose worker was killed, and with letters
// whose next try has come.
type WakeArgs struct{}

// Kind implements river.JobArgs.
func (WakeArgs) Kind() string { return "mailings_wake" }

// SendWorker sends letters.
type SendWorker struct {
	river.WorkerDefaults[SendArgs]
	Mailings *Service
	Send     Send
}

// Work sends until the minute's letters have left or nobody waits, and comes again.
func (w *SendWorker) Work(ctx context.Context, job *river.Job[SendArgs]) error {
	again, err := w.Mailings.Work(ctx, job.Args.MailingID, w.Send)
	if err != nil || again == 0 {
		return err
	}
	return river.JobSnooze(again)
}

// Timeout is longer than a stretch with a slow last letter.
func (*SendWorker) Timeout(*river.Job[SendArgs]) time.Duration { return 2 * time.Minute }

// WakeWorker wakes mailings.
type WakeWorker struct {
	river.WorkerDefaults[WakeArgs]
	Mailings *Service
	Send     Send
}

// Work takes up what lies.
func (w *WakeWorker) Work(ctx context.Context, _ *river.Job[WakeArgs]) error {
	var ids []int64
	err := w.Mailings.db.Read(ctx, identity.Worker(), func(q postgres.Querier) (err error) {
		rows, _ := q.Query(ctx, `select id from mailings where state = 'sending' and lease_until < $1 order by id`, w.Mailings.now())
		ids, err = pgx.CollectRows(rows, pgx.RowTo[int64])
		return err
	})
	for _, id := range ids {
		if _, workErr := w.Mailings.Work(ctx, id, w.Send); workErr != nil {
			err = errors.Join(err, workErr)
		}
	}
	return err
}

// Timeout is longer than a few stretches.
func (*WakeWorker) Timeout(*river.Job[WakeArgs]) time.Duration { return 5 * time.Minute }

const (
	// lease is how long a worker holds a mailing after its last letter: more than the
	// conversation of one letter may take (mail's own limit is 30 s).
	lease = 90 * time.Second
	// most is how many times a letter is tried that the server takes "later".
	most = 5
	// stretch is how long a worker sends before it asks the queue again: a process that is
	// stopped waits for it, and leaves no letter uncertain.
	stretch = 10 * time.Second
	// letterWithin bounds one letter, far within the lease.
	letterWithin = 45 * time.Second
)

// wait is how long after its n-th try a letter is tried again.
func wait(tries int) time.Duration {
	return []time.Duration{2 * time.Minute, 10 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour}[min(max(tries, 1), most)-1]
}

// Work sends what a minute allows, and says after which time to come again; 0: the mailing
// is done, stopped, or another worker has it.
//
// Each letter is claimed in a transaction of its own before it leaves, and noted as sent in
// another. A process that is killed in between leaves the claim: whoever takes the mailing
// up afterwards marks that one letter as unsure, and does not send it. So nobody gets a
// mailing twice, and whoever may have got nothing is named.
func (s *Service) Work(ctx context.Context, id int64, send Send) (again time.Duration, err error) {
	mine, err := s.take(ctx, id)
	if err != nil || !mine {
		return 0, err
	}
	defer func() { // the next worker need not wait; a killed one leaves the lease to run out
		err = errors.Join(err, s.release(context.WithoutCancel(ctx), id))
	}()
	texts, err := s.textsOf(ctx, id)
	if err != nil {
		return 0, err
	}
	for started := time.Now(); ctx.Err() == nil && time.Since(started) < stretch; {
		post, pause, err := s.claim(ctx, id, texts)
		if err != nil || post == nil {
			return pause, err
		}
		if err := s.deliver(ctx, *post, send); err != nil {
			return 0, err
		}
	}
	return time.Second, nil
}

// take claims the mailing for this worker, unless another holds it, and marks as unsure what
// an earlier worker was sending when it was killed.
func (s *Service) take(ctx context.Context, id int64) (mine bool, err error) {
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update mailings set lease_until = $2 where id = $1 and state = 'sending' and lease_until < $3`, id, s.now().Add(lease), s.now())
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		mine = true
		_, err = tx.Exec(ctx, `update mailing_recipients set state = 'unsure', reason = '' where mailing_id = $1 and state = 'claimed'`, id)
		return err
	})
	return mine, err
}

func (s *Service) release(ctx context.Context, id int64) error {
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update mailings set lease_until = '-infinity' where id = $1`, id)
		return err
	})
}

func (s *Service) textsOf(ctx context.Context, id int64) (texts []Written, err error) {
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		texts, err = repository{q}.written(ctx, id)
		return err
	})
	return texts, err
}

// claim takes the next letter that may leave now. Where there is none it says when to come
// again, and ends the mailing when nobody waits.
func (s *Service) claim(ctx context.Context, id int64, texts []Written) (post *Post, again time.Duration, err error) {
	now := s.now()
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		kind, sending, err := s.renew(ctx, tx, id, now)
		if err != nil || !sending {
			return err
		}
		if err := leaveOut(ctx, tx, id, kind); err != nil {
			return err
		}
		if again, err = s.crowded(ctx, tx, now); err != nil || again > 0 {
			return err
		}
		to, err := repository{tx}.next(ctx, id, now)
		if errors.Is(err, pgx.ErrNoRows) {
			again, err = s.finish(ctx, tx, id, now)
			return err
		}
		if err != nil {
			return err
		}
		text := pick(texts, to.Lang)
		post = &Post{To: to, Kind: kind, Title: text.Title, Body: text.Body, Key: to.PublicID}
		if kind == News {
			post.Token, err = repository{tx}.token(ctx, to.PublicID)
		}
		return err
	})
	return post, again, err
}

// renew holds the mailing on, and says whether it is still to be sent.
func (s *Service) renew(ctx context.Context, tx pgx.Tx, id int64, now time.Time) (kind Kind, sending bool, err error) {
	err = tx.QueryRow(ctx, `update mailings set lease_until = $2 where id = $1 and state = 'sending' returning kind`, id, now.Add(lease)).Scan(&kind)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", false, nil
	}
	return kind, err == nil, err
}

// leaveOut takes those off who have refused news since the mailing was sent off.
func leaveOut(ctx context.Context, tx pgx.Tx, id int64, kind Kind) error {
	if kind != News {
		return nil
	}
	_, err := tx.Exec(ctx, `
		update mailing_recipients r set state = 'unsubscribed' where r.mailing_id = $1 and r.state = 'waiting' and `+noNews, id)
	return err
}

// crowded is how long to wait where the last minute has had its letters.
func (s *Service) crowded(ctx context.Context, tx pgx.Tx, now time.Time) (time.Duration, error) {
	var left int
	var oldest *time.Time
	err := tx.QueryRow(ctx, `select count(*), min(claimed_at) from mailing_recipients where claimed_at > $1`, now.Add(-time.Minute)).Scan(&left, &oldest)
	if err != nil || left < s.perMinute || oldest == nil {
		return 0, err
	}
	return max(time.Second, oldest.Add(time.Minute).Sub(now)), nil
}

// next claims the recipient whose turn it is. Errors: pgx.ErrNoRows.
func (r repository) next(ctx context.Context, id int64, now time.Time) (to Recipient, err error) {
	err = r.db.QueryRow(ctx, `
		update mailing_recipients set state = 'claimed', claimed_at = $2, tries = tries + 1 where id = (
			select id from mailing_recipients where mailing_id = $1 and state = 'waiting' and next_at <= $2 order by next_at, id limit 1 for update skip locked)
		returning public_id, org_id, coalesce(user_id, 0), email, name, city, wanted, lang, state`, id, now).
		Scan(&to.PublicID, &to.OrgID, &to.UserID, &to.Email, &to.Name, &to.City, &to.Wanted, &to.Lang, &to.State)
	return to, err
}

// finish ends a mailing that nobody waits for; else it says when the next try comes.
func (s *Service) finish(ctx context.Context, tx pgx.Tx, id int64, now time.Time) (time.Duration, error) {
	var next *time.Time
	err := tx.QueryRow(ctx, `select min(next_at) from mailing_recipients where mailing_id = $1 and state = 'waiting'`, id).Scan(&next)
	if err != nil {
		return 0, err
	}
	if next != nil {
		return max(time.Second, next.Sub(now)), nil
	}
	return 0, repository{tx}.setState(ctx, id, Sent, now)
}

// deliver sends one claimed letter and notes what became of it.
func (s *Service) deliver(ctx context.Context, p Post, send Send) error {
	within, cancel := context.WithTimeout(ctx, letterWithin)
	defer cancel()
	failure := send(within, p)
	if ctx.Err() != nil && failure != nil {
		return failure // the process is ending: the claim stays, and will count as unsure
	}
	return s.db.InTx(context.WithoutCancel(ctx), identity.Worker(), func(tx pgx.Tx) error {
		return s.note(context.WithoutCancel(ctx), tx, p.To.PublicID, failure)
	})
}

func (s *Service) note(ctx context.Context, tx pgx.Tx, publicID string, failure error) error {
	if failure == nil {
		_, err := tx.Exec(ctx, `update mailing_recipients set state = 'sent', sent_at = $2, reason = '' where public_id = $1 and state = 'claimed'`, publicID, s.now())
		return err
	}
	outcome, reason := mail.Explain(failure)
	var tries int
	if err := tx.QueryRow(ctx, `select tries from mailing_recipients where public_id = $1`, publicID).Scan(&tries); err != nil {
		return err
	}
	state, next := Waiting, s.now().Add(wait(tries))
	switch {
	case outcome == mail.Unsure:
		state = Unsure
	case outcome == mail.Refused || tries >= most:
		state = Refused
	}
	_, err := tx.Exec(ctx, `update mailing_recipients set state = $2, reason = $3, next_at = $4 where public_id = $1 and state = 'claimed'`,
		publicID, state, reason, next)
	return err
}
