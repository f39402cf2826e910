package accounts

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/jobs"
)

// LetterArgs is the job that tells people what changed in how they sign in. It goes to the
// address that the account had when it changed.
type LetterArgs struct {
	UserID int64     `json:"user_id"`
	What   string    `json:"what"` // "password_changed", "totp_added", …: names the words
	To     string    `json:"to"`
	At     time.Time `json:"at"`
}

// Kind implements river.JobArgs.
func (LetterArgs) Kind() string { return "accounts_letter" }

// Letter is what a letter about an account says, and to whom.
type Letter struct {
	Key              string // the same letter tried again has the same
	What, To         string
	Name, Lang, Zone string
	At               time.Time
}

// LetterWorker works LetterArgs: it mails by Send, which composes the message.
type LetterWorker struct {
	river.WorkerDefaults[LetterArgs]
	Accounts *Service
	Send     func(ctx context.Context, l Letter) error
}

// Work implements river.Worker. An account that is gone gets no letter.
func (w *LetterWorker) Work(ctx context.Context, job *river.Job[LetterArgs]) error {
	a := job.Args
	l := Letter{Key: fmtKey(job.ID), What: a.What, To: a.To, At: a.At}
	err := w.Accounts.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select name, lang, zone from users where id = $1`, a.UserID).Scan(&l.Name, &l.Lang, &l.Zone)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return w.Send(ctx, l)
}

// letter has a letter about an account mailed once the transaction commits.
func (s *Service) letter(ctx context.Context, tx pgx.Tx, userID int64, what, to string) error {
	return jobs.Insert(ctx, tx, LetterArgs{UserID: userID, What: what, To: to, At: s.now()})
}

// tell records what people did to their own account, and has a letter about it mailed.
func (s *Service) tell(ctx context.Context, tx pgx.Tx, actor identity.Actor, what string) error {
	if err := s.record(ctx, tx, actor, what, actor.UserID, nil); err != nil {
		return err
	}
	return s.letterTo(ctx, tx, actor.UserID, what)
}

// letterTo is letter to the stored address.
func (s *Service) letterTo(ctx context.Context, tx pgx.Tx, userID int64, what string) error {
	var to string
	if err := tx.QueryRow(ctx, `select email from users where id = $1`, userID).Scan(&to); err != nil {
		return err
	}
	return s.letter(ctx, tx, userID, what, to)
}

func fmtKey(id int64) string { return "account." + strconv.FormatInt(id, 10) }
