package messages

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Audience is who reads the files of a message beside the staff: of a note nobody.
func (s Side) Audience() documents.Audience {
	if s == Note {
		return documents.Staff
	}
	return documents.Org
}

// Attach says that documents of a record came with a message about it; one that is said
// again changes nothing.
func Attach(ctx context.Context, tx pgx.Tx, message int64, list ...documents.Document) error {
	var ids []int64
	for _, d := range list {
		ids = append(ids, d.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	return postgres.Engine(ctx, tx, func() error {
		_, err := tx.Exec(ctx, `
			insert into message_files (document_id, message_id)
			select d.id, m.id from documents d join messages m on m.subject_id = d.subject_id where d.id = any($1) and m.id = $2
			on conflict (document_id) do nothing`, ids, message)
		return err
	})
}

// withFiles gives the messages about a record the files that came with them, in one statement
// where there are any.
func withFiles(ctx context.Context, q postgres.Querier, ref subject.Ref, list []Message) error {
	of := map[int64]int{}
	for i, m := range list {
		for _, id := range m.files {
			of[id] = i
		}
	}
	if len(of) == 0 {
		return nil
	}
	files, err := documents.Of(ctx, q, ref)
	for _, d := range files {
		if i, ok := of[d.ID]; ok {
			list[i].Files = append(list[i].Files, d)
		}
	}
	return err
}
