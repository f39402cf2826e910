package membership

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// How long an application that nobody sends is kept, as the privacy notice says, and how
// long before its end its applicant is told.
const (
	DraftKept   = 90 * 24 * time.Hour
	DraftWarned = 14 * 24 * time.Hour
)

// draftBatch is how many drafts one round warns of or deletes.
const draftBatch = 200

// WarnDrafts tells applicants whose draft ends in DraftWarned, each once, and says how many.
func (s *Service) WarnDrafts(ctx context.Context) (n int, err error) {
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		now := s.now()
		rows, _ := tx.Query(ctx, `
			update applications set warned_at = $1 where id in (
				select id from applications where submitted_at is null and state = 'draft' and warned_at is null and created_at < $2
				order by created_at limit $3 for update skip locked)
			returning id`, now, now.Add(DraftWarned-DraftKept), draftBatch)
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		n = len(ids)
		for _, id := range ids {
			ref := subject.Ref{Kind: subject.Application, ID: id}
			if err := notify.Enqueue(ctx, tx, notify.Event{Name: "membership.draft_ends", Subject: ref, Key: ref.String()}); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// DropDrafts deletes applications that were never sent, with their answers, files and the
// address; a draft only when its applicant was told in time. It says how many. The log of
// acts keeps that there was one.
func (s *Service) DropDrafts(ctx context.Context) (n int, err error) {
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		now := s.now()
		rows, _ := tx.Query(ctx, `
			select id from applications
			where submitted_at is null and created_at < $1 and (state = 'withdrawn' or state = 'draft' and warned_at <= $2)
			order by created_at limit $3 for update skip locked`, now.Add(-DraftKept), now.Add(-DraftWarned), draftBatch)
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		n = len(ids)
		return dropDrafts(ctx, tx, ids, now)
	})
	return n, err
}

// dropDrafts takes all that hangs on some drafts. Files that no record holds any more are
// swept from the store by documents.
func dropDrafts(ctx context.Context, tx pgx.Tx, ids []int64, now time.Time) error {
	for _, id := range ids {
		if err := search.Remove(ctx, tx, subject.Ref{Kind: subject.Application, ID: id}); err != nil {
			return err
		}
	}
	for _, sql := range []string{
		`delete from submissions where subject_id = any ($1)`,
		`delete from documents where subject_id = any ($1)`,
		`delete from tasks where subject_id = any ($1)`,
		`delete from notifications n using notify_events e where e.id = n.event_id and e.subject_id = any ($1)`,
		`delete from notify_events where subject_id = any ($1)`,
	} {
		if _, err := tx.Exec(ctx, sql, ids); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `update uploads set expires_at = $2 where org_id in (select org_id from applications where id = any ($1)) and expires_at > $2`, ids, now)
	if err != nil {
		return err
	}
	for _, sql := range []string{`delete from applications where id = any ($1)`, `delete from moves where subject_id = any ($1)`} {
		if _, err := tx.Exec(ctx, sql, ids); err != nil {
			return err
		}
	}
	return nil
}

// unsent keeps from telling what was sent, withdrawn or deleted meanwhile.
func unsent(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (draft bool, err error) {
	err = q.QueryRow(ctx, `select exists (select from applications where id = $1 and state = 'draft' and submitted_at is null)`, ref.ID).Scan(&draft)
	return draft, err
}
