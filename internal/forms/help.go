package forms

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Help is an organisation's consent that the union's staff write in one of its drafts.
type Help struct {
	By      string // who gave it
	GivenAt time.Time
	Until   time.Time
}

// longestHelp bounds a consent, in days.
const longestHelp = 60

// Helped holds, in the queries of areas, for records r.id whose draft the union's staff may
// read and write: an open consent, and nothing sent. The draft's own state stays the area's to ask.
const Helped = `exists (select from form_helps h where h.subject_id = r.id and h.ended_at is null and h.until > now())`

// LetHelp gives the consent, or moves its end. Errors: invalid (the day).
func LetHelp(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, until, now time.Time) error {
	if !until.After(now) || until.After(now.AddDate(0, 0, longestHelp+1)) {
		return apperr.New(apperr.Invalid, "forms.help_until", "Most", longestHelp)
	}
	tag, err := tx.Exec(ctx, `update form_helps set until = $2 where subject_id = $1 and ended_at is null`, ref.ID, until)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		if _, err := tx.Exec(ctx, `
			insert into form_helps (subject_id, org_id, given_by, given_at, until) select id, org_id, $2, $3, $4 from subjects where id = $1`,
			ref.ID, actor.UserID, now, until); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "forms.help_given", Subject: ref, Payload: map[string]any{"until": until}})
}

// EndHelp takes the consent back; without one it does nothing.
func EndHelp(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, now time.Time) error {
	tag, err := tx.Exec(ctx, `update form_helps set ended_at = $2, ended_by = $3 where subject_id = $1 and ended_at is null`, ref.ID, now, writer(actor))
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "forms.help_ended", Subject: ref})
}

// endHelp closes the consent of a draft that was sent.
func endHelp(ctx context.Context, tx pgx.Tx, ref subject.Ref, now time.Time) error {
	_, err := tx.Exec(ctx, `update form_helps set ended_at = $2 where subject_id = $1 and ended_at is null`, ref.ID, now)
	return err
}

// HelpOf is the consent that holds at a moment; nil: none does.
func HelpOf(ctx context.Context, q postgres.Querier, ref subject.Ref, now time.Time) (*Help, error) {
	var h Help
	err := q.QueryRow(ctx, `
		select coalesce(u.name, ''), h.given_at, h.until from form_helps h left join users u on u.id = h.given_by
		where h.subject_id = $1 and h.ended_at is null and h.until > $2`, ref.ID, now).Scan(&h.By, &h.GivenAt, &h.Until)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return &h, err
}

// Touch is the last change of one answer by the union's staff.
type Touch struct {
	Field string
	By    string
	At    time.Time
}

// ByStaff lists the answers of an open submission whose last change was made by the union's
// staff, so that the organisation can look at them.
func ByStaff(ctx context.Context, q postgres.Querier, s Submission) ([]Touch, error) {
	rows, _ := q.Query(ctx, `
		select split_part(e.field, '.', 1), coalesce(u.name, ''), max(e.at) from (
			select distinct on (field) field, actor_id, at from submission_edits where submission_id = $1 order by field, version desc) e
		join users u on u.id = e.actor_id
		where exists (select from staff_roles r where r.user_id = e.actor_id)
		group by 1, 2 order by 3`, s.ID)
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (t Touch, err error) { return t, r.Scan(&t.Field, &t.By, &t.At) })
}
