package mailin

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/jobs"
	"github.com/birlik/portal/internal/subject"
)

// HandleArgs is the job that looks at one letter that was taken in.
type HandleArgs struct {
	MailID int64 `json:"mail_id"`
}

// Kind implements river.JobArgs.
func (HandleArgs) Kind() string { return "mail_in_handle" }

// Take stores a letter whole, with the job that looks at it; when it returns, the letter may
// be acknowledged. The same letter again, by its Message-ID and sender, is taken once.
// Errors: invalid (empty, too large).
func (s *Service) Take(ctx context.Context, raw []byte) (id int64, err error) {
	if err := fits(raw); err != nil {
		return 0, err
	}
	id, _, err = s.take(ctx, raw, int64(len(raw)), false)
	return id, err
}

// fits reports what is no letter that can be taken whole.
func fits(raw []byte) error {
	switch {
	case len(raw) == 0:
		return apperr.New(apperr.Invalid, "files.empty")
	case len(raw) > MaxBytes:
		return apperr.New(apperr.Invalid, "files.too_large", "MB", MaxBytes/1_000_000)
	}
	return nil
}

// take stores a letter of size bytes, of which only the beginning may be here. byHand
// says that people brought it; known that it had come before.
func (s *Service) take(ctx context.Context, raw []byte, size int64, byHand bool) (id int64, known bool, err error) {
	digest, err := s.files.Keep(ctx, raw)
	if err != nil {
		return 0, false, err
	}
	l := ReadHead(raw)
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		// Two that bring the same letter wait for each other here.
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended($1::text || ' ' || $2::text, 30))`, l.MessageID, l.FromAddress); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `select id from received_mails where message_id = $1 and from_address = $2`, l.MessageID, l.FromAddress).Scan(&id)
		if err != pgx.ErrNoRows {
			known = err == nil
			return err
		}
		err = tx.QueryRow(ctx, `
			with s as (
				insert into subjects (kind, org_id, public_id) values ('received_mail', union_id(), $1) returning id, org_id
			)
			insert into received_mails (id, org_id, message_id, from_address, from_name, title, size, sha256, at, by_hand)
			select id, org_id, $2, $3, $4, $5, $6, $7, $8, $9 from s returning id`,
			subject.NewPublicID(), l.MessageID, l.FromAddress, l.FromName, l.Title, size, digest, s.now(), byHand).Scan(&id)
		if err != nil {
			return err
		}
		return jobs.Insert(ctx, tx, HandleArgs{MailID: id})
	})
	return id, known, err
}
