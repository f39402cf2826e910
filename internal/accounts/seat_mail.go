package accounts

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// SeatMail is what the letter about a new role says, and to whom.
type SeatMail struct {
	JobID   int64
	To      string
	Name    string
	Lang    string
	OrgName string
	Role    identity.Role
	By      string
	Path    string // "/tr/m/…"
}

// SeatWorker works SeatArgs: it mails by Send, which composes the message.
type SeatWorker struct {
	river.WorkerDefaults[SeatArgs]
	Accounts *Service
	Send     func(ctx context.Context, m SeatMail) error
}

// Work implements river.Worker. A role that ended meanwhile is not told.
func (w *SeatWorker) Work(ctx context.Context, job *river.Job[SeatArgs]) error {
	m := SeatMail{JobID: job.ID, Role: job.Args.Role}
	err := w.Accounts.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		var org string
		err := q.QueryRow(ctx, `
			select u.email, u.name, u.lang, o.name, coalesce(b.name, ''), s.public_id from mandates m
			join users u on u.id = m.user_id and u.active join organisations o on o.id = m.org_id join subjects s on s.id = o.id
			left join users b on b.id = $4
			where m.user_id = $1 and m.org_id = $2 and m.role = $3 and m.ends_at > $5 limit 1`,
			job.Args.UserID, job.Args.OrgID, job.Args.Role, job.Args.GivenBy, w.Accounts.now()).Scan(&m.To, &m.Name, &m.Lang, &m.OrgName, &m.By, &org)
		m.Path = "/" + m.Lang + "/m/" + org
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return w.Send(ctx, m)
}
