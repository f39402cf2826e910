package privacy

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/jobs"
)

// LetterArgs is the job that writes to a person about their data. It carries the address,
// because after an erasure nothing else does; the queue forgets it a day later.
type LetterArgs struct {
	What string    `json:"what"` // names the words: mail.privacy.<what>
	To   string    `json:"to"`
	Name string    `json:"name"`
	Lang string    `json:"lang"`
	Zone string    `json:"zone"`
	Path string    `json:"path"` // of the button, after the language
	Text string    `json:"text"` // words of staff, given on as they are
	Note string    `json:"note"` // message key of a ground
	Due  time.Time `json:"due"`
}

// Kind implements river.JobArgs.
func (LetterArgs) Kind() string { return "privacy_letter" }

// Letter is what a letter about personal data says, and to whom.
type Letter struct {
	Key string // the same letter tried again has the same
	LetterArgs
}

// LetterWorker works LetterArgs: it mails by Send, which composes the message.
type LetterWorker struct {
	river.WorkerDefaults[LetterArgs]
	Send func(ctx context.Context, l Letter) error
}

// Work implements river.Worker.
func (w *LetterWorker) Work(ctx context.Context, job *river.Job[LetterArgs]) error {
	return w.Send(ctx, Letter{Key: "privacy." + strconv.FormatInt(job.ID, 10), LetterArgs: job.Args})
}

// letterTo has a letter mailed to a person at their stored address, once tx commits.
func (s *Service) letterTo(ctx context.Context, tx pgx.Tx, userID int64, what, path string) error {
	return s.write(ctx, tx, userID, LetterArgs{What: what, Path: path})
}

// write fills in whom a letter goes to. It is called before an erasure takes the address.
func (s *Service) write(ctx context.Context, tx pgx.Tx, userID int64, l LetterArgs) error {
	err := tx.QueryRow(ctx, `select email, name, lang, zone from users where id = $1`, userID).Scan(&l.To, &l.Name, &l.Lang, &l.Zone)
	if err != nil {
		return err
	}
	return jobs.Insert(ctx, tx, l)
}
