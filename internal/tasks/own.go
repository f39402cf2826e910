package tasks

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// MaxWords is how long a duty in somebody's own words may be, in characters.
const MaxWords = 300

// maxOwn is how many duties in own words one record may have open.
const maxOwn = 50

// Own is a duty that somebody of the staff wrote down for a person or an office.
type Own struct {
	Words string
	Owner Owner
	Due   time.Time // zero: no date
}

// Write opens a duty in somebody's own words, beside those that follow from the record's
// state, and returns its public id. The caller has asked permission.
// Errors: invalid by field (no words, too long; nobody), conflict (the record has too many).
func Write(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, own Own) (publicID string, err error) {
	switch {
	case own.Words == "":
		return "", apperr.Fields(map[string]string{"words": "error.required"})
	case utf8.RuneCountInString(own.Words) > MaxWords:
		return "", apperr.Fields(map[string]string{"words": "error.too_long"})
	case own.Owner == Owner{}:
		return "", apperr.Fields(map[string]string{"owner": "error.required"})
	}
	publicID = subject.NewPublicID()
	err = postgres.Engine(ctx, tx, func() error {
		tag, err := tx.Exec(ctx, `
			insert into tasks (subject_id, key, user_id, office, due_at, public_id, words, created_by)
			select $1, 'own.' || $2, nullif($3::bigint, 0), nullif($4, ''), coalesce($5::timestamptz, 'infinity'), $2, $6, nullif($7::bigint, 0)
			where (select count(*) from tasks where subject_id = $1 and state = 'open' and words <> '') < $8`,
			ref.ID, publicID, own.Owner.UserID, own.Owner.Office, due(own.Due), own.Words, actor.UserID, maxOwn)
		if err == nil && tag.RowsAffected() == 0 {
			err = apperr.New(apperr.Conflict, "tasks.too_many")
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return publicID, audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "task.write", Subject: ref, Payload: map[string]string{"words": own.Words}})
}

// Finish ends a duty in own words: done, or dropped because it is not needed. It may be done
// by whoever may handle the record, and by its owner; handles says which the actor is.
// Errors: forbidden, not found, conflict (it was ended meanwhile).
func Finish(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, publicID string, done, handles bool) error {
	var userID int64
	var office, state, words string
	err := tx.QueryRow(ctx, `select coalesce(user_id, 0), coalesce(office, ''), state, words from tasks where public_id = $1 and subject_id = $2`, publicID, ref.ID).
		Scan(&userID, &office, &state, &words)
	if err != nil {
		return postgres.Explain(err, "error.not_found")
	}
	mine := userID == actor.UserID || office != "" && actor.Of(office)
	switch {
	case !handles && !(mine && done):
		return apperr.New(apperr.Forbidden, "error.forbidden")
	case state != "open":
		return apperr.New(apperr.Conflict, "tasks.ended")
	}
	to, action := "dropped", "task.drop"
	if done {
		to, action = "done", "task.done"
	}
	err = postgres.Engine(ctx, tx, func() error {
		tag, err := tx.Exec(ctx, `
			update tasks set state = $3, closed_at = now(), closed_by = nullif($4::bigint, 0)
			where public_id = $1 and subject_id = $2 and state = 'open'`, publicID, ref.ID, to, actor.UserID)
		if err == nil && tag.RowsAffected() == 0 {
			err = apperr.New(apperr.Conflict, "tasks.ended")
		}
		return err
	})
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: action, Subject: ref, Payload: map[string]string{"words": words}})
}

// Written is an open duty in own words, as the record's page shows it.
type Written struct {
	PublicID  string
	Words     string
	UserID    int64
	OwnerName string // the person's; empty where it lies with an office
	Office    string // code of the office; empty where it lies with a person
	DueAt     *time.Time
	ByName    string // who wrote it
}

// OfRecord lists the open duties in own words of a record, the most urgent first. The caller
// has asked permission.
func OfRecord(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]Written, error) {
	rows, _ := q.Query(ctx, `
		select t.public_id, t.words, coalesce(t.user_id, 0), coalesce(u.name, ''), coalesce(t.office, ''), nullif(t.due_at, 'infinity'), coalesce(b.name, '')
		from tasks t left join users u on u.id = t.user_id left join users b on b.id = t.created_by
		where t.subject_id = $1 and t.state = 'open' and t.words <> '' order by t.due_at, t.id limit $2`, ref.ID, maxOwn)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Written])
}
