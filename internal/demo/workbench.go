package demo

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/subject"
)

// addAbsence lets the finance officer be away until the end of the week that comes, with the
// head of department standing in; and says of each case when it was changed last.
func addAbsence(ctx context.Context, tx pgx.Tx, now time.Time) error {
	tag, err := tx.Exec(ctx, `
		insert into absences (public_id, user_id, deputy_id, starts_at, ends_at, note, created_by)
		select $1, away.id, deputy.id, $2::timestamptz - interval '2 days', $2::timestamptz + interval '5 days', $3, away.id
		from users away, users deputy where away.email = 'finance@union.example' and deputy.email = 'head@union.example' and not exists (select from absences)`,
		subject.NewPublicID(), now, "Mali görüşlerde önce bütçe cetveline bakın; soru olursa muhasebeye yazın.")
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	_, err = tx.Exec(ctx, `
		update requests r set changed_at = greatest(r.created_at, (select max(m.at) from moves m where m.subject_id = r.id),
			(select max(m.at) from messages m where m.subject_id = r.id))`)
	return err
}
