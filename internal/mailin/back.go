package mailin

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// BackFor is how long staff can take back that they added a letter.
const BackFor = 10 * time.Minute

// BackTill is until when it can be taken back that staff added a letter; zero: it cannot.
func (m Mail) BackTill() time.Time {
	if m.State != Added || m.HandledBy == "" || m.HandledAt == nil {
		return time.Time{}
	}
	return m.HandledAt.Add(BackFor)
}

// TakeBack undoes that staff added a letter: the record's city no longer reads it, and the letter
// waits again. Errors: sign_in, forbidden, not found, conflict (too late, or somebody went on
// from it).
func (s *Service) TakeBack(ctx context.Context, actor identity.Actor, publicID string) error {
	if err := actor.May(identity.HandleRequests); err != nil {
		return err
	}
	m, err := s.open(ctx, actor, `s.public_id = $1`, publicID)
	if err != nil {
		return err
	}
	if !s.now().Before(m.BackTill()) {
		return apperr.New(apperr.Conflict, "mailin.back_late")
	}
	return s.records.Return(ctx, actor, m.Record, m.ID, func(ctx context.Context, tx pgx.Tx) error {
		err := postgres.Engine(ctx, tx, func() error {
			tag, err := tx.Exec(ctx, `
				update received_mails set state = 'held', reason = 'taken_back', record_id = null, handled_by = $2, handled_at = $3
				where id = $1 and state = 'added' and handled_by is not null and handled_at > $4`, m.ID, actor.UserID, s.now(), s.now().Add(-BackFor))
			if err == nil && tag.RowsAffected() == 0 {
				err = apperr.New(apperr.Conflict, "mailin.back_late")
			}
			return err
		})
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "mail.take_back", Subject: m.RecordRef, Payload: map[string]string{"letter": m.PublicID, "from": m.FromAddress}})
	})
}
