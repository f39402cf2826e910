package accounts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
)

// ResetArgs is the job that finds out whose address somebody typed to get a link.
type ResetArgs struct {
	EmailKey string  `json:"email_key"`
	Purpose  Purpose `json:"purpose,omitempty"` // empty: Reset
}

// Kind implements river.JobArgs.
func (ResetArgs) Kind() string { return "accounts_reset" }

// LinkArgs is the job that mails a link. It holds no secret: the token is made when the
// mail is, and stored as a hash only.
type LinkArgs struct {
	LinkID int64 `json:"link_id"`
}

// Kind implements river.JobArgs.
func (LinkArgs) Kind() string { return "accounts_link" }

// LinkMail is what the mail of a link says, and to whom.
type LinkMail struct {
	LinkID  int64
	Purpose Purpose
	To      string // the stored address
	Name    string
	Lang    string
	Path    string // "/tr/reset/…": goes behind the configured address of the portal
	Expires time.Time
	Zone    string // the reader's
	By      string // who invites; empty: the person asked for it
}

// ResetWorker works ResetArgs.
type ResetWorker struct {
	river.WorkerDefaults[ResetArgs]
	Accounts *Service
}

// Work implements river.Worker.
func (w *ResetWorker) Work(ctx context.Context, job *river.Job[ResetArgs]) error {
	return w.Accounts.openAsked(ctx, cmp.Or(job.Args.Purpose, Reset), job.Args.EmailKey)
}

// LinkWorker works LinkArgs: it mails by Send, which composes the message.
type LinkWorker struct {
	river.WorkerDefaults[LinkArgs]
	Accounts *Service
	Send     func(ctx context.Context, m LinkMail) error
}

// Work implements river.Worker. A link used or expired meanwhile is not mailed.
func (w *LinkWorker) Work(ctx context.Context, job *river.Job[LinkArgs]) error {
	m, err := w.Accounts.addToken(ctx, job.Args.LinkID)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return w.Send(ctx, m)
}

// addToken gives a link one more token and tells what its mail says.
// Errors: pgx.ErrNoRows (the link is open no more).
func (s *Service) addToken(ctx context.Context, linkID int64) (LinkMail, error) {
	m := LinkMail{LinkID: linkID}
	err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			select l.purpose, u.email, u.name, u.lang, u.zone, l.expires_at, coalesce(b.name, '')
			from access_links l
			join users u on u.id = l.user_id and u.active
			left join users b on b.id = l.created_by
			where l.id = $1 and l.used_at is null and l.expires_at > $2`, linkID, s.now()).Scan(
			&m.Purpose, &m.To, &m.Name, &m.Lang, &m.Zone, &m.Expires, &m.By)
		if err != nil {
			return err
		}
		token := newToken()
		m.Path = fmt.Sprintf("/%s/%s/%s", m.Lang, m.Purpose.path(), token)
		_, err = tx.Exec(ctx, `insert into access_tokens (token_hash, link_id) values ($1, $2)`, hashToken(token), linkID)
		return err
	})
	return m, err
}

// path is where links of the purpose lead, below the language.
func (p Purpose) path() string {
	if p == SignInLink {
		return "sign-in/link"
	}
	return string(p)
}
