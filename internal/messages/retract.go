package messages

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Retract takes the message that a letter became away from its readers, and the files that
// came with it from the record, as long as nobody wrote about the record or moved it since.
// What was said stays for staff, marked. The caller has asked permission.
// Errors: not found, conflict (somebody went on from it, or a file must be kept).
func Retract(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, mail int64) error {
	var id int64
	var answered bool
	var files []string
	err := tx.QueryRow(ctx, `
		select m.id, exists (select from messages x where x.subject_id = m.subject_id and x.id > m.id)
				or exists (select from moves v where v.subject_id = m.subject_id and v.at > m.at),
			array(select d.public_id from message_files f join documents d on d.id = f.document_id where f.message_id = m.id order by d.id)
		from messages m where m.subject_id = $1 and m.mail_id = $2 and exists (select from message_orgs o where o.message_id = m.id)`, ref.ID, mail).Scan(&id, &answered, &files)
	if err != nil {
		return postgres.Explain(err, "error.not_found")
	}
	if answered {
		return apperr.New(apperr.Conflict, "mailin.back_answered")
	}
	for _, file := range files {
		if err := documents.Remove(ctx, tx, actor, ref, file); err != nil {
			return err
		}
	}
	return postgres.Engine(ctx, tx, func() error {
		_, err := tx.Exec(ctx, `delete from message_orgs where message_id = $1`, id)
		return err
	})
}
