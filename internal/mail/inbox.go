package mail

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Inbox keeps letters in the database instead of sending them, for demonstrations and
// development.
type Inbox struct{ pool *pgxpool.Pool }

// NewInbox keeps letters through the owner's pool.
func NewInbox(owner *pgxpool.Pool) *Inbox { return &Inbox{pool: owner} }

// Send implements Sender; the same letter twice is kept once.
func (b *Inbox) Send(ctx context.Context, l Letter) error {
	_, err := b.pool.Exec(ctx, `
		insert into mail_inbox (message_id, to_address, subject, lang, text_body, html_body, reply_to)
		values ($1, $2, $3, $4, $5, $6, $7) on conflict (message_id) do nothing`,
		l.MessageID, Clean(l.To), Clean(l.Subject), l.Lang, l.Text, l.HTML, l.ReplyTo)
	return err
}

// Kept is a letter in the inbox.
type Kept struct {
	ID        int64
	At        time.Time
	To        string
	Subject   string
	Lang      string
	Text      string
	HTML      string
	MessageID string
	ReplyTo   string
}

// List is the newest letters, to one address when to is not empty.
func (b *Inbox) List(ctx context.Context, to string, limit int) ([]Kept, error) {
	rows, err := b.pool.Query(ctx, `
		select id, at, to_address, subject, lang, text_body, html_body, message_id, reply_to
		from mail_inbox where $1 = '' or to_address = $1 order by id desc limit $2`, to, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Kept])
}

// Open is one letter. Errors: pgx.ErrNoRows.
func (b *Inbox) Open(ctx context.Context, id int64) (Kept, error) {
	rows, err := b.pool.Query(ctx, `
		select id, at, to_address, subject, lang, text_body, html_body, message_id, reply_to from mail_inbox where id = $1`, id)
	if err != nil {
		return Kept{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Kept])
}
