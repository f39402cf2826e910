package circulars

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/jobs"
	"github.com/birlik/portal/internal/notify"
)

// RemindEvery is how long an organisation is left in peace after a reminder.
const RemindEvery = 3 * 24 * time.Hour

// Round is one round of reminders and how far it is.
type Round struct {
	At    time.Time
	Total int
	Done  int
	Over  bool
}

// RemindArgs is the job of one round.
type RemindArgs struct {
	ReminderID int64 `json:"reminder_id"`
}

// Kind implements river.JobArgs.
func (RemindArgs) Kind() string { return "circular_remind" }

// RemindWorker reminds the organisations of a round.
type RemindWorker struct {
	river.WorkerDefaults[RemindArgs]
	Circulars *Service
}

// Work goes through the copies that wait; killed anywhere, it goes on there.
func (w *RemindWorker) Work(ctx context.Context, job *river.Job[RemindArgs]) error {
	return w.Circulars.GoRemind(ctx, job.Args.ReminderID)
}

// Timeout is enough for a hundred thousand copies.
func (*RemindWorker) Timeout(*river.Job[RemindArgs]) time.Duration { return 30 * time.Minute }

// due are the copies that a reminder of a moment reaches; $2 is the end of the peace of the last one.
const due = `x.circular_id = $1 and x.open and (x.reminded_at is null or x.reminded_at <= $2)`

// Remind begins a round of reminders to all who have not confirmed a circular and were left in
// peace for RemindEvery, and says how many they are.
// Errors: sign_in, forbidden, not found, conflict (nobody; a round is on its way).
func (s *Service) Remind(ctx context.Context, actor identity.Actor, publicID string) (count int, err error) {
	if err := actor.May(identity.WriteCirculars); err != nil {
		return 0, err
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		c, err := repository{tx}.open(ctx, publicID, ` for update of c`)
		if err != nil {
			return err
		}
		if !c.Holds() {
			return apperr.New(apperr.Conflict, "circulars.not_issued")
		}
		var running bool
		err = tx.QueryRow(ctx, `select exists (select from circular_reminders where circular_id = $1 and finished_at is null), (select count(*) from circular_copies x where `+due+`)`,
			c.ID, s.now().Add(-RemindEvery)).Scan(&running, &count)
		switch {
		case err != nil:
			return err
		case running:
			return apperr.New(apperr.Conflict, "circulars.reminding")
		case count == 0:
			return apperr.New(apperr.Conflict, "circulars.remind_nobody")
		}
		var id int64
		err = tx.QueryRow(ctx, `insert into circular_reminders (circular_id, actor_id, at, total) values ($1, $2, $3, $4) returning id`, c.ID, actor.UserID, s.now(), count).Scan(&id)
		if err != nil {
			return err
		}
		if err := record(ctx, tx, actor, c.Ref(), "circular.remind", map[string]int{"organisations": count}); err != nil {
			return err
		}
		return jobs.Insert(ctx, tx, RemindArgs{ReminderID: id})
	})
	return count, err
}

// GoRemind does a round of reminders, or goes on with it.
func (s *Service) GoRemind(ctx context.Context, id int64) error {
	err := s.inBatches(ctx, func(tx pgx.Tx) (int, error) {
		var circular int64
		var at time.Time
		if err := tx.QueryRow(ctx, `select circular_id, at from circular_reminders where id = $1`, id).Scan(&circular, &at); err != nil {
			return 0, err
		}
		c, err := repository{tx}.one(ctx, `where c.id = $1`, circular)
		if err != nil || !c.Holds() {
			return 0, err
		}
		copies, err := repository{tx}.some(ctx, due, batch, circular, at.Add(-RemindEvery))
		if err != nil || len(copies) == 0 {
			return 0, err
		}
		if err := notify.EnqueueMany(ctx, tx, told(reminded, identity.Worker(), c, copies, "."+strconv.FormatInt(id, 10))); err != nil {
			return 0, err
		}
		if _, err := tx.Exec(ctx, `update circular_copies set reminded_at = $2 where id = any($1)`, idsOf(copies), at); err != nil {
			return 0, err
		}
		_, err = tx.Exec(ctx, `update circular_reminders set done = done + $2 where id = $1`, id, len(copies))
		return len(copies), err
	})
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update circular_reminders set finished_at = $2 where id = $1 and finished_at is null`, id, s.now())
		return err
	})
}
