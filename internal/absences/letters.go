package absences

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// entered is told to the deputy: the event is about them.
const entered = "absences.entered"

// tell mails the deputy whose work comes to them, and for which days. What the note says is
// read at the desk: a mail may lie in a shared box.
func tell(ctx context.Context, tx pgx.Tx, actor identity.Actor, a Absence) error {
	var name string
	if err := tx.QueryRow(ctx, `select name from users where id = $1`, a.UserID).Scan(&name); err != nil {
		return err
	}
	return notify.Enqueue(ctx, tx, notify.Event{Name: entered, Subject: subject.Ref{Kind: subject.User, ID: a.DeputyID}, Key: a.PublicID, Actor: actor,
		Args: map[string]any{"Name": name, "FirstDay": a.StartsAt.Format(time.RFC3339), "Day": a.LastDay().Format(time.RFC3339)}})
}

// Rules say who is told of an absence; the letter's messages begin with "absences.mail.".
func Rules() []notify.Rule {
	return []notify.Rule{{On: entered, To: deputy, Keys: "absences.mail.entered", Urgent: true,
		Path: func(context.Context, postgres.Querier, subject.Ref, notify.Recipient) (string, error) {
			return "/desk/absences", nil
		}}}
}

func deputy(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error) {
	rows, _ := q.Query(ctx, `
		select u.id, u.name, u.email, u.lang, u.zone from users u
		where u.id = $1 and u.active and exists (select from staff_roles x where x.user_id = u.id and now() >= x.starts_at and now() < x.ends_at)`, ref.ID)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[notify.Recipient])
}
