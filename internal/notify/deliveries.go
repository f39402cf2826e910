package notify

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/mail"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Delivery is what became of one person's letter.
type Delivery struct {
	Key     string // of the event, as Enqueue got it
	Name    string // the person's, or the mailbox's
	State   string // waiting, held (for a digest), sent, dropped, refused
	SentAt  *time.Time
	Refusal string // the mail server's own words
}

// Deliveries are what became of the letters about a record's events of one name, in their
// order. The caller has asked permission; the database shows them to staff alone.
func Deliveries(ctx context.Context, q postgres.Querier, ref subject.Ref, event string) ([]Delivery, error) {
	rows, _ := q.Query(ctx, `
		select substr(e.key, length(e.name) + 2), coalesce(u.name, n.name, ''), n.state, n.sent_at, n.refusal
		from notify_events e join notifications n on n.event_id = e.id left join users u on u.id = n.user_id
		where e.subject_id = $1 and e.name = $2 order by n.id`, ref.ID, event)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Delivery])
}

// unsent decides about a letter that was not sent: one that the mail server never will take
// is kept as refused, with its words; every other is tried again.
func unsent(ctx context.Context, tx pgx.Tx, id int64, err error) error {
	outcome, reason := mail.Explain(err)
	if outcome != mail.Refused {
		return err
	}
	_, err = tx.Exec(ctx, `update notifications set state = 'refused', refusal = $2 where id = $1`, id, reason)
	return err
}
