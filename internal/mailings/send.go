package mailings

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/jobs"
	"github.com/birlik/portal/internal/subject"
)

// SendOff freezes whom a draft goes to, one row an address, and lets the queue send it.
// Errors: sign_in, forbidden, not found, conflict (a colleague was quicker; it is no draft;
// nothing is written; nobody is left to write to).
func (s *Service) SendOff(ctx context.Context, actor identity.Actor, publicID string, version int) error {
	if err := actor.May(identity.WriteMembers); err != nil {
		return err
	}
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, m Mailing) error {
		switch {
		case m.State != Draft:
			return apperr.New(apperr.Conflict, "mailings.sent_already")
		case m.Version != version:
			return apperr.New(apperr.Conflict, "error.conflict")
		}
		list, err := s.freeze(ctx, tx, actor, m)
		if err != nil {
			return err
		}
		if err := jobs.Insert(ctx, tx, SendArgs{MailingID: m.ID}); err != nil {
			return err
		}
		return record(ctx, tx, actor, m, "mailing.send", map[string]any{"recipients": len(list), "kind": m.Kind})
	})
}

// freeze stores the recipients as they stand now.
func (s *Service) freeze(ctx context.Context, tx pgx.Tx, actor identity.Actor, m Mailing) ([]Recipient, error) {
	r := repository{tx}
	written, err := r.written(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	if len(written) == 0 {
		return nil, apperr.New(apperr.Conflict, "mailings.nothing_written")
	}
	all, err := s.gather(ctx, tx, actor, m, langsOf(written))
	if err != nil {
		return nil, err
	}
	if len(all.list) == 0 {
		return nil, apperr.New(apperr.Conflict, "mailings.nobody")
	}
	if err := r.insertRecipients(ctx, m.ID, s.now(), all.list); err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `update mailings set state = 'sending', started_at = $2, sent_by = nullif($3::bigint, 0), version = version + 1 where id = $1`,
		m.ID, s.now(), actor.UserID)
	return all.list, err
}

func (r repository) insertRecipients(ctx context.Context, mailingID int64, now time.Time, list []Recipient) error {
	batch := &pgx.Batch{}
	for _, x := range list {
		var user any
		if x.UserID != 0 {
			user = x.UserID
		}
		batch.Queue(`
			insert into mailing_recipients (public_id, mailing_id, org_id, user_id, email, email_key, name, city, wanted, lang, state, next_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			subject.NewPublicID(), mailingID, x.OrgID, user, x.Email, fold.Email(x.Email), x.Name, x.City, x.Wanted, x.Lang, string(x.State), now)
	}
	return r.db.SendBatch(ctx, batch).Close()
}

// moves are what staff can do with a mailing that is on its way: from which states, to which.
var moves = map[string]struct {
	from []State
	to   State
}{
	"pause":  {[]State{Sending}, Paused},
	"resume": {[]State{Paused}, Sending},
	"cancel": {[]State{Draft, Sending, Paused}, Cancelled},
}

// Pause stops sending; what is on its way at that moment still arrives. Errors: sign_in,
// forbidden, not found, conflict (it is not being sent).
func (s *Service) Pause(ctx context.Context, actor identity.Actor, publicID string) error {
	return s.move(ctx, actor, publicID, "pause", "mailing.pause")
}

// Resume goes on with a paused mailing. Errors: as Pause.
func (s *Service) Resume(ctx context.Context, actor identity.Actor, publicID string) error {
	return s.move(ctx, actor, publicID, "resume", "mailing.resume")
}

// Cancel ends a mailing: whoever waits gets nothing. Errors: as Pause.
func (s *Service) Cancel(ctx context.Context, actor identity.Actor, publicID string) error {
	return s.move(ctx, actor, publicID, "cancel", "mailing.cancel")
}

func (s *Service) move(ctx context.Context, actor identity.Actor, publicID, name, action string) error {
	if err := actor.May(identity.WriteMembers); err != nil {
		return err
	}
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, m Mailing) error {
		step, ok := moves[name], false
		for _, from := range step.from {
			ok = ok || m.State == from
		}
		if !ok {
			return apperr.New(apperr.Conflict, "mailings.moved_on")
		}
		if err := (repository{tx}).setState(ctx, m.ID, step.to, s.now()); err != nil {
			return err
		}
		if step.to == Cancelled {
			if _, err := tx.Exec(ctx, `update mailing_recipients set state = 'cancelled' where mailing_id = $1 and state = 'waiting'`, m.ID); err != nil {
				return err
			}
		}
		if step.to == Sending {
			if err := jobs.Insert(ctx, tx, SendArgs{MailingID: m.ID}); err != nil {
				return err
			}
		}
		return record(ctx, tx, actor, m, action, nil)
	})
}

// Retry sends once more to those whom the server refused or of whom nobody knows whether the
// letter arrived: the latter may get it twice, which is why staff ask for it.
// Errors: sign_in, forbidden, not found, invalid (no such state), conflict (nobody; cancelled).
func (s *Service) Retry(ctx context.Context, actor identity.Actor, publicID string, state Delivery) error {
	if err := actor.May(identity.WriteMembers); err != nil {
		return err
	}
	if state != Refused && state != Unsure {
		return apperr.New(apperr.Invalid, "error.check_fields")
	}
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, m Mailing) error {
		if m.State != Sent && m.State != Sending && m.State != Paused {
			return apperr.New(apperr.Conflict, "mailings.moved_on")
		}
		tag, err := tx.Exec(ctx, `
			update mailing_recipients set state = 'waiting', tries = 0, next_at = $3 where mailing_id = $1 and state = $2`, m.ID, state, s.now())
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return apperr.New(apperr.Conflict, "mailings.nobody")
		}
		if m.State == Sent {
			if err := (repository{tx}).setState(ctx, m.ID, Sending, s.now()); err != nil {
				return err
			}
		}
		if err := jobs.Insert(ctx, tx, SendArgs{MailingID: m.ID}); err != nil {
			return err
		}
		return record(ctx, tx, actor, m, "mailing.retry", map[string]any{"recipients": tag.RowsAffected(), "state": state})
	})
}
